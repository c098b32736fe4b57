"""What is said of a mask in figures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Triple, Voxel, nearest_axes
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stop_if


@dataclass(frozen=True)
class MaskFigures:
    """The size of a spine.

    Attributes:
        volume_ml: millilitres.
        extent_mm: millimetres left to right, front to back, head to foot, along the scan's axes.
        middle: a voxel x, y, z amid it, in the middle one of its slices; None where there is none.
    """

    volume_ml: float
    extent_mm: Triple
    middle: Voxel | None = None


def measure(mask: Mask, cancel: CancelCheck = never_cancelled) -> MaskFigures:
    """Measure a mask; on a large one that takes longer than a frame, so do it on a thread.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    from inference.values.slabs import bounding_box  # here, because it loads what takes long

    box = bounding_box(mask.voxels)
    stop_if(cancel)
    if box is None:
        return MaskFigures(0.0, (0.0, 0.0, 0.0))
    z, y, x = (side.stop - side.start for side in box)
    along = [n * mm for n, mm in zip((x, y, z), mask.geometry.spacing, strict=True)]
    left, back, head = nearest_axes(np.reshape(mask.geometry.direction, (3, 3)))
    extent = (along[left], along[back], along[head])
    return MaskFigures(mask.volume_ml, extent, _middle(mask.voxels, box))


def _middle(voxels: NDArray[np.uint8], box: tuple[slice, slice, slice]) -> Voxel | None:
    """The mean place of the spine in the middle slice of its box; None where there is none."""
    z = (box[0].start + box[0].stop) // 2
    rows, columns = np.nonzero(voxels[z])
    return (round(columns.mean()), round(rows.mean()), z) if len(rows) else None
