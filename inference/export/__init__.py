"""Results as files: one writer a format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inference.export.images import write_image
from inference.export.staging import check_writable, staged_folder
from inference.export.stl import write_stl
from inference.surface import extract_surface
from inference.volume import Mask

__all__ = ["FORMATS", "ExportFormat", "check_writable", "staged_folder", "write_mask"]


@dataclass(frozen=True)
class ExportFormat:
    """What a mask can be written as.

    Attributes:
        suffix: what the file's name ends with, after the case's name.
        write: writes a mask to a path that ends so.
    """

    suffix: str
    write: Callable[[Mask, Path], None]


def _write_surface(mask: Mask, path: Path) -> None:
    write_stl(extract_surface(mask), path)


FORMATS: Mapping[str, ExportFormat] = {
    "nifti": ExportFormat("_spine.nii.gz", write_image),
    "nrrd": ExportFormat("_spine.nrrd", write_image),
    "stl": ExportFormat("_spine.stl", _write_surface),
}
"""By the name that the command line knows."""


def write_mask(mask: Mask, formats: tuple[str, ...], folder: Path, name: str) -> None:
    """Write ``mask`` in each of ``formats`` to files in ``folder`` that begin with ``name``.

    Raises:
        OutputError: a file cannot be written.
        OSError: the same, as the system says it.
    """
    for one in formats:
        FORMATS[one].write(mask, folder / f"{name}{FORMATS[one].suffix}")
