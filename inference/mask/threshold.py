"""From probabilities to a mask: threshold, and back onto the grid of the CT."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from inference.system.scratch import IN_MEMORY_BYTES, new_array
from inference.values.geometry import Geometry, Shape
from inference.values.mask import Mask
from inference.values.progress import (
    CancelCheck,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from inference.values.slabs import release
from inference.windows.resampling import resample_slabs
from inference.windows.sliding import Slab

FULL_SCALE = 255
"""Probability 1 in a map of bytes, which takes a quarter of the memory of float32."""


def to_bytes(probability: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Probabilities in [0, 1] as bytes in [0, FULL_SCALE], rounded."""
    return np.rint(probability * FULL_SCALE).astype(np.uint8)


def byte_map(
    slabs: Iterable[Slab], shape: Shape, in_memory: int = IN_MEMORY_BYTES
) -> NDArray[np.uint8]:
    """The probabilities of all slabs as bytes, z, y, x.

    Args:
        shape: the shape of all slabs together.
        in_memory: a map of more bytes goes into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for the scratch file that a large one needs.
    """
    probability = new_array(shape, np.uint8, in_memory)
    for slab in slabs:
        planes = slice(slab.first_plane, slab.first_plane + len(slab.probability))
        probability[planes] = to_bytes(slab.probability)
        release(probability)
    return probability


def byte_threshold(threshold: float) -> int:
    """The lowest byte that means a probability of at least ``threshold``."""
    return math.ceil(threshold * FULL_SCALE)


def mask_on_grid(
    probability: NDArray[np.uint8],
    source: Geometry,
    target: Geometry,
    threshold: int,
    *,
    in_memory: int = IN_MEMORY_BYTES,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Mask:
    """The mask on the grid of the CT.

    The probabilities are interpolated, not the mask, so that its edge is as fine as the CT's
    voxels rather than the model's.

    Args:
        probability: bytes on ``source``, z, y, x.
        threshold: the lowest byte that is spine.
        in_memory: a mask of more bytes goes into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for the scratch file that a large one needs.
        CancelledError: ``cancel`` said so between two slabs.
    """
    voxels = new_array(target.shape, np.uint8, in_memory)
    for box, values in resample_slabs(
        probability, source, target, fill=0, stage="mask", progress=progress, cancel=cancel
    ):
        voxels[box] = np.rint(values) >= threshold
        release(voxels)
    return Mask(voxels, target)
