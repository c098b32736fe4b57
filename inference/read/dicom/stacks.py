"""Stacks among the slices of one series: one per reconstruction, even if they share a UID.

Slices are grouped by tolerances, never by rounding, and two slices are in the same place according
to their positions, never their identifiers.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.read.dicom.headers import MARKS, SliceHeader
from inference.read.dicom.layout import distances, is_even
from inference.read.voxels.limits import EVEN_MM, EVEN_SHARE, MIN_SLICES

SAME_TURN = 5e-3
"""Direction cosines this close belong to one stack: 0.3°, less than any step of a gantry or viewer,
and more than jitter and rounding to three digits."""

SAME_PIXEL = 0.01
"""Pixel sizes whose ratio is this close to one belong to one stack, for the same reasons."""

SAME_THICKNESS = 0.05
"""The same for slice thicknesses, which may be computed; scanners offer much coarser steps."""

SAME_PLACE = 0.1
"""Slices closer than this share of the usual step are in the same place: headers round
positions."""

SAME_PLACE_MM = 0.01
"""Shorter steps count as none."""

GAP = 1.5
"""In thicknesses: slices further apart than this leave a gap. One half of a stack that was scanned
alternately has steps of twice the thickness."""

RECONSTRUCTION = ("ConvolutionKernel", "SliceThickness", "FilterType")
"""Marks that no scanner changes within one stack."""

SHOWN = frozenset({*RECONSTRUCTION, "KVP"})
"""Marks that tell the user which stack is which, without revealing anything about the patient."""

SamePixels = Callable[[SliceHeader, SliceHeader], bool]
"""Whether two slices hold the same HU."""

Part = list[SliceHeader]

Labelled = tuple[str, Part]
"""Slices with a distinguishing label for the user; empty if there is no useful one."""


@dataclass(frozen=True)
class Stack:
    """Slices of one reconstruction.

    Attributes:
        slices: in order along their normal.
        copies: how many identical slices in the same places were left out.
        joints: in how many places the end of one pass overlapped the beginning of the next, so that
            one of two slices was taken.
        clashes: whether different slices are in the same place with nothing to tell which to take.
        mixed: whether slices of several reconstructions alternate in it.
        told_by: what distinguishes it from others of the series, for the user; empty if nothing
            does.
    """

    slices: tuple[SliceHeader, ...]
    copies: int = 0
    joints: int = 0
    clashes: bool = False
    mixed: bool = False
    told_by: str = ""


def stacks_of(slices: Sequence[SliceHeader], same_pixels: SamePixels) -> list[Stack]:
    """The stacks among the positioned slices of one patient and series, in no particular order."""
    return [
        stack for shape in _by_shape(slices) for stack in _reconstructions(shape, same_pixels, "")
    ]


def _by_shape(slices: Sequence[SliceHeader]) -> list[Part]:
    """Slices separated by size, pixel size and orientation."""
    by_size: dict[Hashable, Part] = defaultdict(list)
    for header in slices:
        by_size[header.rows, header.columns].append(header)
    parts = []
    for part in by_size.values():
        features = np.array(
            [
                (
                    *(np.array(header.orientation) / SAME_TURN),
                    np.log(header.row_mm) / SAME_PIXEL,
                    np.log(header.column_mm) / SAME_PIXEL,
                )
                for header in part
            ]
        )
        parts += [[part[i] for i in near] for near in _near(features)]
    return parts


def _near(points: NDArray[np.float64]) -> Iterator[NDArray[np.intp]]:
    """Indices of groups of points (N×M) without a gap of more than 1 along any axis."""
    waiting = [np.arange(len(points))]
    while waiting:
        group = waiting.pop()
        for axis in range(points.shape[1]):
            values = points[group, axis]
            order = np.argsort(values, kind="stable")
            gaps = np.flatnonzero(np.diff(values[order]) > 1)
            if len(gaps):
                waiting += [np.sort(group[some]) for some in np.split(order, gaps + 1)]
                break
        else:
            yield group


def _reconstructions(part: Part, same_pixels: SamePixels, told_by: str) -> list[Stack]:
    """Slices separated by reconstruction where these overlap in the patient."""
    places = _places(part)
    shared = [place for place in places if len(place) > 1]
    copies = 0
    if shared and all(same_pixels(place[0], other) for place in shared for other in place[1:]):
        copies = len(part) - len(places)
        part, shared = [place[0] for place in places], []
    split = _best_split(part, bool(shared))
    if split is not None:
        return [
            stack
            for value, some in split
            for stack in _reconstructions(some, same_pixels, f"{told_by} {value}".strip())
        ]
    if shared:
        joined = _joined_passes(part)
        if joined is None:
            return [Stack(_in_order(part), clashes=True, told_by=told_by)]
        return [Stack(joined, joints=len(part) - len(joined), told_by=told_by)]
    return [Stack(_in_order(part), copies=copies, mixed=_is_mixed(part), told_by=told_by)]


def _is_mixed(part: Part) -> bool:
    """Whether slices of several reconstructions alternate, none of which is a stack by itself."""
    for keyword in RECONSTRUCTION:
        large = [some for some in _by_mark(part, keyword).values() if len(some) >= MIN_SLICES]
        if len(large) > 1 and _any_overlap(large):
            return True
    return False


def _best_split(part: Part, shared: bool) -> list[Labelled] | None:
    """The slices split by the mark that separates overlapping reconstructions, if one does."""
    best, least = None, (_excess(part), 0)
    for keyword, groups in _splits(part):
        if best and not keyword:
            break  # What headers say about reconstructions is more reliable than an order.
        large = [some for _, some in groups if len(some) >= MIN_SLICES]
        if len(large) < 2 or not _any_overlap(large):
            continue
        uneven = sum(not is_even(distances(_in_order(some))) for some in large)
        score = sum(_excess(some) for some in large), uneven
        if not shared:
            if score == (0, 0) and not _take_turns(part, large):
                return groups
        elif score < least and score[0] < _excess(part):
            best, least = groups, score
    return best


def _splits(part: Part) -> Iterator[tuple[str, list[Labelled]]]:
    """Ways to separate slices, each with the name of a mark or none, the most reliable first."""
    for keyword in MARKS:
        shown = keyword in SHOWN
        groups = _by_mark(part, keyword)
        yield keyword, [(value if shown else "", some) for value, some in groups.items()]
    yield "", [("", some) for some in _files(part)]
    yield "", [("", run) for run in _runs(part)]
    yield "", [("", turn) for turn in _turns(part)]


def _by_mark(part: Part, keyword: str) -> dict[str, Part]:
    """The slices by their value of a mark; a few without one go where only one stack has room."""
    groups: dict[str, Part] = defaultdict(list)
    for header, value in zip(part, _values(part, keyword), strict=True):
        groups[value].append(header)
    silent = groups.pop("", [])
    if len(silent) >= MIN_SLICES or not groups:
        return {**groups, "": silent} if silent else groups
    tried: list[SliceHeader] = []
    while silent:
        header = silent.pop()
        fitting = [value for value, some in groups.items() if _has_room(some, header)]
        if len(fitting) == 1:
            groups[fitting[0]].append(header)
            silent, tried = silent + tried, []  # There may now be room beside this one.
        else:
            tried.append(header)
    return {**groups, "": tried} if tried else groups


def _has_room(part: Part, header: SliceHeader) -> bool:
    """Whether a slice fills a hole in an even stack or extends it by a step."""
    more = [*part, header]
    return not _excess(more) and is_even(distances(_in_order(more)))


def _values(part: Part, keyword: str) -> list[str]:
    """Each slice's value of a mark, with similar thicknesses made equal."""
    if keyword != "SliceThickness":
        return [header.mark(keyword) for header in part]
    thickness = np.array([header.thickness_mm for header in part])
    values = np.full(len(part), "", dtype=object)
    known = np.flatnonzero(thickness > 0)
    for near in _near(np.log(thickness[known, None]) / SAME_THICKNESS) if len(known) else ():
        values[known[near]] = f"{np.median(thickness[known[near]]):g}"
    return list(values)


