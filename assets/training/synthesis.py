"""Draws CT from organ labels: every patch with new tissue, contrast and bone density.

All lengths are voxels of 1 mm. Tissue ranges are in HU and wider than any one hospital's.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.scanner import add_table, field, scan
from inference.values.volume import AIR_HU

AIR, BODY, BONE, LUNG = 0, 1, 2, 3
"""Classes of the label maps of 3D-IRCADb-01 that are not drawn as a single tissue."""

MUSCLE, CARTILAGE, YELLOW_MARROW, COMPACT = 15, 16, 17, 18
"""Classes that only whole bodies (``whole_body``) and limbs (``drawn_limbs``) have."""

MUSCLE_HU = (25, 85)
FAT_HU = (-125, -70)

ORGANS_HU: Mapping[int, tuple[float, float]] = {
    4: (30, 130),
    5: (20, 240),
    6: (30, 160),
    7: (30, 420),
    8: (30, 260),
    9: (-10, 40),
    10: (-20, 300),
    11: (20, 130),
    12: (10, 100),
    13: (-10, 110),
    14: (600, 2500),
    MUSCLE: MUSCLE_HU,
    CARTILAGE: (60, 240),
    YELLOW_MARROW: (-100, 100),
    COMPACT: (700, 1700),
}
"""Liver, kidney, spleen, artery, vein, gallbladder, stomach, pancreas, adrenal, lesion, metal; the
muscles, the cartilage of ribs, the fat in the shafts of limbs and
the compact bone around it."""

LUNG_HU = (-920, -700)
CORTEX_HU = (280, 1100)
MARROW_HU = (40, 380)
SHELL_DEPTH = (0.0, 1.8)
"""Voxels below the label's edge: measured where patients 1 and 7 are densest, with a margin."""

ARTERY = 7
PLAQUE_SHARE = 0.4
PLAQUE_HU = (300, 1200)
"""Plaque in the walls of arteries: as dense as cortex, and right in front of the vertebrae."""

DISC_HU = (40, 130)
DISC_FROM = 0.35
"""Soft tissue with this share of bone around it is disc, canal or joint."""

BOWEL_GAS_SHARE = 0.3
"""Share of the patches with gas somewhere in the soft tissue."""


def draw_ct(classes: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """HU for a patch of label classes, both z, y, x."""
    hu = np.full(classes.shape, AIR_HU, dtype=np.float32)
    soft = classes == BODY
    hu[soft] = _soft_tissue(classes, rng)[soft]
    lung = classes == LUNG
    hu[lung] = rng.uniform(*LUNG_HU) + 60 * field(classes.shape, (2, 2, 2), rng)[lung]
    for organ, limits in ORGANS_HU.items():
        hu[classes == organ] = rng.uniform(*limits)
    if rng.random() < PLAQUE_SHARE:
        plaque = _plaque(classes == ARTERY, rng)
        hu[plaque] = rng.uniform(*PLAQUE_HU)
    bone = classes == BONE
    hu[bone] = _bone(bone, rng)[bone]
    return scan(add_table(hu, classes == AIR, rng), rng)


def _soft_tissue(classes: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Muscle, fat and gas; muscle and discs rather than fat right around bone."""
    muscle, fat = rng.uniform(*MUSCLE_HU), rng.uniform(*FAT_HU)
    pattern = field(classes.shape, (rng.uniform(2.0, 7.0),) * 3, rng)
    near_bone = ndimage.gaussian_filter((classes == BONE).astype(np.float32), 5.0)
    hu = np.where(pattern - 4 * near_bone > rng.normal(0.3, 0.6), fat, muscle)
    hu[near_bone > DISC_FROM] = rng.uniform(*DISC_HU)
    if rng.random() < BOWEL_GAS_SHARE:
        gas = field(classes.shape, (5, 5, 5), rng) - 20 * near_bone
        hu[gas > 2.0] = rng.uniform(-950, -300)
    return (hu + 8 * field(classes.shape, (1.5,) * 3, rng)).astype(np.float32)


def _bone(bone: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float32]:
    """A cortical shell around marrow, which is uneven and sometimes as dense as the shell.

    In some patients the labels run outside the bone, so the shell lies at a random depth.
    """
    cortex, marrow = rng.uniform(*CORTEX_HU), rng.uniform(*MARROW_HU)
    depth = ndimage.distance_transform_edt(bone)
    at = rng.uniform(*SHELL_DEPTH)
    shell = np.exp(-np.abs(depth - 1 - at) / rng.uniform(0.8, 2.0))
    uneven = 1 + 0.25 * field(bone.shape, (rng.uniform(0.8, 2.5),) * 3, rng)
    hu = marrow * uneven + max(0.0, cortex - marrow) * shell * 1.3
    outside = np.clip(depth / (1 + at), 0.3, 1)
    return np.asarray(hu * outside, dtype=np.float32)


def _plaque(artery: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Patches of an artery's wall."""
    wall = artery & ~ndimage.binary_erosion(artery, iterations=2)
    return np.asarray(wall & (field(artery.shape, (3, 3, 3), rng) > rng.uniform(0.3, 1.5)))
