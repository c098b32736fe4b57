"""The finder's training cases: canonical volumes of 2 mm, and where their spine is.

Here the spine means vertebrae with discs and canal: a tube without gaps.
"""

import functools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase, label_patients, load_case, phantom_case
from assets.training.drawn_limbs import DRAWN_LIMBS, load_limbs
from assets.training.drawn_necks import VERSE_LABELS, load_neck
from assets.training.finder.spine_lines import around_line, read_lines, spine_region
from assets.training.headed_necks import HEADED_NECKS, load_headed_neck
from assets.training.heads import HEADS, load_head
from assets.training.sources import (
    DCM_QA,
    IRCAD,
    LIDC,
    PHANTOM,
    TOTALSEGMENTATOR,
    VERSE,
    Source,
    series_source,
)
from assets.training.synthesis import draw_ct
from assets.training.verse import VERSE_CTS, load_verse
from assets.training.whole_body import (
    MAPS,
    SHOULDER_MAP,
    STRUCTURES_CT,
    load_map,
    load_structures_ct,
)
from inference import open_ct
from inference.values.geometry import Triple, canonical_geometry
from inference.values.slabs import bounding_box
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

SPACING_MM: Triple = (2.0, 2.0, 2.0)
"""Fine enough for rotating and sampling at 4 mm."""

BRIDGE_MM = 8
"""Closing radius that fills discs and canal between labelled vertebrae."""

TEST_PATIENTS = {1: "ircad/ircad01_dicom.zip", 7: "ircad/ircad07_ct.nii.gz"}
"""Labelled CTs that the finder never learns from."""

TEST_SERIES = ("lower_thorax_0p8mm", "lspine_0p55mm")
"""Unlabelled series that it never learns from. There are too few necks and heads to set one
aside."""

PHANTOM_SEEDS = (101, 102)

LEAST_PART_MM = 60
"""A thinner part without a spine shows too little to be mistaken for one."""

PART_ROOM_MM = 24
"""Distance between the spine and a part that should show none of it."""

UPPER_END_MM = 200
"""From the upper end of a scan down: a neck between shoulders and a thorax that leans forward."""

DRAWINGS = 2
"""CTs drawn from the labels of each patient that has no CT."""


@dataclass(frozen=True, eq=False)
class FinderCase:
    """A volume of 2 mm in the canonical orientation.

    Attributes:
        hu: int16, z, y, x.
        spine: 1 on vertebrae, discs and canal, z, y, x.
        sources: of the image and of the knowledge about its spine.
        drawn: whether the image was drawn from labels.
        rare: whether it shows what only drawn cases do.
    """

    name: str
    hu: NDArray[np.int16]
    spine: NDArray[np.uint8]
    sources: tuple[Source, ...] = ()
    drawn: bool = False
    rare: bool = False


def training_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """Every case to learn from, cached in ``cache``; the lines drawn by eye are our own."""
    yield from free_cases(data, cache)
    yield from _series_cases(data, cache, free=False)
    for number in label_patients(data):
        if number not in TEST_PATIENTS:
            yield from _drawn_cases(load_case(data, number, cache), cache, (IRCAD,))


def free_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The cases whose licences allow a hospital to use what was learned from them."""
    yield from _series_cases(data, cache, free=True)
    for case in reader_cases(data, cache):
        yield case
        yield from spineless_parts(case)
        if case.name == STRUCTURES_CT:
            yield upper_end(case)
    for name in VERSE_LABELS:
        yield from _rare(_drawn_cases(load_neck(data, name, cache), cache, (VERSE,)))
    for neck, skull in HEADED_NECKS:
        headed = load_headed_neck(data, neck, skull, cache)
        if headed.hu is not None:
            yield _coarse(headed, (VERSE, DCM_QA))
        yield from _rare(_drawn_cases(headed, cache, (VERSE, DCM_QA)))
    for name in MAPS:
        drawn = list(_drawn_cases(load_map(data, name, cache), cache, (TOTALSEGMENTATOR,)))
        yield from drawn
        if name == SHOULDER_MAP:
            yield from _rare(map(upper_end, drawn))
    for name in HEADS:
        yield _coarse(known_planes(load_head(data, name, cache)), (DCM_QA,))
    for name in DRAWN_LIMBS:
        yield from _rare(_drawn_cases(load_limbs(name), cache, (PHANTOM,)))
    for seed in PHANTOM_SEEDS:
        yield replace(_coarse(phantom_case(seed), (PHANTOM,)), drawn=True)


def upper_end(case: FinderCase) -> FinderCase:
    """The upper end of a trunk as a scan of its own."""
    planes = slice(max(0, len(case.hu) - round(UPPER_END_MM / SPACING_MM[2])), None)
    name = f"{case.name} upper end"
    return replace(case, name=name, hu=case.hu[planes], spine=case.spine[planes])


def _rare(cases: Iterable[FinderCase]) -> Iterator[FinderCase]:
    for case in cases:
        yield replace(case, rare=True)


def _series_cases(data: Path, cache: Path, *, free: bool) -> Iterator[FinderCase]:
    """The unlabelled series whose licence is free or not, with their parts that show no spine."""
    for name in read_lines():
        if name not in TEST_SERIES and series_source(name).licence.free == free:
            case = series_case(data, name, cache)
            yield case
            yield from spineless_parts(case)


def reader_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The CTs whose vertebrae are labelled one by one, where all of them are known."""
    for name in VERSE_CTS:
        yield _coarse(known_planes(load_verse(data, name, cache)), (VERSE,))
    yield _coarse(known_planes(load_structures_ct(data, cache)), (LIDC,))


