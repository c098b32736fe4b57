"""Maps of a whole body's structures in TotalSegmentator's classes, with or without a CT.

    python -m assets.training.whole_body ../shared/ct runs/whole_body

draws a picture of each map's label, to check before training on it.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.label_maps import (
    oriented,
    read_label_map,
    require_same_place,
    resample_classes,
    where_neighbours_touch,
)
from assets.training.overlay import draw_case, draw_on_drawn_ct
from assets.training.spine_labels import BODY, BONE, SPACING_MM, resample_label
from assets.training.synthesis import AIR, ARTERY, CARTILAGE, LUNG, MUSCLE
from inference import open_ct
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.slabs import bounding_box
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

STRUCTURES_CT = "lidc0001"
"""The map with a CT."""

VERTEBRAE = range(27, 51)
"""Classes of L5 to C1 from below; 26 is the first sacral vertebra, which does not count here."""

MAPS = ("s0327", "s0328")
"""Maps without their CT, checked by readers: whole trunks, from which a CT is drawn."""

SHOULDER_MAP = "s0327"
"""The one that reaches the shoulders."""

FIRST_SACRAL = 26
CORD = 79

STRUCTURES: Mapping[int, tuple[int, ...]] = {
    AIR: (16,),
    BONE: (25, 26, *VERTEBRAE, *range(69, 79), 91, *range(92, 117)),
    LUNG: tuple(range(10, 15)),
    4: (5,),
    5: (2, 3, 23, 24),
    6: (1,),
    ARTERY: (52, 54, 55, 56, 57, 58, 65, 66),
    8: (51, 53, *range(59, 65), 67, 68),
    9: (4, 21),
    10: (6, 15, 18, 19, 20),
    11: (7,),
    12: (8, 9, 22),
    13: (17,),
    MUSCLE: tuple(range(80, 90)),
    CARTILAGE: (117,),
}
"""Classes of ``synthesis``, with the structures drawn as each. Heart and veins take up contrast in
the same way; oesophagus and bowel may contain it. Cord and brain are soft tissue like the rest."""

SKIN_MM, HOLLOW_MM = 14.0, 40.0
"""Distance from the outermost structures to the skin, and the widest gap that the skin bridges."""

ROOM_MM = 60.0
"""Room around a map for the end of its body and for air."""

DISC_REACH = 1
"""Voxels of disc on each side of where bodies touch: 3 mm together in maps of 1.5 mm, 2 mm if a map
was first resampled to 1 mm. Thin discs of the thorax are 3 to 4 mm high."""

CUT_VERTEBRAE = {"lidc0001": (29, 45, 46)}
"""The lowest vertebra of a map and the two highest, which the scan cuts; a network's outline is not
trusted there. Found by eye."""


def load_structures_ct(data: Path, cache: Path) -> TrainingCase:
    """The chest CT with its structures, at 1 mm, made once and cached in ``cache``.

    Raises:
        ValueError: the map does not lie where the CT does.
    """
    kept = cache / f"{STRUCTURES_CT}_1mm.npz"
    if not kept.exists():
        volume = open_ct(data / f"whole_body_maps/{STRUCTURES_CT}_ct.nii.gz")
        classes, geometry = read_label_map(
            data / f"whole_body_maps/{STRUCTURES_CT}_structures.nii.gz"
        )
        require_same_place(geometry, volume.geometry, STRUCTURES_CT)
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        spine = resample_label(vertebrae(classes), geometry, canonical).astype(np.uint8)
        numbers = np.where(vertebrae(classes) | (classes == CORD), classes, 0).astype(np.uint8)
        open_discs = vertebrae(with_discs(resample_classes(numbers, geometry, canonical)))
        spine[(spine == 1) & ~open_discs] = 0
        cut = np.isin(classes, CUT_VERTEBRAE[STRUCTURES_CT])
        spine[resample_label(cut, geometry, canonical)] = UNKNOWN
        keep(kept, hu=hu, spine=spine)
    with np.load(kept) as arrays:
        return TrainingCase(STRUCTURES_CT, arrays["hu"], None, arrays["spine"])


def load_map(data: Path, name: str, cache: Path) -> TrainingCase:
    """A whole trunk to draw a CT from, at 1 mm, made once and cached in ``cache``."""
    kept = cache / f"{name}_1mm.npz"
    if not kept.exists():
        structures, geometry = read_label_map(data / f"whole_body_maps/{name}_structures.nii.gz")
        structures, geometry = with_room(*oriented(structures, geometry), ROOM_MM)
        structures = with_discs(structures)
        canonical = canonical_geometry(geometry, SPACING_MM)
        classes = resample_classes(tissue_classes(structures, geometry), geometry, canonical)
        spine = resample_label(vertebrae(structures), geometry, canonical)
        box = bounding_box(classes)
        keep(kept, classes=classes[box], spine=spine[box].astype(np.uint8))
    with np.load(kept) as arrays:
        return TrainingCase(name, None, arrays["classes"], arrays["spine"])


def with_room(
    structures: NDArray[np.uint8], geometry: Geometry, room_mm: float
) -> tuple[NDArray[np.uint8], Geometry]:
    """A map, z, y, x, with background added around it, except at its upper and lower end."""
    x_room, y_room = (round(room_mm / step) for step in geometry.spacing[:2])
    width, height, depth = geometry.size
    padded = np.pad(structures, [(0, 0), (y_room, y_room), (x_room, x_room)])
    size = (width + 2 * x_room, height + 2 * y_room, depth)
    return padded, geometry.box((-x_room, -y_room, 0), size)


def with_discs(structures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A map, z, y, x, y to the back and z to the head, whose vertebral bodies do not touch.

    Joints may touch: only what lies in front of the cord, or beside its front, is a body.
    """
    above_sacrum = vertebrae(structures) | (structures == FIRST_SACRAL)
    touching = where_neighbours_touch(np.where(above_sacrum, structures, 0), DISC_REACH)
    separated = structures.copy()
    separated[touching & _before_cord(structures)] = 0
    return separated


def _before_cord(structures: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The part in front of the cord, plane by plane; nothing where the cord is not visible."""
    cord = structures == CORD
    rows = np.arange(structures.shape[1])[None, :, None]
    front = np.where(cord.any(axis=(1, 2)), cord.any(axis=2).argmax(axis=1), 0)
    return np.asarray(np.broadcast_to(rows < front[:, None, None], structures.shape))


def tissue_classes(structures: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.uint8]:
    """Classes of ``synthesis`` for a map, both z, y, x, with a body around its structures."""
    spacing = geometry.spacing[::-1]
    named = structures > 0
    reached = ndimage.distance_transform_edt(~named, sampling=spacing) <= HOLLOW_MM
    deep = ndimage.distance_transform_edt(reached, sampling=spacing) > HOLLOW_MM - SKIN_MM
    classes = np.where(deep, BODY, AIR).astype(np.uint8)
    for tissue, numbers in STRUCTURES.items():
        classes[np.isin(structures, numbers)] = tissue
    return classes


def vertebrae(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a map shows a vertebra above the sacrum."""
    return np.asarray((classes >= VERTEBRAE.start) & (classes < VERTEBRAE.stop))


def main() -> None:
    """Draw the label."""
    parser = argparse.ArgumentParser(description="Draw the labels of whole-body maps.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    case = load_structures_ct(options.data, options.out)
    draw_case(case, options.out / f"{case.name}.png")
    for name in MAPS:
        body = load_map(options.data, name, options.out)
        draw_on_drawn_ct(body, options.out / f"{name}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
