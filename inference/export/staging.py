"""All results of a case or none: written beside their target, then moved into place."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.errors import OutputError
from inference.values.messages import sentence

STAGING_PREFIX = ".spinecontext-"
"""Begins the name of the hidden folder, inside the output folder, that holds unfinished results."""

REASONS = {
    errno.EACCES: sentence("you may not write there"),
    errno.EPERM: sentence("you may not write there"),
    errno.EROFS: sentence("it is read-only"),
    errno.ENOSPC: sentence("the disk is full"),
    errno.EDQUOT: sentence("your quota of the disk is used up"),
    errno.ENAMETOOLONG: sentence("the name is too long"),
    errno.ENOTDIR: sentence("part of the path is a file, not a folder"),
    errno.EEXIST: sentence("there is a file of that name"),
}


@contextmanager
def staged_folder(out: Path) -> Iterator[Path]:
    """A hidden folder inside ``out`` whose files are moved into ``out`` when the block succeeds.

    ``out`` is made if absent. Files of the same name are replaced. Whatever goes wrong, a cancel
    included, the hidden folder is removed, and ``out`` too if it was made here and is empty.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    made = _missing_folders(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=out))
    except OSError as error:
        _remove_empty(made)
        raise output_error(out, error) from error
    try:
        yield staging
        for path in sorted(staging.iterdir()):
            _flush(path)
        for path in sorted(staging.iterdir()):
            path.replace(out / path.name)
    except OSError as error:
        raise output_error(out, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        _remove_empty(made)


def check_writable(out: Path) -> None:
    """Find out before a long run whether results can be written to ``out``.

    Raises:
        OutputError: they cannot.
    """
    with staged_folder(out) as staging:
        (staging / "probe").write_bytes(b"\0")
        (staging / "probe").unlink()


def output_error(out: Path, error: OSError) -> OutputError:
    """The plain sentence for a failed write to the folder ``out``."""
    reason = REASONS.get(error.errno or 0, error.strerror or "writing failed")
    return OutputError(
        sentence("The results cannot be written to {0}: {1}. Choose another folder.", out, reason)
    )


def _missing_folders(out: Path) -> list[Path]:
    """``out`` and its parents as far as they do not exist, the innermost first."""
    return [folder for folder in (out, *out.parents) if not os.path.lexists(folder)]


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _flush(path: Path) -> None:
    """Make sure the bytes are on the disk before the name says that they are."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
