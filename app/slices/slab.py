"""Thick slabs: several slices seen as one, as pure functions. Arrays are z, y, x."""

import enum
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.slices.planes import View

THICKNESS_MM = (5.0, 50.0)
"""The thinnest and the thickest slab: from a few slices to the width of the spine with its ribs'
heads."""

THREADS = 4
"""Cores of the ward PC. The thickest sagittal slab of a CT of 512×512×600 takes one core 35 ms."""


class Projection(enum.Enum):
    """What a slab shows of the voxels behind each other."""

    MEAN = "mean"
    MAXIMUM = "maximum"


@dataclass(frozen=True)
class Slab:
    """Several slices seen as one.

    Attributes:
        projection: what is shown of them.
        thickness_mm: of all of them together; the nearest odd number of slices is taken.
    """

    projection: Projection
    thickness_mm: float


def slices_within(view: View, index: int, thickness_mm: float) -> slice:
    """The voxel indices across of the slices in a slab about ``index``.

    As many on either side, so that what is under the crosshair is amid them, but none outside the
    grid.
    """
    aside = max(0, round((thickness_mm / view.across.spacing - 1) / 2))
    return slice(max(0, index - aside), min(view.across.size, index + aside + 1))


def slab_of(
    view: View, voxels: NDArray[np.generic], index: int, slab: Slab | None
) -> NDArray[np.generic]:
    """The picture of a slab about a voxel index across, rows by columns, of the voxels' own type.

    Args:
        slab: None for the slice itself, as a view into ``voxels``.
    """
    if slab is None:
        return view.slice_of(voxels, index)
    stack = view.stack_of(voxels, slices_within(view, index, slab.thickness_mm))
    # Numpy lets go of Python's lock meanwhile.
    with ThreadPoolExecutor(THREADS) as pool:
        parts = np.array_split(stack, THREADS, axis=1)
        return np.concatenate(list(pool.map(_project, parts, [slab.projection] * THREADS)))


def _project(stack: NDArray[np.generic], projection: Projection) -> NDArray[np.generic]:
    """What a slab shows of its slices, row by row.

    The row of all slices is put together first: what is taken together along a line of sight lies
    apart in memory in one plane, and so close in another that numpy's own loops are slow.
    """
    image = np.empty(stack.shape[1:], stack.dtype)
    for row in range(len(image)):
        lines = np.ascontiguousarray(stack[:, row])
        if projection is Projection.MAXIMUM:
            np.maximum.reduce(lines, axis=0, out=image[row])
        else:
            image[row] = np.rint(np.add.reduce(lines, axis=0, dtype=np.int32) / len(lines))
    return image
