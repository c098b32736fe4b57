"""How a stack of DICOM slices lies in the patient, straight or with a tilted gantry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.read.headers import SliceHeader
from inference.values.geometry import Geometry, as_direction, as_triple

LEAN_PIXELS = 0.5
"""A stack that leans by less than this from its first to its last slice is straight: headers round
positions."""

MAX_TILT_DEGREES = 35.0
"""Gantries tilt by up to 30°; beyond this the header is more likely wrong than right."""


@dataclass(frozen=True)
class Layout:
    """How a stack of slices lies in the patient.

    Attributes:
        geometry: of the stack with each slice moved along its columns onto the first one's normal.
        lean_mm: how far each slice lies from the one before along the columns; 0 if straight.
    """

    geometry: Geometry
    lean_mm: float

    @property
    def tilt_degrees(self) -> float:
        """The angle between the slices' normal and the stack; 0 without tilt."""
        return float(np.degrees(np.arctan2(abs(self.lean_mm), self.geometry.spacing[2])))

    def straightened(self) -> tuple[Geometry, NDArray[np.float64]]:
        """The straight stack's grid, and by how many of its rows each slice is moved down."""
        columns, rows, count = self.geometry.size
        shifts = np.arange(count, dtype=np.float64) * (self.lean_mm / self.geometry.spacing[1])
        first = int(np.floor(shifts.min()))
        more = int(np.ceil(shifts.max())) - first
        straight = self.geometry.box((0, first, 0), (columns, rows + more, count))
        return straight, np.asarray(shifts - first, dtype=np.float64)


def axes(header: SliceHeader) -> NDArray[np.float64]:
    """Directions of a row, of a column, and the normal, one a row of the matrix; LPS.

    The normal is their cross product (DICOM PS3.3 C.7.6.2.1.1).
    """
    cosines = np.array(header.orientation, dtype=np.float64).reshape(2, 3)
    return np.vstack([cosines, np.cross(*cosines)])


def distances(slices: Sequence[SliceHeader]) -> NDArray[np.float64]:
    """Millimetres of each slice along the first one's normal."""
    return np.asarray(_positions(slices) @ axes(slices[0])[2], dtype=np.float64)


def lay_out(ordered: Sequence[SliceHeader]) -> Layout:
    """The layout of slices in their order; evenly spaced and in one line."""
    first = ordered[0]
    positions = _positions(ordered)
    row, column, normal = axes(first)
    step = (positions[-1] - positions[0]) / (len(ordered) - 1)
    geometry = Geometry(
        (first.columns, first.rows, len(ordered)),
        (first.column_mm, first.row_mm, float(step @ normal)),
        as_triple(positions[0]),
        as_direction(np.stack([row, column, normal], axis=1)),
    )
    lean = float(step @ column)
    leans = abs(lean) * (len(ordered) - 1) > LEAN_PIXELS * first.row_mm
    return Layout(geometry, lean if leans else 0.0)


def stray_pixels(ordered: Sequence[SliceHeader]) -> float:
    """How far, in pixels, slices lie beside the even line that leans along their columns only."""
    first = ordered[0]
    row, column, _ = axes(first)
    offsets = _positions(ordered) - _positions(ordered[:1])
    even = np.linspace(0, (offsets @ column)[-1], len(ordered))
    beside_rows = np.abs(offsets @ column - even).max() / first.row_mm
    beside_columns = np.abs(offsets @ row).max() / first.column_mm
    return float(max(beside_rows, beside_columns))


def _positions(slices: Sequence[SliceHeader]) -> NDArray[np.float64]:
    """LPS millimetres of the first pixels, N×3."""
    return np.array([header.position for header in slices], dtype=np.float64)
