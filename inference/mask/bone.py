"""A spine mask on a 1 mm grid, on which its centre line and vertebrae are found."""

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
"""Margin of that grid around the mask: room for the canal of a cut arch, and for the neighbourhood
of each voxel that tells vertebrae apart."""

BONE_SHARE = 0.5
"""A voxel of that grid is bone if at least this share of it is mask."""


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
