"""Zip and tar archives, unpacked safely into a folder that is always removed."""

import posixpath
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from inference.errors import ScratchDiskError, UnreadableInputError, unreadable
from inference.read.dicom.headers import looks_like_dicom
from inference.read.folders import is_clutter
from inference.read.names import ARCHIVE_ENDINGS, ending_of, portable_name
from inference.read.voxels.planes import DAMAGE, most_bytes, open_content
from inference.system.scratch import (
    NO_ROOM,
    private_folder,
    scratch_error,
    scratch_folder,
    telling_of_scratch,
)
from inference.values.messages import Term, sentence
from inference.values.progress import CancelCheck, stop_if

CHUNK_BYTES = 2**20

ZIP_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of zip archives, including empty ones (APPNOTE 4.3)."""

TAR_SIGN, TAR_SIGN_AT = b"ustar", 257
"""The signature of a tar archive and its position (POSIX.1-1988)."""

NOT_READ = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4",
    b"\x1f\x9d": "compress",
    b"MSCF": "CAB",
}
"""First bytes of archives that are not supported, and their names."""

DISC_SIGN, DISC_SIGN_AT = b"CD001", 0x8001
"""The signature of a disc image and its position (ECMA-119)."""

TAR_BLOCK = 512
"""Bytes; an archive ends with blocks of zeros (POSIX.1-1988)."""


@dataclass(frozen=True)
class _Entry:
    """A file in an archive.

    Attributes:
        name: with its folders, as stored in the archive.
        size: in bytes, as stated in the archive.
        escapes: whether its path leads out of the folder.
        locked: whether it is encrypted.
        open: opens its content.
    """

    name: str
    size: int
    escapes: bool
    locked: bool
    open: Callable[[], IO[bytes]]


def is_archive(path: Path) -> bool:
    """Whether the name is that of an archive."""
    return path.name.lower().endswith(ARCHIVE_ENDINGS) and path.is_file()


@contextmanager
def unpacked(archive: Path, cancel: CancelCheck) -> Iterator[Path]:
    """A private folder with the files of ``archive``, removed at the end of the block.

    Raises:
        UnreadableInputError: the archive is damaged, locked, hostile or of an unsupported kind.
        ScratchDiskError: the disk has no room for its content.
        CancelledError: ``cancel`` said so.
    """
    with ExitStack() as stack:
        try:
            home = stack.enter_context(private_folder())
            folder = home / "unpacked"
            with telling_of_scratch(home):
                folder.mkdir()
            with _entries(archive, cancel) as entries:
                _extract(entries, archive, folder, cancel)
        except (zipfile.BadZipFile, tarfile.TarError, *DAMAGE) as error:
            raise _damaged(archive) from error
        except NotImplementedError as error:
            raise UnreadableInputError(
                sentence(
                    "The archive {0} uses a compression that cannot be read. Unpack it and "
                    "choose the folder.",
                    archive.name,
                )
            ) from error
        yield folder


def has_archive_content(path: Path) -> bool:
    """Whether a file begins as an archive does, whatever its name.

    Raises:
        OSError: it cannot be read.
    """
    return not looks_like_dicom(path) and (_is_zip(path) or _is_tar(path) or bool(_other(path)))


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(ZIP_SIGNS[0])) in ZIP_SIGNS


def _is_tar(path: Path) -> bool:
    try:
        with open_content(path) as file:
            return file.read(TAR_BLOCK)[TAR_SIGN_AT:].startswith(TAR_SIGN)
    except DAMAGE:
        return False
    except OSError as error:
        if error.errno:
            raise
        return False


def _other(path: Path) -> str | None:
    """The kind of an unsupported archive; None if it is none."""
    with path.open("rb") as file:
        start = file.read(max(map(len, NOT_READ)))
        file.seek(DISC_SIGN_AT)
        if file.read(len(DISC_SIGN)) == DISC_SIGN:
            return "ISO"
    return next((name for sign, name in NOT_READ.items() if start.startswith(sign)), None)


@contextmanager
def _entries(archive: Path, cancel: CancelCheck) -> Iterator[Iterable[_Entry]]:
    """The files in the archive; they can be opened within the block."""
    if _is_zip(archive):
        with zipfile.ZipFile(archive) as zipped:
            yield [_zip_entry(zipped, entry) for entry in zipped.infolist() if not entry.is_dir()]
    elif _is_tar(archive):
        with open_content(archive) as file, tarfile.open(fileobj=file, mode="r:") as tarred:
            yield _tar_entries(tarred, file, cancel)
    elif kind := _other(archive):
        raise UnreadableInputError(
            sentence(
                "{0} is an archive of the kind {1}, which cannot be read. Unpack it and choose "
                "the folder.",
                archive.name,
                Term(kind),
            )
        )
    else:
        raise _damaged(archive)


def _zip_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Entry:
    link = stat.S_ISLNK(entry.external_attr >> 16)
    locked = bool(entry.flag_bits & 0x1)
    escapes = link or _leads_out(entry.filename)
    return _Entry(entry.filename, entry.file_size, escapes, locked, lambda: archive.open(entry))


def _tar_entries(archive: tarfile.TarFile, file: IO[bytes], cancel: CancelCheck) -> list[_Entry]:
    """The files; links, which point to other files in the archive, only if they lead out of it."""
    entries = []
    for member in archive:
        stop_if(cancel)
        base = posixpath.dirname(member.name) if member.issym() else ""
        link = member.issym() or member.islnk()
        leads_out = link and _leads_out(posixpath.normpath(f"{base}/{member.linkname}".lstrip("/")))
        absolute = member.linkname.startswith("/")
        escapes = _leads_out(member.name) or leads_out or (link and absolute)
        if escapes or member.isreg():
            entries.append(_tar_entry(archive, member, escapes))
    # To tarfile, an archive that is cut off between two files just ends.
    file.seek(archive.offset)
    if file.read(TAR_BLOCK) != bytes(TAR_BLOCK):
        raise EOFError("the archive has no end")
    return entries


def _tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, escapes: bool) -> _Entry:
    def content() -> IO[bytes]:
        stream = archive.extractfile(member)
        assert stream is not None, "a regular file"
        return stream

    return _Entry(member.name, member.size, escapes, False, content)


def _extract(entries: Iterable[_Entry], archive: Path, folder: Path, cancel: CancelCheck) -> None:
    entries = list(entries)
    allowance = most_bytes(archive)
    _check_entries(entries, archive, allowance)
    paths = _SafePaths()
    for entry in entries:
        parts = _parts(entry.name)
        if any(map(is_clutter, parts)):
            continue
        target = folder / paths.of_file(parts)
        with entry.open() as packed, _written(archive, entries, folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                while chunk := _chunk(archive, packed):
                    stop_if(cancel)
                    allowance -= len(chunk)
                    if allowance < 0:
                        raise _too_large(archive)
                    file.write(chunk)


def _check_entries(entries: Sequence[_Entry], archive: Path, allowance: int) -> None:
    if any(entry.escapes for entry in entries):
        raise UnreadableInputError(
            sentence(
                "The archive {0} tries to write outside its own folder. Do not trust "
                "it; ask where it came from.",
                archive.name,
            )
        )
    if any(entry.locked for entry in entries):
        raise UnreadableInputError(
            sentence(
                "The archive {0} is protected by a password. Unpack it and choose the folder.",
                archive.name,
            )
        )
    total = sum(entry.size for entry in entries)
    if total > allowance:
        raise _too_large(archive)
    if total > shutil.disk_usage(scratch_folder()).free:
        raise _no_room(archive, entries)


def _leads_out(name: str) -> bool:
    windows = PureWindowsPath(name)
    absolute = name.startswith("/") or windows.drive != "" or windows.root != ""
    return absolute or ".." in windows.parts


def _parts(name: str) -> tuple[str, ...]:
    """Folders and file of a path in an archive; those from Windows may have backslashes."""
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


class _SafePaths:
    """Unique paths that every system can hold, as similar to those in the archive as possible."""

    def __init__(self) -> None:
        """No path is taken yet."""
        self._folders: dict[tuple[str, ...], PurePosixPath] = {(): PurePosixPath()}
        self._taken: set[str] = set()

    def of_file(self, parts: tuple[str, ...]) -> PurePosixPath:
        """The path for one more file; files of the same name get different paths."""
        *folders, name = parts or ("_",)
        return self._free(self._of_folder(tuple(folders)) / _safe_name(name))

    def _of_folder(self, parts: tuple[str, ...]) -> PurePosixPath:
        if parts not in self._folders:
            *folders, name = parts
            self._folders[parts] = self._free(self._of_folder(tuple(folders)) / _safe_name(name))
        return self._folders[parts]

    def _free(self, path: PurePosixPath) -> PurePosixPath:
        """The path, or one with a numbered name: Windows ignores the case of names."""
        number, free = 1, path
        while str(free).casefold() in self._taken:
            number += 1
            free = path.with_name(f"{number} {path.name}")
        self._taken.add(str(free).casefold())
        return free


def _safe_name(name: str) -> str:
    """A name that every system can hold, with its ending preserved."""
    ending = ending_of(name)
    return portable_name(name.removesuffix(ending).rstrip(" .")) + ending


def _damaged(archive: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence("The archive {0} is damaged or incomplete. Copy it again.", archive.name)
    )


def _chunk(archive: Path, packed: IO[bytes]) -> bytes:
    try:
        return packed.read(CHUNK_BYTES)
    except OSError as error:
        if not error.errno:  # damage, as gzip says it
            raise
        raise unreadable(archive, error) from error


@contextmanager
def _written(archive: Path, entries: Sequence[_Entry], folder: Path) -> Iterator[None]:
    """Tell of what the system refuses to write, which is no fault of the archive's."""
    try:
        yield
    except OSError as error:
        if not error.errno:
            raise
        full = error.errno in NO_ROOM
        raise (_no_room(archive, entries) if full else scratch_error(folder, error)) from error


def _no_room(archive: Path, entries: Sequence[_Entry]) -> ScratchDiskError:
    return ScratchDiskError(
        sentence(
            "The archive {0} needs {1:.1f} GiB to be unpacked, and the disk has "
            "{2:.1f}. Free some space.",
            archive.name,
            sum(entry.size for entry in entries) / 2**30,
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
