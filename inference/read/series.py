"""Series and whether they can be used: grouping, order and checks, as pure functions.

A series is used only if it is a regular stack of CT slices. Every reason against it is a plain
sentence.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.read.headers import SliceHeader
from inference.read.layout import MAX_TILT_DEGREES, axes, distances, lay_out, stray_pixels
from inference.values.geometry import Triple
from inference.values.messages import sentence

CT = "CT"

MIN_SLICES = 4
"""Fewer make no volume to speak of."""

SPACING_LIMITS_MM = (0.05, 20.0)
"""Voxels outside these sides are slips of the header, or no CT for a spine."""

SPACING_TOLERANCE = 0.25
"""How far, in steps, a slice may lie from its place in an even stack. Headers round positions to
0.1 mm; a missing slice moves its neighbours by half a step or more."""

SAME_PLACE_MM = 0.01
"""Slices nearer than this lie in one place."""

STRAY_PIXELS = 0.5
"""How far, in pixels, a slice may lie beside the line of a stack that leans with its gantry."""

UNIT_TOLERANCE = 1e-2
"""How far direction cosines may be from unit length and from a right angle."""

SAME_HEIGHT = 0.9
"""A series that spans this share of what the longest one spans is as long."""

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""Begins the SOP classes of pictures of a screen (DICOM PS3.4 B.5)."""

SCOUTS = frozenset({"LOCALIZER", "SCOUT", "TOPOGRAM"})
"""Image types of projections through the whole body."""

MODALITY_NAMES = {
    "MR": sentence("an MR scan"),
    "PT": sentence("a PET scan"),
    "NM": sentence("a nuclear medicine scan"),
    "US": sentence("an ultrasound"),
    "CR": sentence("a radiograph"),
    "DX": sentence("a radiograph"),
    "XA": sentence("an angiogram"),
    "SR": sentence("a report"),
    "DOC": sentence("a document"),
    "KO": sentence("a list of key images"),
    "PR": sentence("a presentation state"),
    "SEG": sentence("a segmentation"),
    "RTSTRUCT": sentence("a set of contours"),
    "RTDOSE": sentence("a dose map"),
    "RTPLAN": sentence("a treatment plan"),
    "OT": sentence("a picture of no known kind"),
}


@dataclass(frozen=True)
class Series:
    """A stack of slices, or one image file, and whether it can be used.

    Attributes:
        uid: what ``--series`` takes; the series' own identifier, with a number behind it where one
            series holds several stacks.
        description: what the scanner called it.
        modality: "CT" where it can be used.
        size: voxels x, y, z.
        spacing: millimetres x, y, z; 0 where unknown.
        problems: why it cannot be used; empty where it can.
        warnings: what reading would repair or what its user should know.
        slices: in order along the normal; empty for an image file.
        image: the image file; None for DICOM.
    """

    uid: str
    description: str
    modality: str
    size: tuple[int, int, int]
    spacing: Triple
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    slices: tuple[SliceHeader, ...] = ()
    image: Path | None = None

    @property
    def usable(self) -> bool:
        """Whether it can be segmented."""
        return not self.problems

    @property
    def height_mm(self) -> float:
        """How much of the patient the stack spans along its normal."""
        return self.size[2] * self.spacing[2]


def group_series(headers: Iterable[SliceHeader]) -> tuple[Series, ...]:
    """The series among ``headers``, each checked, the usable and longest first."""
    by_series: dict[Hashable, list[SliceHeader]] = defaultdict(list)
    for header in headers:
        by_series[header.patient, header.series_uid].append(header)
    found = []
    for slices in by_series.values():
        stacks = _stacks(slices)
        for number, stack in enumerate(stacks, start=1):
            uid = stack[0].series_uid or "unnamed"
            found.append(_check(stack, uid if len(stacks) == 1 else f"{uid}/{number}"))
    return tuple(sorted(found, key=lambda s: (not s.usable, -s.height_mm, -s.size[2], s.uid)))


