"""Separates vertebrae from all other bone with the help of the CT: the reference for models.

It uses the expert's bone label and the image, and no network:

- bone is filled and its column found as for patients without a CT (``vertebrae``);
- ribs are told from vertebrae by a watershed of the image: the two meet where the joint is darkest;
- anything as soft as a disc is left out, whether a disc, a ligament or a vessel inside the label;
- anything enclosed by bone in any plane and as dense as marrow belongs to it; soft tissue belongs
  to it only as a pore, or in a body as the hole of its vein.

Nothing is added in front of the label's outline or to its sides: processes that the expert left out
stay out. All volumes are z, y, x at 1 mm in the canonical orientation.
"""

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.vertebrae import (
    FRONT_MM,
    GAP_MM,
    REAR_MM,
    SPINE_WITHIN_MM,
    AroundColumn,
    Separation,
    around_column,
    fill_marrow,
    fill_pores,
    rib_shafts,
)

SOFT_HU = 130
"""Between discs, 75 to 125 HU in the CTs of patients 1 and 7, and their marrow, 150 and more."""

NOISE_MM = 0.8
"""Width of the Gaussian under which marrow and discs are told apart."""

JOINT_MM = 0.5
"""Width of the Gaussian for the watershed: a joint's gap is hardly wider than a voxel."""

JOINT_HU = (100, 1000)
"""Differences outside this range are not between bone and a joint."""

LEAST_PIECE_MM3 = 100
"""Smaller pieces beside the vertebrae are calcified ligaments, or noise."""

SPINE, RIB, OUTSIDE = 1, 2, 3


def separate_vertebrae_on_ct(bone: NDArray[np.bool_], hu: NDArray[np.int16]) -> Separation:
    """Vertebrae out of all bone of a CT.

    Raises:
        ValueError: there is no spinal canal.
    """
    around = around_column(bone)
    vertebrae, soft = _separate(around, hu[around.box].astype(np.float32))
    spine = np.zeros(bone.shape, np.uint8)
    no_bone, column = np.zeros_like(bone), np.zeros_like(bone)
    spine[around.box] = vertebrae
    no_bone[around.box] = bone[around.box] & soft & ~vertebrae
    column[around.box] = around.column
    return Separation(spine, no_bone, column)


def _separate(
    around: AroundColumn, hu: NDArray[np.float32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Vertebrae, and what is too soft to be one."""
    behind, side = around.behind, around.side
    dense = ndimage.gaussian_filter(hu, NOISE_MM) >= SOFT_HU
    bone = around.bone & (behind > -FRONT_MM) & (behind < REAR_MM)
    # Single soft voxels are noise.
    soft = ndimage.binary_opening(~(bone & dense), np.ones((2, 2, 2)))
    part = _watershed(bone & ~soft, hu, side)
    vertebrae = part == SPINE
    vertebrae |= _enclosed(vertebrae) & dense & (part != RIB)
    vertebrae |= fill_marrow(vertebrae) & bone & (behind < 0)
    vertebrae = fill_pores(vertebrae) | ndimage.binary_fill_holes(vertebrae)
    return _large_pieces(vertebrae, side), around.bone & soft & ~dense


def _watershed(
    bone: NDArray[np.bool_], hu: NDArray[np.float32], side: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """``SPINE``, ``RIB`` or ``OUTSIDE`` for every voxel."""
    seeds = np.where(bone, 0, OUTSIDE).astype(np.uint8)
    seeds[bone & (side <= SPINE_WITHIN_MM)] = SPINE
    seeds[rib_shafts(bone, side)] = RIB
    softness = -np.clip(ndimage.gaussian_filter(hu, JOINT_MM), *JOINT_HU)
    parts = sitk.MorphologicalWatershedFromMarkers(
        sitk.GetImageFromArray(softness), sitk.GetImageFromArray(seeds), markWatershedLine=False
    )
    found: NDArray[np.uint8] = sitk.GetArrayFromImage(parts)
    return found


def _enclosed(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What bone encloses in a plane of any orientation."""
    closed = ndimage.binary_closing(np.pad(bone, GAP_MM))[(slice(GAP_MM, -GAP_MM),) * 3]
    inside = np.zeros_like(bone)
    for axis in range(3):
        planes = zip(np.moveaxis(inside, axis, 0), np.moveaxis(closed, axis, 0), strict=True)
        for target, plane in planes:
            target |= ndimage.binary_fill_holes(plane)
    return inside


def _large_pieces(vertebrae: NDArray[np.bool_], side: NDArray[np.float64]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(vertebrae)
    large = np.bincount(labels.ravel(), minlength=count + 1) >= LEAST_PIECE_MM3
    near = np.zeros(count + 1, dtype=bool)
    near[labels[vertebrae & (side < SPINE_WITHIN_MM)]] = True
    keep = large & near
    keep[0] = False
    return np.asarray(keep[labels])
