"""How well a finder works: spine missed despite the safety margin, and volume found in vain."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.finder.cases import FinderCase
from assets.training.finder.patches import FINDER_SPACING_MM
from inference.values.geometry import Shape
from inference.values.volume import AIR_HU
from inference.windows.grid import full_grid
from inference.windows.sliding import predict_slabs

WINDOW: Shape = (64, 64, 64)
"""The window that the engine runs at once, z, y, x. Larger ones, unlike any patch in training, lose
necks beside raised arms."""

OVERLAP = 0.25

FOUND_PROBABILITY = 0.3
"""Low, because nothing looks again at what the finder misses."""

MARGIN_MM = 12.0
"""Distance around what was found within which the spine still counts as found."""

Finder = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From HU to spine probabilities of a window, both z, y, x at 4 mm."""


@dataclass(frozen=True)
class FinderScore:
    """The score of one case.

    Attributes:
        recall: share of the spine's voxels within the margin; 1 without any spine.
        stray_ml: volume found further than the margin from any spine.
        found_ml: total volume found.
        highest: the highest probability anywhere.
    """

    recall: float
    stray_ml: float
    found_ml: float
    highest: float


def find(finder: Finder, hu: NDArray[np.int16]) -> NDArray[np.float32]:
    """Probabilities at 4 mm (z, y, x) of a volume of 2 mm, every other voxel of which is taken."""
    coarse = hu[::2, ::2, ::2]
    slabs = predict_slabs(
        coarse.shape,
        full_grid(coarse.shape, WINDOW, OVERLAP),
        lambda window: finder(window.cut(coarse, AIR_HU)),
    )
    return np.concatenate([slab.probability for slab in slabs])


def score(finder: Finder, case: FinderCase) -> FinderScore:
    """Compare with the case's spine."""
    probability = find(finder, case.hu)
    spine = case.spine[::2, ::2, ::2] > 0
    found = probability >= FOUND_PROBABILITY
    spine_voxels, found_voxels = int(spine.sum()), int(found.sum())
    near_found, near_spine = _within_margin(found), _within_margin(spine)
    voxel_ml = FINDER_SPACING_MM**3 / 1000
    return FinderScore(
        recall=int((spine & near_found).sum()) / spine_voxels if spine_voxels else 1.0,
        stray_ml=int((found & ~near_spine).sum()) * voxel_ml,
        found_ml=found_voxels * voxel_ml,
        highest=float(probability.max()),
    )


def _within_margin(voxels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not voxels.any():
        return np.zeros_like(voxels)
    distance = ndimage.distance_transform_edt(~voxels)
    return np.asarray(distance * FINDER_SPACING_MM <= MARGIN_MM)
