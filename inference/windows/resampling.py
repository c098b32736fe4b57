"""From one grid to another, slab by slab, so that no copy of the whole volume is made."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Direction, Geometry, Slices, as_direction, as_triple
from inference.values.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.values.slabs import SLAB_PLANES, release
from inference.values.volume import AIR_HU, Volume
from inference.windows.grid import Window

MARGIN_VOXELS = 2
"""Voxels kept around a slab's box, so that linear interpolation never sees an artificial edge."""


NEGLIGIBLE_COSINE = 1e-12
"""Direction cosines below this are set to zero: over a metre they move a voxel by less than an
atom, and ITK's inverse of the direction fails if their squares underflow."""


def to_sitk(voxels: NDArray[Any], geometry: Geometry) -> sitk.Image:
    """A SimpleITK image of ``voxels`` (z, y, x) on ``geometry``; the voxels are copied."""
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(_direction(geometry))
    return image


def resample(
    voxels: NDArray[Any],
    source: Geometry,
    target: Geometry,
    fill: float,
    *,
    cancel: CancelCheck = never_cancelled,
) -> NDArray[Any]:
    """Voxels (z, y, x) of ``source``, linearly interpolated on ``target`` and rounded.

    Args:
        fill: the value of target voxels that lie outside the source.

    Returns:
        An array of ``target.shape`` and the source's type.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    resampled = np.full(target.shape, fill, dtype=voxels.dtype)
    for box, values in resample_slabs(voxels, source, target, fill, cancel=cancel):
        resampled[box] = np.rint(values)
    return resampled


def resample_slabs(
    voxels: NDArray[Any],
    source: Geometry,
    target: Geometry,
    fill: float,
    *,
    stage: str = "resample",
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Iterator[tuple[Slices, NDArray[np.float32]]]:
    """The same slab by slab, and only where the source reaches.

    Yields:
        Slices z, y, x of the target with their values, not rounded.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    reach = _box_around(target, source)
    if reach is None:
        return
    for planes in _slabs(reach[0].start, reach[0].stop):
        stop_if(cancel)
        slab = target.part(planes, *reach[1:])
        box = _box_around(source, slab)
        if box is not None:
            # In float, because ITK truncates when it interpolates integers.
            image = to_sitk(voxels[box].astype(np.float32), source.part(*box))
            release(voxels)
            values = sitk.GetArrayFromImage(_resample_image(image, slab, fill))
            yield (planes, *reach[1:]), values
        progress(Progress(stage, planes.stop - reach[0].start, reach[0].stop - reach[0].start))


def cut_window(volume: Volume, grid: Geometry, window: Window) -> NDArray[np.float32]:
    """The HU of a window of ``grid``, z, y, x, straight from the CT; air outside it.

    Nothing outside the windows is resampled, so that the time does not grow with the field of view.
    """
    box = grid.part(*map(slice, window.start, window.stop))
    return resample(volume.voxels, volume.geometry, box, AIR_HU).astype(np.float32)


def shrink(volume: Volume, spacing_mm: float, *, cancel: CancelCheck = never_cancelled) -> Volume:
    """The CT with voxels of at most ``spacing_mm``, each the mean of a block of whole voxels.

    Incomplete blocks at the far ends are dropped.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    geometry = volume.geometry
    across, down, along = (
        max(1, min(n, int(spacing_mm / mm)))
        for n, mm in zip(geometry.size, geometry.spacing, strict=True)
    )
    size = geometry.size[0] // across, geometry.size[1] // down, geometry.size[2] // along
    first = geometry.to_patient(np.array([[across - 1, down - 1, along - 1]]) / 2)[0]
    spacing = as_triple(np.multiply(geometry.spacing, (across, down, along)))
    shrunk = Geometry(size, spacing, as_triple(first), geometry.direction)
    means = np.empty(shrunk.shape, dtype=volume.voxels.dtype)
    for planes in _slabs(0, size[2]):
        stop_if(cancel)
        image = sitk.GetImageFromArray(volume.voxels[planes.start * along : planes.stop * along])
        release(volume.voxels)
        means[planes] = sitk.GetArrayFromImage(sitk.BinShrink(image, (across, down, along)))
    return Volume(means, shrunk, volume.name)


def _slabs(first: int, stop: int) -> Iterator[slice]:
    for start in range(first, stop, SLAB_PLANES):
        yield slice(start, min(start + SLAB_PLANES, stop))


def _box_around(grid: Geometry, other: Geometry) -> Slices | None:
    """The voxels of ``grid``, slices z, y, x, in and around ``other``; None if there are none."""
    indices = grid.to_index(other.outer_corners())
    low = np.maximum(np.floor(indices.min(axis=0)).astype(int) - MARGIN_VOXELS, 0)
    high = np.minimum(
        np.ceil(indices.max(axis=0)).astype(int) + MARGIN_VOXELS + 1, np.asarray(grid.size)
    )
    if np.any(low >= high):
        return None
    x, y, z = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def _direction(geometry: Geometry) -> Direction:
    return as_direction([c if abs(c) > NEGLIGIBLE_COSINE else 0.0 for c in geometry.direction])


def _resample_image(image: sitk.Image, target: Geometry, fill: float) -> sitk.Image:
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(target.size)
    resampler.SetOutputSpacing(target.spacing)
    resampler.SetOutputOrigin(target.origin)
    resampler.SetOutputDirection(_direction(target))
    resampler.SetInterpolator(sitk.sitkLinear)
    resampler.SetDefaultPixelValue(fill)
    return resampler.Execute(image)
