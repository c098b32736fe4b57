"""What is said of a mask in figures."""

from dataclasses import dataclass

import numpy as np

from app.slices.planes import nearest_axes
from inference.geometry import Triple
from inference.volume import Mask


@dataclass(frozen=True)
class MaskFigures:
    """The size of a spine.

    Attributes:
        volume_ml: millilitres.
        extent_mm: millimetres left to right, front to back, head to foot, along the scan's axes.
    """

    volume_ml: float
    extent_mm: Triple


def measure(mask: Mask) -> MaskFigures:
    """Measure a mask; on a large one that takes longer than a frame, so do it on a thread."""
    from inference.mask import bounding_box  # here, because it loads what takes long

    box = bounding_box(mask.voxels)
    if box is None:
        return MaskFigures(0.0, (0.0, 0.0, 0.0))
    z, y, x = (side.stop - side.start for side in box)
    along = [n * mm for n, mm in zip((x, y, z), mask.geometry.spacing, strict=True)]
    left, back, head = nearest_axes(np.reshape(mask.geometry.direction, (3, 3)))
    return MaskFigures(mask.volume_ml, (along[left], along[back], along[head]))
