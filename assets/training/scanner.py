"""The effects of scanners on an image: dose, kernel, slice thickness, field of view, metal, table.

All arrays are HU, float32, z, y, x, in voxels of 1 mm.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inference.values.volume import AIR_HU

Image = NDArray[np.float32]

THICKNESS_MM = (0.6, 5.0)
SHARP_BLUR, SOFT_BLUR = 0.25, 1.1
"""Standard deviations in the plane of the sharpest and the softest kernel."""

NOISE_HU = (4, 60)
NOISE_GRAIN = (0.0, 1.3)
"""Standard deviations of noise, and of the blur that kernels give it."""

EDGE_GAIN = (0.3, 1.5)
EDGE_WIDTH = 1.0
"""How much a sharp kernel overshoots at edges, and the Gaussian's deviation in which it does."""

STREAK_REACH_MM = 25
STREAK_HU = (100, 700)
TABLE_HU = (-850, 150)

THICK_SHARE, EDGE_SHARE, NOISE_SHARE, STREAK_SHARE = 0.6, 0.2, 0.7, 0.06
CUT_SHARE, ROUND_SHARE, TABLE_SHARE = 0.12, 0.04, 0.35
"""Shares of the patches that are disturbed in these ways."""


def scan(hu: Image, rng: np.random.Generator) -> Image:
    """An image of ideal tissue as a random scanner shows it."""
    if rng.random() < STREAK_SHARE:
        hu = metal_streaks(hu, rng)
    in_plane = rng.uniform(SHARP_BLUR, SOFT_BLUR)
    hu = ndimage.gaussian_filter(hu, (0.3, in_plane, in_plane))
    return acquire(hu, rng)


def disturb(hu: Image, rng: np.random.Generator) -> Image:
    """Real HU as another scanner, dose and contrast might show them."""
    hu = hu * rng.uniform(0.88, 1.15) + rng.uniform(-30, 30)
    if rng.random() < 0.5:
        hu = np.where(hu > 120, 120 + (hu - 120) * rng.uniform(0.5, 1.5), hu).astype(np.float32)
    if rng.random() < 0.4:
        in_plane = rng.uniform(0, SOFT_BLUR)
        hu = ndimage.gaussian_filter(hu, (0, in_plane, in_plane))
    return acquire(hu, rng)


def acquire(hu: Image, rng: np.random.Generator) -> Image:
    """Slice thickness, kernel, noise and field of view."""
    if rng.random() < THICK_SHARE:
        hu = thick_slices(hu, rng.uniform(*THICKNESS_MM), rng)
    if rng.random() < EDGE_SHARE:
        hu = sharpen(hu, rng.uniform(*EDGE_GAIN))
    if rng.random() < NOISE_SHARE:
        hu = hu + noise(hu.shape, rng)
    if rng.random() < CUT_SHARE:
        hu = cut_field_of_view(hu, rng)
    if rng.random() < ROUND_SHARE:
        hu = round_field_of_view(hu, rng)
    return np.maximum(hu, AIR_HU).astype(np.float32)


def thick_slices(hu: Image, thickness: float, rng: np.random.Generator) -> Image:
    """Averages over ``thickness`` millimetres at that distance, interpolated between."""
    depth = len(hu)
    summed = np.concatenate([np.zeros_like(hu[:1]), np.cumsum(hu, axis=0)])
    middles = np.arange(rng.uniform(0, thickness), depth, thickness)
    tops = np.minimum(middles + thickness / 2, depth)
    bottoms = np.maximum(middles - thickness / 2, 0)
    widths = (tops - bottoms).astype(np.float32)[:, None, None]
    averaged = (_planes_at(summed, tops) - _planes_at(summed, bottoms)) / widths
    return _planes_at(averaged, (np.arange(depth) + 0.5 - middles[0]) / thickness)


