"""The sliding window: the one loop over windows, whatever runs the model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.blend import SlabBlender
from inference.plan import Window
from inference.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.volume import AIR_HU

Predictor = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From a patch of HU to its spine probabilities, both float32, z, y, x."""

WindowWatcher = Callable[[Window, NDArray[np.float32]], None]
"""Shown each window with its own probabilities, before they are blended."""


def ignore_window(window: Window, probability: NDArray[np.float32]) -> None:
    """The watcher of windows that nobody watches."""


@dataclass(frozen=True, eq=False)
class Slab:
    """Finished planes of the probability map.

    Attributes:
        first_plane: z of the first of them in the canonical volume.
        probability: float32 in [0, 1], planes, y, x.
    """

    first_plane: int
    probability: NDArray[np.float32]


def cut_window(voxels: NDArray[np.int16], window: Window) -> NDArray[np.float32]:
    """The window's HU as float32, z, y, x; air where it reaches outside the volume."""
    patch = np.full(window.shape, AIR_HU, dtype=np.float32)
    in_volume, in_window = window.inside(voxels.shape)
    patch[in_window] = voxels[in_volume]
    return patch


def predict_slabs(
    voxels: NDArray[np.int16],
    windows: Sequence[Window],
    predictor: Predictor,
    *,
    watch: WindowWatcher = ignore_window,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Iterator[Slab]:
    """Run the windows and yield the blended probabilities plane by plane, from feet to head.

    Args:
        voxels: HU of the canonical volume, z, y, x.
        windows: all of one shape, in any order.
        watch: called after each window.

    Yields:
        Slabs that together cover the volume once, without gaps; 0 where no window looked.

    Raises:
        CancelledError: ``cancel`` said so between two windows.
    """
    depth, height, width = voxels.shape
    ordered = sorted(windows)
    if not ordered:
        yield Slab(0, np.zeros((depth, height, width), dtype=np.float32))
        return
    blender = SlabBlender((depth, height, width), ordered[0].shape)
    finished = 0
    for done, window in enumerate(ordered, start=1):
        stop_if(cancel)
        if window.start[0] > finished:
            yield Slab(finished, blender.finish_before(window.start[0]))
            finished = window.start[0]
        probability = predictor(cut_window(voxels, window))
        blender.add(window, probability)
        watch(window, probability)
        progress(Progress("predict", done, len(ordered)))
    yield Slab(finished, blender.finish_all())