def _files(part: Part) -> list[Part]:
    """Slices separated by file, if each file holds several of them."""
    files: dict[Path, Part] = defaultdict(list)
    for header in part:
        files[header.path].append(header)
    return list(files.values()) if all(header.frames > 1 for header in part) else [part]


def _runs(part: Part) -> list[Part]:
    """Slices separated where, by instance number, they turn back in the patient."""
    keys = [(header.instance, header.frame) for header in part]
    if len(set(keys)) < len(part) or any(header.instance is None for header in part):
        return [part]
    numbered = sorted(part, key=lambda header: (header.instance or 0, header.frame))
    along = distances(numbered, like=part)
    runs, way = [[numbered[0]]], 0.0
    for header, step in zip(numbered[1:], np.sign(np.diff(along)), strict=True):
        if step == 0 or (way and step != way):
            runs.append([header])
            way = 0.0
        else:
            runs[-1].append(header)
            way = step
    return runs


def _turns(part: Part) -> list[Part]:
    """Slices separated alternately: those in each place by instance number, or every second place.

    The latter happens if one of two stacks is offset by a part of a step.
    """
    places = _places(part)
    if len(places) < 2 * MIN_SLICES:
        return [part]
    most = max(map(len, places))
    if most == 1:
        turns = [[place[0] for place in places[turn::2]] for turn in (0, 1)]
        # Slices slightly out of place go unnoticed in steps twice as wide.
        exact = [is_even(distances(turn), EVEN_SHARE, EVEN_MM) for turn in turns]
        return turns if all(exact) and not is_even(distances(_in_order(part))) else [part]
    numbers = [{(h.instance, h.frame) for h in place if h.instance is not None} for place in places]
    if any(len(some) != most for some in numbers) or len(part) != most * len(places):
        return [part]
    ranked = [sorted(place, key=lambda h: (h.instance or 0, h.frame)) for place in places]
    return [[place[turn] for place in ranked] for turn in range(most)]


