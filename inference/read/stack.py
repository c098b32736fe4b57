"""The voxels of a DICOM series: slices decoded one by one into one volume of HU."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom.pixels.utils import iter_pixels

from inference.errors import UnreadableInputError
from inference.read.headers import SliceHeader
from inference.read.hounsfield import to_hu
from inference.read.layout import lay_out
from inference.system.aliases import plain_path
from inference.system.budget import check_reading, in_memory_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if
from inference.values.slabs import SLAB_PLANES, release
from inference.values.volume import AIR_HU

DICOM_READER = "GDCMImageIO"
"""ITK's name for GDCM."""

GDCM_BYTES = 14
"""For each voxel of a file that GDCM decodes at once: as packed, as decoded, and as float64 where
HU have fractions (measured with 60 frames of JPEG-LS)."""


def read_stack(
    slices: Sequence[SliceHeader],
    max_ram: int | None,
    progress: ProgressCallback,
    cancel: CancelCheck,
    hu_offset: float = 0.0,
) -> tuple[NDArray[np.int16], Geometry]:
    """HU (int16, z, y, x) of slices that passed all checks, with their geometry.

    A tilted stack is straightened: each slice is moved along its columns, by linear interpolation,
    to where it lies in a stack along the normal; rows of air make room.

    Args:
        max_ram: bytes of memory that the whole run may hold; None for no limit.
        hu_offset: added to all values.

    Raises:
        UnreadableInputError: a slice is damaged or gone.
        MemoryLimitError: ``max_ram`` cannot be kept, or the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so between two slices.
    """
    layout = lay_out(slices)
    geometry, shifts = layout.straightened()
    voxels = new_array(geometry.shape, np.int16, in_memory_bytes(max_ram))
    for index, pixels in enumerate(_decode(slices, max_ram)):
        stop_if(cancel)
        hu = to_hu(pixels, hu_offset)
        if hu.shape != (layout.geometry.size[1], layout.geometry.size[0]):
            raise _damaged(slices[index])
        voxels[index] = _shifted(hu, shifts[index], geometry.size[1])
        if index % SLAB_PLANES == 0:
            release(voxels)
        progress(Progress("read", index + 1, len(slices)))
    return voxels, geometry


def middle_slice(slices: Sequence[SliceHeader]) -> NDArray[np.int16]:
    """HU (rows by columns) of the slice in the middle of ``slices``, to recognise a series by.

    Raises:
        UnreadableInputError: the slice is damaged, gone or in colour.
    """
    middle = slices[len(slices) // 2]
    (pixels,) = _decode([middle])
    if pixels.shape != (middle.rows, middle.columns):
        raise _damaged(middle)
    return to_hu(pixels)


def _shifted(hu: NDArray[np.int16], shift: float, rows: int) -> NDArray[np.int16]:
    """A slice moved down by ``shift`` ≥ 0 rows into a slice of ``rows``, air around it."""
    whole, share = int(shift), shift - int(shift)
    lower = np.full((rows + 1, hu.shape[1]), AIR_HU, dtype=np.float32)
    lower[whole + 1 : whole + 1 + len(hu)] = hu
    return np.rint((1 - share) * lower[1:] + share * lower[:-1]).astype(np.int16)


def _decode(
    slices: Sequence[SliceHeader], max_ram: int | None = None
) -> Iterator[NDArray[np.generic]]:
    """Rescaled pixels (y, x), slice by slice; a file of many frames is decoded once."""
    for _, run in itertools.groupby(slices, key=lambda header: header.path):
        of_file = list(run)
        if of_file[0].frames > 1 and not of_file[0].packed:
            yield from _stored_frames(of_file)
        else:
            yield from _decoded_frames(of_file, max_ram)


def _stored_frames(of_file: Sequence[SliceHeader]) -> Iterator[NDArray[np.generic]]:
    """Frames of an uncompressed file, each from its place, so that one at a time is held."""
    frames = iter_pixels(of_file[0].path, indices=[header.frame for header in of_file], raw=True)
    try:
        for header, pixels in zip(of_file, frames, strict=True):
            yield pixels * (header.slope or 1.0) + header.intercept
    except OSError:
        raise
    except Exception as error:  # damage makes pydicom raise whatever its parser stumbles on
        raise _damaged(of_file[0]) from error


def _decoded_frames(
    of_file: Sequence[SliceHeader], max_ram: int | None
) -> Iterator[NDArray[np.generic]]:
    """Frames as GDCM decodes them, all of a file at once."""
    first = of_file[0]
    check_reading(max_ram, first.rows * first.columns * first.frames * GDCM_BYTES)
    try:
        # By name, because GDCM reads files without a preamble but does not claim them.
        with plain_path(first.path) as name:
            image = sitk.ReadImage(name, imageIO=DICOM_READER)
    except RuntimeError as error:
        raise _damaged(first) from error
    pixels = sitk.GetArrayViewFromImage(image)
    frames = pixels.reshape(-1, *pixels.shape[-2:])
    for header in of_file:
        if header.frame >= len(frames):
            raise _damaged(header)
        yield frames[header.frame].copy()  # a view would outlive the image that it looks into


def _damaged(header: SliceHeader) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The slice in the file {0} cannot be read: it is damaged, cut short or "
            "gone. Copy the series again.",
            header.path.name,
        )
    )
