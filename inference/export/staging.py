"""All results of a case or none: written beside their target, then moved into place.

Unfinished results lie in a hidden folder inside the output folder. Once all are written, a file
there says so, and the moves begin. If one fails, all are undone; if the process is killed during
them, the next start finishes them.
"""

import errno
import io
import json
import math
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from inference.errors import OutputError
from inference.read.folders import UNFINISHED_PREFIX
from inference.system.locks import alone_in, owned_folder, remove_abandoned
from inference.values.messages import sentence
from inference.values.progress import CancelCheck, never_cancelled, stop_if

MOVING_FILE = "moving"
"""Lies in the hidden folder while results are moved and holds their names, as JSON."""

REASONS = {
    errno.EACCES: sentence("you may not write there"),
    errno.EPERM: sentence("you may not write there"),
    errno.EROFS: sentence("it is read-only"),
    errno.ENOSPC: sentence("the disk is full"),
    errno.EDQUOT: sentence("your disk quota is used up"),
    errno.EFBIG: sentence("the disk cannot hold a file of that size"),
    errno.ENAMETOOLONG: sentence("the name is too long"),
    errno.ENOENT: sentence("the folder is gone"),
    errno.ENOTDIR: sentence("part of the path is a file, not a folder"),
    errno.EEXIST: sentence("there is a file of that name"),
}

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system reports when a disk is full."""

MIB = 2**20

MOST_TRIES = 5
"""Attempts to make the output folder while other runs that end without a result remove it."""

Writer = Callable[[BinaryIO], object]
"""Writes one file; if called again, it writes the same again."""

Perform = Callable[[Writer, BinaryIO, CancelCheck], object]
"""Lets a writer write, or does so in its place."""


def perform_here(write: Writer, file: BinaryIO, cancel: CancelCheck) -> None:  # noqa: ARG001
    """Let the writer write."""
    write(file)


class Stage:
    """Results that are not yet in place.

    Attributes:
        folder: holds what was written so far, under its final names.
    """

    def __init__(self, out: Path, home: Path, perform: Perform) -> None:
        """Start empty; ``home`` is the hidden folder."""
        self._out = out
        self._perform = perform
        self.folder = home / "new"
        self.folder.mkdir()

    def write(self, files: Mapping[str, Writer], cancel: CancelCheck = never_cancelled) -> None:
        """Write files by name.

        Raises:
            CancelledError: ``cancel`` said so, perhaps in the middle of a file.
            OutputError: they cannot be written; if the disk is full, it says how much they need.
        """
        before = self.written_bytes
        try:
            for name, write in files.items():
                stop_if(cancel)
                with _StoppableFile(io.FileIO(self.folder / name, "w"), cancel) as file:
                    self._perform(write, file, cancel)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            needed = None
            if error.errno in FULL:
                needed = before + sum(self._measured(write, cancel) for write in files.values())
            raise output_error(self._out, error, needed) from error

    @property
    def written_bytes(self) -> int:
        """The size of everything written so far."""
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def _measured(self, write: Writer, cancel: CancelCheck) -> int:
        """How many bytes a file would have."""
        file = _Measure()
        self._perform(write, file, cancel)  # type: ignore[arg-type]
        return file.size


@contextmanager
def staged_folder(out: Path, perform: Perform = perform_here) -> Iterator[Stage]:
    """A stage for results, which are moved into ``out`` when the block succeeds.

    ``out`` is made if absent. Files of the same name are replaced. Whatever goes wrong, including a
    cancel, no results are left behind, the files in ``out`` are as before, and ``out`` itself is
    removed if it was made here and is empty.

    Args:
        perform: lets each file's writer write.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    made = _missing_folders(out)
    written = 0
    try:
        with _home(out) as home:
            stage = Stage(out, home, perform)
            yield stage
            written = stage.written_bytes
            _move_into_place(home, out)
    except OSError as error:
        raise output_error(out, error, written or None) from error
    finally:
        _remove_empty(made)


def tidy(out: Path) -> None:
    """Finish or remove what killed runs left in ``out``."""
    remove_abandoned(out, UNFINISHED_PREFIX, _settle)


def check_writable(out: Path) -> None:
    """Check before a long run whether results can be written to ``out``.

    Raises:
        OutputError: they cannot.
    """
    with staged_folder(out) as stage:
        stage.write({"probe": lambda file: file.write(b"\0")})
        (stage.folder / "probe").unlink()


def check_replaceable(target: Path) -> None:
    """Refuse a target that no file can replace.

    Raises:
        OutputError: there is a folder of that name, or a file that is protected or open elsewhere.
    """
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        reason = sentence("there is a folder of that name")
    elif not stat.S_ISLNK(mode) and not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        reason = sentence("it is write-protected")
    elif _is_open_elsewhere(target):
        reason = sentence("another program has it open")
    else:
        return
    raise OutputError(
        sentence(
            "{0} cannot be replaced: {1}. Nothing was written. Move it away, or choose another "
            "folder.",
            target.name,
            reason,
        )
    )


