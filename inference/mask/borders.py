"""Where one vertebra ends and the next begins.

In front, a border is a disc: the plane across the bodies that meets the least bone. Behind the
canal it is the gap between two arches: another such plane, which slopes down to the back like
the spinous processes. Where no gap is visible, it is placed by the heights of the neighbours.
"""

import functools
import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.mask.centre_line import CentreLine
from inference.mask.curve import Floats, least_chain, sample_along, sample_at, smoothed
from inference.mask.facets import (
    FACET_ACROSS_MM,
    LUMBAR,
    THORACIC,
    THORACOLUMBAR,
    facet_rise,
    facet_share,
)
from inference.values.geometry import Geometry

LEAST_HEIGHT_MM, GREATEST_HEIGHT_MM = 9, 60
"""Height of a vertebra with one disc: below the lowest of a neck, above the highest of a tall
person."""

HEIGHT_OF_WIDTH = 0.71
"""Height of a vertebra with its disc, as a share of its body's width: mostly 0.6 to 0.85 from T1 to
L4 in the readers' label maps of ``../shared/ct``, and 0.5 to 0.7 in necks, whose discs are the
hardest to see."""

HEIGHT_COST, CHANGE_COST = 0.7, 1.0
"""Weights of the squared logarithm of a height relative to ``HEIGHT_OF_WIDTH``, and to the
neighbour's height. A vertebra of twice the height costs 1.3 in total: more than a barely visible
disc."""

BORDER_COST = 0.15
"""A border must be worth more than this, which is what noise in a mask gives in the middle of a
body."""

TILTS_BACK = np.linspace(-0.4, 0.4, 9)
TILTS_LEFT = np.linspace(-0.3, 0.3, 7)
"""Rise of a disc to the back and to the left, in mm per mm: wedged vertebrae reach 20°."""

TILT_COST = 0.1
"""Weight of the squared tilt, so that planes stay level if all meet the same amount of bone."""

INNER_SHARE = 0.85
"""Share of a body's half-width and half-depth in which a disc's plane is examined: not the rim,
where bone bridges grow."""

CONTRAST_REACH_MM = 10
"""A disc is compared with the bone up to this far above and below it: half a thoracic body."""

HU_SPAN = 300.0
"""HU of spongy bone, the unit of density."""

MOST_DENSITY = 2.0
"""Metal and compact bone count no more than this."""

DARK_REACH_MM, BRIGHT_REACH_MM, BRIGHT_SMOOTHING_MM = 5, 12, 2.0
"""Where a mask has filled a disc, the CT may still show it: as a dark line between two end plates
or, in thick slices, which blur these together, as a bright band between two bodies. The values are
half a filled disc with its end plates, half a body, and half a thick slice."""

HU_WEIGHT, MOST_OF_HU = 0.5, 0.5
"""Weight of such a line against the mask, and the density above which it counts no further: it
decides where the mask shows nothing, and a sclerotic body cannot outweigh a disc."""

WHOLE_SHARE = 0.5
"""From this share of bone on, a plane is a vertebra's in full: planes across an atlas and its dens
have 0.5 to 0.6, those across a disc that is filled in part mostly less."""

BODY_MM = 2.0
"""Minimum of bone along the line beyond the first and last border: less is just the edge of a
body."""

GAP_ANCHOR_MM = 15.0
"""The distance behind the canal's middle at which a gap's position is given. There it lies
``GAP_BELOW_MM`` below the disc from neck to lumbar spine, give or take 3 mm, though its slope
varies from 0 to 1.2. At L4 it may lie as high as the disc, or 4 mm higher."""

GAP_BELOW_MM, GAP_SLOPE = 6.0, 0.5
GAP_BELOW_SPREAD_MM, GAP_SLOPE_SPREAD = 5.0, 0.6
"""Spread of the expected gap, from 107 gaps in the readers' label maps of ``../shared/ct``."""