def _joined_passes(part: Part) -> tuple[SliceHeader, ...] | None:
    """One stack of consecutive passes that overlap by no more than a slice.

    Where two slices are in the same place, the one from the earlier pass is taken. None if the
    slices are not such passes.
    """
    for _, groups in _splits(part):
        passes = sorted(
            (some for _, some in groups), key=lambda some: distances(some, like=part).min()
        )
        if len(passes) < 2 or min(map(len, passes)) < MIN_SLICES or _any_overlap(passes):
            continue
        if any(_excess(some) for some in passes):
            continue
        number = {id(header): i for i, some in enumerate(passes) for header in some}
        return tuple(min(place, key=lambda h: number[id(h)]) for place in _places(part))
    return None


def _any_overlap(parts: Sequence[Part]) -> bool:
    """Whether any two parts share more of the patient than one slice."""
    everything = [header for part in parts for header in part]
    tolerance = SAME_PLACE * _usual_step(distances(_in_order(everything)))
    ranges = sorted(
        (distances(part, like=everything) for part in parts), key=lambda along: along.min()
    )
    return any(
        max((one > other.min() - tolerance).sum(), (other < one.max() + tolerance).sum()) > 1
        for i, one in enumerate(ranges)
        for other in ranges[i + 1 :]
    )


def _take_turns(whole: Part, parts: Sequence[Part]) -> bool:
    """Whether a part has gaps between its slices although the whole has none."""
    if not is_even(distances(_in_order(whole))):
        return False
    steps = [_usual_step(distances(_in_order(part))) for part in parts]
    thickness = [float(np.median([header.thickness_mm for header in part])) for part in parts]
    return any(0 < GAP * thick < step for thick, step in zip(thickness, steps, strict=True))


def _excess(part: Part) -> int:
    """How many slices are in the same place as another."""
    return len(part) - len(_places(part))


def _places(part: Part) -> list[Part]:
    """The slices place by place along their normal, within a place by path and frame."""
    ordered = _in_order(part)
    along = distances(ordered)
    tolerance = max(SAME_PLACE_MM, SAME_PLACE * _usual_step(along))
    places: list[Part] = []
    begun = -np.inf
    for header, millimetres in zip(ordered, along, strict=True):
        if millimetres - begun > tolerance:
            places.append([header])
            begun = millimetres
        else:
            places[-1].append(header)
    return [sorted(place, key=lambda h: (h.path, h.frame)) for place in places]


def _usual_step(along: NDArray[np.float64]) -> float:
    """The median distance between neighbours that are not in the same place."""
    steps = np.diff(along)
    steps = steps[steps > SAME_PLACE_MM]
    if not len(steps):
        return 0.0
    # With up to five slices in each place, the largest fifth of the steps leads to the next place.
    wide = np.quantile(steps, 0.8)
    return float(np.median(steps[steps > SAME_PLACE * wide]))


def _in_order(part: Sequence[SliceHeader]) -> tuple[SliceHeader, ...]:
    """Slices from the first to the last along their normal."""
    return tuple(part[i] for i in np.argsort(distances(part), kind="stable"))
