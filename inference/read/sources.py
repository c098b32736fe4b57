"""The files that belong to an input."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from inference.errors import AbsentInputError, UnreadableInputError
from inference.read.archives import is_archive
from inference.read.dicom.headers import looks_like_dicom, read_headers
from inference.read.folders import list_files
from inference.read.images.files import header_of, is_image, open_image
from inference.read.names import DICOMDIR
from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import sentence
from inference.values.progress import never_cancelled


def check_exists(path: Path) -> None:
    """Refuse an input that does not exist, or that could be waited for without an end.

    Raises:
        AbsentInputError: there is nothing.
        UnreadableInputError: it is a pipe or a device.
    """
    if not path.exists():
        raise AbsentInputError(sentence("There is nothing at {0}. Check the path.", path))
    if not (path.is_file() or path.is_dir()):
        raise UnreadableInputError(
            sentence("{0} is neither a file nor a folder. Choose one of these.", path)
        )


def input_files(path: Path) -> Sequence[Path]:
    """All files that may be read for an input, in the order of their paths.

    A DICOM file represents the series beside it, a DICOMDIR its folder, and a header the files that
    it names.

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
    if header is not None:
        return _files_of_image(header)
    if is_archive(path) or not read_headers(path):
        return [path]
    return _inputs(path.parent.iterdir())


def _files_of_image(header: Path) -> Sequence[Path]:
    """The file of a header, and those that hold its voxels."""
    try:
        places = open_image(header).voxels.places
    except (UnreadableInputError, UnfitImageError):
        return [header]
    return sorted({header, *(place.path for place in places)})


def _inputs(paths: Iterable[Path]) -> Sequence[Path]:
    """The paths that may belong to a CT."""
    files = sorted(path for path in paths if path.is_file())
    return [f for f in files if is_image(f) or is_archive(f) or looks_like_dicom(f)]
