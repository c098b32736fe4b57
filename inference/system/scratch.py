"""Large arrays in files instead of memory.

The files have no name (on Windows: one that disappears with the last handle), so that the system
itself removes them however the process ends. Files that need a name lie in a private folder, which
the next start removes if the process was killed.
"""

import contextlib
import errno
import math
import mmap
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference.errors import ScratchDiskError
from inference.system.locks import owned_folder, remove_abandoned
from inference.values.messages import sentence

PREFIX = "spinecontext-"
"""Start of the names of scratch files and folders."""

IN_MEMORY_BYTES = 96 * 2**20
"""Arrays up to this size are kept in memory."""


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where a file cannot grow: a full disk, a quota, a limit of its size."""


def new_array(
    shape: tuple[int, ...], dtype: DTypeLike, in_memory: int = IN_MEMORY_BYTES
) -> NDArray[Any]:
    """An array of zeros; in a scratch file if it has more than ``in_memory`` bytes.

    Raises:
        ScratchDiskError: the disk has no room for the scratch file, or it cannot be made.
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
        raise _no_scratch(folder, size, error) from error
    return np.frombuffer(mapped, dtype).reshape(shape)


def scratch_folder() -> Path:
    """Where scratch files lie: TMPDIR if usable, otherwise a folder on a disk, not in memory.

    Raises:
        ScratchDiskError: there is no folder that can be written to.
    """
    asked, on_disk = os.environ.get("TMPDIR"), "/var/tmp"
    for folder in (asked, on_disk if sys.platform == "linux" else None):
        if folder and os.access(folder, os.W_OK | os.X_OK):
            return Path(folder)
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise ScratchDiskError(
            sentence("There is no folder for temporary files that can be written to."),
            "Let TMPDIR name one.",
        ) from error


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for files that need names, removed when the block is left.

    Folders left by killed processes are removed first.

    Raises:
        ScratchDiskError: there is no folder that can be written to, or it cannot be made.
    """
    parent = scratch_folder()
    with ExitStack() as stack:
        with telling_of_scratch(parent):
            folder = stack.enter_context(owned_folder(parent, PREFIX))
        yield folder


@contextmanager
def telling_of_scratch(folder: Path) -> Iterator[None]:
    """Put a refusal of the system to write into a scratch folder into a sentence.

    Raises:
        ScratchDiskError: the block could not write.
    """
    try:
        yield
    except OSError as error:
        raise scratch_error(folder, error) from error


def scratch_error(folder: Path, error: OSError) -> ScratchDiskError:
    """The plain sentence for a failed write to a scratch folder."""
    if error.errno in NO_ROOM:
        text = sentence(
            "The disk of {0} has no room for temporary files. Free some room there.", folder
        )
    else:
        reason = error.strerror or error.errno
        text = sentence("Temporary files cannot be written to {0} ({1}).", folder, reason)
    return ScratchDiskError(text, "Let TMPDIR name another folder.")


def remove_stale_folders() -> None:
    """Remove private folders whose process has ended."""
    with contextlib.suppress(ScratchDiskError):
        remove_abandoned(scratch_folder(), PREFIX)


def _no_scratch(folder: Path, size: int, error: OSError) -> ScratchDiskError:
    """Why there is no scratch file of ``size`` bytes."""
    if error.errno in NO_ROOM:
        return ScratchDiskError(
            sentence(
                "The CT does not fit into the memory limit alone, and the disk of {0} has no "
                "room for the other {1} MiB. Free some room there.",
                folder,
                math.ceil(size / 2**20),
            ),
            "Or raise --max-ram.",
        )
    return scratch_error(folder, error)


def _allocate(file: int, size: int) -> None:
    """Reserve the space now: a mapped file on a disk that fills up later kills the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.truncate(file, size)
