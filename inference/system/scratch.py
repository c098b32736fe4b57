"""Big arrays in files instead of memory.

The files have no name (on Windows: one that goes with the last handle), so that the system itself
removes them on every way out, a crash or a kill included. Files that need a name lie in a private
folder, which the next start removes after a kill.
"""

import contextlib
import errno
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference.errors import ScratchDiskError
from inference.values.messages import sentence

PREFIX = "spinecontext-"
"""Begins the names of scratch files and folders."""

LOCK_FILE = "in-use"
"""Locked in a private folder by the process that made it."""

IN_MEMORY_BYTES = 96 * 2**20
"""Arrays up to this size live in memory."""


def new_array(
    shape: tuple[int, ...], dtype: DTypeLike, in_memory: int = IN_MEMORY_BYTES
) -> NDArray[Any]:
    """An array of zeros; in a scratch file if it has more than ``in_memory`` bytes.

    Raises:
        ScratchDiskError: the disk has no room for the scratch file.
    """
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if size <= in_memory:
        return np.zeros(shape, dtype)
    folder = scratch_folder()
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=PREFIX) as file:
            _allocate(file.fileno(), size)
            mapped = mmap.mmap(file.fileno(), size)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise ScratchDiskError(
            sentence(
                "The CT is too large for the memory limit alone, and the disk of {0} "
                "has no room for {1:.1f} GiB beside it. Free some room there.",
                folder,
                size / 2**30,
            ),
            "Or raise --max-ram.",
        ) from error
    return np.frombuffer(mapped, dtype).reshape(shape)


def scratch_folder() -> Path:
    """Where scratch files lie: TMPDIR if set; else a folder on a disk, not one in memory."""
    on_disk = Path("/var/tmp")
    if sys.platform == "linux" and "TMPDIR" not in os.environ and os.access(on_disk, os.W_OK):
        return on_disk
    return Path(tempfile.gettempdir())


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for files that need names, removed when the block is left.

    Those that killed processes have left are removed first.

    Raises:
        OSError: it cannot be made.
    """
    remove_stale_folders()
    with (
        tempfile.TemporaryDirectory(
            prefix=PREFIX, dir=scratch_folder(), ignore_cleanup_errors=True
        ) as name,
        (Path(name) / LOCK_FILE).open("wb") as lock,
    ):
        _lock(lock.fileno())
        yield Path(name)


def remove_stale_folders() -> None:
    """Remove private folders whose process is gone: the system has let go of their locks."""
    for path in scratch_folder().glob(f"{PREFIX}*/{LOCK_FILE}"):
        with contextlib.suppress(OSError):
            with path.open("rb+") as lock:
                _lock(lock.fileno())
            shutil.rmtree(path.parent, ignore_errors=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        """Lock an open file for as long as it is open; OSError if another process has."""
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        """Lock an open file for as long as it is open; OSError if another process has."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _allocate(file: int, size: int) -> None:
    """Take the room now: a mapped file that meets a full disk later kills the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.truncate(file, size)
