"""CT drawn from organ labels: every patch a new scanner, dose, contrast and bone density.

All lengths are voxels of 1 mm. Tissue ranges are in HU and wider than any one hospital's.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inference.volume import AIR_HU

AIR, BODY, BONE, LUNG = 0, 1, 2, 3
"""Classes of the label maps of 3D-IRCADb-01 that are not drawn as one tissue."""

ORGANS_HU: Mapping[int, tuple[float, float]] = {
    4: (30, 130),
    5: (20, 240),
    6: (30, 160),
    7: (30, 420),
    8: (30, 260),
    9: (-10, 40),
    10: (-20, 80),
    11: (20, 130),
    12: (10, 100),
    13: (-10, 110),
    14: (600, 2500),
}
"""Liver, kidney, spleen, artery, vein, gallbladder, stomach, pancreas, adrenal, lesion, metal."""

MUSCLE_HU = (25, 85)
FAT_HU = (-125, -70)
LUNG_HU = (-920, -700)
CORTEX_HU = (280, 1100)
MARROW_HU = (40, 380)
BOWEL_GAS_SHARE = 0.3
"""Share of the patches that hold gas somewhere in the soft tissue."""

NOISE_HU = (4, 45)
NOISE_GRAIN = (0.0, 1.2)
BLUR = (0.3, 1.0)
THICK_SLICE = (0.0, 2.0)
"""Standard deviations: of noise, of the grain that kernels give it, of the blur in the plane, and
of what thick slices add to the blur from feet to head."""


def draw_ct(classes: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """HU for a patch of label classes, both z, y, x."""
    hu = np.full(classes.shape, AIR_HU, dtype=np.float32)
    soft = classes == BODY
    hu[soft] = _soft_tissue(classes, rng)[soft]
    lung = classes == LUNG
    hu[lung] = rng.uniform(*LUNG_HU) + 60 * _field(classes.shape, 2.0, rng)[lung]
    for organ, limits in ORGANS_HU.items():
        hu[classes == organ] = rng.uniform(*limits)
    bone = classes == BONE
    hu[bone] = _bone(bone, rng)[bone]
    return _scan(hu, rng)


def _field(shape: tuple[int, ...], grain: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """A smooth random field of unit deviation."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(noise, grain, mode="wrap") if grain > 0 else noise
    return np.asarray(smooth / max(float(smooth.std()), 1e-6), dtype=np.float32)


def _soft_tissue(classes: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """Muscle, fat and gas; muscle and discs rather than fat right around bone."""
    muscle, fat = rng.uniform(*MUSCLE_HU), rng.uniform(*FAT_HU)
    pattern = _field(classes.shape, rng.uniform(2.0, 7.0), rng)
    near_bone = ndimage.gaussian_filter((classes == BONE).astype(np.float32), 5.0)
    hu = np.where(pattern - 4 * near_bone > rng.normal(0.3, 0.6), fat, muscle)
    if rng.random() < BOWEL_GAS_SHARE:
        gas = _field(classes.shape, 5.0, rng) - 20 * near_bone
        hu[gas > 2.0] = rng.uniform(-950, -300)
    return (hu + 8 * _field(classes.shape, 1.5, rng)).astype(np.float32)


def _bone(bone: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float32]:
    """A cortical shell around marrow, which is uneven and sometimes as dense as the shell."""
    cortex, marrow = rng.uniform(*CORTEX_HU), rng.uniform(*MARROW_HU)
    depth = ndimage.distance_transform_edt(bone)
    shell = np.exp(-depth / rng.uniform(0.8, 2.0))
    uneven = 1 + 0.25 * _field(bone.shape, rng.uniform(0.8, 2.5), rng)
    return np.asarray(marrow * uneven + max(0.0, cortex - marrow) * shell * 1.5, dtype=np.float32)


def _scan(hu: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    in_plane = rng.uniform(*BLUR)
    along = float(np.hypot(in_plane, rng.uniform(*THICK_SLICE)))
    blurred = ndimage.gaussian_filter(hu, (along, in_plane, in_plane))
    noise = _field(hu.shape, rng.uniform(*NOISE_GRAIN), rng) * rng.uniform(*NOISE_HU)
    return np.asarray(blurred + noise, dtype=np.float32)
