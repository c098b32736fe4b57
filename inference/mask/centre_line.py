"""The line through the middle of the vertebral bodies.

The spinal canal is found first: a hole with bone around it, which nothing else in a spine mask is.
The bodies are the thick bone in front of it.
"""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.mask.curve import (
    Curve,
    Floats,
    along_first_axis,
    curve_through,
    evenly_spaced,
    sample_along,
    smoothed,
)
from inference.values.geometry import Geometry

COARSE = 2
"""Voxels of the mask, along each axis, that the canal is looked for in one of."""

RING_VOXELS, HOLE_VOXELS, HOLE_WEIGHT = 4.5, 2.0, 2.0
"""Standard deviations, in coarse voxels of 2 mm, of the bone around the canal and of the canal
itself: half a body and its arch, half a canal of 14 mm. A canal is worth the bone around it less
``HOLE_WEIGHT`` times the bone in it."""

STEP_VOXELS, BEND_COST = 2, 0.02
"""The canal moves at most so many coarse voxels a plane (45°), at this cost for each squared: a
thirtieth of what a canal is worth."""

MIDDLE_COST, MIDDLE_PLANES = 0.002, 15.0
"""For the squared distance, in coarse voxels, to the left or right of the bone's middle, and the
standard deviation in planes that smooths it: foramina are holes too, but to the side."""

LEAST_PLANES = 8
"""Coarse planes below which there is no line to be found: less than a vertebra."""

CANAL_SMOOTHING_MM, LINE_SMOOTHING_MM, TANGENT_SMOOTHING_MM = 10.0, 10.0, 18.0
"""Standard deviations along the spine. That of the tangents keeps the planes across the line of a
lordosis from cutting each other before the tips of the spinous processes; measured on eleven
readers' label maps, 10 and 26 mm gave less in the lumbar spine or in the neck."""

TURN_SMOOTHING_MM = 20.0
"""The same of the direction to the back: bodies turn slowly against each other."""

PROFILE_MM = 2.0
"""Spacing of the samples that a body is measured in."""

PROFILE_WINDOW = 8
"""Samples up and down that a profile is the mean of: a disc's gap is averaged out."""

FRONT_MM, SIDE_MM = 60.0, 30.0
"""How far from the canal a body reaches to the front and to the side, with room to spare."""

MIDDLE_MM = 7.0
"""Half-width of the strip in which a body's rear and front walls are looked for."""

REAR_WALL_MM = (6.0, 40.0)
"""Where, in front of the canal's middle, bone is the body's."""

WALL_SHARE = 0.5
"""A wall is where a profile falls below this share of its height."""

WALL_SAMPLES, WALL_PERCENTILE = 10, 50
"""Samples up and down whose median replaces a measured wall: outliers of single planes go."""

WALL_SMOOTHING = 4
"""Standard deviation, in samples, that smooths them after that."""

WIDTH_SAMPLES, WIDTH_PERCENTILE = 20, 75
"""The same for widths: waists and oblique ends measure too little, over most of a vertebra."""


@dataclass(frozen=True, eq=False)
class CentreLine:
    """The line through the middle of the vertebral bodies, one point a millimetre.

    Attributes:
        curve: the line with its directions.
        canal: how far the middle of the spinal canal lies behind it, N millimetres.
        half_width, half_depth: of the bodies, N millimetres.
    """

    curve: Curve
    canal: Floats
    half_width: Floats
    half_depth: Floats

    def __len__(self) -> int:
        """How many points it has: its length in millimetres."""
        return len(self.curve)


def find_centre_line(bone: NDArray[np.uint8], grid: Geometry) -> CentreLine | None:
    """The line through the bodies of a spine mask; None where there is less than a vertebra.

    Args:
        bone: 255 on bone, 0 elsewhere; z, y, x in canonical orientation at 1 mm.
        grid: of ``bone``.
    """
    canal = _canal(bone, grid)
    if canal is None:
        return None
    body = _bodies(bone, grid, canal)
    points, places = evenly_spaced(body.points)
    canal_points, half_width, half_depth = (
        along_first_axis(values, places)
        for values in (canal.points, body.half_width, body.half_depth)
    )
    line = smoothed(points, LINE_SMOOTHING_MM)
    curve = curve_through(
        line,
        smoothed(canal_points - line, TURN_SMOOTHING_MM),
        smoothed(points, TANGENT_SMOOTHING_MM),
    )
    behind = np.einsum("ij,ij->i", canal_points - line, curve.back)
    return CentreLine(curve, behind, half_width, half_depth)


def _canal(bone: NDArray[np.uint8], grid: Geometry) -> Curve | None:
    """The middle of the canal, a point each ``PROFILE_MM``."""
    padded = np.pad(bone, [(0, -length % COARSE) for length in bone.shape])
    shrunk = sitk.BinShrink(sitk.GetImageFromArray(padded), (COARSE,) * 3)
    share = sitk.Cast(shrunk, sitk.sitkFloat32) / 255
    if min(share.GetSize()) < LEAST_PLANES or not bone.any():
        return None
    ring = sitk.SmoothingRecursiveGaussian(share, RING_VOXELS)
    hole = sitk.SmoothingRecursiveGaussian(share, HOLE_VOXELS)
    worth = sitk.GetArrayFromImage(ring - HOLE_WEIGHT * hole)
    worth -= _off_middle(sitk.GetArrayFromImage(share))
    rows_columns = _best_path(worth)
    z = np.arange(len(worth))[:, None]
    voxels = np.concatenate([rows_columns[:, ::-1], z], axis=1) * COARSE + (COARSE - 1) / 2
    path = smoothed(grid.to_patient(voxels), CANAL_SMOOTHING_MM / COARSE)
    points, _ = evenly_spaced(path, PROFILE_MM)
    if len(points) < LEAST_PLANES:
        return None
    return curve_through(points, np.tile([0.0, 1.0, 0.0], (len(points), 1)), points)


