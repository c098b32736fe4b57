"""Zip archives, unpacked safely into a folder that is always removed."""

import errno
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PureWindowsPath

from inference.errors import ScratchDiskError, UnreadableInputError
from inference.system.scratch import private_folder, scratch_folder
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, stop_if

MAX_EXPANSION = 200
"""How many times its own size an archive may unpack to; CT shrinks two- to fourfold, an empty
mask perhaps a hundredfold, a bomb a thousandfold."""

SMALL_BYTES = 64 * 2**20
"""What unpacks to no more than this is harmless whatever its ratio."""

CHUNK_BYTES = 2**20


def is_archive(path: Path) -> bool:
    """Whether the name is that of a zip archive."""
    return path.suffix.lower() == ".zip" and path.is_file()


@contextmanager
def unpacked(archive: Path, cancel: CancelCheck) -> Iterator[Path]:
    """A private folder with the files of ``archive``, removed when the block is left.

    Raises:
        UnreadableInputError: the archive is damaged, locked or hostile.
        ScratchDiskError: the disk has no room for what is in it.
        CancelledError: ``cancel`` said so between two files.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(private_folder()) / "unpacked"
            folder.mkdir()
            with zipfile.ZipFile(archive) as files:
                _extract(files, archive, folder, cancel)
        except (zipfile.BadZipFile, EOFError, zlib.error) as error:
            raise UnreadableInputError(
                sentence("The archive {0} is damaged or incomplete. Copy it again.", archive.name)
            ) from error
        except NotImplementedError as error:
            raise UnreadableInputError(
                sentence(
                    "The archive {0} uses a compression that cannot be read. Unpack it and "
                    "choose the folder.",
                    archive.name,
                )
            ) from error
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise _no_room(archive) from error
        yield folder


def _extract(files: zipfile.ZipFile, archive: Path, folder: Path, cancel: CancelCheck) -> None:
    entries = [entry for entry in files.infolist() if not entry.is_dir()]
    allowance = max(SMALL_BYTES, MAX_EXPANSION * archive.stat().st_size)
    _check_entries(entries, archive, allowance)
    for entry in entries:
        stop_if(cancel)
        target = folder / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.open(entry) as packed, target.open("wb") as file:
            while chunk := packed.read(CHUNK_BYTES):
                allowance -= len(chunk)
                if allowance < 0:
                    raise _too_large(archive)
                file.write(chunk)


def _check_entries(entries: list[zipfile.ZipInfo], archive: Path, allowance: int) -> None:
    for entry in entries:
        if _escapes(entry):
            raise UnreadableInputError(
                sentence(
                    "The archive {0} tries to write outside its own folder. Do not trust "
                    "it; ask where it came from.",
                    archive.name,
                )
            )
        if entry.flag_bits & 0x1:
            raise UnreadableInputError(
                sentence(
                    "The archive {0} is protected by a password. Unpack it and choose the folder.",
                    archive.name,
                )
            )
    total = sum(entry.file_size for entry in entries)
    if total > allowance:
        raise _too_large(archive)
    if total > shutil.disk_usage(scratch_folder()).free:
        raise _no_room(archive)


def _escapes(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    link = stat.S_ISLNK(entry.external_attr >> 16)
    windows = PureWindowsPath(name)
    absolute = name.startswith("/") or windows.drive != "" or windows.root != ""
    return link or absolute or ".." in windows.parts


def _no_room(archive: Path) -> ScratchDiskError:
    with zipfile.ZipFile(archive) as files:
        total = sum(entry.file_size for entry in files.infolist())
    return ScratchDiskError(
        sentence(
            "The archive {0} needs {1:.1f} GiB to be unpacked, and the disk has "
            "{2:.1f}. Free some space.",
            archive.name,
            total / 2**30,
            shutil.disk_usage(scratch_folder()).free / 2**30,
        )
    )


def _too_large(archive: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "The archive {0} unpacks to far more than any CT would. Do not trust "
            "it; ask where it came from.",
            archive.name,
        )
    )
