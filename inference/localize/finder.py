"""Where the spine is, roughly: a small model over the whole volume at coarse voxels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.localize.body import body_box
from inference.model.loading import SpineModel
from inference.values.geometry import Geometry, Shape, canonical_geometry
from inference.values.progress import (
    CancelCheck,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from inference.values.volume import AIR_HU, Volume
from inference.windows.grid import full_grid
from inference.windows.resampling import resample, shrink
from inference.windows.sliding import predict_slabs

OVERLAP = 0.25
"""Share of a finder's window that its neighbour covers too. A small one is enough to find the
spine."""

STRETCH = 4 / 3
"""How much longer than the finder's patch a window may be, if one window then replaces two."""

SIDE_MULTIPLE = 8
"""Sides must be divisible by this: the finder halves its patch three times."""


@dataclass(frozen=True, eq=False)
class CoarseMap:
    """Where the spine is, at coarse voxels.

    Attributes:
        geometry: the canonical grid of the whole CT at the finder's spacing.
        probability: float32 in [0, 1], z, y, x.
    """

    geometry: Geometry
    probability: NDArray[np.float32]


def find_spine(
    volume: Volume,
    finder: SpineModel,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> CoarseMap:
    """The finder's probabilities throughout the body in ``volume``, and zero around it.

    The finder sees HU averaged over blocks of half its voxel size, sampled at its voxels, as in
    training.

    Raises:
        CancelledError: ``cancel`` said so.
        ModelRefusedError: the finder failed or broke its contract.
    """
    grid = canonical_geometry(volume.geometry, finder.card.spacing_mm)
    small = shrink(volume, min(finder.card.spacing_mm) / 2, cancel=cancel)
    hu = resample(small.voxels, small.geometry, grid, AIR_HU, cancel=cancel)
    box = body_box(hu)
    body = hu[box]
    slabs = predict_slabs(
        body.shape,
        full_grid(body.shape, stretched(finder.card.patch, body.shape), OVERLAP),
        lambda window: finder.predict(window.cut(body, AIR_HU)),
        stage="find",
        progress=progress,
        cancel=cancel,
    )
    probability = np.zeros(grid.shape, dtype=np.float32)
    probability[box] = np.concatenate([slab.probability for slab in slabs])
    return CoarseMap(grid, probability)


def stretched(patch: Shape, volume: Shape) -> Shape:
    """The patch, z, y, x, with sides stretched to the volume's where they are nearly as long."""
    depth, height, width = (
        math.ceil(length / SIDE_MULTIPLE) * SIDE_MULTIPLE if length <= side * STRETCH else side
        for side, length in zip(patch, volume, strict=True)
    )
    return depth, height, width
