"""Simulated scans of a known spine: thick slices, low dose, rotated, small field of view.

Each function takes a CT with its label and returns both on a common grid.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.spine_labels import resample_label
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

SLICE_MM = 3.0
"""Thickness and spacing of thick slices."""

NOISE_HU = 50.0
NOISE_GRAIN_MM = 0.7
"""Added to the scan's own 10 to 20 HU: about a tenth of the dose, with a soft kernel's grain."""

TURN_DEGREES = 10.0
TURN_AXIS = (1.0, 1.0, 1.0)
"""Oblique, so that the body is rotated about all three axes at once."""

NARROW_ROOM_MM = 8.0
"""Space to the left and right of the spine, in front and behind, in a small field of view."""

NARROW_HEIGHT = 0.7
"""Share of the scan's height that a small field of view keeps, in its middle."""

SEED = 7


@dataclass(frozen=True, eq=False)
class LabelledCt:
    """A CT and the label of its spine.

    Attributes:
        hu: int16, z, y, x.
        spine: 1 on vertebrae, z, y, x.
        geometry: of both.
    """

    hu: NDArray[np.int16]
    spine: NDArray[np.uint8]
    geometry: Geometry


def around_spine(ct: LabelledCt, room_mm: float) -> LabelledCt:
    """Crop a CT to the surroundings of its spine."""
    occupied = np.argwhere(ct.spine)
    room = np.ceil(room_mm / np.array(ct.geometry.spacing[::-1])).astype(int)
    low = np.maximum(occupied.min(axis=0) - room, 0)
    high = np.minimum(occupied.max(axis=0) + room + 1, ct.spine.shape)
    return _cut(ct, low, high)


def unchanged(ct: LabelledCt) -> LabelledCt:
    """The unchanged CT, for comparison."""
    return ct


def thick_slices(ct: LabelledCt) -> LabelledCt:
    """Slices of ``SLICE_MM``, each the mean of the voxels within it."""
    width, height, depth = ct.geometry.size
    x_mm, y_mm, z_mm = ct.geometry.spacing
    thick = ndimage.uniform_filter1d(ct.hu.astype(np.float32), max(1, round(SLICE_MM / z_mm)), 0)
    target = Geometry(
        (width, height, int(depth * z_mm / SLICE_MM)),
        (x_mm, y_mm, SLICE_MM),
        ct.geometry.origin,
        ct.geometry.direction,
    )
    return _resampled(LabelledCt(thick.astype(np.int16), ct.spine, ct.geometry), target)


def low_dose(ct: LabelledCt) -> LabelledCt:
    """Add noise of ``NOISE_HU``."""
    noise = np.random.default_rng(SEED).standard_normal(ct.hu.shape, dtype=np.float32)
    grain = [NOISE_GRAIN_MM / mm for mm in ct.geometry.spacing[::-1]]
    noise = ndimage.gaussian_filter(noise, grain)
    noisy = ct.hu + noise * (NOISE_HU / noise.std())
    return LabelledCt(np.rint(noisy).astype(np.int16), ct.spine, ct.geometry)


def turned(ct: LabelledCt) -> LabelledCt:
    """Rotate the patient by ``TURN_DEGREES`` about ``TURN_AXIS``, on the same grid."""
    grid = ct.geometry
    turn = _rotation(np.deg2rad(TURN_DEGREES), np.array(TURN_AXIS))
    middle = grid.to_patient((np.array([grid.size]) - 1) / 2)[0]
    oblique = Geometry(
        grid.size,
        grid.spacing,
        as_triple(middle + turn @ (np.array(grid.origin) - middle)),
        as_direction(turn @ np.array(grid.direction).reshape(3, 3)),
    )
    sampled = _resampled(ct, oblique)
    return LabelledCt(sampled.hu, sampled.spine, grid)


def narrow_field(ct: LabelledCt) -> LabelledCt:
    """A small field of view around the spine, without the upper and lower ends of the scan."""
    depth = len(ct.spine)
    cut = round(depth * (1 - NARROW_HEIGHT) / 2)
    low, high = np.array([cut, 0, 0]), np.array([depth - cut, *ct.spine.shape[1:]])
    return around_spine(_cut(ct, low, high), NARROW_ROOM_MM)


DISTURBANCES: Mapping[str, Callable[[LabelledCt], LabelledCt]] = {
    "as scanned": unchanged,
    f"{SLICE_MM:.0f} mm slices": thick_slices,
    f"{NOISE_HU:.0f} HU of noise": low_dose,
    f"turned by {TURN_DEGREES:.0f}°": turned,
    "small field of view": narrow_field,
}


def _cut(ct: LabelledCt, low: NDArray[np.int64], high: NDArray[np.int64]) -> LabelledCt:
    """The box from ``low`` up to but excluding ``high``, both z, y, x."""
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    z, y, x = (int(v) for v in low)
    depth, height, width = (int(v) for v in high - low)
    geometry = ct.geometry.box((x, y, z), (width, height, depth))
    return LabelledCt(ct.hu[box], ct.spine[box], geometry)


def _resampled(ct: LabelledCt, target: Geometry) -> LabelledCt:
    hu = resample(ct.hu, ct.geometry, target, AIR_HU)
    spine = resample_label(ct.spine > 0, ct.geometry, target)
    return LabelledCt(hu, spine.astype(np.uint8), target)


def _rotation(angle: float, axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix of a rotation by ``angle`` radians about ``axis`` (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
