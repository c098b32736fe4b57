"""Blends overlapping windows into one probability map, holding only unfinished planes."""

import functools

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Shape
from inference.windows.grid import Window

SIGMA_SHARE = 0.125
"""Standard deviation of the importance map as a share of the patch (nnU-Net, MONAI)."""

IMPORTANCE_FLOOR = 1e-3
"""Lowest importance as a share of the highest, so that corners do not divide zero by zero."""


KEPT_MAPS = 2
"""Importance maps that are cached: one for the finder's windows, whose shape may depend on the
body, and one for the model's."""


@functools.lru_cache(maxsize=KEPT_MAPS)
def importance_map(patch: Shape) -> NDArray[np.float32]:
    """Gaussian weights of a window's voxels, z, y, x: 1 in the middle, never 0; read-only."""
    z, y, x = (_bell(length) for length in patch)
    product = z[:, np.newaxis, np.newaxis] * y[:, np.newaxis] * x
    weights: NDArray[np.float32] = np.maximum(product, IMPORTANCE_FLOOR).astype(np.float32)
    weights.setflags(write=False)
    return weights


def _bell(length: int) -> NDArray[np.float64]:
    offsets = np.arange(length) - (length - 1) / 2
    bell = np.exp(-0.5 * (offsets / (length * SIGMA_SHARE)) ** 2)
    return np.asarray(bell / bell.max(), dtype=np.float64)


class SlabBlender:
    """Blends windows that arrive in ascending order of z.

    It keeps the sums of as many planes as a window is deep. A plane is finished once all further
    windows start above it, and is handed out by ``finish_before``.
    """

    def __init__(self, volume: Shape, patch: Shape) -> None:
        """Prepare for windows of ``patch`` over ``volume``, both z, y, x."""
        self._volume = volume
        self._importance = importance_map(patch)
        depth = min(patch[0], volume[0])
        self._weighted = np.zeros((depth, *volume[1:]), dtype=np.float32)
        self._weights = np.zeros_like(self._weighted)
        self._first_plane = 0

    def finish_before(self, plane: int) -> NDArray[np.float32]:
        """Take the finished probabilities (planes, y, x) of all planes below ``plane``."""
        count = max(0, min(plane, self._volume[0]) - self._first_plane)
        done = min(count, len(self._weighted))
        finished = np.zeros((count, *self._volume[1:]), dtype=np.float32)
        np.divide(
            self._weighted[:done],
            self._weights[:done],
            out=finished[:done],
            where=self._weights[:done] > 0,
        )
        for sums in (self._weighted, self._weights):
            sums[: len(sums) - done] = sums[done:]
            sums[len(sums) - done :] = 0
        self._first_plane += count
        return finished

    def add(self, window: Window, probability: NDArray[np.float32]) -> None:
        """Add one window's probabilities (z, y, x).

        Raises:
            ValueError: the window starts below planes that have already been handed out.
        """
        in_volume, in_window = window.inside(self._volume)
        first, last = (
            plane - self._first_plane for plane in (in_volume[0].start, in_volume[0].stop)
        )
        if first < 0 or last > len(self._weighted):
            raise ValueError("windows must come in ascending z, finished planes taken between")
        slab = (slice(first, last), *in_volume[1:])
        importance = self._importance[in_window]
        self._weighted[slab] += importance * probability[in_window]
        self._weights[slab] += importance