def recommend(series: Sequence[Series]) -> Series | None:
    """The usable series that spans most of the patient; of those, the one with most slices."""
    usable = [one for one in series if one.usable]
    longest = max((one.height_mm for one in usable), default=0.0)
    long = [one for one in usable if one.height_mm >= SAME_HEIGHT * longest]
    return max(long, key=lambda one: one.size[2], default=None)


def _stacks(slices: Sequence[SliceHeader]) -> list[list[SliceHeader]]:
    """One series may hold several stacks: other planes, other sizes, or the same place twice."""
    by_shape: dict[Hashable, list[SliceHeader]] = defaultdict(list)
    for header in slices:
        turn = tuple(round(cosine, 2) + 0.0 for cosine in header.orientation or ())
        pixel = round(header.row_mm, 3), round(header.column_mm, 3)
        by_shape[header.rows, header.columns, header.photometric, turn, pixel].append(header)
    return [
        part
        for stack in by_shape.values()
        for acquisition in _acquisitions(stack)
        for part in _thicknesses(acquisition)
    ]


def _acquisitions(stack: list[SliceHeader]) -> list[list[SliceHeader]]:
    """Apart by acquisition where slices share places and that, and only that, parts them."""
    by_number: dict[str, list[SliceHeader]] = defaultdict(list)
    for header in stack:
        by_number[header.acquisition].append(header)
    parts = list(by_number.values())
    if not _share_places(stack) or any(len(part) < MIN_SLICES for part in parts):
        return [stack]
    return parts


def _thicknesses(stack: list[SliceHeader]) -> list[list[SliceHeader]]:
    """Apart by slice thickness where a head was scanned with thin slices below thick ones."""
    if _plane_problem(stack[0]) or _is_even(distances(_in_order(stack))):
        return [stack]
    by_thickness: dict[float, list[SliceHeader]] = defaultdict(list)
    for header in stack:
        by_thickness[header.thickness_mm].append(header)
    parts = list(by_thickness.values())
    even = all(len(part) >= MIN_SLICES and _is_even(distances(_in_order(part))) for part in parts)
    return parts if even else [stack]


def _share_places(stack: Sequence[SliceHeader]) -> bool:
    """Whether different slices, not mere copies of one, lie in one place."""
    places = {header.position: header.sop_uid for header in stack}
    return any(places[header.position] != header.sop_uid for header in stack)


def _check(stack: list[SliceHeader], uid: str) -> Series:
    """The stack as a series, in order, with what speaks against it."""
    first = stack[0]
    series = Series(
        uid=uid,
        description=first.description,
        modality=first.modality,
        size=(first.columns, first.rows, len(stack)),
        spacing=(first.column_mm, first.row_mm, 0.0),
        slices=tuple(stack),
    )
    problem = _kind_problem(first) or _plane_problem(first)
    if problem:
        return dataclasses.replace(series, problems=(problem,))
    ordered = _in_order(stack)
    copies = len(stack) - len(ordered)
    notes = [sentence("Copies of {0} slices were left out.", copies)] if copies else []
    series = dataclasses.replace(
        series, size=(first.columns, first.rows, len(ordered)), slices=ordered
    )
    problem = _stack_problem(ordered)
    if problem:
        return dataclasses.replace(series, problems=(problem,), warnings=tuple(notes))
    layout = lay_out(ordered)
    if layout.lean_mm:
        notes.append(
            sentence(
                "The gantry was tilted by {0:.1f}°: the slices were moved into a "
                "straight stack, and the mask lies on that stack.",
                layout.tilt_degrees,
            )
        )
    return dataclasses.replace(series, spacing=layout.geometry.spacing, warnings=tuple(notes))


def _kind_problem(header: SliceHeader) -> str | None:
    """Why slices like this one are no CT slices."""
    if header.modality and header.modality != CT:
        kind = MODALITY_NAMES.get(header.modality, sentence("of the kind {0}", header.modality))
        return sentence("it is {0}, not a CT", kind)
    if header.rows == 0 or header.columns == 0:
        return sentence("it holds no image")
    if SCOUTS.intersection(header.image_type):
        return sentence("it is a scout, not a volume")
    if header.sop_class.startswith(SECONDARY_CAPTURE):
        return sentence("it is a picture of a screen, not a volume")
    if header.photometric not in ("MONOCHROME2", ""):
        return sentence("it is in colour or inverted, and CT is neither")
    return None


