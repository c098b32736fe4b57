"""The sliding window: the only loop over windows, whatever runs the model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Shape
from inference.values.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.windows.blending import SlabBlender
from inference.windows.grid import Window

WindowPredictor = Callable[[Window], NDArray[np.float32]]
"""From a window to the spine probabilities of its voxels, float32, z, y, x."""


@dataclass(frozen=True, eq=False)
class Slab:
    """Finished planes of the probability map.

    Attributes:
        first_plane: z of the first of them in the volume.
        probability: float32 in [0, 1], planes, y, x.
    """

    first_plane: int
    probability: NDArray[np.float32]


def predict_slabs(
    volume: Shape,
    windows: Sequence[Window],
    predict: WindowPredictor,
    *,
    stage: str = "predict",
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Iterator[Slab]:
    """Run the windows and yield the blended probabilities plane by plane, from feet to head.

    Args:
        volume: voxels that the slabs cover, z, y, x.
        windows: all of the same shape, in any order.

    Yields:
        Slabs that together cover the volume once, without gaps; 0 where there was no window.

    Raises:
        CancelledError: ``cancel`` said so between two windows.
    """
    ordered = sorted(windows)
    if not ordered:
        yield Slab(0, np.zeros(volume, dtype=np.float32))
        return
    depth = ordered[0].shape[0]
    blender = SlabBlender(volume, ordered[0].shape)
    finished = 0
    for done, window in enumerate(ordered, start=1):
        stop_if(cancel)
        yield from _finished(blender, finished, window.start[0], depth)
        finished = max(finished, window.start[0])
        blender.add(window, predict(window))
        progress(Progress(stage, done, len(ordered)))
    yield from _finished(blender, finished, volume[0], depth)


def _finished(blender: SlabBlender, first: int, stop: int, depth: int) -> Iterator[Slab]:
    """The planes from ``first`` to ``stop``, no more than ``depth`` at a time."""
    for plane in range(first, stop, depth):
        yield Slab(plane, blender.finish_before(min(plane + depth, stop)))
