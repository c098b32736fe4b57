"""Where windows lie: the steps of the sliding window, as pure functions."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Shape, Slices

Mode = Literal["follow", "full"]
"""``full``: the published method, every window of the grid. ``follow``: windows along the spine."""

DEFAULT_MODE: Mode = "follow"

OVERLAP = 0.5
"""Share of a window that its neighbour covers too (arXiv 2605.20760)."""


@dataclass(frozen=True, order=True)
class Window:
    """A box of the canonical volume that the model sees at once.

    Attributes:
        start: first voxel, z, y, x; negative where the window begins outside the volume.
        shape: voxels, z, y, x.
    """

    start: Shape
    shape: Shape

    @property
    def stop(self) -> Shape:
        """One past the last voxel, z, y, x."""
        z, y, x = (a + n for a, n in zip(self.start, self.shape, strict=True))
        return z, y, x

    def seen_from(self, origin: Shape) -> "Window":
        """The same window with its start counted from ``origin``, z, y, x."""
        z, y, x = (a - o for a, o in zip(self.start, origin, strict=True))
        return Window((z, y, x), self.shape)

    def inside(self, volume: Shape) -> tuple[Slices, Slices]:
        """The part of the window inside a volume: its slices in the volume and in the window."""
        in_volume, in_window = [], []
        for start, stop, length in zip(self.start, self.stop, volume, strict=True):
            low, high = max(start, 0), max(0, min(stop, length))
            in_volume.append(slice(low, high))
            in_window.append(slice(low - start, high - start))
        (z, y, x), (patch_z, patch_y, patch_x) = in_volume, in_window
        return (z, y, x), (patch_z, patch_y, patch_x)

    def cut(self, voxels: NDArray[Any], fill: float) -> NDArray[np.float32]:
        """The window's part of ``voxels`` (z, y, x); ``fill`` where it reaches outside."""
        patch = np.full(self.shape, fill, dtype=np.float32)
        in_volume, in_window = self.inside(voxels.shape)
        patch[in_window] = voxels[in_volume]
        return patch


def window_starts(length: int, patch: int, overlap: float) -> tuple[int, ...]:
    """First voxels of the windows that cover one axis.

    These are as few windows as reach from end to end with at least ``overlap``, evenly spaced. An
    axis shorter than the patch gets one window with the volume in its middle.
    """
    if length <= patch:
        return ((length - patch) // 2,)
    step = max(1, math.floor(patch * (1 - overlap)))
    count = math.ceil((length - patch) / step) + 1
    return tuple(round(i * (length - patch) / (count - 1)) for i in range(count))


def full_grid(volume: Shape, patch: Shape, overlap: float = OVERLAP) -> tuple[Window, ...]:
    """The published method's windows over a whole volume, in ascending order of z, y, x.

    Args:
        volume: voxels of the canonical volume, z, y, x.
        patch: voxels of one window, z, y, x.
        overlap: at least this share of each window is covered by the next, 0 ≤ overlap < 1.
    """
    z_starts, y_starts, x_starts = (
        window_starts(length, side, overlap) for length, side in zip(volume, patch, strict=True)
    )
    return tuple(Window(start, patch) for start in itertools.product(z_starts, y_starts, x_starts))


def enclosing_box(windows: Sequence[Window], volume: Shape) -> Slices:
    """The smallest box of the volume, z, y, x, that contains everything windows see of it.

    Without windows it is the first voxel, because a grid cannot be empty.
    """
    starts = np.array([window.start for window in windows] or [(0, 0, 0)])
    stops = np.array([window.stop for window in windows] or [(1, 1, 1)])
    low, high = np.maximum(starts.min(axis=0), 0), np.minimum(stops.max(axis=0), volume)
    z, y, x = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x