GAP_BELOWS = np.arange(-6.0, 21.0)
GAP_SLOPES = np.linspace(-0.4, 1.6, 11)
"""The slopes that are tried."""

BELOW_COST, SLOPE_COST = 0.15, 0.02
"""Weights of the squared distance from the expected gap, in spreads, against the share of bone."""

BELOW_CHANGE_COST, SLOPE_CHANGE_COST = 0.05, 0.05
"""The same for the distance from the neighbour's gap."""

LEAST_ARCH_MM, NO_ARCH_COST = 3.0, 0.6
"""Bone that each vertebra has behind the canal, as a mean height, and what it costs, against the
share of bone, if a gap leaves it none. Without it, the gap above a thin last arch is put below that
arch, where there is no bone to meet; the arch was then its neighbour's. It costs less than to cut
through an arch (1), so a vertebra whose arch the scan has cut away gets no other's."""

DISC_TILT_BEHIND = 0.5
"""How much of a disc's tilt continues behind the canal: facets are steeper than discs."""

GAP_FROM_MM, GAP_TO_MM = 6.0, 36.0
"""The range behind the canal's middle in which a gap's plane is examined: laminae and spinous
processes."""

GAP_HALF_WIDTH_MM = 5.0
"""The same to the sides."""

FLAT_FROM_MM = 40.0
"""Beyond this distance behind the canal's middle, past the tips of the processes, a gap's plane is
level."""

REGIONS = np.array([THORACIC, THORACOLUMBAR, (THORACOLUMBAR + LUMBAR) / 2, LUMBAR])
"""The regions of the trunk that are tried for the joints of a border. In a thorax the joints are
alike from T1 to T11."""

REGION_COST, REGION_CHANGE_COST, REGION_BACK_COST = 0.12, 0.1, 0.5
"""Weights of the squared distance from the expected region, against the share of bone; of the
squared change from a border to the one below it; and of going back towards the thorax."""

REGION_HALF_WIDTHS_MM = (20.0, 24.0)
"""Half-width of the bodies that suggests thoracic and lumbar vertebrae: 13 to 21 and 22 to 27 mm in
most of the readers' label maps of ``../shared/ct``."""

REGION_HEIGHTS_MM = (26.0, 36.0)
"""The same for the distance from disc to disc: 17 to 25 mm from T1 to T9, 33 to 37 mm below L2 in
most of those maps. Bodies of small patients are as narrow as another's thoracic ones."""

JOINTS_BEHIND_MM = np.arange(-4.0, 21.0, 4.0)
"""Where the region is looked for behind the canal's middle."""

REACH_ACROSS_MM, REACH_FRONT_MM, REACH_REAR_MM = 75.0, 45.0, 90.0
"""How far to the side of the line, in front of it and behind it a vertebra extends at the most."""

REACH_STEP_MM, REACH_ROOM_MM = 3.0, 4.0
"""Spacing of the places at which the reach of a border is measured; no border rises by more than
the room between two of them."""

SAMPLE_SIDE_MM, SAMPLE_FRONT_MM, SAMPLE_REAR_MM = 30.0, 30.0, 75.0
"""The region of the spine that is sampled around the line."""

SURE_CONTRAST = 0.5
"""A disc with this contrast is visible beyond doubt."""


