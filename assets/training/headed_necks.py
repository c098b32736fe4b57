"""Drawn necks with a skull on them, because no free CT shows both at once.

    python -m assets.training.headed_necks ../shared/ct runs/necks

draws a picture of each, with a CT drawn from it, to check before training on it.

Without them a model takes the dense bone beside the upper end of a neck for more of the neck. The
skulls are those of ``heads``, and the necks those of ``drawn_necks``. Face and jaw are missing.
"""

import argparse
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.drawn_necks import load_neck
from assets.training.heads import load_head
from assets.training.overlay import draw_case, draw_on_drawn_ct
from assets.training.spine_labels import BODY, BONE
from assets.training.synthesis import AIR, draw_ct
from inference.values.geometry import Shape, Slices
from inference.values.volume import AIR_HU

Voxel = tuple[int, int, int]
"""z, y, x at 1 mm."""


@dataclass(frozen=True)
class Skull:
    """How the skull of a head is cut out.

    Attributes:
        foramen: the middle of the foramen magnum.
        bone_hu: from here on it is bone; the plastic head's tube has up to 400 HU.
        flesh_mm: soft tissue around the bone.
        of_plastic: whether the head is hollow and holds a tube, so that only its bone is used.
    """

    foramen: Voxel
    bone_hu: int
    flesh_mm: int
    of_plastic: bool = False


SKULLS: Mapping[str, Skull] = {
    "head_gantry_tilt": Skull((48, 172, 125), 250, 6),
    "head_study_multi_series": Skull((30, 132, 112), 500, 12, of_plastic=True),
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

AIR_BELOW_HU = -300
"""Sinuses and the air around the head."""

HEIGHT_MM = 75
"""Of the skull above the foramen: more than the skull base, less than the crown, which
``drawn_limbs`` has."""


@dataclass(frozen=True)
class Joint:
    """Where a neck and a skull lie in the volume that holds both, slices and voxels z, y, x.

    Attributes:
        shape: of that volume.
        plane: of the foramen magnum.
    """

    shape: Shape
    neck: Slices
    skull: Slices
    plane: int


def joint(neck: Shape, skull: Shape, at: Voxel, foramen: Voxel) -> Joint:
    """The volume that ends with the skull, as small as possible.

    Args:
        neck: shape of the neck's body.
        skull: shape of the skull.
        at: the voxel of the neck that the skull's foramen magnum comes to lie on.
        foramen: where that is in the skull.
    """
    offset = np.subtract(at, foramen)
    first = np.minimum(offset, 0)
    last = np.maximum(offset + skull, neck)
    last[0] = offset[0] + skull[0]
    z, y, x = (int(n) for n in last - first)
    return Joint(
        (z, y, x),
        _box(-first, (min(neck[0], z + int(first[0])), *neck[1:])),
        _box(offset - first, skull),
        int(at[0] - first[0]),
    )


def load_headed_neck(data: Path, neck: str, head: str, cache: Path) -> TrainingCase:
    """The neck with the head's skull on it, cached in ``cache``; with its HU if the head is real.

    Then the neck is drawn once, and the head is as it was scanned.
    """
    name = f"{neck} with {head}"
    kept = cache / f"{name}_1mm.npz"
    if not kept.exists():
        below, above, skull = (
            load_neck(data, neck, cache),
            load_head(data, head, cache),
            SKULLS[head],
        )
        assert below.classes is not None
        bones = skull_classes(above, skull)
        z, y, x = ATLAS_CANALS[neck]
        place = joint(below.classes.shape, bones.shape, (z + JOINT_MM, y, x), skull.foramen)
        classes, spine = join(below.classes, below.spine, bones, place)
        arrays: dict[str, Any] = {"classes": classes, "spine": spine}
        if not skull.of_plastic:
            assert above.hu is not None
            rng = np.random.default_rng(zlib.crc32(name.encode()))
            drawn = draw_ct(classes, rng).astype(np.int16)
            arrays["hu"] = with_head(drawn, spine, above.hu[: len(bones)], place)
        keep(kept, **arrays)
    with np.load(kept) as arrays_kept:
        hu = arrays_kept.get("hu", None)
        return TrainingCase(name, hu, arrays_kept["classes"], arrays_kept["spine"])


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
    sinus = (hu < AIR_BELOW_HU) & (not skull.of_plastic)
    classes = np.where(inside & ~sinus, BODY, AIR).astype(np.uint8)
    classes[bone] = BONE
    return classes


def _largest(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The skull without the rest for the head."""
    pieces, _ = ndimage.label(bone)
    sizes = np.bincount(pieces.ravel())
    return np.asarray(pieces == 1 + int(sizes[1:].argmax()))


def join(
    neck: NDArray[np.uint8], spine: NDArray[np.uint8], skull: NDArray[np.uint8], place: Joint
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Classes and spine label of a neck that ends in a skull, all z, y, x at 1 mm.

    Vertebrae stay as they are. Up to the foramen the skull adds to the neck, above it replaces it.

    Args:
        neck: classes of the neck's body.
        spine: 1 on its vertebrae.
        skull: classes of the skull.
        place: where both come to lie.
    """
    classes, label, head = (np.zeros(place.shape, np.uint8) for _ in range(3))
    depth = place.neck[0].stop - place.neck[0].start
    classes[place.neck], label[place.neck] = neck[:depth], spine[:depth]
    head[place.skull] = skull
    above, vertebrae = slice(place.plane, None), label == 1
    classes[above] = np.where(vertebrae[above], classes[above], AIR)
    classes[(classes == AIR) & (head == BODY)] = BODY
    bone = (head == BONE) & ~ndimage.binary_dilation(vertebrae, iterations=GAP_MM)
    classes[bone] = BONE
    return classes, label


def with_head(
    hu: NDArray[np.int16], spine: NDArray[np.uint8], head: NDArray[np.int16], place: Joint
) -> NDArray[np.int16]:
    """HU of the joined volume with a scanned head from the foramen up, where no vertebra is."""
    joined, scanned = hu.copy(), np.full(hu.shape, AIR_HU, np.int16)
    scanned[place.skull] = head
    above = slice(place.plane, None)
    tissue = (scanned[above] > AIR_BELOW_HU) & (spine[above] != 1)
    joined[above][tissue] = scanned[above][tissue]
    return joined


def _box(start: NDArray[np.int64], shape: Shape) -> Slices:
    z, y, x = (slice(int(a), int(a) + n) for a, n in zip(start, shape, strict=True))
    return z, y, x


def main() -> None:
    """Draw every case."""
    parser = argparse.ArgumentParser(description="Draw the necks with a skull on them.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    for neck, head in HEADED_NECKS:
        case = load_headed_neck(options.data, neck, head, options.out)
        draw = draw_on_drawn_ct if case.hu is None else draw_case
        draw(case, options.out / f"{case.name}.png")
        print(case.name, flush=True)


if __name__ == "__main__":
    main()
