"""Gantry tilt: slices that are not stacked along their own normal, moved onto a straight grid.

A scanner with a tilted gantry moves the table along one line while the slices lean against it.
Every slice is then shifted within its own plane against the one before: a shear along one of the
two in-plane axes. Shifting the slices back by parts of a pixel gives an orthogonal grid on which
every voxel keeps its place in the patient.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.geometry import Geometry
from inference.volume import AIR_HU

MAX_TILT_DEGREES = 35.0
"""Gantries tilt by up to 30°; beyond this the header is more likely wrong than right."""


@dataclass(frozen=True)
class Shear:
    """How far each slice is shifted against the one before, within its plane.

    Attributes:
        axis: 0 if along x, the columns; 1 if along y, the rows.
        pixels_per_slice: positive towards higher indices.
        degrees: angle between the slices' normal and the line along which they are stacked.
    """

    axis: int
    pixels_per_slice: float
    degrees: float


def straightened(leaning: Geometry, shear: Shear) -> Geometry:
    """The orthogonal grid that holds all slices of a sheared stack.

    Args:
        leaning: grid of the first slice, its z spacing taken along the normal.

    Returns:
        The same grid made longer along the sheared axis, by whole voxels, so that the first slice
        keeps its voxels.
    """
    low, high = _whole_pixels(leaning, shear)
    start = [0, 0, 0]
    size = list(leaning.size)
    start[shear.axis] = low
    size[shear.axis] += high - low
    moved = leaning.box((start[0], start[1], 0), leaning.size)
    return replace(moved, size=(size[0], size[1], size[2]))


def offset_in(leaning: Geometry, shear: Shear, index: int) -> float:
    """Where slice ``index`` starts on the straightened grid, in pixels along the sheared axis."""
    low, _ = _whole_pixels(leaning, shear)
    return index * shear.pixels_per_slice - low


def _whole_pixels(leaning: Geometry, shear: Shear) -> tuple[int, int]:
    last = shear.pixels_per_slice * (leaning.size[2] - 1)
    return math.floor(min(0.0, last)), math.ceil(max(0.0, last))


def shifted(
    pixels: NDArray[np.int16], axis: int, offset: float, length: int
) -> NDArray[np.int16]:
    """A slice (y, x) on a longer one, linearly interpolated, with air around it.

    Args:
        axis: 0 shifts along x, 1 along y.
        offset: pixels from the start of the longer slice, 0 or more.
        length: pixels of the longer slice along ``axis``.
    """
    lines = pixels if axis == 1 else pixels.T
    whole = math.floor(offset)
    part = np.float32(offset - whole)
    above_air = lines.astype(np.float32) - AIR_HU
    longer = np.full((length + 1, lines.shape[1]), AIR_HU, dtype=np.float32)
    longer[whole : whole + len(lines)] += (1 - part) * above_air
    longer[whole + 1 : whole + 1 + len(lines)] += part * above_air
    straight = np.rint(longer[:length]).astype(np.int16)
    return straight if axis == 1 else straight.T