def known_planes(case: TrainingCase) -> TrainingCase:
    """The longest run of planes in which the place of the spine is known.

    Raises:
        ValueError: there is no CT, or no such plane.
    """
    unknown = (case.spine == UNKNOWN).any(axis=(1, 2))
    runs, _ = ndimage.label(~unknown)
    lengths = np.bincount(runs)[1:]
    if case.hu is None or not len(lengths):
        raise ValueError(f"{case.name} has no CT or no plane in which all is known")
    (planes,) = np.nonzero(runs == 1 + int(lengths.argmax()))
    run = slice(int(planes[0]), int(planes[-1]) + 1)
    return TrainingCase(case.name, case.hu[run], None, case.spine[run])


def spineless_parts(case: FinderCase) -> Iterator[FinderCase]:
    """Parts of a CT around its spine, such as head, legs and chest wall, if large enough."""
    box = bounding_box(case.spine)
    if box is None:
        return
    room, least = round(PART_ROOM_MM / SPACING_MM[0]), round(LEAST_PART_MM / SPACING_MM[0])
    z, y, x = box
    every = slice(None)
    parts = {
        "below": (slice(0, max(0, z.start - room)), every, every),
        "above": (slice(z.stop + room, None), every, every),
        "front": (every, slice(0, max(0, y.start - room)), every),
        "right": (every, every, slice(0, max(0, x.start - room))),
        "left": (every, every, slice(x.stop + room, None)),
    }
    for where, part in parts.items():
        hu = case.hu[part]
        if min(hu.shape) >= least:
            yield replace(case, name=f"{case.name} {where}", hu=hu, spine=case.spine[part])


def test_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The cases that are set aside for testing."""
    yield from labelled_cases(data, cache)
    for name in TEST_SERIES:
        yield series_case(data, name, cache)


def labelled_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The CTs with expert labels."""
    for number, file in TEST_PATIENTS.items():
        case = load_case(data, number, cache, functools.partial(open_ct, data / file))
        yield _coarse(case, (IRCAD,))


def series_case(data: Path, name: str, cache: Path) -> FinderCase:
    """An unlabelled series with what lies along its line."""
    kept = cache / f"{name}_2mm.npz"
    if not kept.exists():
        volume = open_ct(data / f"unlabelled/{name}.nii.gz")
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        spine = spine_region(hu, around_line(read_lines()[name], canonical))
        keep(kept, hu=hu, spine=spine.astype(np.uint8))
    with np.load(kept) as arrays:
        return FinderCase(name, arrays["hu"], arrays["spine"], (series_source(name),))


def _drawn_cases(
    case: TrainingCase, cache: Path, sources: tuple[Source, ...]
) -> Iterator[FinderCase]:
    """CTs drawn from a patient's labels, differing in contrast, density, dose and sharpness."""
    kept = cache / f"{case.name}_drawn_2mm.npz"
    if not kept.exists():
        assert case.classes is not None
        classes = case.classes[::2, ::2, ::2]
        seed = zlib.crc32(case.name.encode())
        drawings = [draw_ct(classes, np.random.default_rng([seed, k])) for k in range(DRAWINGS)]
        hu = np.rint(np.clip(drawings, AIR_HU, 3000)).astype(np.int16)
        keep(kept, hu=hu, spine=_bridge(_halve(case.spine) >= 0.5))
    with np.load(kept) as arrays:
        for hu in arrays["hu"]:
            yield FinderCase(f"{case.name} drawn", hu, arrays["spine"], sources, drawn=True)


def _coarse(case: TrainingCase, sources: tuple[Source, ...]) -> FinderCase:
    assert case.hu is not None
    hu = np.rint(_halve(case.hu)).astype(np.int16)
    return FinderCase(case.name, hu, _bridge(_halve(case.spine) >= 0.5), sources)


def _halve(voxels: NDArray[np.generic]) -> NDArray[np.float32]:
    """Means of 2×2×2 voxels; an odd last plane is repeated."""
    even = np.pad(voxels, [(0, n % 2) for n in voxels.shape], mode="edge").astype(np.float32)
    depth, height, width = (n // 2 for n in even.shape)
    return even.reshape(depth, 2, height, 2, width, 2).mean(axis=(1, 3, 5))


def _bridge(spine: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Vertebrae (z, y, x at 2 mm) with everything between them."""
    if not spine.any():
        return spine.astype(np.uint8)
    reach = int(BRIDGE_MM / SPACING_MM[0])
    padded = np.pad(spine, reach + 1)
    grown = ndimage.distance_transform_edt(~padded) <= reach
    closed = ndimage.distance_transform_edt(grown) > reach
    inner = (slice(reach + 1, -reach - 1),) * 3
    return (closed[inner] | spine).astype(np.uint8)
