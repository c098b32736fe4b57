"""Where the patient lies in a coarse CT, so that no model looks at the air and table around it."""

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Slices
from inference.values.slabs import bounding_box

BODY_HU = -300
"""From this value up, a voxel is patient, table or pillow: above lung, below fat."""

LEAST_SHARE = 0.1
"""As a share of the largest piece: anything smaller is a table, a tube or a hand, and holds no
spine."""

MARGIN_VOXELS = 3
"""Added around the body, so that its skin and some air outside are seen as well."""


def body_box(hu: NDArray[np.int16]) -> Slices:
    """The box, slices z, y, x, around all large pieces of tissue; all of it if there are none.

    Args:
        hu: a CT at a spacing of a few millimetres, where the shells of a table are thinner than two
            voxels.
    """
    # What touches the edge of the scan continues beyond it.
    solid = np.pad((hu >= BODY_HU).view(np.uint8), 1, mode="edge")
    eroded = sitk.BinaryErode(sitk.GetImageFromArray(solid), (1, 1, 1), sitk.sitkCross)
    pieces = sitk.GetArrayFromImage(sitk.ConnectedComponent(eroded))[1:-1, 1:-1, 1:-1]
    counts = np.bincount(pieces.ravel())
    counts[0] = 0
    box = bounding_box((counts >= max(1, LEAST_SHARE * counts.max()))[pieces])
    if box is None:
        return slice(0, hu.shape[0]), slice(0, hu.shape[1]), slice(0, hu.shape[2])
    z, y, x = (
        slice(max(0, side.start - MARGIN_VOXELS), min(length, side.stop + MARGIN_VOXELS))
        for side, length in zip(box, hu.shape, strict=True)
    )
    return z, y, x