def _off_middle(share: NDArray[np.float32]) -> NDArray[np.float32]:
    """What it costs to be to the left or right of the bone, planes × 1 × columns."""
    columns = np.arange(share.shape[2])
    profile = share.sum(axis=1, dtype=np.float64)
    amount = profile.sum(axis=1)
    filled = np.flatnonzero(amount > 0)
    middles = (profile[filled] * columns).sum(axis=1) / amount[filled]
    middle = smoothed(np.interp(np.arange(len(share)), filled, middles), MIDDLE_PLANES)
    cost = MIDDLE_COST * (columns - middle[:, None]) ** 2
    return cost[:, None, :].astype(np.float32)


def _best_path(worth: NDArray[np.float32]) -> NDArray[np.int64]:
    """Row and column in each plane, N×2, of the path that is worth most.

    Dynamic programming over planes; z, y, x.
    """
    reach = STEP_VOXELS
    steps = [(y, x) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1)]
    _, height, width = worth.shape
    total = worth[0]
    came_by = np.zeros(worth.shape, np.int8)
    for z in range(1, len(worth)):
        room = np.pad(total, reach, constant_values=-np.inf)
        best = np.full_like(total, -np.inf)
        for number, (y, x) in enumerate(steps):
            there = room[reach + y : reach + y + height, reach + x : reach + x + width]
            there = there - np.float32(BEND_COST * (y * y + x * x))
            better = there > best
            came_by[z][better] = number
            np.maximum(best, there, out=best)
        total = best + worth[z]
    row, column = divmod(int(total.argmax()), width)
    path = [(row, column)]
    for z in range(len(worth) - 1, 0, -1):
        y, x = steps[came_by[z, row, column]]
        row, column = row + y, column + x
        path.append((row, column))
    return np.array(path[::-1])


@dataclass(frozen=True, eq=False)
class _Bodies:
    """The middle of the bodies in front of each point of the canal, and their size."""

    points: Floats
    half_width: Floats
    half_depth: Floats


def _bodies(bone: NDArray[np.uint8], grid: Geometry, canal: Curve) -> _Bodies:
    across = np.arange(-SIDE_MM, SIDE_MM + 1, PROFILE_MM)
    ahead = np.arange(0, FRONT_MM + 1, PROFILE_MM)
    sampled = sample_along(bone, grid, canal, across, -ahead, fill=0)
    profiles = _running_mean(sampled.astype(np.float32) / np.float32(255), PROFILE_WINDOW)
    found = np.array([_body_of(profile, ahead, across) for profile in profiles])
    rear, depth, side = (_steady(walls, WALL_SAMPLES, WALL_PERCENTILE) for walls in found.T[:3])
    width = _steady(found[:, 3], WIDTH_SAMPLES, WIDTH_PERCENTILE)
    middle = -(rear + depth / 2)[:, None] * canal.back + side[:, None] * canal.left
    return _Bodies(canal.points + middle, width / 2, depth / 2)


def _body_of(
    profile: NDArray[np.float32], ahead: Floats, across: Floats
) -> tuple[float, float, float, float]:
    """Distance to the rear wall, depth, middle to the left and width of a body.

    All are not numbers where there is no body.

    Args:
        profile: share of bone, ahead × across.
    """
    nothing = (np.nan, np.nan, np.nan, np.nan)
    central = np.abs(across) <= MIDDLE_MM
    strip = profile[:, central].mean(axis=1)
    at_body = (ahead >= REAR_WALL_MM[0]) & (ahead <= REAR_WALL_MM[1])
    level = WALL_SHARE * strip[at_body].max()
    is_body = (strip >= level) & (ahead >= REAR_WALL_MM[0] - PROFILE_MM)
    if level <= 0 or not is_body.any():
        return nothing
    first = int(np.argmax(is_body))
    last = _end_of_run(strip >= level, first)
    inner = slice(first + 1, last) if last - first > 1 else slice(first, last + 1)
    breadth = profile[inner].mean(axis=0)
    middle = int(np.argmax(np.where(central, breadth, -1)))
    wide = breadth >= WALL_SHARE * breadth[middle]
    right = len(wide) - 1 - _end_of_run(wide[::-1], len(wide) - 1 - middle)
    left = _end_of_run(wide, middle)
    return (
        float(ahead[first]),
        float(ahead[last] - ahead[first] + PROFILE_MM),
        float(across[left] + across[right]) / 2,
        float(across[left] - across[right] + PROFILE_MM),
    )


def _end_of_run(on: NDArray[np.bool_], start: int) -> int:
    """The last index of the run of true values that ``start`` is in."""
    off = np.flatnonzero(~on[start:])
    return start + int(off[0]) - 1 if len(off) else len(on) - 1


def _running_mean(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Means over the first axis of up to ``reach`` values before and after each."""
    sums = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    index = np.arange(len(values))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, len(values))
    counts = (high - low).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray((sums[high] - sums[low]) / counts)


def _steady(values: Floats, reach: int, percentile: float) -> Floats:
    """Values without outliers and gaps, smooth along the canal; zeros where none is known."""
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return np.zeros_like(values)
    full = np.interp(np.arange(len(values)), known, values[known])
    windows = (full[max(0, i - reach) : i + reach + 1] for i in range(len(full)))
    steady = np.array([np.percentile(window, percentile) for window in windows])
    return smoothed(steady, WALL_SMOOTHING)
