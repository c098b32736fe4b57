"""From probabilities to a mask: threshold, components, back onto the grid of the CT."""

import math
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.geometry import Geometry
from inference.progress import CancelCheck, ProgressCallback, ignore_progress, never_cancelled
from inference.resample import resample_slabs
from inference.volume import Mask

FULL_SCALE = 255
"""Probability 1 in a probability map of bytes; a quarter of the memory of float32."""

MIN_COMPONENT_ML = 10.0
"""Smallest piece of spine that is kept, in millilitres.

Measured on ircad07 with the bundled model: the whole spine is one piece of 469 mL, and what lies
apart from it is wrong, in pieces of up to 7.4 mL (contrast in the aorta). Keeping the largest piece
alone, as the published method does, scores the same there, but loses what a scan or a fracture
parts from the rest; a thoracic or lumbar vertebra has 15 mL and more."""


@dataclass(frozen=True)
class Components:
    """How many connected pieces were kept and dropped."""

    kept: int
    dropped: int


def to_bytes(probability: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Probabilities in [0, 1] as bytes in [0, FULL_SCALE], rounded."""
    return np.rint(probability * FULL_SCALE).astype(np.uint8)


def byte_threshold(threshold: float) -> int:
    """The least byte that means a probability of at least ``threshold``."""
    return math.ceil(threshold * FULL_SCALE)


def drop_small_components(
    probability: NDArray[np.uint8], threshold: int, voxel_volume_ml: float
) -> Components:
    """Set to zero, in place, every connected piece of less than ``MIN_COMPONENT_ML``.

    Pieces are voxels of at least ``threshold`` that touch by a face, an edge or a corner. What
    lies below the threshold is left as it is: it shapes the edge of the pieces that stay when
    they are interpolated, and can add none of its own.

    Args:
        probability: bytes, z, y, x.
        threshold: the least byte that is spine.
        voxel_volume_ml: of one voxel of ``probability``.
    """
    box = bounding_box(probability >= threshold)
    if box is None:
        return Components(kept=0, dropped=0)
    spine = (probability[box] >= threshold).astype(np.uint8)
    labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(spine), True))
    volumes_ml = np.bincount(labels.ravel()) * voxel_volume_ml
    small = volumes_ml < MIN_COMPONENT_ML
    small[0] = False
    probability[box][small[labels]] = 0
    dropped = int(small.sum())
    return Components(kept=len(volumes_ml) - 1 - dropped, dropped=dropped)


def bounding_box(
    voxels: NDArray[np.bool_] | NDArray[np.uint8],
) -> tuple[slice, slice, slice] | None:
    """The smallest box, slices z, y, x, around all true voxels; None if there are none."""
    slices = []
    for axis in range(3):
        others = tuple(a for a in range(3) if a != axis)
        (indices,) = np.nonzero(voxels.any(axis=others))
        if not len(indices):
            return None
        slices.append(slice(int(indices[0]), int(indices[-1]) + 1))
    z, y, x = slices
    return z, y, x


def mask_on_grid(
    probability: NDArray[np.uint8],
    source: Geometry,
    target: Geometry,
    threshold: int,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Mask:
    """The mask on the grid of the CT.

    The probabilities are interpolated, not the mask, so that its edge is as fine as the CT's
    voxels rather than the model's.

    Args:
        probability: bytes on ``source``, z, y, x.
        threshold: the least byte that is spine.
    """
    voxels = np.zeros(target.shape, dtype=np.uint8)
    for box, values in resample_slabs(
        probability, source, target, fill=0, stage="mask", progress=progress, cancel=cancel
    ):
        voxels[box] = values >= threshold
    return Mask(voxels, target)
