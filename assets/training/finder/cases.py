"""What the finder learns from: canonical volumes of 2 mm, and where their spine is.

Spine here is vertebrae with their discs and canal: a tube without gaps.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cases import TrainingCase, label_patients, load_case, phantom_case
from assets.training.finder.spine_lines import around_line, read_lines, spine_region
from assets.training.sources import ACRIN, IRCAD, MIXED_SERIES, PHANTOM, TOTALSEGMENTATOR
from assets.training.synthesis import draw_ct
from inference import open_ct
from inference.values.geometry import Triple, canonical_geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

SPACING_MM: Triple = (2.0, 2.0, 2.0)
"""Fine enough to be turned and sampled at 4 mm."""

BRIDGE_MM = 8
"""Closing radius that fills discs and canal between labelled vertebrae."""

TEST_PATIENTS = {1: "ircad/ircad01_dicom.zip", 7: "ircad/ircad07_ct.nii.gz"}
"""Labelled CTs that the finder never learns from."""

TEST_SERIES = ("lower_thorax_0p8mm", "lspine_0p55mm")
"""Unlabelled series that it never learns from. Necks and heads are too few to keep one apart."""

PHANTOM_SEEDS = (101, 102)

SOURCES = (IRCAD, MIXED_SERIES, TOTALSEGMENTATOR, ACRIN, PHANTOM)
"""Of everything that the finder learns from."""

DRAWINGS = 2
"""CTs drawn from the labels of each patient that has no CT."""


@dataclass(frozen=True, eq=False)
class FinderCase:
    """A volume of 2 mm in the canonical orientation.

    Attributes:
        hu: int16, z, y, x.
        spine: 1 on vertebrae, discs and canal, z, y, x.
    """

    name: str
    hu: NDArray[np.int16]
    spine: NDArray[np.uint8]


def training_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """Every case to learn from, made once and kept in ``cache``."""
    for name in read_lines():
        if name not in TEST_SERIES:
            yield series_case(data, name, cache)
    for number in label_patients(data):
        if number not in TEST_PATIENTS:
            yield from _drawn_cases(data, number, cache)
    for seed in PHANTOM_SEEDS:
        yield _coarse(phantom_case(seed))


def test_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The cases that are kept apart."""
    yield from labelled_cases(data, cache)
    for name in TEST_SERIES:
        yield series_case(data, name, cache)


def labelled_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    """The CTs with expert labels."""
    for number, file in TEST_PATIENTS.items():
        yield _coarse(load_case(data, number, cache, functools.partial(open_ct, data / file)))


def series_case(data: Path, name: str, cache: Path) -> FinderCase:
    """An unlabelled series with what lies along its line."""
    kept = cache / f"{name}_2mm.npz"
    if not kept.exists():
        volume = open_ct(data / f"unlabelled/{name}.nii.gz")
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        spine = spine_region(hu, around_line(read_lines()[name], canonical))
        np.savez_compressed(kept, hu=hu, spine=spine.astype(np.uint8))
    with np.load(kept) as arrays:
        return FinderCase(name, arrays["hu"], arrays["spine"])


def _drawn_cases(data: Path, number: int, cache: Path) -> Iterator[FinderCase]:
    """CTs drawn from a patient's labels, differing in contrast, density, dose and sharpness."""
    kept = cache / f"ircad{number:02d}_drawn_2mm.npz"
    if not kept.exists():
        labels = load_case(data, number, cache)
        assert labels.classes is not None
        classes = labels.classes[::2, ::2, ::2]
        drawings = [draw_ct(classes, np.random.default_rng([number, k])) for k in range(DRAWINGS)]
        hu = np.rint(np.clip(drawings, AIR_HU, 3000)).astype(np.int16)
        np.savez_compressed(kept, hu=hu, spine=_bridge(_halve(labels.spine) >= 0.5))
    with np.load(kept) as arrays:
        for hu in arrays["hu"]:
            yield FinderCase(f"ircad{number:02d} drawn", hu, arrays["spine"])


def _coarse(case: TrainingCase) -> FinderCase:
    assert case.hu is not None
    hu = np.rint(_halve(case.hu)).astype(np.int16)
    return FinderCase(case.name, hu, _bridge(_halve(case.spine) >= 0.5))


def _halve(voxels: NDArray[np.generic]) -> NDArray[np.float32]:
    """Means of 2×2×2 voxels; an odd last plane is repeated."""
    even = np.pad(voxels, [(0, n % 2) for n in voxels.shape], mode="edge").astype(np.float32)
    depth, height, width = (n // 2 for n in even.shape)
    return even.reshape(depth, 2, height, 2, width, 2).mean(axis=(1, 3, 5))


def _bridge(spine: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Vertebrae (z, y, x at 2 mm) with what lies between them."""
    reach = int(BRIDGE_MM / SPACING_MM[0])
    padded = np.pad(spine, reach + 1)
    grown = ndimage.distance_transform_edt(~padded) <= reach
    closed = ndimage.distance_transform_edt(grown) > reach
    inner = (slice(reach + 1, -reach - 1),) * 3
    return (closed[inner] | spine).astype(np.uint8)
