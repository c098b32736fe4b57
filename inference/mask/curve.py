"""A curve through the patient with directions at each point, and voxels sampled along it."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry

Floats = NDArray[np.float64]

STEPS_TO_A_POINT = 4
"""Steps of Newton's method to the plane across a curve in which a point lies."""

LEAST_APART_MM = 0.5
"""Planes across a bent curve meet in the centre of the bend. Where they are nearer to each other
than this, halfway there, Newton's steps would lead anywhere."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Points one millimetre apart, each with two directions across and one along.

    Attributes:
        points: N×3, LPS millimetres, from feet to head.
        left, back, up: N×3 unit vectors at right angles to each other; ``up`` runs along the
            smoothed curve.
    """

    points: Floats
    left: Floats
    back: Floats
    up: Floats

    def __len__(self) -> int:
        """How many points it has: its length in millimetres."""
        return len(self.points)

    def part(self, low: int, high: int) -> "Curve":
        """The points from ``low`` up to ``high``."""
        arrays = (self.points, self.left, self.back, self.up)
        return Curve(*(array[low:high] for array in arrays))

    def at(self, along: Floats, across: Floats, behind: Floats) -> Floats:
        """LPS millimetres, …×3, of positions along the curve, to its left and behind it.

        Args:
            along: indices of points, whole numbers that may lie beyond the ends.
        """
        index = np.clip(along, 0, len(self) - 1).astype(np.intp)
        beyond = (along - index)[..., None]
        return np.asarray(
            self.points[index]
            + across[..., None] * self.left[index]
            + behind[..., None] * self.back[index]
            + beyond * self.up[index]
        )

    @functools.cached_property
    def _single(self) -> tuple[NDArray[np.float32], ...]:
        """Points, left, back and up in single precision."""
        parts = (self.points, self.left, self.back, self.up)
        return tuple(part.astype(np.float32) for part in parts)

    @functools.cached_property
    def _upwards(self) -> NDArray[np.intp]:
        """The indices of the points from the lowest to the highest."""
        return np.argsort(self._single[0][:, 2], kind="stable")

    def coordinates(
        self, points: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """How far points lie along, to the left of and behind the curve.

        Args:
            points: N×3, LPS millimetres.

        Returns:
            Three float32 arrays of N millimetres; the first is measured from the feet end.
        """
        line, left, back, up = self._single
        turn = np.gradient(up, axis=0)
        turn[[0, -1]] = 0  # beyond its ends the curve is straight
        order = self._upwards
        along = np.interp(points[:, 2], line[order, 2], order).astype(np.float32)
        for _ in range(STEPS_TO_A_POINT):
            index = np.clip(np.rint(along), 0, len(self) - 1).astype(np.intp)
            offset = points - line[index]
            # How far apart planes are here that are a millimetre apart on the curve: more on the
            # outer side of a bend, less on its inner side.
            apart = 1 - np.einsum("ij,ij->i", offset, turn[index])
            apart = np.maximum(apart, LEAST_APART_MM)
            along = index + np.einsum("ij,ij->i", offset, up[index]) / apart
        return (
            along,
            np.einsum("ij,ij->i", offset, left[index]),
            np.einsum("ij,ij->i", offset, back[index]),
        )


def curve_through(points: Floats, back: Floats, tangents_of: Floats) -> Curve:
    """A curve with its directions.

    Args:
        points: N×3, LPS millimetres, one millimetre apart.
        back: N×3 vectors of any length, roughly towards the back of the patient.
        tangents_of: N×3, a smoother curve from which ``up`` is taken: if ``up`` turned fast, the
            planes across the curve would intersect close to it.
    """
    up = _unit(np.gradient(tangents_of, axis=0))
    straight_back = _unit(back - (back * up).sum(axis=1, keepdims=True) * up)
    return Curve(points, np.cross(straight_back, up), straight_back, up)


def upright(start: Floats, length: int, *, up: bool) -> Curve:
    """A straight curve from a position towards the head or the feet.

    Args:
        start: LPS millimetres, where it begins.
        length: in millimetres.
        up: towards the head, not the feet.
    """
    axes = np.eye(3)
    steps = np.arange(1, length + 1)[:, None] * (1 if up else -1)
    left, back, head = (np.repeat(axes[[axis]], length, axis=0) for axis in range(3))
    return Curve(start + steps * head, left, back, head)


def evenly_spaced(points: Floats, step_mm: float = 1.0) -> tuple[Floats, Floats]:
    """Points at equal steps along a polyline, and where they lie among the old points.

    Returns:
        N×3 points, and N fractional indices of ``points``.
    """
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    length = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.arange(int(length[-1] / step_mm) + 1) * step_mm
    places = np.interp(wanted, length, np.arange(len(points)))
    return along_first_axis(points, places), places


def along_first_axis(values: Floats, places: Floats) -> Floats:
    """Values, N or N×K, linearly interpolated at fractional indices of their first axis."""
    columns = values.reshape(len(values), -1)
    index = np.arange(len(values))
    found = np.stack([np.interp(places, index, column) for column in columns.T], axis=1)
    return found.reshape((len(places), *values.shape[1:]))


def smoothed(values: Floats, sigma: float) -> Floats:
    """Values, N or N×K, smoothed by a Gaussian along their first axis, extrapolated linearly.

    Args:
        sigma: standard deviation, in values.
    """
    radius = int(4 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    columns = values.reshape(len(values), -1).astype(np.float64)
    reach = max(1, min(len(values) - 1, int(2 * sigma)))
    steps = np.arange(1, radius + 1)[:, None]
    start, end = columns[[0]], columns[[-1]]
    if len(values) > 1:
        before = start + (start - columns[[reach]]) / reach * steps[::-1]
        after = end + (end - columns[[-1 - reach]]) / reach * steps
    else:
        before, after = start + 0 * steps, end + 0 * steps
    full = np.concatenate([before, columns, after])
    found = [np.convolve(column, kernel, "valid") for column in full.T]
    return np.stack(found, axis=1).reshape(values.shape)


def least_chain(costs: Sequence[Floats], changes: Sequence[Floats]) -> list[int]:
    """One choice per link, minimising costs and changes from link to link.

    Dynamic programming.

    Args:
        costs: of each choice, link by link.
        changes: to a choice (rows) from that of the link before (columns), from link to link.
    """
    total, came_by = costs[0], []
    for cost, change in zip(costs[1:], changes, strict=True):
        ways = total + change
        best = ways.argmin(axis=1)
        came_by.append(best)
        total = ways[np.arange(len(best)), best] + cost
    chosen = [int(total.argmin())]
    for best in came_by[::-1]:
        chosen.append(int(best[chosen[-1]]))
    return chosen[::-1]


@dataclass(frozen=True, eq=False)
class Places:
    """Positions along a curve as the nearest voxels of a grid.

    Attributes:
        index: of each voxel in an array z, y, x read row by row.
        inside: whether the position lies on the grid; the index of others is that of an edge.
        shape: of the array.
    """

    index: NDArray[np.intp]
    inside: NDArray[np.bool_]
    shape: tuple[int, ...]

    @classmethod
    def along(
        cls, geometry: Geometry, curve: Curve, across_mm: Floats, behind_mm: Floats
    ) -> "Places":
        """Positions along a curve × behind it × to its left.

        Args:
            across_mm: distances to the left of the curve.
            behind_mm: distances behind it.
        """
        rows = [behind_mm.argmin(), behind_mm.argmax()]
        columns = [across_mm.argmin(), across_mm.argmax()]
        index_of = np.linalg.inv(geometry.index_to_patient)
        turn = index_of[:3, :3]
        start = curve.points @ turn.T + index_of[:3, 3]
        left, back = curve.left @ turn.T, curve.back @ turn.T
        inside = np.ones((len(curve), len(behind_mm), len(across_mm)), dtype=bool)
        index = np.zeros(inside.shape)
        for axis, length in zip((2, 1, 0), geometry.shape, strict=True):
            place = (
                start[:, None, None, axis]
                + behind_mm[None, :, None] * back[:, None, None, axis]
                + across_mm[None, None, :] * left[:, None, None, axis]
            )
            np.rint(place, out=place)
            outermost = place[:, rows][:, :, columns]  # as it changes evenly in between
            if outermost.min() < 0 or outermost.max() >= length:
                inside &= (place >= 0) & (place < length)
                np.clip(place, 0, length - 1, out=place)
            index *= length
            index += place
        return cls(index.astype(np.intp), inside, geometry.shape)

    def sample(self, voxels: NDArray[Any], fill: float) -> NDArray[Any]:
        """The voxels there, in their own type, and ``fill`` outside the volume."""
        if voxels.flags.c_contiguous:
            values = voxels.reshape(-1).take(self.index)
        else:  # which would be copied as a whole
            values = voxels[np.unravel_index(self.index, self.shape)]
        return np.where(self.inside, values, np.asarray(fill, dtype=voxels.dtype))


def sample_along(
    voxels: NDArray[Any],
    geometry: Geometry,
    curve: Curve,
    across_mm: Floats,
    behind_mm: Floats,
    fill: float,
) -> NDArray[Any]:
    """The nearest voxels at positions along, behind and across a curve.

    Args:
        voxels: z, y, x on ``geometry``.
        across_mm: distances to the left of the curve.
        behind_mm: distances behind it.
        fill: the value outside the volume.

    Returns:
        An array of points along the curve × behind × across, of the type of ``voxels``.
    """
    return Places.along(geometry, curve, across_mm, behind_mm).sample(voxels, fill)


def sample_at(
    voxels: NDArray[Any], geometry: Geometry, points: Floats, fill: float
) -> NDArray[Any]:
    """The voxels (z, y, x on ``geometry``) nearest to N×3 LPS millimetres; ``fill`` outside."""
    index_of = np.linalg.inv(geometry.index_to_patient)
    places = np.rint(points @ index_of[:3, :3].T + index_of[:3, 3]).astype(np.intp)[:, ::-1]
    inside = ((places >= 0) & (places < voxels.shape)).all(axis=1)
    z, y, x = places.clip(0, np.array(voxels.shape) - 1).T
    return np.where(inside, voxels[z, y, x], np.asarray(fill, dtype=voxels.dtype))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float64)