def output_error(out: Path, error: OSError, needed: int | None = None) -> OutputError:
    """The plain sentence for a failed write to the folder ``out``.

    Args:
        needed: bytes that all results take together, if known.
    """
    reason = REASONS.get(error.errno or 0, error.strerror or sentence("writing failed"))
    if error.errno in FULL and needed is not None:
        with suppress(OSError):
            return OutputError(
                sentence(
                    "The results cannot be written to {0}: {1}. They need {2:.1f} MiB, and {3:.1f} "
                    "MiB are free. Free some room there, or choose another folder.",
                    out,
                    reason,
                    math.ceil(10 * needed / MIB) / 10,
                    math.floor(10 * _free_bytes(out) / MIB) / 10,
                )
            )
    return OutputError(
        sentence("The results cannot be written to {0}: {1}. Choose another folder.", out, reason)
    )


def _free_bytes(out: Path) -> int:
    """The free space on the disk of a folder, which need not exist."""
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    return shutil.disk_usage(there).free


@contextmanager
def _home(out: Path) -> Iterator[Path]:
    """The hidden folder in ``out``, which is made if absent."""
    with ExitStack() as stack:
        for left in reversed(range(MOST_TRIES)):
            out.mkdir(parents=True, exist_ok=True)
            try:
                home = stack.enter_context(owned_folder(out, UNFINISHED_PREFIX, _settle))
                break
            except FileNotFoundError:
                if not left:
                    raise
        yield home


def _move_into_place(home: Path, out: Path) -> None:
    """Give all new files their names in ``out``, or none of them.

    Raises:
        OutputError: one of them cannot be replaced; nothing was.
        OSError: the same, as reported by the system.
    """
    names = sorted(path.name for path in (home / "new").iterdir())
    with alone_in(out, UNFINISHED_PREFIX):
        for name in names:
            check_replaceable(out / name)
        _declare(home, names)
        try:
            for name in names:
                _replace(out / name, home)
        except OSError:
            _undo(home, out, names)
            raise
        (home / MOVING_FILE).unlink()


def _is_open_elsewhere(target: Path) -> bool:
    """Whether Windows keeps a file from being replaced; renaming it to its own name tells."""
    if os.name != "nt":
        return False
    try:
        target.rename(target)
    except PermissionError:
        return True
    return False


def _declare(home: Path, names: list[str]) -> None:
    """Record durably that all files are complete and about to be moved."""
    (home / "old").mkdir()
    unfinished = home / f"{MOVING_FILE}.unfinished"
    with unfinished.open("w", encoding="ascii") as file:
        json.dump(names, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(home / MOVING_FILE)


def _replace(target: Path, home: Path) -> None:
    """Move a new file to its place and keep what was there."""
    new, old = home / "new" / target.name, home / "old" / target.name
    if os.path.lexists(target):
        try:
            os.link(target, old, follow_symlinks=False)  # so that one of the two is always in place
        except (OSError, NotImplementedError):
            target.replace(old)
    new.replace(target)


def _undo(home: Path, out: Path, names: list[str]) -> None:
    """Put back what was there before the moves; what fails now is tried again at the next start."""
    with suppress(OSError):
        for name in names:
            new, old, target = home / "new" / name, home / "old" / name, out / name
            if not os.path.lexists(new):
                target.replace(new)
            if os.path.lexists(old):
                old.replace(target)
        (home / MOVING_FILE).unlink()


def _settle(home: Path) -> bool:
    """Finish moves that were begun, or undo them if that is impossible; whether nothing is left.

    A hidden folder whose moves had not begun holds nothing that anyone would miss.
    """
    out = home.parent
    try:
        names = json.loads((home / MOVING_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return True
    try:
        for name in names:
            if os.path.lexists(home / "new" / name):
                check_replaceable(out / name)
                _replace(out / name, home)
        (home / MOVING_FILE).unlink()
    except (OSError, OutputError):
        _undo(home, out, names)
    return not (home / MOVING_FILE).exists()


def _missing_folders(out: Path) -> list[Path]:
    """Those of ``out`` and its parents that do not exist, the innermost first."""
    return [folder for folder in (out, *out.parents) if not os.path.lexists(folder)]


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


class _StoppableFile(io.BufferedWriter):
    """A file whose writing can be cancelled: a large mask takes seconds."""

    def __init__(self, raw: io.RawIOBase, cancel: CancelCheck) -> None:
        """Write to ``raw``."""
        super().__init__(raw)
        self._cancel = cancel

    def write(self, content: "memoryview[int]") -> int:  # type: ignore[override]
        """Write, or raise ``CancelledError``."""
        stop_if(self._cancel)
        return super().write(content)


class _Measure(io.RawIOBase):
    """A file that only counts its size."""

    def __init__(self) -> None:
        """Begin empty."""
        self.size = 0
        self._position = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def write(self, content: "memoryview[int]") -> int:  # type: ignore[override]
        """Count the bytes."""
        count = memoryview(content).nbytes
        self._position += count
        self.size = max(self.size, self._position)
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Continue at another position."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """The current position."""
        return self._position
