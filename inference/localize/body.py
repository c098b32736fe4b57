"""Where the patient lies in a coarse CT: a model need not look at the air and the table around."""

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Slices
from inference.values.slabs import bounding_box

BODY_HU = -300
"""From here on a voxel is patient, table or pillow: above lungs, below fat."""

LEAST_SHARE = 0.1
"""Of the largest piece: what is smaller is a table, a hose or a hand, and holds no spine."""

MARGIN_VOXELS = 3
"""Around the body, so that its skin and the air outside are seen as well."""


def body_box(hu: NDArray[np.int16]) -> Slices:
    """The box, slices z, y, x, around all large pieces of tissue; the whole where there are none.

    Args:
        hu: a CT at a few millimetres; the shells of a table are thinner than two voxels of it.
    """
    # What lies at the edge of the scan goes on beyond it.
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
