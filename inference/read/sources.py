"""The files that belong to an input."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from inference.errors import AbsentInputError
from inference.read.archives import is_archive
from inference.read.dicom.headers import looks_like_dicom, read_headers
from inference.read.folders import list_files
from inference.read.images.files import header_of, is_image
from inference.read.names import DICOMDIR
from inference.values.messages import sentence
from inference.values.progress import never_cancelled

DETACHED_HEADERS = (".nhdr", ".mhd", ".hdr")
"""Endings of image files whose voxels lie in other files beside them."""

HEADER_BYTES = 2**16
"""Longer than any header of such a file."""


def check_exists(path: Path) -> None:
    """Refuse an input that does not exist.

    Raises:
        AbsentInputError: there is nothing.
    """
    if not path.exists():
        raise AbsentInputError(sentence("There is nothing at {0}. Check the path.", path))


def input_files(path: Path) -> Sequence[Path]:
    """All files that may be read for an input, in the order of their paths.

    A slice represents the series beside it, a DICOMDIR its folder, and a header the files that it
    names.

    Raises:
        UnreadableInputError: there is nothing, or it is damaged.
        OSError: it cannot be accessed.
    """
    check_exists(path)
    if path.is_dir():
        return _inputs(list_files(path, never_cancelled).files)
    if path.name.upper() == DICOMDIR:
        return _inputs(list_files(path.parent, never_cancelled).files)
    header = header_of(path)
    if header is not None and header.suffix.lower() in DETACHED_HEADERS:
        with header.open("rb") as file:
            text = file.read(HEADER_BYTES).decode("latin-1")
        beside = sorted(file for file in path.parent.iterdir() if file.is_file())
        return [file for file in beside if file.stem == header.stem or file.name in text]
    if header is not None or is_archive(path) or not _is_slice(path):
        return [path]
    return _inputs(path.parent.iterdir())


def _inputs(paths: Iterable[Path]) -> Sequence[Path]:
    """The paths that may belong to a CT."""
    files = sorted(path for path in paths if path.is_file())
    return [f for f in files if is_image(f) or is_archive(f) or looks_like_dicom(f)]


def _is_slice(path: Path) -> bool:
    headers = read_headers(path)
    return bool(headers) and headers[0].frames == 1