def _plane_problem(header: SliceHeader) -> str | None:
    """Why such slices cannot be placed in the patient, or hold no HU."""
    if header.orientation is None or header.position is None:
        return sentence("its slices do not say where in the patient they lie")
    low, high = SPACING_LIMITS_MM
    if not (low <= header.row_mm <= high and low <= header.column_mm <= high):
        return sentence(
            "its pixels are said to be {0:g} by {1:g} mm large, which cannot be",
            header.column_mm,
            header.row_mm,
        )
    lengths = np.linalg.norm(axes(header), axis=1)
    if not np.all(np.abs(lengths - 1) < UNIT_TOLERANCE):
        return sentence("its slices are skewed, which no scanner makes")
    if not header.rescaled:
        return sentence("it does not say how its values become HU")
    return None


def _in_order(stack: Sequence[SliceHeader]) -> tuple[SliceHeader, ...]:
    """Slices from the first to the last along their normal, copies left out."""
    placed = [header for header in stack if header.position is not None]
    seen: set[tuple[str, int]] = set()
    unique = []
    for index in np.argsort(distances(placed), kind="stable"):
        header = placed[index]
        key = header.sop_uid, header.frame
        if not header.sop_uid or key not in seen:
            unique.append(header)
        seen.add(key)
    return tuple(unique)


def _stack_problem(ordered: Sequence[SliceHeader]) -> str | None:
    """Why ordered slices make no regular stack."""
    if len(ordered) < MIN_SLICES:
        return sentence(
            "it has only {0} slices, and a volume needs at least {1}", len(ordered), MIN_SLICES
        )
    broken = [header for header in ordered if not header.complete]
    if broken:
        return sentence("its file {0} is cut short; copy the series again", broken[0].path.name)
    along = distances(ordered)
    steps = np.diff(along)
    if steps.min() < SAME_PLACE_MM:
        return sentence("several of its slices lie in the same place, so that it is no volume")
    if not _is_even(along):
        return _uneven_problem(steps)
    step = (along[-1] - along[0]) / (len(along) - 1)
    low, high = SPACING_LIMITS_MM
    if not low <= step <= high:
        return sentence("its slices are said to be {0:g} mm apart, which cannot be", step)
    return _line_problem(ordered)


def _is_even(along: NDArray[np.float64]) -> bool:
    """Whether slices at these millimetres along their normal, in order, are evenly spaced."""
    even = np.linspace(along[0], along[-1], len(along))
    step = (along[-1] - along[0]) / max(1, len(along) - 1)
    return bool(np.abs(along - even).max() <= SPACING_TOLERANCE * step)


def _uneven_problem(steps: NDArray[np.float64]) -> str:
    """Whether slices are missing or the scan was uneven from the start."""
    multiples = steps / np.median(steps)
    missing = int(np.rint(multiples - 1).sum())
    if missing > 0 and np.abs(multiples - np.rint(multiples)).max() < SPACING_TOLERANCE:
        if missing == 1:
            return sentence("a slice is missing in the middle; fetch the whole series again")
        return sentence(
            "{0} slices are missing in the middle; fetch the whole series again", missing
        )
    return sentence(
        "its slices are not evenly spaced ({0:.1f} to {1:.1f} mm), so that it is no regular volume",
        steps.min(),
        steps.max(),
    )


def _line_problem(ordered: Sequence[SliceHeader]) -> str | None:
    """Why the slices do not lie behind each other as those of a straight or tilted gantry do."""
    if stray_pixels(ordered) > STRAY_PIXELS:
        return sentence("its slices do not lie in one line, as those of a gantry do")
    tilt = lay_out(ordered).tilt_degrees
    if tilt > MAX_TILT_DEGREES:
        return sentence("its slices are tilted by {0:.0f}°, more than a gantry can", tilt)
    return None
