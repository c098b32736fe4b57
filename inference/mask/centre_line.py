"""The line through the middle of the vertebral bodies.

The spinal canal is found first: it is the only hole with bone around it in a spine mask. The bodies
are the thick bone in front of it.
"""

import math
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from inference.mask.curve import (
    Curve,
    Floats,
    along_first_axis,
    curve_through,
    evenly_spaced,
    least_chain,
    sample_along,
    smoothed,
)
from inference.values.geometry import Geometry

COARSE = 2
"""The canal is searched in blocks of this many voxels along each axis."""

RING_VOXELS, HOLE_VOXELS, HOLE_WEIGHT = 4.5, 2.0, 2.0
"""Standard deviations, in coarse voxels of 2 mm, for the bone around the canal and for the canal
itself: half a body with its arch, and half a canal of 14 mm. A canal is worth the bone around it
minus ``HOLE_WEIGHT`` times the bone in it."""

STEP_VOXELS, BEND_COST = 2, 0.02
"""The canal moves by at most this many coarse voxels per plane (45°), at this cost times the
square: a thirtieth of a canal's worth."""

MIDDLE_COST, MIDDLE_PLANES = 0.002, 15.0
"""Cost of the squared distance, in coarse voxels, to the left or right of the bone's middle, and
the standard deviation, in planes, that smooths that middle. Foramina are holes too, but lie to the
side."""

THIN_SHARE, THIN_END_MM, END_MM = 0.2, 15, 100
"""What has less than this share of bone, plane by plane, over more than this length is no end of a
spine but a spur of something else, such as the base of the skull; the share is of the middle one of
the planes within ``END_MM`` of the end, as a neck has less bone than a trunk. The tips of the first
and last vertebra are as thin over 13 mm at the most in seven readers' label maps; the spur that a
mask of a neck had on the clivus was 19 mm long."""

LEAST_PLANES = 8
"""With fewer coarse planes, less than a vertebra, no line can be found."""

CANAL_SMOOTHING_MM, LINE_SMOOTHING_MM, TANGENT_SMOOTHING_MM = 10.0, 10.0, 15.0
"""Standard deviations along the spine. The one for tangents, for which the line is smoothed once
more, keeps the planes across a lordotic line from intersecting before the tips of the spinous
processes; on eight readers' label maps, 12 mm were worse in the lumbar spine and 18 in the neck."""

TURN_SMOOTHING_MM = 10.0
"""The same for the direction to the back: bodies rotate only slowly against each other."""

SECTION_MM, SECTION_REACH, BODY_AHEAD_MM = 64.0, 10, 24.0
"""Half of what a section shows of a vertebra with its processes; points up and down that it is the
mean of, most of a vertebra; what it shows in front of the body's middle."""

TURNS = np.radians(np.arange(-40.0, 41.0, 4.0))
"""Of vertebrae against the patient's back: scoliosis turns them by 30° and more, and patients do
not lie straight."""

TURN_STEP_MM, AXIS_SHIFTS_MM = 6, (-4.0, -2.0, 0.0, 2.0, 4.0)
"""Points between two sections; places of the axis to the left of the body's middle."""

SECTIONS_AT_ONCE = 10
"""So that memory does not grow with the length of the spine."""

TURN_COST, TURN_SPREAD = 0.02, math.radians(20)
"""For the squared turn, in spreads, against the share of bone that is not symmetrical, so that
nothing is turned where nothing tells."""

TURN_CHANGE_COST, TURN_CHANGE_SPREAD = 0.05, math.radians(8)
"""The same from section to section: the most turned vertebrae are 10 to 15° apart."""

PROFILE_MM = 2.0
"""Spacing of the samples for measuring a body."""

PROFILE_WINDOW = 8
"""A profile is the mean over this many samples up and down, which averages out the gap of a
disc."""

FRONT_MM, SIDE_MM = 60.0, 30.0
"""How far from the canal a body extends to the front and to the side, with room to spare."""

MIDDLE_MM = 7.0
"""Half-width of the strip in which a body's rear and front walls are searched."""

REAR_WALL_MM = (6.0, 40.0)
"""The range in front of the canal's middle in which bone belongs to the body."""

WALL_SHARE = 0.5
"""A wall is where a profile falls below this share of its height."""

WALL_SAMPLES, WALL_PERCENTILE = 10, 50
"""Samples up and down whose median replaces a measured wall, which removes outliers of single
planes."""

WALL_SMOOTHING = 4
"""Standard deviation, in samples, of the smoothing after that."""

