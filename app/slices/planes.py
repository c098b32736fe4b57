"""How a CT is shown on the screen: axial, sagittal and coronal views without resampling.

A view is the volume's own array with its axes permuted and flipped to the nearest LPS axes, so that
the patient's left is on the viewer's right, the front is up (axial) or left (sagittal), and the
head is up. An oblique scan is shown along its own axes, and the letters at the edges say so.

Voxel indices are x, y, z; arrays are z, y, x; positions in an image are (column, row), from the
upper left; patient space is LPS millimetres.
"""

import enum
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry, Triple, Voxel, as_triple, nearest_axes

LETTER_SHARE = 0.34
"""The least component (sine of 20°) of a direction that gets its own letter at the edge."""

LETTERS = ("LR", "PA", "HF")
"""The ends of the LPS axes: left and right, posterior and anterior, head and foot."""


class Plane(enum.Enum):
    """The three standard planes."""

    AXIAL = "axial"
    SAGITTAL = "sagittal"
    CORONAL = "coronal"


_SCREEN_AXES = {
    Plane.AXIAL: ((0, 1), (1, 1), 2),
    Plane.SAGITTAL: ((1, 1), (2, -1), 0),
    Plane.CORONAL: ((0, 1), (2, -1), 1),
}
"""For each plane: LPS axis and sign to the right, the same downwards, and the LPS axis across."""


@dataclass(frozen=True)
class ScreenAxis:
    """A voxel axis laid along the screen.

    Attributes:
        axis: 0, 1, 2 for x, y, z of the voxel grid.
        flipped: whether the index decreases along it.
        size: voxels along it.
        spacing: millimetres between them.
    """

    axis: int
    flipped: bool
    size: int
    spacing: float

    def index_at(self, position: float) -> int:
        """The voxel index at a position in the image, clipped to the grid."""
        place = min(max(math.floor(position), 0), self.size - 1)
        return self.size - 1 - place if self.flipped else place

    def position_of(self, index: int) -> float:
        """Where the middle of a voxel lies in the image."""
        return (self.size - 1 - index if self.flipped else index) + 0.5


@dataclass(frozen=True)
class View:
    """One plane through one grid.

    Attributes:
        right, down: the voxel axes along the image's columns and rows.
        across: the voxel axis that scrolling moves along; its index increases to the patient's
            left, back and head unless it is flipped.
        edges: orientation letters at the left, right, top and bottom edge.
    """

    plane: Plane
    right: ScreenAxis
    down: ScreenAxis
    across: ScreenAxis
    edges: tuple[str, str, str, str]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a whole slice."""
        return self.right.size * self.right.spacing, self.down.size * self.down.spacing

    def slice_of(self, voxels: NDArray[np.generic], index: int) -> NDArray[np.generic]:
        """The slice at a voxel index across, rows by columns, as a view into ``voxels``."""
        image: NDArray[np.generic] = self.stack_of(voxels, slice(index, index + 1))[0]
        return image

    def stack_of(self, voxels: NDArray[np.generic], across: slice) -> NDArray[np.generic]:
        """The slices at voxel indices across, each rows by columns, as a view into ``voxels``."""
        by_axis = voxels.transpose(2, 1, 0)  # x, y, z, as the axes are numbered here
        stack: NDArray[np.generic] = by_axis.transpose(
            self.across.axis, self.down.axis, self.right.axis
        )[across]
        if self.down.flipped:
            stack = stack[:, ::-1]
        if self.right.flipped:
            stack = stack[:, :, ::-1]
        return stack

    def voxel_at(self, column: float, row: float, index: int) -> Voxel:
        """The voxel under a position in the slice at ``index``, clipped to the grid."""
        voxel = [0, 0, 0]
        voxel[self.right.axis] = self.right.index_at(column)
        voxel[self.down.axis] = self.down.index_at(row)
        voxel[self.across.axis] = index
        return voxel[0], voxel[1], voxel[2]

    def position_of(self, voxel: Voxel) -> tuple[float, float]:
        """Column and row of a voxel's middle."""
        return (
            self.right.position_of(voxel[self.right.axis]),
            self.down.position_of(voxel[self.down.axis]),
        )

    def middle_mm(self, voxel: Voxel) -> tuple[float, float]:
        """Millimetres right and down from the image's upper left corner to a voxel's middle."""
        column, row = self.position_of(voxel)
        return column * self.right.spacing, row * self.down.spacing

    def column_and_row(self, right_mm: float, down_mm: float) -> tuple[float, float]:
        """The position in the image of a point in millimetres from its upper left corner."""
        return right_mm / self.right.spacing, down_mm / self.down.spacing

    def contains(self, column: float, row: float) -> bool:
        """Whether a position lies on the image."""
        return 0 <= column < self.right.size and 0 <= row < self.down.size

    def place_of(self, voxel: Voxel) -> int:
        """How many slices lie further to the patient's right, front or feet than a voxel's."""
        index = voxel[self.across.axis]
        return self.across.size - 1 - index if self.across.flipped else index

    def stepped(self, voxel: Voxel, steps: int) -> Voxel:
        """The voxel this many slices further to the patient's left, back or head."""
        moved = list(voxel)
        sign = -1 if self.across.flipped else 1
        here = voxel[self.across.axis] + sign * steps
        moved[self.across.axis] = min(max(here, 0), self.across.size - 1)
        return moved[0], moved[1], moved[2]


def view_of(geometry: Geometry, plane: Plane) -> View:
    """How a plane of this grid is shown on the screen."""
    matrix = np.reshape(geometry.direction, (3, 3))
    axes = nearest_axes(matrix)

    def along(patient_axis: int, sign: int) -> ScreenAxis:
        axis = axes[patient_axis]
        flipped = bool(matrix[patient_axis, axis] * sign < 0)
        return ScreenAxis(axis, flipped, geometry.size[axis], geometry.spacing[axis])

    right_axis, down_axis, across_axis = _SCREEN_AXES[plane]
    right, down, across = along(*right_axis), along(*down_axis), along(across_axis, 1)
    to_right = matrix[:, right.axis] * (-1 if right.flipped else 1)
    to_bottom = matrix[:, down.axis] * (-1 if down.flipped else 1)
    edges = (letters(-to_right), letters(to_right), letters(-to_bottom), letters(to_bottom))
    return View(plane, right, down, across, edges)


def letters(towards: NDArray[np.float64]) -> str:
    """The letters for where a unit LPS vector points, greatest component first."""
    order = sorted(range(3), key=lambda axis: -abs(towards[axis]))
    return "".join(
        LETTERS[axis][0 if towards[axis] > 0 else 1]
        for axis in order
        if abs(towards[axis]) >= LETTER_SHARE
    )


def patient_position(geometry: Geometry, voxel: Voxel) -> Triple:
    """LPS millimetres of a voxel's middle."""
    (point,) = geometry.to_patient(np.array([voxel], dtype=float))
    return as_triple(point)


def nearest_voxel(geometry: Geometry, point: Triple) -> Voxel:
    """The voxel nearest to a point in LPS millimetres, clipped to the grid."""
    (place,) = geometry.to_index(np.array([point], dtype=float))
    x, y, z = np.clip(np.rint(place), 0, np.array(geometry.size) - 1).astype(int).tolist()
    return x, y, z


def middle_voxel(geometry: Geometry) -> Voxel:
    """The voxel in the middle of the grid, where viewing starts."""
    x, y, z = geometry.size
    return x // 2, y // 2, z // 2