@dataclass(frozen=True)
class Border:
    """A surface between two vertebrae, relative to the centre line; lengths are in millimetres.

    Attributes:
        along: where the disc meets the line, measured from its feet end.
        rise_back, rise_left: slope of the disc, in millimetres per millimetre.
        gap_along: position of the gap between the arches at ``GAP_ANCHOR_MM`` behind the canal.
        gap_fall: slope of that gap down to the back, in millimetres per millimetre.
        region: of the trunk, ``THORACIC`` to ``LUMBAR``, whose joints it has.
        rear_wall: how far the rear wall of the bodies lies behind the line.
        canal: how far the canal's middle lies behind the line.
        contrast: how much less bone (and lower HU) the disc has than the bodies beside it.
        confidence: 0 to 1.
    """

    along: float
    rise_back: float
    rise_left: float
    gap_along: float
    gap_fall: float
    region: float
    rear_wall: float
    canal: float
    contrast: float
    confidence: float

    def height(
        self,
        along: NDArray[np.float32],
        across: NDArray[np.float32],
        behind: NDArray[np.float32],
    ) -> NDArray[np.floating]:
        """How far above the border places lie, in millimetres; negative below it."""
        return along - self.surface(across, behind).astype(np.float32)

    def margin(
        self,
        behind: NDArray[np.float32],  # noqa: ARG002
        usual: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """How far from the border places surely are their vertebra's.

        Args:
            behind: the line, millimetres.
            usual: as far as places are from a border of discs and arches.
        """
        return usual

    @functools.cached_property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest place along the line that the border has, and some room."""
        across = np.arange(-REACH_ACROSS_MM, REACH_ACROSS_MM + 1, REACH_STEP_MM)
        behind = np.arange(-REACH_FRONT_MM, REACH_REAR_MM + 1, REACH_STEP_MM)
        surface = self.surface(across[:, None].astype(np.float32), behind.astype(np.float32))
        return float(surface.min()) - REACH_ROOM_MM, float(surface.max()) + REACH_ROOM_MM

    def surface(
        self, across: NDArray[np.float32], behind: NDArray[np.float32]
    ) -> NDArray[np.floating]:
        """How far along the line the border lies, at positions to the left of and behind it."""
        gap_from = self.canal + GAP_FROM_MM
        disc = (
            self.along
            + self.rise_left * across
            + self.rise_back * np.minimum(behind, self.rear_wall)
        )
        back = np.clip(behind, gap_from, self.canal + FLAT_FROM_MM)
        gap = self.gap_along - self.gap_fall * (back - self.canal - GAP_ANCHOR_MM)
        share = np.clip((behind - self.rear_wall) / max(gap_from - self.rear_wall, 1.0), 0, 1)
        middle = disc * (1 - share) + gap * share
        aside = np.abs(across)
        facets = facet_share(aside, self.canal)
        rise = facet_rise(aside, behind - self.canal, self.region)
        return np.asarray(middle + facets * (disc + rise - middle))


def find_borders(
    bone: NDArray[np.uint8],
    grid: Geometry,
    hu: NDArray[np.int16],
    hu_grid: Geometry,
    line: CentreLine,
) -> tuple[Border, ...]:
    """The borders of the vertebrae along a line, from feet to head.

    Args:
        bone: 255 in bone, 0 elsewhere; z, y, x on ``grid``.
        hu: HU of the CT, z, y, x on ``hu_grid``.
    """
    discs = _find_discs(bone, grid, hu, hu_grid, line)
    gaps = _find_gaps(bone, grid, line, discs)
    borders = [
        Border(
            along=float(disc.along),
            rise_back=disc.rise_back,
            rise_left=disc.rise_left,
            gap_along=gap_along,
            gap_fall=gap_fall,
            region=THORACIC,
            rear_wall=float(line.half_depth[disc.along]),
            canal=float(line.canal[disc.along]),
            contrast=disc.contrast,
            confidence=min(1.0, max(0.0, disc.contrast / SURE_CONTRAST)),
        )
        for disc, (gap_along, gap_fall) in zip(discs, gaps, strict=True)
    ]
    return _in_their_regions(bone, grid, line, borders)


def _in_their_regions(
    bone: NDArray[np.uint8], grid: Geometry, line: CentreLine, borders: list[Border]
) -> tuple[Border, ...]:
    """The same borders with the regions whose joints meet the least bone, from feet to head."""
    if not borders:
        return ()
    aside = np.array(FACET_ACROSS_MM)
    across, back = (
        part.ravel() for part in np.meshgrid(np.concatenate([-aside, aside]), JOINTS_BEHIND_MM)
    )
    costs = []
    for place, border in enumerate(borders):
        behind = back + border.canal
        expected = _expected_region(borders, place, line)
        met = []
        for region in REGIONS:
            surface = replace(border, region=float(region)).surface(across, behind)
            points = line.curve.at(np.rint(surface), across, behind)
            met.append(float((sample_at(bone, grid, points, 0) > 0).mean()))
        costs.append(np.array(met) + REGION_COST * (REGIONS - expected) ** 2)
    down = REGIONS[:, None] - REGIONS
    change = REGION_CHANGE_COST * down**2 + REGION_BACK_COST * (down > 0)
    chosen = REGIONS[least_chain(costs, [change] * (len(costs) - 1))]
    return tuple(
        replace(border, region=float(region))
        for border, region in zip(borders, chosen, strict=True)
    )


def _expected_region(borders: list[Border], place: int, line: CentreLine) -> float:
    """The region that the width and the height of the vertebrae beside a border suggest."""
    half_width = line.half_width[round(borders[place].along)]
    regions = [np.interp(half_width, REGION_HALF_WIDTHS_MM, (THORACIC, LUMBAR))]
    near = [border.along for border in borders[max(place - 1, 0) : place + 2]]
    if len(near) > 1:
        height = (near[-1] - near[0]) / (len(near) - 1)
        regions.append(np.interp(height, REGION_HEIGHTS_MM, (THORACIC, LUMBAR)))
    return float(np.mean(regions))


@dataclass(frozen=True)
class _Disc:
    along: int
    rise_back: float
    rise_left: float
    contrast: float


def _find_discs(
    bone: NDArray[np.uint8],
    grid: Geometry,
    hu: NDArray[np.int16],
    hu_grid: Geometry,
    line: CentreLine,
) -> list[_Disc]:
    across = np.arange(-SAMPLE_SIDE_MM, SAMPLE_SIDE_MM + 1)
    behind = np.arange(-SAMPLE_FRONT_MM, SAMPLE_FRONT_MM + 1)
    scale, span = np.float32(255), np.float32(HU_SPAN)
    share = sample_along(bone, grid, line.curve, across, behind, 0).astype(np.float32) / scale
    sampled = sample_along(hu, hu_grid, line.curve, across, behind, 0).astype(np.float32)
    density = np.clip(sampled / span, 0, MOST_DENSITY)
    least, tilts, dense = _least_planes(share, density, line)
    contrast = np.minimum(1.0, drop(least, CONTRAST_REACH_MM) + HU_WEIGHT * _line_in_hu(dense))
    places = place_borders(contrast, least, 2 * line.half_width)
    while places and least[: places[0]].sum() < BODY_MM:
        places = places[1:]
    while places and least[places[-1] :].sum() < BODY_MM:
        places = places[:-1]
    return [
        _Disc(place, float(tilts[place, 0]), float(tilts[place, 1]), float(contrast[place]))
        for place in places
    ]


def _least_planes(
    share: NDArray[np.float32], density: NDArray[np.float32], line: CentreLine
) -> tuple[Floats, Floats, Floats]:
    """The tilted plane that meets the least bone at each point of the line.

    Args:
        share, density: share and density of bone, along × behind × across at 1 mm.

    Returns:
        N shares of bone, N×2 slopes to the back and to the left, and N densities.
    """
    across, behind = _ellipse(line)
    columns = np.rint(across + SAMPLE_SIDE_MM).astype(np.intp).clip(0, share.shape[2] - 1)
    rows = np.rint(behind + SAMPLE_FRONT_MM).astype(np.intp).clip(0, share.shape[1] - 1)
    along = np.arange(len(line))[:, None]
    least = np.full(len(line), np.inf)
    tilts = np.zeros((len(line), 2))
    for tilt in itertools.product(TILTS_BACK, TILTS_LEFT):
        planes = np.rint(along + tilt[0] * behind + tilt[1] * across).astype(np.intp)
        planes = planes.clip(0, len(line) - 1)
        met = share[planes, rows, columns].mean(axis=1) + TILT_COST * (tilt[0] ** 2 + tilt[1] ** 2)
        better = met < least
        least[better] = met[better]
        tilts[better] = tilt
    planes = np.rint(along + tilts[:, [0]] * behind + tilts[:, [1]] * across).astype(np.intp)
    planes = planes.clip(0, len(line) - 1)
    return (
        share[planes, rows, columns].mean(axis=1).astype(np.float64),
        tilts,
        density[planes, rows, columns].mean(axis=1).astype(np.float64),
    )


def _ellipse(line: CentreLine) -> tuple[Floats, Floats]:
    """Positions in the inner part of the bodies, points of the line × positions."""
    steps = np.linspace(-1, 1, 11)
    across, behind = (part.ravel() for part in np.meshgrid(steps, steps))
    inside = across**2 + behind**2 <= 1
    return (
        INNER_SHARE * line.half_width[:, None] * across[inside],
        INNER_SHARE * line.half_depth[:, None] * behind[inside],
    )


def _line_in_hu(density: Floats) -> Floats:
    """How much darker than the end plates, or brighter than the bodies, each position is."""
    dark = drop(density, DARK_REACH_MM)
    bright = drop(-smoothed(density, BRIGHT_SMOOTHING_MM), BRIGHT_REACH_MM)
    return np.asarray(np.minimum(np.maximum(dark, bright), MOST_OF_HU))


def drop(values: NDArray[Any], reach: int) -> NDArray[Any]:
    """How far each value lies below the greatest values within ``reach`` on both sides.

    Sides are those along the first axis.
    """
    before, after = values.copy(), values.copy()
    for step in range(1, min(reach, len(values) - 1) + 1):
        np.maximum(before[step:], values[:-step], out=before[step:])
        np.maximum(after[:-step], values[step:], out=after[:-step])
    return np.asarray(np.minimum(before, after) - values)


def place_borders(contrast: Floats, bone: Floats, width: Floats) -> list[int]:
    """The borders along the line, in ascending order, with the greatest total worth.

    A border is worth its contrast; heights that do not fit the body's width or the neighbour's
    height reduce the total. It is found by dynamic programming over positions and heights. The
    first and the last vertebra may be cut by the scan, so they may be too low, but not too high.

    Args:
        contrast: contrast of a border at each millimetre.
        bone: share of the body that is bone there; it shows how high the first and the last are.
        width: width of the bodies there, in millimetres.
    """
    heights = np.arange(LEAST_HEIGHT_MM, GREATEST_HEIGHT_MM + 1)
    logs = np.log(heights)
    expected = np.log(np.maximum(HEIGHT_OF_WIDTH * width, LEAST_HEIGHT_MM))
    change = CHANGE_COST * (logs[:, None] - logs[None, :]) ** 2
    worth = contrast - BORDER_COST

    def of_end(length: float, middle: int) -> float:
        over = max(0.0, float(np.log(max(length, 1.0)) - expected[middle]))
        return (HEIGHT_COST + 2 * CHANGE_COST) * over**2

    count = len(contrast)
    below = np.cumsum(np.minimum(bone / WHOLE_SHARE, 1.0))
    first = np.array([worth[s] - of_end(below[s], s // 2) for s in range(count)])
    total = np.full((count, len(heights)), -np.inf)
    came_by = np.full((count, len(heights)), FIRST)
    for s in range(LEAST_HEIGHT_MM, count):
        fitting = np.flatnonzero(heights <= s)
        before = s - heights[fitting]
        ways = total[before] - change[fitting]
        best = ways.argmax(axis=1)
        value = ways[np.arange(len(fitting)), best]
        begins = first[before] >= value
        middle = expected[(before + s) // 2]
        total[s, fitting] = (
            np.where(begins, first[before], value)
            + worth[s]
            - HEIGHT_COST * (logs[fitting] - middle) ** 2
        )
        came_by[s, fitting] = np.where(begins, FIRST, best)
    most, end = -of_end(below[-1], count // 2), None
    for s in range(count):
        rest = of_end(below[-1] - below[s], (s + count - 1) // 2)
        by = int(total[s].argmax())
        for value, how in ((first[s], FIRST), (total[s, by], by)):
            if value - rest > most:
                most, end = value - rest, (s, how)
    places: list[int] = []
    while end is not None:
        s, how = end
        places.append(s)
        if how == FIRST:
            break
        before_s = s - int(heights[how])
        end = (before_s, int(came_by[s, how]))
    return places[::-1]


FIRST = -1
"""Used instead of a height if there is no vertebra before."""


def _find_gaps(
    bone: NDArray[np.uint8], grid: Geometry, line: CentreLine, discs: list[_Disc]
) -> list[tuple[float, float]]:
    """Position along the line, and slope to the back, of the gap behind each disc."""
    if not discs:
        return []
    across = np.arange(-GAP_HALF_WIDTH_MM, GAP_HALF_WIDTH_MM + 1)
    behind = np.arange(0, SAMPLE_REAR_MM + 1)
    sampled = sample_along(bone, grid, line.curve, across, behind, 0)
    share = sampled.astype(np.float32).mean(axis=2) / 255
    below, slope = (part.ravel() for part in np.meshgrid(GAP_BELOWS, GAP_SLOPES, indexing="ij"))
    back = np.arange(GAP_FROM_MM, GAP_TO_MM + 1, 2)
    change = (
        BELOW_CHANGE_COST * ((below[:, None] - below) / GAP_BELOW_SPREAD_MM) ** 2
        + SLOPE_CHANGE_COST * ((slope[:, None] - slope) / GAP_SLOPE_SPREAD) ** 2
    )
    unlikely = (
        BELOW_COST * ((below - GAP_BELOW_MM) / GAP_BELOW_SPREAD_MM) ** 2
        + SLOPE_COST * ((slope - GAP_SLOPE) / GAP_SLOPE_SPREAD) ** 2
    )
    starts, costs, amounts = [], [], []
    total = np.cumsum(share, axis=0)
    for disc in discs:
        canal = line.canal[disc.along]
        start = disc.along + DISC_TILT_BEHIND * disc.rise_back * (canal + GAP_ANCHOR_MM)
        rows = np.rint(canal + back).astype(np.intp).clip(0, len(behind) - 1)
        planes = start - below[:, None] - slope[:, None] * (back - GAP_ANCHOR_MM)
        places = np.rint(planes).astype(np.intp).clip(0, len(line) - 1)
        starts.append(start)
        costs.append(share[places, rows].mean(axis=1) + unlikely)
        amounts.append(total[places, rows].mean(axis=1))
    costs[0] = costs[0] + _no_arch(amounts[0])
    costs[-1] = costs[-1] + _no_arch(total[-1, rows].mean() - amounts[-1])
    changes = [
        change + _no_arch(higher[:, None] - lower) for lower, higher in itertools.pairwise(amounts)
    ]
    chosen = least_chain(costs, changes)
    return [
        (float(start - below[choice]), float(slope[choice]))
        for start, choice in zip(starts, chosen, strict=True)
    ]


def _no_arch(height: Floats) -> Floats:
    """What it costs if so many millimetres of bone are between two gaps."""
    return NO_ARCH_COST * np.clip(1 - height / LEAST_ARCH_MM, 0, 1)


def gap_behind(
    bone: NDArray[np.uint8], grid: Geometry, line: CentreLine, along: int
) -> tuple[float, float]:
    """Place along the line and fall to the back of the gap between the arches behind a place."""
    return _find_gaps(bone, grid, line, [_Disc(along, 0.0, 0.0, 0.0)])[0]