WIDTH_SAMPLES, WIDTH_PERCENTILE = 20, 75
"""The same for widths: waists and oblique ends make most of a vertebra seem too narrow."""


@dataclass(frozen=True, eq=False)
class CentreLine:
    """The line through the middle of the vertebral bodies, one point per millimetre.

    Attributes:
        curve: the line with its directions.
        canal: how far the middle of the spinal canal lies behind it, N millimetres.
        half_width, half_depth: half of the bodies' width and depth, N millimetres.
        spurs_mm: the height of the spurs below and above it, which it leaves out; 0 for none.
    """

    curve: Curve
    canal: Floats
    half_width: Floats
    half_depth: Floats
    spurs_mm: tuple[float, float] = (0.0, 0.0)

    def __len__(self) -> int:
        """How many points it has: its length in millimetres."""
        return len(self.curve)


def find_centre_line(bone: NDArray[np.uint8], grid: Geometry) -> CentreLine | None:
    """The line through the bodies of a spine mask; None if there is less than a vertebra.

    Args:
        bone: 255 in bone, 0 elsewhere; z, y, x in canonical orientation at 1 mm.
        grid: the grid of ``bone``.
    """
    spurs = _spurs(bone)
    bone, grid = _without_spurs(bone, grid, *spurs)
    canal = _canal(bone, grid)
    if canal is None:
        return None
    body = _bodies(bone, grid, canal)
    rough, of_canal = evenly_spaced(body.points)
    # Smoothing takes detours out, so it moves points closer together.
    line, of_rough = evenly_spaced(smoothed(rough, LINE_SMOOTHING_MM))
    if len(line) < LEAST_PLANES:
        return None
    tangents = smoothed(line, TANGENT_SMOOTHING_MM)
    places = along_first_axis(of_canal, of_rough)
    canal_points, half_width, half_depth = (
        along_first_axis(values, places)
        for values in (canal.points, body.half_width, body.half_depth)
    )
    curve = curve_through(line, _backs(bone, grid, line, tangents), tangents)
    behind = np.einsum("ij,ij->i", canal_points - line, curve.back)
    below, above = (planes * grid.spacing[2] for planes in spurs)
    return CentreLine(curve, behind, half_width, half_depth, (below, above))


def _spurs(bone: NDArray[np.uint8]) -> tuple[int, int]:
    """How many planes at the lower and the upper end of the bone are a spur."""
    amount = np.trim_zeros(np.array([np.count_nonzero(plane) for plane in bone]))
    return (_thin_planes(amount), _thin_planes(amount[::-1])) if len(amount) else (0, 0)


def _without_spurs(
    bone: NDArray[np.uint8], grid: Geometry, lower: int, upper: int
) -> tuple[NDArray[np.uint8], Geometry]:
    """The bone without so many planes at its ends, with as much room below and above as before."""
    if not lower and not upper:
        return bone, grid
    filled = np.flatnonzero(bone.any(axis=(1, 2)))
    low, above = int(filled[0]), len(bone) - 1 - int(filled[-1])
    kept = slice(lower, len(bone) - upper)
    inner = bone[low + lower : len(bone) - above - upper]
    room = np.pad(inner, [(low, above), (0, 0), (0, 0)])
    return room, grid.part(kept, *(slice(0, length) for length in bone.shape[1:]))


def _thin_planes(amount: NDArray[np.int64]) -> int:
    """How many planes at the start are a spur; 0 if they are no longer than a vertebra's tips."""
    enough = THIN_SHARE * np.median(amount[:END_MM])
    thin = int(np.argmax(amount >= enough))
    return thin if thin > THIN_END_MM else 0


def _backs(bone: NDArray[np.uint8], grid: Geometry, line: Floats, tangents: Floats) -> Floats:
    """The direction to the back at each point of the line, N×3: in the plane of symmetry.

    The canal says less: its middle is 15 mm away and is found to 5 mm.
    """
    straight = curve_through(line, np.tile([0.0, 1.0, 0.0], (len(line), 1)), tangents)
    across = np.arange(-SECTION_MM, SECTION_MM + 1, PROFILE_MM)
    places = np.arange(0, len(line), TURN_STEP_MM)
    at_once = range(0, len(places), SECTIONS_AT_ONCE)
    sides = _sides(across)
    costs = np.concatenate(
        [
            _asymmetry(_sections(bone, grid, straight, some, across), sides)
            for some in (places[first : first + SECTIONS_AT_ONCE] for first in at_once)
        ]
    )
    costs += TURN_COST * (TURNS / TURN_SPREAD) ** 2
    change = TURN_CHANGE_COST * ((TURNS[:, None] - TURNS) / TURN_CHANGE_SPREAD) ** 2
    chosen = TURNS[least_chain(list(costs), [change] * (len(costs) - 1))]
    turn = smoothed(np.interp(np.arange(len(line)), places, chosen), TURN_SMOOTHING_MM)[:, None]
    return np.asarray(np.cos(turn) * straight.back + np.sin(turn) * straight.left)


