"""Where voxels lie in the patient: grids, and the canonical grid that models see.

Tuples of numbers are in x, y, z order, as in SimpleITK; only shapes and slices are z, y, x, like
arrays. Patient space is LPS: x grows to the patient's left, y to the back, z to the head, in
millimetres (DICOM PS3.3 C.7.6.2.1.1).
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = tuple[int, int, int]
Slices = tuple[slice, slice, slice]
Voxel = tuple[int, int, int]
"""An index x, y, z on a grid."""

Triple = tuple[float, float, float]
Direction = tuple[float, float, float, float, float, float, float, float, float]

IDENTITY_DIRECTION: Direction = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
"""Rows to the left, columns to the back, slices to the head: the canonical orientation."""


def as_triple(values: Iterable[float]) -> Triple:
    """Three numbers, such as a row of an array, as plain floats."""
    x, y, z = (float(value) for value in values)
    return x, y, z


def as_direction(matrix: ArrayLike) -> Direction:
    """A 3×3 matrix as plain floats, row by row."""
    a, b, c, d, e, f, g, h, i = (float(value) for value in np.ravel(matrix))
    return a, b, c, d, e, f, g, h, i


@dataclass(frozen=True)
class Geometry:
    """A regular voxel grid in patient space.

    Attributes:
        size: voxels along x, y, z.
        spacing: millimetres between voxel centres along x, y, z.
        origin: LPS millimetres of the centre of voxel (0, 0, 0).
        direction: 3×3 matrix, row-major; column k is the unit LPS vector of index axis k.
    """

    size: tuple[int, int, int]
    spacing: Triple
    origin: Triple = (0.0, 0.0, 0.0)
    direction: Direction = IDENTITY_DIRECTION

    @property
    def shape(self) -> tuple[int, int, int]:
        """The array shape z, y, x of voxels on this grid."""
        return self.size[2], self.size[1], self.size[0]

    @property
    def voxel_volume_ml(self) -> float:
        """The volume of one voxel in millilitres."""
        return math.prod(self.spacing) / 1000.0

    @property
    def index_to_patient(self) -> NDArray[np.float64]:
        """4×4 matrix from a homogeneous voxel index x, y, z to LPS millimetres."""
        matrix = np.eye(4)
        matrix[:3, :3] = np.asarray(self.direction).reshape(3, 3) * np.asarray(self.spacing)
        matrix[:3, 3] = self.origin
        return matrix

    def to_patient(self, indices: NDArray[np.floating]) -> NDArray[np.float64]:
        """LPS millimetres of voxel indices, both N×3 in x, y, z order.

        A point comes out the same to the last digit whatever other points are passed with it, which
        a matrix product does not guarantee. Parts of one surface must meet exactly.
        """
        columns = self.index_to_patient[:3].T
        x, y, z = (indices[:, [axis]] * columns[axis] for axis in range(3))
        return np.asarray(x + y + z + columns[3], dtype=np.float64)

    def to_index(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Continuous voxel indices of LPS millimetres, both N×3 in x, y, z order."""
        matrix = np.linalg.inv(self.index_to_patient)
        return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3], dtype=np.float64)

    def box(self, start: tuple[int, int, int], size: tuple[int, int, int]) -> "Geometry":
        """The grid of a box of this grid's voxels, ``start`` and ``size`` in x, y, z."""
        (origin,) = self.to_patient(np.array([start], dtype=float))
        return Geometry(size, self.spacing, as_triple(origin), self.direction)

    def part(self, z: slice, y: slice, x: slice) -> "Geometry":
        """The grid of a box of this grid's voxels, given as the slices of their array."""
        return self.box(
            (x.start, y.start, z.start), (x.stop - x.start, y.stop - y.start, z.stop - z.start)
        )

    def outer_corners(self) -> NDArray[np.float64]:
        """LPS millimetres, 8×3, of the outer corners of the corner voxels."""
        edges = [(-0.5, n - 0.5) for n in self.size]
        indices = [(x, y, z) for x in edges[0] for y in edges[1] for z in edges[2]]
        return self.to_patient(np.array(indices))


def nearest_axes(direction: NDArray[np.float64]) -> tuple[int, int, int]:
    """For each of L, P, S the voxel axis nearest to it, each axis once.

    Args:
        direction: 3×3; column k is the unit LPS vector of voxel axis k.
    """
    best = max(
        itertools.permutations(range(3)),
        key=lambda axes: sum(abs(direction[patient, axes[patient]]) for patient in range(3)),
    )
    return best[0], best[1], best[2]


def canonical_geometry(geometry: Geometry, spacing_mm: Triple) -> Geometry:
    """The grid that models see: x left, y back, z head, spanning all of ``geometry``.

    The grid is centred on the patient-space box around ``geometry`` and rounded up to whole
    voxels, so that an oblique volume fits with air in its corners.
    """
    corners = geometry.outer_corners()
    low, high = corners.min(axis=0), corners.max(axis=0)
    step = np.asarray(spacing_mm)
    # Rounding errors below a thousandth of a voxel do not add a voxel.
    size = np.maximum(1, np.ceil((high - low) / step - 1e-3)).astype(int)
    origin = (low + high) / 2 - (size - 1) / 2 * step
    return Geometry(
        size=(int(size[0]), int(size[1]), int(size[2])),
        spacing=spacing_mm,
        origin=as_triple(origin),
    )
