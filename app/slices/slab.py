"""Thick slabs: several slices shown as one, as pure functions. Arrays are z, y, x."""

import enum
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.slices.planes import View

THICKNESS_MM = (5.0, 50.0)
"""The thinnest and the thickest slab: from a few slices to the width of the spine with the heads of
the ribs."""

THREADS = 4
"""Cores of the ward PC. The thickest sagittal slab of a CT of 512×512×600 takes one core 35 ms."""


class Projection(enum.Enum):
    """How a slab combines the voxels behind each other."""

    MEAN = "mean"
    MAXIMUM = "maximum"


@dataclass(frozen=True)
class Slab:
    """Several slices shown as one.

    Attributes:
        projection: how they are combined.
        thickness_mm: of all together; the nearest odd number of slices is used, and of two equally
            near ones the larger, so that two slices' thickness does not show a single slice.
    """

    projection: Projection
    thickness_mm: float


def slices_within(view: View, index: int, thickness_mm: float) -> slice:
    """The voxel indices across of the slices in a slab around ``index``.

    There are as many on each side, so that the crosshair is in their middle, but none outside the
    grid.
    """
    aside = max(0, math.floor(thickness_mm / view.across.spacing / 2))
    return slice(max(0, index - aside), min(view.across.size, index + aside + 1))


def shown_mm(view: View, index: int, thickness_mm: float) -> float:
    """How thick the slices in a slab around ``index`` are together, in millimetres."""
    within = slices_within(view, index, thickness_mm)
    count: int = within.stop - within.start
    return count * view.across.spacing


def slab_of(view: View, voxels: NDArray[np.generic], index: int, slab: Slab) -> NDArray[np.generic]:
    """The picture of a slab around a voxel index across, rows by columns, in the voxels' type."""
    stack = view.stack_of(voxels, slices_within(view, index, slab.thickness_mm))
    # Numpy releases Python's lock meanwhile.
    with ThreadPoolExecutor(THREADS) as pool:
        parts = np.array_split(stack, THREADS, axis=1)
        return np.concatenate(list(pool.map(_project, parts, [slab.projection] * THREADS)))


def _project(stack: NDArray[np.generic], projection: Projection) -> NDArray[np.generic]:
    """Combine the slices of a slab, row by row.

    One row of all slices is gathered first. The voxels along a line of sight are far apart in
    memory in one plane, and so close together in another that numpy's own loops are slow.
    """
    image = np.empty(stack.shape[1:], stack.dtype)
    for row in range(len(image)):
        lines = np.ascontiguousarray(stack[:, row])
        if projection is Projection.MAXIMUM:
            np.maximum.reduce(lines, axis=0, out=image[row])
        else:
            image[row] = np.rint(np.add.reduce(lines, axis=0, dtype=np.int32) / len(lines))
    return image
