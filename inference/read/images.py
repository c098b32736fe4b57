"""Image files: NIfTI, NRRD, MHA and MHD."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.geometry import Geometry, as_direction, as_triple
from inference.progress import CancelCheck, Progress, ProgressCallback, stop_if
from inference.read.hounsfield import to_hu
from inference.read.nifti import is_whole
from inference.read.series import CT, MIN_SLICES, SPACING_LIMITS_MM, Series

NIFTI_ENDINGS = (".nii", ".nii.gz")
ENDINGS = (*NIFTI_ENDINGS, ".nrrd", ".nhdr", ".mha", ".mhd")
"""What image files' names end with, in lower case."""

SLAB_PLANES = 16
"""Planes turned into HU at a time, so that no second copy of the volume is made."""

CONTRAST_HU = 200
"""Air and soft tissue are further apart than this; a map of labels or an empty image is not."""


def is_image(path: Path) -> bool:
    """Whether the name is that of an image file."""
    return path.name.lower().endswith(ENDINGS)


def describe_image(path: Path) -> Series:
    """The image file as a series, from its header.

    Raises:
        UnreadableInputError: it is no image, or damaged.
    """
    reader = _open(path)
    size, spacing = reader.GetSize(), reader.GetSpacing()
    problem = _problem(reader)
    return Series(
        uid=path.name,
        description=path.name,
        modality=CT,
        size=(size[0], size[1], size[2] if len(size) > 2 else 1),
        spacing=(spacing[0], spacing[1], spacing[2] if len(size) > 2 else 0.0),
        problems=(problem,) if problem else (),
        image=path,
    )


def read_image(
    path: Path, progress: ProgressCallback, cancel: CancelCheck
) -> tuple[NDArray[np.int16], Geometry, tuple[str, ...]]:
    """HU (int16, z, y, x), geometry and warnings of an image that passed all checks.

    Raises:
        UnreadableInputError: the file is damaged or gone, or holds no CT numbers.
        CancelledError: ``cancel`` said so.
    """
    reader = _open(path)
    progress(Progress("read", 0, 1))
    stop_if(cancel)
    if path.name.lower().endswith(NIFTI_ENDINGS) and not is_whole(path):
        raise _damaged(path)
    try:
        image = reader.Execute()
    except RuntimeError as error:
        raise _damaged(path) from error
    geometry = _geometry(image)
    values = sitk.GetArrayViewFromImage(image).reshape(geometry.shape)
    voxels = np.empty(geometry.shape, dtype=np.int16)
    odd = 0
    for start in range(0, len(values), SLAB_PLANES):
        stop_if(cancel)
        slab = values[start : start + SLAB_PLANES]
        odd += slab.size - int(np.isfinite(slab).sum())
        voxels[start : start + SLAB_PLANES] = to_hu(slab)
        progress(Progress("read", min(start + SLAB_PLANES, len(values)), len(values)))
    if int(voxels.max()) - int(voxels.min()) < CONTRAST_HU:
        raise UnreadableInputError(
            f"The values of {path.name} are not those of a CT: they range only from "
            f"{voxels.min()} to {voxels.max()} HU. Choose the CT itself."
        )
    warnings = (f"{odd} voxels are not numbers; they were taken as air.",) if odd else ()
    return voxels, geometry, warnings


def _open(path: Path) -> sitk.ImageFileReader:
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise _damaged(path) from error
    return reader


def _damaged(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        f"The file {path.name} cannot be read: it is damaged, cut short or no image. "
        "Copy it again or choose another one."
    )


def _problem(reader: sitk.ImageFileReader) -> str | None:
    """Why the image is no CT volume; None if it may be one."""
    size, spacing = reader.GetSize(), reader.GetSpacing()
    if reader.GetNumberOfComponents() != 1:
        return "it is in colour or holds several values a voxel, and CT holds one"
    if any(n > 1 for n in size[3:]):
        return f"it holds {size[3]} volumes; save one of them as a file of its own"
    if len(size) < 3 or min(size[:3]) < MIN_SLICES:
        return "it is a flat picture, not a volume"
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in spacing[:3]):
        sides = " by ".join(f"{mm:g}" for mm in spacing[:3])
        return f"its voxels are said to be {sides} mm large, which cannot be"
    return None


def _geometry(image: sitk.Image) -> Geometry:
    """The geometry in space of an image that may have a fourth axis of one volume."""
    axes = image.GetDimension()
    matrix = np.reshape(image.GetDirection(), (axes, axes))[:3, :3]
    x, y, z = image.GetSize()[:3]
    return Geometry(
        (x, y, z),
        as_triple(image.GetSpacing()[:3]),
        as_triple(image.GetOrigin()[:3]),
        as_direction(matrix),
    )
