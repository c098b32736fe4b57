"""The distance between the surfaces of two masks."""

import math
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Triple
from inference.values.slabs import bounding_box

HD_PERCENTILE = 95
"""Percentile of the surface distances, so that a few stray voxels do not decide the figure."""


@dataclass(frozen=True)
class SurfaceDistance:
    """How far two surfaces lie apart, in millimetres; infinite if one mask is empty.

    Attributes:
        mean_mm: the average symmetric surface distance.
        hd95_mm: the 95th percentile: the Hausdorff distance without outliers.
    """

    mean_mm: float
    hd95_mm: float


def hd95(a: NDArray[np.uint8], b: NDArray[np.uint8], spacing_mm: Triple) -> float:
    """The 95th percentile of the distances between two surfaces, from ``surface_distance``."""
    return surface_distance(a, b, spacing_mm).hd95_mm


def surface_distance(
    a: NDArray[np.uint8], b: NDArray[np.uint8], spacing_mm: Triple
) -> SurfaceDistance:
    """How far the surfaces of two masks lie apart.

    Surfaces are the voxels of a mask that touch its outside by a face; what the volume's edge cuts
    off is outside. The distances from each surface voxel of one mask to the nearest of the other
    are pooled over both directions.

    Args:
        a: a mask, z, y, x.
        b: a mask of the same shape.
        spacing_mm: x, y, z.

    Returns:
        0 if both masks are empty, infinity if one is.
    """
    box = bounding_box(np.logical_or(a, b))
    if box is None:
        return SurfaceDistance(0.0, 0.0)
    if not a.any() or not b.any():
        return SurfaceDistance(math.inf, math.inf)
    surfaces = [_surface(mask[box]) for mask in (a, b)]
    distances = [_distance_to(surface, spacing_mm) for surface in surfaces]
    pooled = np.concatenate([distances[1][surfaces[0]], distances[0][surfaces[1]]])
    return SurfaceDistance(float(pooled.mean()), float(np.percentile(pooled, HD_PERCENTILE)))


def _surface(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    inside = np.pad(mask > 0, 1)
    core = inside[1:-1, 1:-1, 1:-1].copy()
    for axis in range(3):
        for shift in (-1, 1):
            core &= np.roll(inside, shift, axis)[1:-1, 1:-1, 1:-1]
    surface: NDArray[np.bool_] = inside[1:-1, 1:-1, 1:-1] & ~core
    return surface


def _distance_to(surface: NDArray[np.bool_], spacing_mm: Triple) -> NDArray[np.float32]:
    """Millimetres from each voxel to the nearest voxel of a surface."""
    image = sitk.GetImageFromArray(surface.astype(np.uint8))
    image.SetSpacing(spacing_mm)
    distance = sitk.SignedMaurerDistanceMap(
        image, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    # Inside, the signed map measures to the border, which is 0 for a surface one voxel thick.
    millimetres: NDArray[np.float32] = np.maximum(sitk.GetArrayFromImage(distance), 0)
    return millimetres
