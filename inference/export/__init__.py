"""Results as files: one writer per format."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import BinaryIO

from inference.errors import UsageError
from inference.export.dicomseg import DicomSegWriter
from inference.export.images import write_nifti, write_nrrd
from inference.export.staging import (
    Perform,
    Stage,
    Writer,
    check_replaceable,
    check_writable,
    staged_folder,
    tidy,
)
from inference.export.stl import write_stl
from inference.mask.surface import extract_surface_parts
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, never_cancelled
from inference.values.slabs import bounding_box
from inference.values.volume import DicomSource, Volume

__all__ = [
    "FORMATS",
    "NO_SURFACE",
    "Perform",
    "Stage",
    "Writer",
    "check_formats",
    "check_replaceable",
    "check_writable",
    "filled_formats",
    "held_bytes",
    "mask_writer",
    "staged_folder",
    "tidy",
    "write_mask",
]

FORMATS: Mapping[str, str] = {
    "nifti": "_spine.nii.gz",
    "nrrd": "_spine.nrrd",
    "stl": "_spine.stl",
    "dicomseg": "_spine.dcm",
}
"""The formats of a mask: the command line's name of each, and the ending of its file names after
the case's name."""

OF_THE_SURFACE = frozenset({"stl"})
"""Formats that hold the surface of a mask; if no spine was found, there is none to write."""

NO_SURFACE = sentence(
    "No spine was found, so there is no surface to write. Choose a format other than STL."
)

DICOMSEG_BYTES = 2
"""Per voxel; 1.8 were measured for a mask, and no more for twenty vertebrae. All other formats are
written slab by slab."""

NOT_DICOM = (
    "A DICOM segmentation refers to the slices of a DICOM series, and this input is no DICOM. "
    "Choose the format nifti, nrrd or stl."
)


def check_formats(formats: Sequence[str], volume: Volume) -> None:
    """Check before a long run whether its mask can be written in ``formats``.

    Raises:
        UsageError: a format does not fit the input.
    """
    if "dicomseg" in formats and volume.source is None:
        raise UsageError(NOT_DICOM)


def filled_formats(formats: Sequence[str], *, empty: bool) -> tuple[str, ...]:
    """Those of ``formats`` that have something to hold; an empty mask has no surface."""
    return tuple(one for one in formats if not (empty and one in OF_THE_SURFACE))


def held_bytes(formats: Sequence[str], volume: Volume, label_bytes: int = 0) -> int:
    """How much memory it takes to write the mask of ``volume`` and its vertebrae, besides slabs.

    Mask and vertebrae are written one after the other.

    Args:
        label_bytes: the memory that the vertebra labels take meanwhile.
    """
    if "dicomseg" not in formats:
        return label_bytes
    return DICOMSEG_BYTES * math.prod(volume.geometry.size) + label_bytes


def write_mask(
    mask: Mask,
    formats: Sequence[str],
    stage: Stage,
    name: str,
    source: DicomSource | None = None,
    cancel: CancelCheck = never_cancelled,
) -> None:
    """Write ``mask`` in each of ``formats`` to files in ``stage`` whose names begin with ``name``.

    Args:
        source: the slices that a DICOM segmentation refers to.

    Raises:
        UsageError: a format does not fit the input, or the mask is empty and has no surface.
        OutputError: a file cannot be written.
        UnreadableInputError: the slices that a DICOM segmentation refers to are gone.
        CancelledError: ``cancel`` said so before one of the files.
    """
    writers = {f"{name}{FORMATS[one]}": mask_writer(mask, one, source) for one in formats}
    stage.write(writers, cancel)


def mask_writer(mask: Mask, one: str, source: DicomSource | None) -> Writer:
    """A writer of ``mask`` in one of ``FORMATS``.

    Raises:
        UsageError: the format does not fit the input.
    """
    match one:
        case "nifti":
            return partial(write_nifti, mask)
        case "nrrd":
            return partial(write_nrrd, mask)
        case "stl":
            return partial(_write_surface, mask)
        case "dicomseg" if source is not None:
            return DicomSegWriter(mask, source)
        case "dicomseg":
            raise UsageError(NOT_DICOM)
        case _:
            raise UsageError(f"There is no format {one}.")


def _write_surface(mask: Mask, file: BinaryIO) -> None:
    if bounding_box(mask.voxels) is None:
        raise UsageError(NO_SURFACE)
    write_stl(extract_surface_parts(mask), file)
