"""How a mask's grid lies on the grid of an image, voxel for voxel and without resampling.

Voxel axes are x, y, z.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.errors import UnfitMaskError
from inference.read.voxels.limits import EVEN_MM, EVEN_SHARE
from inference.values.geometry import Geometry, Voxel, nearest_axes
from inference.values.messages import joined, sentence

OFF_VOXELS = 0.25
"""How far a voxel may lie from the one that it is taken for: half-way to the point where the next
one would be as close. Headers that round the slice distance are off by a tenth of a voxel at the
end of a long scan, whereas a mask shifted by half a voxel does not belong to this CT."""

SAME_TURN = 1e-3
"""Directions that differ by fewer radians count as the same: one voxel in a thousand."""

SAME_SHARE = 1e-3
"""Spacings that differ by a smaller share count as the same."""


@dataclass(frozen=True)
class Placement:
    """A grid laid on another one.

    Attributes:
        axes: for each axis of the grid, the axis of the other one that it runs along.
        flipped: for each axis of the grid, whether it runs against that one.
        start: the lowest voxel of the other grid that it covers; negative if outside.
        size: voxels that it covers along the axes of the other grid.
        off_mm: the largest distance of a voxel from the one that it is laid on.
        off_voxels: the same in voxels.
    """

    axes: tuple[int, int, int]
    flipped: tuple[bool, bool, bool]
    start: Voxel
    size: Voxel
    off_mm: float
    off_voxels: float

    @property
    def is_near(self) -> bool:
        """Whether it is as close as the reader requires of slices in an even stack."""
        return self.off_mm <= EVEN_MM or self.off_voxels <= EVEN_SHARE

    def view_of(self, voxels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The covered voxels of an array z, y, x on the other grid, as a view along its axes."""
        box = tuple(slice(a, a + n) for a, n in zip(self.start, self.size, strict=True))
        view = voxels.transpose(2, 1, 0)[box].transpose(self.axes)
        return view[tuple(slice(None, None, -1 if back else 1) for back in self.flipped)]


def placement_on(grid: Geometry, other: Geometry) -> Placement:
    """How ``grid`` lies on the voxels of ``other``, inside it or beyond.

    Raises:
        UnfitMaskError: it lies between them.
    """
    matrix = np.linalg.inv(other.index_to_patient) @ grid.index_to_patient
    # For each axis of the grid, the axis of the other one nearest to it.
    axes = nearest_axes((matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0)).T)
    steps = np.zeros((3, 3))
    for axis, along in enumerate(axes):
        steps[along, axis] = np.sign(matrix[along, axis])
    first = np.rint(matrix[:3, 3])
    off = _off_voxels(matrix, steps, first, grid.size)
    if not off.max() <= OFF_VOXELS:
        raise UnfitMaskError(_difference(grid, other, float(off.max())))
    last = first + steps @ (np.array(grid.size) - 1)
    low, high = np.minimum(first, last).astype(int), np.maximum(first, last).astype(int)
    return Placement(
        axes=axes,
        flipped=(steps[axes[0], 0] < 0, steps[axes[1], 1] < 0, steps[axes[2], 2] < 0),
        start=_voxel(low),
        size=_voxel(high - low + 1),
        off_mm=float((off * other.spacing).max()),
        off_voxels=float(off.max()),
    )


def placement_in(grid: Geometry, other: Geometry) -> Placement:
    """The same for a grid that must lie inside ``other``.

    Raises:
        UnfitMaskError: it lies between the voxels, or reaches beyond them.
    """
    placed = placement_on(grid, other)
    ends = zip(placed.start, placed.size, other.size, strict=True)
    if all(start >= 0 and start + size <= count for start, size, count in ends):
        return placed
    raise UnfitMaskError(_difference(grid, other, placed.off_voxels))


def common_grid(grid: Geometry, other: Geometry) -> Geometry:
    """The grid of ``grid``, extended so that it also covers ``other``.

    Raises:
        UnfitMaskError: the two do not lie on each other's voxels.
    """
    placed = placement_on(other, grid)
    low = np.minimum(0, placed.start)
    high = np.maximum(grid.size, np.add(placed.start, placed.size))
    return grid.box(_voxel(low), _voxel(high - low))


def _off_voxels(
    matrix: NDArray[np.float64],
    steps: NDArray[np.float64],
    first: NDArray[np.float64],
    size: Voxel,
) -> NDArray[np.float64]:
    """How far, along each axis of the other grid, a corner of the grid is from its voxel at most.

    A linear deviation is largest at a corner.
    """
    off = np.zeros(3)
    for corner in itertools.product(*((0, count - 1) for count in size)):
        meant = matrix[:3, :3] @ corner + matrix[:3, 3]
        off = np.maximum(off, np.abs(meant - (first + steps @ corner)))
    return off


def _difference(grid: Geometry, other: Geometry, off: float) -> str:
    """The error that says how a mask's grid differs from that of the image.

    Args:
        off: how far, in voxels, the mask's voxels are from those of the image.
    """
    size, wanted = _along_patient(grid, grid.size), _along_patient(other, other.size)
    mm, wanted_mm = _along_patient(grid, grid.spacing), _along_patient(other, other.spacing)
    parts: list[str] = []
    if size != wanted:
        parts.append(
            sentence(
                "it has {0:g} × {1:g} × {2:g} voxels instead of {3:g} × {4:g} × {5:g}",
                *size,
                *wanted,
            )
        )
    # For an axis with one voxel, the distance to the next one is unknown.
    pairs = zip(size, mm, wanted_mm, strict=True)
    spaced = any(count > 1 and abs(a - b) > SAME_SHARE * b for count, a, b in pairs)
    if spaced:
        parts.append(
            sentence(
                "its voxels are {0:.3f} × {1:.3f} × {2:.3f} mm large instead of "
                "{3:.3f} × {4:.3f} × {5:.3f} mm",
                *mm,
                *wanted_mm,
            )
        )
    turn = _turn(grid, other)
    if turn > SAME_TURN:
        parts.append(
            sentence("its axes run in other directions, {0:.1f}° away", math.degrees(turn))
        )
    apart = float(np.linalg.norm(_middle(grid) - _middle(other)))
    if size == wanted and apart > EVEN_MM:
        parts.append(sentence("it lies {0:.1f} mm away", apart))
    elif off > OFF_VOXELS and not spaced and turn <= SAME_TURN:
        parts.append(sentence("it lies between the image's voxels"))
    elif not spaced and turn <= SAME_TURN:
        parts.append(sentence("it reaches beyond the image"))
    return sentence(
        "This mask does not lie on the grid of the image: {0}. Choose the mask of this image, or "
        "bring it onto the image's grid first.",
        joined(parts, ", "),
    )


def _turn(grid: Geometry, other: Geometry) -> float:
    """The largest angle, in radians, between an axis of one grid and the nearest of the other."""
    ours, theirs = (np.reshape(one.direction, (3, 3)) for one in (grid, other))
    nearest = np.abs(theirs.T @ ours).max(axis=0)
    return float(np.arccos(np.clip(nearest.min(), 0.0, 1.0)))


def _middle(grid: Geometry) -> NDArray[np.float64]:
    return np.asarray(grid.outer_corners().mean(axis=0))


def _along_patient(grid: Geometry, values: Sequence[float]) -> tuple[float, ...]:
    """The values for the axes that run to the left, to the back and to the head."""
    return tuple(values[axis] for axis in nearest_axes(np.reshape(grid.direction, (3, 3))))


def _voxel(values: NDArray[np.integer]) -> Voxel:
    x, y, z = (int(value) for value in values)
    return x, y, z
