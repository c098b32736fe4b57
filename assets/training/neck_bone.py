"""Labels of the neck, where there are no ribs nearby: all bone connected to the row of bodies."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.finder.spine_lines import (
    CANAL_HALF_WIDTH_MM,
    STEP_MM,
    AroundLine,
    may_be_spine,
)

NECK_RADIUS_MM = 10.0
"""Bodies thinner than this are cervical."""

NECK_BONE_HU = 220
"""Bone of the neck: above most vessels with contrast medium, below all but the weakest cortex."""

MARROW_HU = 180
"""Softer marrow is left out of a neck's bodies."""

PORES = 2
"""Closing radius in voxels of 1 mm: fills marrow and small foramina, but not the canal."""

SKULL_MM = 8
"""How far below the tip of the dens the skull meets the atlas."""


def is_neck(around: AroundLine) -> NDArray[np.bool_]:
    """Where the nearest body is cervical, z, y, x."""
    return np.asarray(around.radius < NECK_RADIUS_MM)


def near_skull(around: AroundLine) -> NDArray[np.bool_]:
    """Where a threshold cannot separate atlas and skull: everything but the dens, z, y, x."""
    beside_dens = np.hypot(around.behind, around.aside) > around.radius
    return is_neck(around) & (around.below_head < SKULL_MM) & beside_dens


def neck_bone(
    smooth: NDArray[np.float32], around: AroundLine, within: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Cervical vertebrae with their masses and processes, z, y, x at 1 mm.

    Args:
        smooth: HU.
        around: where the voxels lie from the line along the bodies.
        within: where bone is certainly spine; bone connected to it is spine too.
    """
    dense = smooth >= NECK_BONE_HU
    core = within & (np.hypot(around.behind, around.aside) < 0.6 * around.radius)
    canal = (around.behind > around.radius + 2) & (around.aside < CANAL_HALF_WIDTH_MM - 4)
    solid = ndimage.binary_closing(within & dense, iterations=PORES) & within
    seeds = (solid | (core & (smooth > MARROW_HU))) & ~(canal & ~dense) & is_neck(around)
    below_skull = is_neck(around) & (around.below_head >= SKULL_MM)
    wide = below_skull & may_be_spine(around) & (around.beyond <= STEP_MM)
    return np.asarray(seeds | (_joined(seeds, wide & dense) & wide & ~(canal & ~dense)))


def _joined(seeds: NDArray[np.bool_], bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The seeds and the bone connected to them, with pores closed."""
    closed = ndimage.binary_closing(bone, iterations=PORES) | seeds
    labels, _ = ndimage.label(closed)
    joined = np.unique(labels[seeds])
    return np.isin(labels, joined[joined > 0])
