"""Drawn necks with a skull on them, because no free CT shows both at once.

    python -m assets.training.headed_necks ../shared/ct runs/necks

draws a picture of each, with a CT drawn from it, to check before training on it.

Without them a model takes the dense bone beside the upper end of a neck for more of the neck. The
skulls are those of ``heads``, and the necks those of ``drawn_necks``. Face and jaw are missing.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.drawn_necks import load_neck
from assets.training.heads import load_head
from assets.training.overlay import draw_on_drawn_ct
from assets.training.spine_labels import BODY, BONE
from assets.training.synthesis import AIR

Voxel = tuple[int, int, int]
"""z, y, x at 1 mm."""


@dataclass(frozen=True)
class Skull:
    """How the skull of a head is cut out.

    Attributes:
        foramen: the middle of the foramen magnum.
        bone_hu: from here on it is bone; the plastic head's tube has up to 400 HU.
        air_hu: up to here it is a sinus; the plastic head is hollow, which no patient is.
        flesh_mm: soft tissue around the bone.
    """

    foramen: Voxel
    bone_hu: int
    air_hu: int
    flesh_mm: int


SKULLS: Mapping[str, Skull] = {
    "head_gantry_tilt": Skull((48, 172, 125), 250, -300, 6),
    "head_study_multi_series": Skull((30, 132, 112), 500, -2000, 12),
}
"""By the names of ``HEADS``. Found by eye."""

ATLAS_CANALS: Mapping[str, Voxel] = {"gl003": (290, 62, 72), "gl108": (213, 61, 80)}
"""The middle of the canal at the top of the atlas, in the bodies of ``drawn_necks``. Found by
eye."""

HEADED_NECKS = tuple((neck, head) for neck in ATLAS_CANALS for head in SKULLS)

JOINT_MM = 2
"""From the atlas up to the plane of the foramen magnum."""

OPEN_PLANES = 41
"""Orbits open the skull to the front: over fewer planes than these, none shows a closed ring."""

GAP_MM = 1
"""Cartilage between a skull and the vertebrae."""

HEIGHT_MM = 75
"""Of the skull above the foramen: more than the skull base, less than the crown, which
``drawn_limbs`` has."""


def load_headed_neck(data: Path, neck: str, head: str, cache: Path) -> TrainingCase:
    """The neck with the head's skull on it, made from what is cached in ``cache``."""
    below, skull = load_neck(data, neck, cache), SKULLS[head]
    assert below.classes is not None
    z, y, x = ATLAS_CANALS[neck]
    classes, spine = join(
        below.classes,
        below.spine,
        skull_classes(load_head(data, head, cache), skull),
        (z + JOINT_MM, y, x),
        skull.foramen,
    )
    return TrainingCase(f"{neck} with {head}", None, classes, spine)


def skull_classes(head: TrainingCase, skull: Skull) -> NDArray[np.uint8]:
    """Classes of ``synthesis`` of a head up to ``HEIGHT_MM`` above its foramen, z, y, x at 1 mm.

    What may be a vertebra of the head's own is left out.
    """
    assert head.hu is not None
    planes = slice(0, skull.foramen[0] + HEIGHT_MM)
    hu = head.hu[planes]
    bone = _largest((hu >= skull.bone_hu) & (head.spine[planes] != UNKNOWN))
    flesh = ndimage.distance_transform_edt(~bone) <= skull.flesh_mm
    closed = np.stack([ndimage.binary_fill_holes(plane) for plane in flesh])
    inside = ndimage.grey_closing(closed.astype(np.uint8), (OPEN_PLANES, 1, 1), mode="nearest") > 0
    classes = np.where(inside & (hu > skull.air_hu), BODY, AIR).astype(np.uint8)
    classes[bone] = BONE
    return classes


def _largest(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The skull without the rest for the head."""
    pieces, _ = ndimage.label(bone)
    sizes = np.bincount(pieces.ravel())
    return np.asarray(pieces == 1 + int(sizes[1:].argmax()))


def join(
    neck: NDArray[np.uint8],
    spine: NDArray[np.uint8],
    skull: NDArray[np.uint8],
    at: Voxel,
    foramen: Voxel,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Classes and spine label of a neck that ends in a skull, all z, y, x at 1 mm.

    Vertebrae stay as they are. Up to the foramen the skull adds to the neck, above it replaces it.

    Args:
        neck: classes of the neck's body.
        spine: 1 on its vertebrae.
        skull: classes of the skull.
        at: the voxel of the neck that the skull's foramen magnum comes to lie on.
        foramen: where that is in the skull.
    """
    offset = np.subtract(at, foramen)
    first = np.minimum(offset, 0)
    size = np.maximum(offset + skull.shape, neck.shape) - first
    classes, label, head = (np.zeros(size, np.uint8) for _ in range(3))
    classes[_box(-first, neck.shape)] = neck
    label[_box(-first, spine.shape)] = spine
    head[_box(offset - first, skull.shape)] = skull
    plane, vertebrae = at[0] - first[0], label == 1
    classes[plane:] = np.where(vertebrae[plane:], classes[plane:], AIR)
    classes[(classes == AIR) & (head == BODY)] = BODY
    bone = (head == BONE) & ~ndimage.binary_dilation(vertebrae, iterations=GAP_MM)
    classes[bone] = BONE
    top = offset[0] - first[0] + skull.shape[0]
    return classes[:top], label[:top]


def _box(start: NDArray[np.int64], shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(int(a), int(a) + n) for a, n in zip(start, shape, strict=True))


def main() -> None:
    """Draw every case."""
    parser = argparse.ArgumentParser(description="Draw the necks with a skull on them.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    for neck, head in HEADED_NECKS:
        case = load_headed_neck(options.data, neck, head, options.out)
        draw_on_drawn_ct(case, options.out / f"{case.name}.png")
        print(case.name, flush=True)


if __name__ == "__main__":
    main()
