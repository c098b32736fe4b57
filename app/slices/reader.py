"""Reads the slices of one plane, together with their neighbours where that is cheap."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.slices.planes import View
from app.slices.slab import Slab, slab_of

TOGETHER = 8
"""Slices that are read at once. Voxels along x lie side by side in memory, so reading one slice
across x fetches its neighbours too: of 512×512×600 voxels, one takes 2.4 ms and eight take 4 ms,
which then serve eight frames. More of them would make their one frame longer."""


class SliceReader:
    """The slices of one volume in one plane."""

    def __init__(self, view: View, voxels: NDArray[Any]) -> None:
        """Read ``voxels``, z, y, x, which may change in place: see ``forget``."""
        self.voxels = voxels
        self._view = view
        along = voxels.strides[2 - view.across.axis]
        self._side_by_side = along == voxels.itemsize
        self._last: int | None = None
        self._block: NDArray[Any] | None = None
        self._block_start = 0

    def forget(self) -> None:
        """Read again what was read before: the voxels have changed."""
        self._block = None

    def slice_at(self, index: int, slab: Slab | None = None) -> NDArray[Any]:
        """The slice at a voxel index across, or the slab around it, rows by columns.

        Do not keep it: it may be a view into the voxels.
        """
        if slab is not None:
            return slab_of(self._view, self.voxels, index, slab)
        start = index - index % TOGETHER
        if self._block is None or self._block_start != start:
            scrolled = self._last not in (None, index)
            self._last = index
            if not (self._side_by_side and scrolled):
                return self._view.slice_of(self.voxels, index)
            several = self._view.stack_of(self.voxels, slice(start, start + TOGETHER))
            self._block, self._block_start = several.copy(order="K"), start
        self._last = index
        return np.ascontiguousarray(self._block[index - start])
