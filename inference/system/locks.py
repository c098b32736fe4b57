"""Locks and folders of running processes.

The system releases a lock when its process ends, however it ends. A lock therefore distinguishes
what a running process still needs from what a dead one has left.
"""

import errno
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

LIFE_FILE = "in-use"
"""The file in a folder that its owner keeps locked as long as it runs."""

POLL_SECONDS = 0.005
"""Between two attempts to get a lock that another process holds."""

WINDOWS_GRACE_SECONDS = 5.0
"""How long Windows may refuse to open a file because it is about to be deleted."""

ONLY_CLOSED = os.name == "nt"
"""Whether an open file cannot be removed."""

UNSUPPORTED = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system without locks reports, such as some network drives."""

Settle = Callable[[Path], bool]
"""Called with a folder before it is removed; returns whether it may be."""


def owner_tag() -> str:
    """Identifies this user on this computer in file names, without revealing either.

    On some network drives a lock is only visible on its own computer, so it says nothing about
    processes of other computers.
    """
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return hashlib.sha256(f"{platform.node()}\0{user}".encode()).hexdigest()[:8]


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Exclude all other processes and threads that ask for the same ``path``.

    Args:
        path: a file that exists during the block; it may have been left by a dead process.

    Raises:
        OSError: the file cannot be made.
    """
    file = _open_locked(path)
    try:
        yield
    finally:
        if not ONLY_CLOSED:
            with suppress(OSError):
                path.unlink()
        os.close(file)
        if ONLY_CLOSED:
            with suppress(OSError):  # whoever waits for it has it open and removes it later
                path.unlink()


def alone_in(parent: Path, prefix: str) -> AbstractContextManager[None]:
    """Exclude all others that make, check or empty folders with ``prefix`` in ``parent``."""
    return alone(parent / f"{prefix}{owner_tag()}-lock")


@contextmanager
def owned_folder(parent: Path, prefix: str, settle: Settle = lambda _: True) -> Iterator[Path]:
    """A new folder in ``parent``, removed when the block is left.

    Folders that dead processes left there are removed first.

    Args:
        prefix: start of its name, followed by the owner's tag.
        settle: decides whether this folder, at the end, and abandoned ones may be removed.

    Raises:
        OSError: it cannot be made.
    """
    with alone_in(parent, prefix):
        prefix = f"{prefix}{owner_tag()}-"
        _remove_abandoned(parent, prefix, settle)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            life = os.open(folder / LIFE_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            with suppress(OSError):
                folder.rmdir()
            raise
        with suppress(OSError):  # without locks, it never counts as abandoned
            _try_lock(life)
    try:
        yield folder
    finally:
        if ONLY_CLOSED:
            os.close(life)
        if settle(folder):
            _remove(folder)
        if not ONLY_CLOSED:
            os.close(life)


def remove_abandoned(parent: Path, prefix: str, settle: Settle = lambda _: True) -> None:
    """Remove the folders that ``owned_folder`` made for processes that have since ended."""
    owned = f"{prefix}{owner_tag()}-"
    with suppress(OSError):
        if any(parent.glob(f"{owned}*")):
            with alone_in(parent, prefix):
                _remove_abandoned(parent, owned, settle)


def _remove_abandoned(parent: Path, prefix: str, settle: Settle) -> None:
    for folder in parent.glob(f"{prefix}*/"):
        if _is_abandoned(folder) and settle(folder):
            _remove(folder)


def _is_abandoned(folder: Path) -> bool:
    """Whether no process holds the folder; asked while none can be about to."""
    try:
        life = os.open(folder / LIFE_FILE, os.O_RDWR)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        return _try_lock(life)
    except OSError:
        return False
    finally:
        os.close(life)


def _remove(folder: Path) -> None:
    """Remove a folder, its lock file last, so that a kill half-way leaves it recognisable."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name != LIFE_FILE:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        (folder / LIFE_FILE).unlink(missing_ok=True)
        folder.rmdir()


def _open_locked(path: Path) -> int:
    """Open the file at ``path`` and lock it."""
    give_up = time.monotonic() + WINDOWS_GRACE_SECONDS
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            if not ONLY_CLOSED or time.monotonic() > give_up:
                raise
            time.sleep(POLL_SECONDS)
            continue
        try:
            if _lock_in_time(file) and os.path.samestat(os.fstat(file), path.stat()):
                return file
        except FileNotFoundError:
            pass  # its previous holder has removed the file; the next attempt makes a new one
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _lock_in_time(file: int) -> bool:
    """Wait for the lock; also true if the file system has no locks."""
    while True:
        try:
            if _try_lock(file):
                return True
        except OSError as error:
            if error.errno in UNSUPPORTED:
                return True
            raise
        time.sleep(POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        """Lock an open file for as long as it is open; whether nobody else had."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        """Lock an open file for as long as it is open; whether nobody else had."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