def _sections(
    bone: NDArray[np.uint8],
    grid: Geometry,
    curve: Curve,
    places: NDArray[np.int64],
    across: Floats,
) -> NDArray[np.float32]:
    """Shares of bone across a curve at places on it, each over ``SECTION_REACH`` points up and
    down; places × rows × columns."""
    low = max(0, int(places[0]) - SECTION_REACH)
    part = curve.part(low, int(places[-1]) + SECTION_REACH + 1)
    sampled = sample_along(bone, grid, part, across, across, fill=0)
    shares = sampled.astype(np.float32) / np.float32(255)
    return _running_mean(shares, SECTION_REACH)[places - low]


def _sides(across: Floats) -> NDArray[np.intp]:
    """Where the two sides of each axis lie in a section: turns × shifts × 2 × places.

    They are indices into the section's values row by row, and the index after its last value for
    places outside it. An axis passes by the middle of the body within ``AXIS_SHIFTS_MM``.
    """
    aside = across[across > 0]
    behind = across[across >= -BODY_AHEAD_MM]
    out, back = (part.ravel() for part in np.meshgrid(aside, behind))
    turn, shift = TURNS[:, None, None, None], np.array(AXIS_SHIFTS_MM)[:, None, None]
    off = shift + np.stack([out, -out])
    x = off * np.cos(turn) + back * np.sin(turn)
    y = back * np.cos(turn) - off * np.sin(turn)
    column, row = (np.rint((value - across[0]) / PROFILE_MM).astype(np.intp) for value in (x, y))
    inside = (np.abs(x) <= across[-1]) & (np.abs(y) <= across[-1])
    return np.where(inside, row * len(across) + column, len(across) ** 2)


def _asymmetry(sections: NDArray[np.float32], sides: NDArray[np.intp]) -> Floats:
    """How little of each section lies as well on the other side of an axis, sections × ``TURNS``.

    Of the axes at a turn, the best one counts.
    """
    values = np.pad(sections.reshape(len(sections), -1), [(0, 0), (0, 1)])
    by_place = np.ascontiguousarray(values.T)
    best = np.full((len(sides), len(sections)), np.inf)
    for turn, shift in np.ndindex(*sides.shape[:2]):
        one, other = (by_place[places] for places in sides[turn, shift])
        same = np.minimum(one, other).sum(axis=0)
        total = one.sum(axis=0) + other.sum(axis=0)
        np.minimum(best[turn], 1 - 2 * same / np.maximum(total, 1.0), out=best[turn])
    return np.asarray(best.T)


def _canal(bone: NDArray[np.uint8], grid: Geometry) -> Curve | None:
    """The middle of the canal, one point every ``PROFILE_MM``."""
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
    """The cost of lying to the left or right of the bone's middle, planes × 1 × columns."""
    columns = np.arange(share.shape[2])
    profile = share.sum(axis=1, dtype=np.float64)
    amount = profile.sum(axis=1)
    filled = np.flatnonzero(amount > 0)
    middles = (profile[filled] * columns).sum(axis=1) / amount[filled]
    middle = smoothed(np.interp(np.arange(len(share)), filled, middles), MIDDLE_PLANES)
    cost = MIDDLE_COST * (columns - middle[:, None]) ** 2
    return cost[:, None, :].astype(np.float32)


def _best_path(worth: NDArray[np.float32]) -> NDArray[np.int64]:
    """Row and column in each plane, N×2, of the path with the greatest worth.

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

    All are NaN where there is no body.

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
    """Values without outliers and gaps, smooth along the canal; zeros if none is known."""
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return np.zeros_like(values)
    full = np.interp(np.arange(len(values)), known, values[known])
    # Ends are padded with what a percentile leaves out.
    windows = sliding_window_view(np.pad(full, reach, constant_values=np.nan), 2 * reach + 1)
    whole = ~np.isnan(windows).any(axis=1)
    steady = np.empty_like(full)
    steady[whole] = np.percentile(windows[whole], percentile, axis=1)
    steady[~whole] = np.nanpercentile(windows[~whole], percentile, axis=1)
    return smoothed(steady, WALL_SMOOTHING)
