"""Solid shapes as signed distances: millimetres to the surface, negative inside.

Points are three arrays x, y, z (LPS millimetres) that broadcast to a grid of shape z, y, x.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inference.values.geometry import Geometry, Triple

Field = NDArray[np.float32]
Points = tuple[Field, Field, Field]
Box = tuple[slice, slice, slice]

EDGE_MM = 1.5
"""Width of the ramp between two tissues: about a voxel, like the partial volume effect."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Voxel centres of an axis-aligned grid: LPS millimetres along x, y and z."""

    x: Field
    y: Field
    z: Field

    @classmethod
    def of(cls, geometry: Geometry) -> "Grid":
        """The centres of a grid with the identity direction."""
        axes = zip(geometry.size, geometry.spacing, geometry.origin, strict=True)
        x, y, z = ((o + s * np.arange(n)).astype(np.float32) for n, s, o in axes)
        return cls(x, y, z)

    def box(self, low: ArrayLike, high: ArrayLike) -> Box:
        """The voxels, slices z, y, x, between two corners given as x, y, z."""
        x, y, z = (
            slice(int(np.searchsorted(axis, a)), int(np.searchsorted(axis, b)))
            for axis, a, b in zip(
                (self.x, self.y, self.z), np.asarray(low), np.asarray(high), strict=True
            )
        )
        return z, y, x

    def points(self, box: Box = (slice(None),) * 3) -> Points:
        """The centres in a box, as arrays that broadcast to its shape."""
        z, y, x = box
        return self.x[x], self.y[y][:, np.newaxis], self.z[z][:, np.newaxis, np.newaxis]


def far(grid: Grid) -> Field:
    """An infinite distance, z, y, x: the start for joining shapes by the minimum."""
    return np.full((len(grid.z), len(grid.y), len(grid.x)), 1e3, dtype=np.float32)


def in_frame(points: Points, centre: ArrayLike, axes: NDArray[np.floating]) -> Points:
    """Points in a local frame: the rows of ``axes`` are its unit vectors, ``centre`` its origin."""
    moved = [p - np.float32(c) for p, c in zip(points, np.asarray(centre), strict=True)]
    x, y, z = moved
    u, v, w = (axis[0] * x + axis[1] * y + axis[2] * z for axis in axes.astype(np.float32))
    return u, v, w


def ellipsoid(
    coordinates: Sequence[Field], centre: Sequence[float], radii: Sequence[float | Field]
) -> Field:
    """An ellipsoid; in the coordinates x, y alone, an elliptic cylinder along z.

    The distance is |p/r| - 1 divided by the length of its gradient. This is right to first order
    near the surface, which is enough for a ramp of one voxel.
    """
    scaled = [(p - c) / r for p, c, r in zip(coordinates, centre, radii, strict=True)]
    level = np.sqrt(sum(s * s for s in scaled)) + np.float32(1e-6)
    slope = np.sqrt(sum((s / r) ** 2 for s, r in zip(scaled, radii, strict=True))) / level
    return ((level - 1) / (slope + np.float32(1e-6))).astype(np.float32)


def capsule(
    points: Points,
    start: ArrayLike,
    end: ArrayLike,
    radius: float,
    stretch: Triple = (1.0, 1.0, 1.0),
) -> Field:
    """A rod with round ends, its cross-section ``stretch`` times as wide along x, y, z."""
    p = [q / np.float32(s) for q, s in zip(points, stretch, strict=True)]
    a, b = np.divide(start, stretch), np.divide(end, stretch)
    along = b - a
    share = sum(
        np.float32(g) * (q - np.float32(o))
        for g, q, o in zip(along / (along @ along), p, a, strict=True)
    )
    share = np.clip(share, 0, 1)
    squares = (
        (q - np.float32(o) - share * np.float32(g)) ** 2
        for q, o, g in zip(p, a, along, strict=True)
    )
    return (np.sqrt(sum(squares)) - np.float32(radius)).astype(np.float32)


def coverage(distance: Field) -> Field:
    """The share of a voxel that a shape fills, from its distance."""
    return np.clip(np.float32(0.5) - distance / np.float32(EDGE_MM), 0, 1)


def paint(hu: Field, distance: Field, value: float | Field) -> None:
    """Fill a shape with HU, in place, mixing at its edge."""
    share = coverage(distance)
    hu += share * (value - hu)
