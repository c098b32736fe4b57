"""From one grid to another, slab by slab, so that no copy of the whole volume is made."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.geometry import Geometry
from inference.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)

SLAB_PLANES = 32
"""Planes of the target made at a time: large enough to be fast, small enough to be light."""

MARGIN_VOXELS = 2
"""Source voxels kept around a slab's box, so that linear interpolation never meets a false edge."""


def to_sitk(voxels: NDArray[Any], geometry: Geometry) -> sitk.Image:
    """A SimpleITK image of ``voxels`` (z, y, x) on ``geometry``; the voxels are copied."""
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(geometry.direction)
    return image


def resample(
    voxels: NDArray[Any],
    source: Geometry,
    target: Geometry,
    fill: float,
    *,
    stage: str = "resample",
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> NDArray[Any]:
    """Voxels (z, y, x) of ``source``, linearly interpolated on ``target``.

    Args:
        fill: the value of target voxels that lie outside the source.

    Returns:
        An array of ``target.shape`` and the source's type.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    resampled = np.full(target.shape, fill, dtype=voxels.dtype)
    for planes in _slabs(target.size[2]):
        stop_if(cancel)
        slab = target.box(
            (0, 0, planes.start), (target.size[0], target.size[1], planes.stop - planes.start)
        )
        box = _source_box(source, slab)
        if box is not None:
            cropped = source.box(
                (box[2].start, box[1].start, box[0].start),
                (
                    box[2].stop - box[2].start,
                    box[1].stop - box[1].start,
                    box[0].stop - box[0].start,
                ),
            )
            # In float, because ITK cuts the fraction off when it interpolates integers.
            image = to_sitk(voxels[box].astype(np.float32), cropped)
            resampled[planes] = np.rint(sitk.GetArrayFromImage(_resample_image(image, slab, fill)))
        progress(Progress(stage, planes.stop, target.size[2]))
    return resampled


def _slabs(planes: int) -> Iterator[slice]:
    for start in range(0, planes, SLAB_PLANES):
        yield slice(start, min(start + SLAB_PLANES, planes))


def _source_box(source: Geometry, slab: Geometry) -> tuple[slice, slice, slice] | None:
    """The source voxels, slices z, y, x, that ``slab`` can draw from; None if there are none."""
    indices = source.to_index(slab.outer_corners())
    low = np.maximum(np.floor(indices.min(axis=0)).astype(int) - MARGIN_VOXELS, 0)
    high = np.minimum(
        np.ceil(indices.max(axis=0)).astype(int) + MARGIN_VOXELS + 1, np.asarray(source.size)
    )
    if np.any(low >= high):
        return None
    x, y, z = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def _resample_image(image: sitk.Image, target: Geometry, fill: float) -> sitk.Image:
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(target.size)
    resampler.SetOutputSpacing(target.spacing)
    resampler.SetOutputOrigin(target.origin)
    resampler.SetOutputDirection(target.direction)
    resampler.SetInterpolator(sitk.sitkLinear)
    resampler.SetDefaultPixelValue(fill)
    return resampler.Execute(image)
