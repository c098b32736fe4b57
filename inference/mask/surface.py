"""The spine's surface in patient space."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.mask.marching_cubes import Part, join_parts, surface_parts
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stopping
from inference.values.slabs import SLAB_PLANES, bounding_box
from inference.windows.resampling import resample_slabs, to_sitk

GRID_MM = 1.0
"""The surface is computed on a grid of this spacing, whatever the slice distance."""

SMOOTHING_MM = 0.7
"""Standard deviation of the Gaussian over the mask: enough to remove the steps between voxels, and
half the thickness of the thinnest laminae, so that these remain."""

PADDING_MM = 4.0
"""Air around the mask, so that the surface closes beyond the edge of the volume."""

MARGIN_PLANES = 6
"""Planes smoothed beyond a slab: the Gaussian has ended at more than eight standard deviations."""

LEVEL = 0.5
"""Share of spine on the surface."""

SMALL_ML = 1.0
"""Less than a vertebra. Of so little, smoothing may leave nothing, and nobody would notice."""

KEPT_SHARE = 0.5
"""A small mask is smoothed only if its surface then still holds at least this share of it."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A closed triangle mesh.

    Attributes:
        vertices: N×3, LPS millimetres.
        triangles: M×3 vertex numbers, counter-clockwise seen from outside.
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]

    @property
    def normals(self) -> NDArray[np.float64]:
        """Outward unit normals of the triangles, M×3; zero where a triangle has no area."""
        a, b, c = (self.vertices[self.triangles[:, corner]] for corner in range(3))
        normals = np.cross(b - a, c - a)
        lengths = np.linalg.norm(normals, axis=1, keepdims=True)
        return np.asarray(normals / np.where(lengths > 0, lengths, 1.0), dtype=np.float64)

    @property
    def volume_ml(self) -> float:
        """The enclosed volume in millilitres, by the divergence theorem."""
        a, b, c = (self.vertices[self.triangles[:, corner]] for corner in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6 / 1000


def extract_surface(mask: Mask, cancel: CancelCheck = never_cancelled) -> Surface:
    """The smoothed surface of ``mask``; without triangles if the mask is empty.

    Of a small mask that smoothing would remove, it is the surface of the voxels as they are.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    fields = _fields_of(mask, cancel)
    if fields is None:
        return Surface(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    return _joined(fields, cancel)


def extract_surface_parts(mask: Mask) -> Iterator[Surface]:
    """The same surface slab by slab, so that memory does not grow with the length of the spine.

    Each part is open where it meets the next; there, both have exactly the same vertices.
    """
    fields = _fields_of(mask, never_cancelled)
    if fields is not None:
        for part in fields.parts():
            yield _in_patient(fields.grid, part.vertices, part.triangles)


@dataclass(frozen=True, eq=False)
class _Fields:
    """A share of spine, in slabs, whose surface is wanted.

    Attributes:
        grid: on which it lies; its outermost voxels are empty.
        slabs: gives the first plane of each slab and its field, z, y, x, which shares a plane with
            the next one.
    """

    grid: Geometry
    slabs: Callable[[], Iterator[tuple[int, NDArray[np.float32]]]]

    def parts(self) -> Iterator[Part]:
        """The surface, slab by slab."""
        return surface_parts(self.slabs(), LEVEL)


def _fields_of(mask: Mask, cancel: CancelCheck) -> _Fields | None:
    """What the surface of ``mask`` is computed from; None if the mask is empty."""
    box = bounding_box(mask.voxels)
    if box is None:
        return None
    grid = _even_grid_around(mask.geometry.part(*box))
    smooth = _Fields(grid, partial(_field_slabs, mask, grid))
    volume_ml = mask.volume_ml
    if volume_ml >= SMALL_ML or _joined(smooth, cancel).volume_ml >= KEPT_SHARE * volume_ml:
        return smooth
    wide = [slice(side.start - 1, side.stop + 1) for side in box]
    return _Fields(mask.geometry.part(*wide), partial(_voxel_slabs, mask.voxels[box]))


def _joined(fields: _Fields, cancel: CancelCheck) -> Surface:
    return _in_patient(fields.grid, *join_parts(stopping(fields.parts(), cancel)))


def _in_patient(
    grid: Geometry, indices: NDArray[np.float64], triangles: NDArray[np.int64]
) -> Surface:
    """Vertices, N×3 in voxels of ``grid``, and triangles in patient space, facing outwards."""
    if np.linalg.det(np.asarray(grid.direction).reshape(3, 3)) < 0:
        triangles = triangles[:, ::-1]
    return Surface(grid.to_patient(indices), triangles)


def _even_grid_around(geometry: Geometry) -> Geometry:
    """A grid of ``GRID_MM`` in the same orientation, with room on all sides."""
    room = np.ceil(np.array([max(PADDING_MM, mm) for mm in geometry.spacing]) / GRID_MM).astype(int)
    length = np.ceil((np.array(geometry.size) - 1) * geometry.spacing / GRID_MM).astype(int) + 1
    spacing = (GRID_MM, GRID_MM, GRID_MM)
    inner = Geometry((1, 1, 1), spacing, geometry.origin, geometry.direction)
    x, y, z = (slice(-int(r), int(n + r)) for n, r in zip(length, room, strict=True))
    return inner.part(z, y, x)


def _voxel_slabs(voxels: NDArray[np.uint8]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The voxels, z, y, x, with an empty one around them, in slabs that share a plane."""
    depth = len(voxels) + 2
    for start in range(0, depth - 1, SLAB_PLANES):
        stop = min(start + SLAB_PLANES + 1, depth)
        field = np.zeros((stop - start, *np.add(voxels.shape[1:], 2)), dtype=np.float32)
        low, high = max(start, 1), min(stop, depth - 1)
        field[low - start : high - start, 1:-1, 1:-1] = voxels[low - 1 : high - 1] > 0
        yield start, field


def _field_slabs(mask: Mask, grid: Geometry) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The share of spine on ``grid``, smoothed, in slabs that share a plane with the next one.

    Yields:
        The first plane of a slab and its field, z, y, x; the outermost voxels of the grid are
        empty.
    """
    depth = grid.size[2]
    shared: NDArray[np.float32] | None = None
    for start in range(0, depth - 1, SLAB_PLANES):
        stop = min(start + SLAB_PLANES + 1, depth)
        field = _field(mask, grid, slice(start, stop))
        if shared is None:
            field[0] = 0
        else:
            # Reused, not computed again: a rounding difference would tear the surface.
            field[0] = shared
        if stop == depth:
            field[-1] = 0
        shared = field[-1].copy()
        yield start, field


def _field(mask: Mask, grid: Geometry, planes: slice) -> NDArray[np.float32]:
    """Some planes of the smoothed share of spine; empty at the faces of the grid."""
    wide = slice(planes.start - MARGIN_PLANES, planes.stop + MARGIN_PLANES)
    around = grid.part(wide, slice(0, grid.size[1]), slice(0, grid.size[0]))
    share = np.zeros(around.shape, dtype=np.float32)
    for box, values in resample_slabs(mask.voxels, mask.geometry, around, fill=0):
        share[box] = values
    smooth = sitk.SmoothingRecursiveGaussian(to_sitk(share, around), SMOOTHING_MM)
    field = np.zeros((planes.stop - planes.start, *around.shape[1:]), dtype=np.float32)
    inner = sitk.GetArrayViewFromImage(smooth)[MARGIN_PLANES:-MARGIN_PLANES, 1:-1, 1:-1]
    field[:, 1:-1, 1:-1] = inner
    return field
