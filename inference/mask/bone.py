"""A spine mask on a grid of millimetres, which its line and its vertebrae are looked for on."""

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry, Slices, canonical_geometry
from inference.values.mask import Mask
from inference.values.progress import CancelCheck
from inference.values.slabs import bounding_box
from inference.windows.resampling import resample_slabs

WORK_MM = (1.0, 1.0, 1.0)
"""Spacing of that grid."""

ROOM_VOXELS = 6
"""Of that grid around the mask: room for the canal of a cut arch, and for the bone around each
voxel by which vertebrae are told apart."""

BONE_SHARE = 0.5
"""Least share of mask in a voxel of that grid that is bone."""


def bone_of(mask: Mask, box: Slices, cancel: CancelCheck) -> tuple[NDArray[np.uint8], Geometry]:
    """The mask, 255 on bone, on a canonical grid of ``WORK_MM`` with ``ROOM_VOXELS`` around it.

    Args:
        box: slices z, y, x around all of the mask.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    grid = canonical_geometry(mask.geometry.part(*box), WORK_MM)
    bone = np.zeros(grid.shape, np.uint8)
    for part, share in resample_slabs(mask.voxels, mask.geometry, grid, fill=0, cancel=cancel):
        bone[part][share >= BONE_SHARE] = 255
    inner = bounding_box(bone)
    if inner is None:
        return bone, grid
    wide = (slice(axis.start - ROOM_VOXELS, axis.stop + ROOM_VOXELS) for axis in inner)
    return np.pad(bone[inner], ROOM_VOXELS), grid.part(*wide)
