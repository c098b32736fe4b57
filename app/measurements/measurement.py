"""What is measured in a slice, as values and pure functions.

Points are (right, down) in millimetres from the upper left corner of the slice as shown, so neither
zoom nor the shape of the voxels changes a value.
"""

import enum
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.slices.planes import Plane, View

Point = tuple[float, float]


class Kind(enum.Enum):
    """What is measured."""

    DISTANCE = "distance"
    ANGLE = "angle"
    COBB = "cobb"
    CIRCLE = "circle"

    @property
    def points(self) -> int:
        """How many points it needs."""
        return {Kind.ANGLE: 3, Kind.COBB: 4}.get(self, 2)


@dataclass(frozen=True)
class Measurement:
    """A measurement in one slice.

    Attributes:
        index: voxel index of the slice, along the axis across it.
        points: in millimetres. The ends of a distance; of an angle one side, the vertex, the other
            side; of a Cobb angle the ends of one line, then those of the other; of a circle its
            middle and a point on it.
    """

    kind: Kind
    plane: Plane
    index: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Draft:
    """A measurement whose points are still being set.

    Attributes:
        points: those that are set.
    """

    kind: Kind
    plane: Plane
    index: int
    points: tuple[Point, ...] = ()

    def with_point(self, point: Point) -> "Draft | Measurement":
        """The draft with one more point; a measurement if it was the last."""
        points = (*self.points, point)
        if len(points) == self.kind.points:
            return Measurement(self.kind, self.plane, self.index, points)
        return Draft(self.kind, self.plane, self.index, points)


@dataclass(frozen=True)
class CircleHu:
    """The HU of the voxels whose centres lie in a circle.

    Attributes:
        mean: HU; None if there are none.
        deviation: population standard deviation in HU; None if there are none.
        voxels: their number.
    """

    mean: float | None
    deviation: float | None
    voxels: int


def distance_mm(start: Point, end: Point) -> float:
    """Millimetres between two points."""
    return math.dist(start, end)


def angle_degrees(side: Point, vertex: Point, other: Point) -> float:
    """The angle at ``vertex``, 0 to 180°."""
    return _between(_towards(vertex, side), _towards(vertex, other))


def cobb_degrees(line: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """The angle between two lines drawn along end plates, 0 to 180°.

    Each line is read from left to right, whichever way it was drawn, so that angles above 90° are
    told from those below
    (J. R. Cobb, Outline for the study of scoliosis, 1948).
    """
    return _between(_rightwards(*line), _rightwards(*other))


def circle_hu(
    voxels: NDArray[np.int16], view: View, index: int, middle: Point, on_it: Point
) -> CircleHu:
    """The HU in a circle.

    Args:
        voxels: of the CT, z, y, x.
        index: of the slice, along the axis across.
        on_it: a point on the circle. The voxel under the middle counts even in the smallest circle.
    """
    slice_ = view.slice_of(voxels, index)
    right = (np.arange(slice_.shape[1]) + 0.5) * view.right.spacing - middle[0]
    down = (np.arange(slice_.shape[0]) + 0.5) * view.down.spacing - middle[1]
    within = right**2 + down[:, None] ** 2 <= distance_mm(middle, on_it) ** 2
    column, row = view.column_and_row(*middle)
    if view.contains(column, row):
        within[math.floor(row), math.floor(column)] = True
    hu = slice_[within].astype(np.float64)
    if not len(hu):
        return CircleHu(None, None, 0)
    return CircleHu(float(hu.mean()), float(hu.std()), len(hu))


def _towards(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _rightwards(start: Point, end: Point) -> Point:
    left, right = sorted((start, end))
    return _towards(left, right)


def _between(one: Point, other: Point) -> float:
    """The angle between two directions; 0 if one of them has no length."""
    cross = one[0] * other[1] - one[1] * other[0]
    dot = one[0] * other[0] + one[1] * other[1]
    return math.degrees(math.atan2(abs(cross), dot)) if (cross or dot) else 0.0
