"""The spine's surface in patient space."""

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.geometry import Geometry
from inference.marching_cubes import marching_cubes
from inference.mask import bounding_box
from inference.resample import resample, to_sitk
from inference.volume import Mask

GRID_MM = 1.0
"""The surface is cut on a grid of this spacing, whatever the slices' distance."""

SMOOTHING_MM = 0.7
"""Standard deviation of the Gaussian over the mask: enough to take the steps of voxels away, and
half the thickness of the thinnest laminae, so that they stay."""

PADDING_VOXELS = 4
"""Air around the mask, so that the surface closes beyond the edge of the volume."""

FULL = 255.0


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


def extract_surface(mask: Mask) -> Surface:
    """The smoothed surface of ``mask``; without triangles where the mask is empty."""
    box = bounding_box(mask.voxels)
    if box is None:
        return Surface(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    padded = np.pad(mask.voxels[box] * np.uint8(FULL), PADDING_VOXELS)
    z, y, x = (part.start - PADDING_VOXELS for part in box)
    depth, height, width = padded.shape
    around = mask.geometry.box((x, y, z), (width, height, depth))
    grid = _even_grid(around)
    occupancy = resample(padded, around, grid, fill=0).astype(np.float32)
    smooth = sitk.SmoothingRecursiveGaussian(to_sitk(occupancy, grid), SMOOTHING_MM)
    indices, triangles = marching_cubes(_closed_off(sitk.GetArrayFromImage(smooth)), FULL / 2)
    if np.linalg.det(np.asarray(grid.direction).reshape(3, 3)) < 0:
        triangles = triangles[:, ::-1]
    return Surface(grid.to_patient(indices), triangles)


def _even_grid(geometry: Geometry) -> Geometry:
    """The same box and orientation with ``GRID_MM`` between the voxels."""
    size = [
        int(np.ceil((n - 1) * mm / GRID_MM)) + 1
        for n, mm in zip(geometry.size, geometry.spacing, strict=True)
    ]
    return Geometry(
        (size[0], size[1], size[2]),
        (GRID_MM, GRID_MM, GRID_MM),
        geometry.origin,
        geometry.direction,
    )


def _closed_off(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """The field with its outermost voxels empty."""
    inner = np.zeros_like(field)
    inner[1:-1, 1:-1, 1:-1] = field[1:-1, 1:-1, 1:-1]
    return inner
