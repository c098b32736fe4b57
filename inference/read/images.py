"""Image files: NIfTI, NRRD, MHA and MHD."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.read.hounsfield import to_hu
from inference.read.kinds import CT, SPACING_LIMITS_MM
from inference.read.metaimage import metaimage_place
from inference.read.nifti import nifti_voxels
from inference.read.nrrd import nrrd_place
from inference.read.planes import DAMAGE, StoredVoxels, read_planes
from inference.read.series import Series
from inference.read.stacks import MIN_SLICES
from inference.system.aliases import plain_path
from inference.system.budget import check_reading, in_memory_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry, Shape, as_direction, as_triple
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if
from inference.values.slabs import slabs

NIFTI_ENDINGS = (".nii", ".nii.gz")
NRRD_ENDINGS = (".nrrd", ".nhdr")
ENDINGS = (*NIFTI_ENDINGS, *NRRD_ENDINGS, ".mha", ".mhd")
"""What image files' names end with, in lower case."""

ONLY_ONE = "image"
"""Identifies the series of an image file, which holds no other; its name may be the patient's."""

NUMBERS = {
    sitk.sitkInt8: "i1",
    sitk.sitkUInt8: "u1",
    sitk.sitkInt16: "i2",
    sitk.sitkUInt16: "u2",
    sitk.sitkInt32: "i4",
    sitk.sitkUInt32: "u4",
    sitk.sitkInt64: "i8",
    sitk.sitkUInt64: "u8",
    sitk.sitkFloat32: "f4",
    sitk.sitkFloat64: "f8",
}
"""NumPy's names of what ITK calls the types of one number a voxel."""


def is_image(path: Path) -> bool:
    """Whether the name is that of an image file."""
    return path.name.lower().endswith(ENDINGS)


def describe_image(path: Path) -> Series:
    """The image file as a series, from its header.

    Raises:
        UnreadableInputError: it is no image, or damaged.
    """
    with _open(path) as reader:
        size, spacing = reader.GetSize(), reader.GetSpacing()
        problem = _problem(reader)
    return Series(
        uid=ONLY_ONE,
        description=path.name,
        modality=CT,
        size=(size[0], size[1], size[2] if len(size) > 2 else 1),
        spacing=(spacing[0], spacing[1], spacing[2] if len(size) > 2 else 0.0),
        problems=(problem,) if problem else (),
        image=path,
    )


def read_image(
    path: Path,
    max_ram: int | None,
    progress: ProgressCallback,
    cancel: CancelCheck,
    hu_offset: float = 0.0,
) -> tuple[NDArray[np.int16], Geometry, tuple[str, ...]]:
    """HU (int16, z, y, x), geometry and warnings of an image that passed all checks.

    Args:
        max_ram: bytes of memory that the whole run may hold; None for no limit.
        hu_offset: added to all values.

    Raises:
        UnreadableInputError: the file is damaged or gone.
        MemoryLimitError: ``max_ram`` cannot be kept, or the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    odd = 0
    with _open(path) as reader:
        progress(Progress("read", 0, 1))
        geometry = _geometry(reader)
        voxels = new_array(geometry.shape, np.int16, in_memory_bytes(max_ram))
        planes = _planes(path, reader, geometry.shape, max_ram)
        try:
            for part, slab in slabs(voxels):
                stop_if(cancel)
                for hu, values in zip(slab, planes, strict=False):
                    odd += values.size - int(np.isfinite(values).sum())
                    hu[:] = to_hu(values, hu_offset)
                progress(Progress("read", part.stop, len(voxels)))
            next(planes, None)  # nothing is left but the end of the file, which it then checks
        except (*DAMAGE, RuntimeError) as error:
            raise _damaged(path) from error
    warnings = (
        (sentence("{0} voxels are not numbers; they were taken as air.", odd),) if odd else ()
    )
    return voxels, geometry, warnings


def _planes(
    path: Path, reader: sitk.ImageFileReader, shape: Shape, max_ram: int | None
) -> Iterator[NDArray[np.generic]]:
    """The values plane by plane; ITK must hold them all at once where their file is unusual."""
    stored = _stored(path, reader, shape)
    if stored is not None:
        yield from read_planes(stored)
        return
    check_reading(max_ram, math.prod(shape) * _number(reader).itemsize)
    image = reader.Execute()
    for plane in sitk.GetArrayViewFromImage(image).reshape(shape):
        yield plane.copy()  # a view would outlive the image that it looks into


def _stored(path: Path, reader: sitk.ImageFileReader, shape: Shape) -> StoredVoxels | None:
    """How the voxels lie in their file; None where only ITK knows."""
    name = path.name.lower()
    if name.endswith(NIFTI_ENDINGS):
        return nifti_voxels(path)
    find_place = nrrd_place if name.endswith(NRRD_ENDINGS) else metaimage_place
    number = _number(reader)
    place = find_place(path, math.prod(shape) * number.itemsize)
    if place is None:
        return None
    return StoredVoxels(place, shape, number.newbyteorder(place.order))


def _number(reader: sitk.ImageFileReader) -> np.dtype[np.generic]:
    return np.dtype(NUMBERS[reader.GetPixelID()])


@contextmanager
def _open(path: Path) -> Iterator[sitk.ImageFileReader]:
    reader = sitk.ImageFileReader()
    with plain_path(path) as name:
        reader.SetFileName(name)
        try:
            reader.ReadImageInformation()
        except RuntimeError as error:
            raise _damaged(path) from error
        yield reader


def _damaged(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The file {0} cannot be read: it is damaged, cut short or no image. "
            "Copy it again or choose another one.",
            path.name,
        )
    )


def _problem(reader: sitk.ImageFileReader) -> str | None:
    """Why the image is no CT volume; None if it may be one."""
    size, spacing = reader.GetSize(), reader.GetSpacing()
    if reader.GetNumberOfComponents() != 1:
        return sentence("it is in colour or holds several values a voxel, and CT holds one")
    if any(n > 1 for n in size[3:]):
        return sentence("it holds {0} volumes; save one of them as a file of its own", size[3])
    if len(size) < 3 or min(size[:3]) < MIN_SLICES:
        return sentence("it is a flat picture, not a volume")
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in spacing[:3]):
        sides = " by ".join(f"{mm:g}" for mm in spacing[:3])
        return sentence("its voxels have an implausible stated size of {0} mm", sides)
    return None


def _geometry(reader: sitk.ImageFileReader) -> Geometry:
    """The geometry in space of an image that may have a fourth axis of one volume."""
    axes = reader.GetDimension()
    matrix = np.reshape(reader.GetDirection(), (axes, axes))[:3, :3]
    x, y, z = reader.GetSize()[:3]
    return Geometry(
        (x, y, z),
        as_triple(reader.GetSpacing()[:3]),
        as_triple(reader.GetOrigin()[:3]),
        as_direction(matrix),
    )
