"""Image files: NIfTI, NRRD, MHA and MHD.

Grid and voxels come from one parse of one header, so that they cannot disagree. The format is
recognised by a file's first bytes, not by its name.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import NoUsableSeriesError, UnreadableInputError
from inference.read.images.grids import ImageHeader, StoredImage, placed
from inference.read.images.metaimage import looks_like_metaimage, metaimage_header
from inference.read.images.nifti import looks_like_nifti, nifti_header
from inference.read.images.nrrd import MAGIC, nrrd_header
from inference.read.voxels.census import Census
from inference.read.voxels.hounsfield import to_hu, with_air
from inference.read.voxels.planes import (
    DAMAGE,
    UnfitImageError,
    check_length,
    open_content,
    read_planes,
)
from inference.read.voxels.survey import Survey
from inference.system.budget import in_memory_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.messages import sentence
from inference.values.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    stop_if,
)
from inference.values.slabs import slabs

ENDINGS = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".nrrd", ".nhdr", ".mha", ".mhd")
"""Endings of image files, in lower case."""

DATA_ENDINGS = (".img", ".img.gz")
"""Endings of the data files of NIfTI pairs, in lower case."""

START_BYTES = 64
"""Enough of a file to recognise its format."""


def is_image(path: Path) -> bool:
    """Whether the name is that of an image file."""
    return path.name.lower().endswith(ENDINGS)


def header_of(path: Path) -> Path | None:
    """The image file that a file is, or that its voxels belong to; None if neither."""
    if is_image(path):
        return path
    for ending in DATA_ENDINGS:
        if path.name.lower().endswith(ending):
            stem = path.name[: -len(ending)]
            headers = (path.with_name(stem + header) for header in (".hdr", ".hdr.gz"))
            return next((header for header in headers if header.is_file()), None)
    return None


def has_image_content(path: Path) -> bool:
    """Whether a file begins like an image file, whatever its name.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return _reader_of(path) is not None
    except DAMAGE:
        return False


def census_of_image(path: Path, cancel: CancelCheck) -> Census:
    """The census of an image file, for which all voxels are read.

    Raises:
        UnreadableInputError: the file is damaged.
        UnfitImageError: it contradicts itself.
        OSError: it cannot be read.
        CancelledError: ``cancel`` said so between two planes.
    """
    survey = Survey()
    for _ in _hu_planes(path, open_image(path), survey):
        stop_if(cancel)
    return survey.census


def read_image(
    path: Path,
    max_ram: int | None,
    progress: ProgressCallback,
    cancel: CancelCheck,
    hu_offset: float = 0.0,
) -> tuple[NDArray[np.int16], Geometry, Census]:
    """HU (int16, z, y, x), geometry and census of an image that passed all checks.

    Args:
        max_ram: bytes of memory that the whole run may hold; None for no limit.
        hu_offset: added to all values.

    Raises:
        UnreadableInputError: the file is damaged.
        NoUsableSeriesError: it contradicts itself.
        OSError: it cannot be read.
        MemoryLimitError: the disk has no room for a scratch file.
        CancelledError: ``cancel`` said so.
    """
    progress(Progress("read", 0, 1))
    survey = Survey()
    try:
        image = open_image(path)
        voxels = new_array(image.geometry.shape, np.int16, in_memory_bytes(max_ram))
        planes = _hu_planes(path, image, survey, hu_offset)
        for part, slab in slabs(voxels):
            for plane in slab:
                stop_if(cancel)
                plane[:] = next(planes)
            progress(Progress("read", part.stop, len(voxels)))
        next(planes, None)  # only the end of the file is left, which is checked here
    except UnfitImageError as error:
        raise NoUsableSeriesError(sentence("This cannot be used: {0}.", error.reason)) from error
    return voxels, image.geometry, survey.census


def open_image(path: Path) -> StoredImage:
    """The voxels as described by the header, and where they lie in the patient.

    Raises:
        UnreadableInputError: it is not an image, is damaged, or is too short for its voxels.
        UnfitImageError: it is no CT volume.
        OSError: it cannot be read.
    """
    try:
        reader = _reader_of(path)
        if reader is None:
            raise damaged_image(path)
        image = placed(reader(path))
        check_length(image.voxels)
    except DAMAGE as error:
        raise damaged_image(path) from error
    except OSError as error:
        raise error if error.errno else damaged_image(path) from error
    return image


def _reader_of(path: Path) -> Callable[[Path], ImageHeader] | None:
    """The function that reads the header of such a file; None if it is not an image file.

    Raises:
        OSError: it cannot be read.
        DAMAGE: one of these: it is damaged.
    """
    with open_content(path) as file:
        start = file.read(START_BYTES)
    if start.startswith(MAGIC):
        return nrrd_header
    if looks_like_nifti(start):
        return nifti_header
    return metaimage_header if looks_like_metaimage(start) else None


def _hu_planes(
    path: Path, image: StoredImage, survey: Survey, hu_offset: float = 0.0
) -> Iterator[NDArray[np.int16]]:
    """HU (y, x) plane by plane; each is surveyed as it is stored.

    Raises:
        UnreadableInputError: the file is damaged.
        UnfitImageError: it contradicts itself.
        OSError: it cannot be read.
    """
    try:
        for z, values in enumerate(read_planes(image.voxels)):
            stored = to_hu(values, hu_offset)
            survey.add(stored, values.size - int(np.isfinite(values).sum()))
            hu = with_air(stored)
            if image.shear is not None:
                hu = image.shear.straightened(hu, z, image.geometry.shape)
            yield hu
    except DAMAGE as error:
        raise damaged_image(path) from error
    except OSError as error:
        raise error if error.errno else damaged_image(path) from error


def damaged_image(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The file {0} cannot be read: it is damaged, cut short or no image. "
            "Copy it again or choose another one.",
            path.name,
        )
    )
