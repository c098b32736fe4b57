"""How a stack of DICOM slices lies in the patient: straight or tilted, even or not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.read.dicom.headers import SliceHeader
from inference.read.voxels.limits import EVEN_MM, EVEN_SHARE
from inference.read.voxels.tilt import LEAN_PIXELS
from inference.values.geometry import Geometry, as_direction, as_triple

STRAIGHT = 2e-3
"""If the line of positions is this close to the normal, in radians, it is the normal: 0.1° is less
than any gantry tilt, and comes from rounding cosines to three digits. Over 250 mm it moves a voxel
by 0.5 mm."""

LOOSE = 0.25
"""How far, in steps, a slice may lie from its position in a stack with a uniform step."""


@dataclass(frozen=True, eq=False)
class Layout:
    """How a stack of slices lies in the patient.

    Attributes:
        geometry: the grid of the straight and even stack of the slices, before room is added for
            moved slices.
        planes: position of each slice among the planes of that stack; whole numbers if the slices
            are its planes.
        rows: how many rows each slice must be moved down to lie in it; 0 if it is straight.
        tilt_degrees: angle between the slices' normal and the stack; 0 without tilt.
    """

    geometry: Geometry
    planes: NDArray[np.float64]
    rows: NDArray[np.float64]
    tilt_degrees: float

    @property
    def is_even(self) -> bool:
        """Whether the slices are the planes of the stack."""
        return np.array_equal(self.planes, np.arange(self.geometry.size[2]))

    @property
    def is_of_slices(self) -> bool:
        """Whether each plane of the straightened stack is one slice, pixel for pixel."""
        return self.is_even and not self.rows.any()

    def straightened(self) -> tuple[Geometry, NDArray[np.float64]]:
        """The straight stack's grid, and how many of its rows each slice is moved down."""
        columns, rows, count = self.geometry.size
        first = int(np.floor(self.rows.min()))
        more = int(np.ceil(self.rows.max())) - first
        straight = self.geometry.box((0, first, 0), (columns, rows + more, count))
        return straight, np.asarray(self.rows - first, dtype=np.float64)


def axes_of(slices: Sequence[SliceHeader]) -> NDArray[np.float64]:
    """Directions of a row and a column, and the normal, as rows of a matrix; LPS, orthonormal.

    They are the mean of the slices' cosines, made orthogonal. The normal is their cross product
    (DICOM PS3.3 C.7.6.2.1.1).
    """
    cosines = np.array([header.orientation for header in slices], dtype=np.float64)
    return _orthonormal(cosines.mean(axis=0).reshape(2, 3))


def distances(
    slices: Sequence[SliceHeader], like: Sequence[SliceHeader] | None = None
) -> NDArray[np.float64]:
    """Millimetres of each slice along the normal of ``like``, or else along their own."""
    return np.asarray(_positions(slices) @ axes_of(like or slices)[2], dtype=np.float64)


def is_even(along: NDArray[np.float64], share: float = LOOSE, least_mm: float = 0.0) -> bool:
    """Whether slices at these millimetres along their normal, in order, have a uniform step.

    Args:
        share: how far a slice may lie from its position, as a share of the step.
        least_mm: how far it may always lie from it.
    """
    even = np.linspace(along[0], along[-1], len(along))
    step = (along[-1] - along[0]) / max(1, len(along) - 1)
    return bool(np.abs(along - even).max() <= max(share * step, least_mm))


def lay_out(ordered: Sequence[SliceHeader]) -> Layout:
    """The layout of slices in their order."""
    first = ordered[0]
    row_mm, column_mm = pixel_mm(ordered)
    offsets = _positions(ordered) - _positions(ordered[:1])
    row, column, normal = _axes_on_the_line(ordered)
    along = offsets @ normal
    lean = _slope(along, offsets @ column)
    if abs(lean) * along[-1] <= LEAN_PIXELS * row_mm:
        lean = 0.0
    if is_even(along, EVEN_SHARE, EVEN_MM):
        count = len(ordered)
        step = along[-1] / (count - 1)
        planes = np.arange(count, dtype=np.float64)
    else:
        count = round(along[-1] / float(np.median(np.diff(along)))) + 1
        step = along[-1] / (count - 1)
        planes = along / step
    geometry = Geometry(
        (first.columns, first.rows, count),
        (column_mm, row_mm, float(step)),
        as_triple(_positions(ordered[:1])[0]),
        as_direction(np.stack([row, column, normal], axis=1)),
    )
    rows = planes * step * lean / row_mm
    return Layout(geometry, planes, rows, float(np.degrees(np.arctan(abs(lean)))))


def stray_pixels(ordered: Sequence[SliceHeader]) -> float:
    """How far, in pixels, slices lie off a line that leans only along their columns."""
    row_mm, column_mm = pixel_mm(ordered)
    offsets = _positions(ordered) - _positions(ordered[:1])
    row, column, normal = _axes_on_the_line(ordered)
    along = offsets @ normal
    beside = offsets @ column
    beside_rows = np.abs(beside - along * (beside[-1] / along[-1])).max() / row_mm
    beside_columns = np.abs(offsets @ row).max() / column_mm
    return float(max(beside_rows, beside_columns))


def turn(slices: Sequence[SliceHeader]) -> float:
    """The largest difference of the slices' cosines from their mean; roughly radians."""
    cosines = np.array([header.orientation for header in slices], dtype=np.float64)
    apart = (cosines - cosines.mean(axis=0)).reshape(-1, 3)
    return float(np.linalg.norm(apart, axis=1).max())


def pixel_mm(slices: Sequence[SliceHeader]) -> tuple[float, float]:
    """The distance between rows and between columns, the median over the slices."""
    row_mm, column_mm = np.median([(one.row_mm, one.column_mm) for one in slices], axis=0)
    return float(row_mm), float(column_mm)


def _axes_on_the_line(ordered: Sequence[SliceHeader]) -> NDArray[np.float64]:
    """The slices' axes, with the line of their positions as the normal if it is meant to be.

    Positions give the normal more precisely than rounded cosines. A difference larger than rounding
    explains is a tilt, and then the slices' own normal is kept.
    """
    own = axes_of(ordered)
    positions = _positions(ordered)
    along = positions @ own[2]
    line = np.array([_slope(along, positions[:, axis]) for axis in range(3)])
    line /= np.linalg.norm(line)
    if np.linalg.norm(np.cross(line, own[2])) > max(STRAIGHT, _rounding(ordered[0])):
        return own
    return _orthonormal(own[:2] - np.outer(own[:2] @ line, line))


def _rounding(header: SliceHeader) -> float:
    """How many radians two-digit cosines may turn the normal; 0 for more digits or none."""
    cosines = np.array(header.orientation)
    if np.array_equal(np.round(cosines, 2), cosines) and np.any(np.round(cosines, 1) != cosines):
        return float(np.sqrt(3) * 0.005 * 1.1)
    return 0.0


def _orthonormal(two: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest two orthogonal directions and their cross product (polar decomposition)."""
    left, _, right = np.linalg.svd(two, full_matrices=False)
    row, column = left @ right
    return np.vstack([row, column, np.cross(row, column)])


def _slope(along: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Slope of the least-squares line through ``values`` over ``along``."""
    centred = along - along.mean()
    return float(centred @ values / (centred @ centred))


def _positions(slices: Sequence[SliceHeader]) -> NDArray[np.float64]:
    """LPS millimetres of the first pixels, N×3."""
    return np.array([header.position for header in slices], dtype=np.float64)