def _planes_at(planes: Image, places: NDArray[np.float64]) -> Image:
    """Planes interpolated along z; beyond the ends, the last one."""
    places = np.clip(places, 0, len(planes) - 1)
    below = np.minimum(places.astype(int), max(len(planes) - 2, 0))
    share = (places - below).astype(np.float32)[:, None, None]
    above = np.minimum(below + 1, len(planes) - 1)
    return (1 - share) * planes[below] + share * planes[above]


def sharpen(hu: Image, gain: float) -> Image:
    """Add the overshoot of a bone or lung kernel at edges."""
    smooth = ndimage.gaussian_filter(hu, (0, EDGE_WIDTH, EDGE_WIDTH))
    return hu + np.float32(gain) * (hu - smooth)


def noise(shape: tuple[int, ...], rng: np.random.Generator) -> Image:
    """Noise of random strength and grain; in some scans stretched sideways, as at a low dose."""
    grain = rng.uniform(*NOISE_GRAIN)
    sideways = grain + (rng.uniform(1, 3) if rng.random() < 0.25 else 0)
    return field(shape, (grain / 2, grain, sideways), rng) * np.float32(rng.uniform(*NOISE_HU))


def field(shape: tuple[int, ...], grain: tuple[float, ...], rng: np.random.Generator) -> Image:
    """A random field of unit deviation, smoothed by ``grain``."""
    white = rng.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(white, grain, mode="wrap")
    return np.asarray(smooth / max(float(smooth.std()), 1e-6), dtype=np.float32)


def metal_streaks(hu: Image, rng: np.random.Generator) -> Image:
    """Add streaks around a piece of metal in some planes."""
    depth, height, width = hu.shape
    z, y, x = (rng.uniform(0, n) for n in hu.shape)
    rows, columns = np.ogrid[:height, :width]
    distance = np.hypot(rows - y, columns - x)
    angle = np.arctan2(rows - y, columns - x)
    rays = np.cos(angle * rng.integers(3, 9) + rng.uniform(0, 6)) * rng.uniform(*STREAK_HU)
    planes = np.exp(-(((np.arange(depth) - z) / rng.uniform(3, 12)) ** 2))[:, None, None]
    streaks = planes * rays * np.exp(-distance / STREAK_REACH_MM)
    metal = (planes > 0.6) & (distance < rng.uniform(1, 4))
    return np.where(metal, 2800, hu + streaks).astype(np.float32)


def add_table(hu: Image, air: NDArray[np.bool_], rng: np.random.Generator) -> Image:
    """Add a table's curved shell in the air behind the body."""
    if rng.random() >= TABLE_SHARE:
        return hu
    _, height, width = hu.shape
    rows, columns = np.ogrid[:height, :width]
    top = rng.uniform(0.5, 1.0) * height - (columns - width / 2) ** 2 / rng.uniform(400, 2500)
    depth = rows - top
    thickness = rng.uniform(10, 60)
    shell = (np.abs(depth) < 1.5) | (np.abs(depth - thickness) < 1.5)
    inside = (depth > 0) & (depth < thickness)
    table = np.where(shell, rng.uniform(*TABLE_HU), rng.uniform(-980, -850))
    return np.where(air & (shell | inside), table, hu).astype(np.float32)


def cut_field_of_view(hu: Image, rng: np.random.Generator) -> Image:
    """Put air beyond a side of the field of view, or beyond an end of the scan."""
    cut = hu.copy()
    axis = int(rng.integers(0, 3))
    voxels = int(rng.integers(4, hu.shape[axis] // 2))
    edge = slice(None, voxels) if rng.random() < 0.5 else slice(-voxels, None)
    cut[(slice(None),) * axis + (edge,)] = AIR_HU
    return cut


def round_field_of_view(hu: Image, rng: np.random.Generator) -> Image:
    """Put air outside a circle, as in many reconstructions."""
    _, height, width = hu.shape
    y, x = rng.uniform(0.2, 0.8, 2) * (height, width)
    rows, columns = np.ogrid[:height, :width]
    outside = np.hypot(rows - y, columns - x) > rng.uniform(0.5, 0.9) * max(height, width)
    return np.where(outside, np.float32(AIR_HU), hu)
