"""Small files that several processes change: one at a time, and never half-written."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.system.locks import alone


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Exclude others between reading a file and writing it again; its folder is made if absent.

    Raises:
        OSError: nothing can be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(_beside(path, "lock")):
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a file, within ``changing``: it holds all of ``text`` or, on failure, what it held.

    It does not wait for the disk, which may take longer than a frame: after a power cut the file
    may hold what it held, or nothing.

    Raises:
        OSError: it cannot be written, or the text has characters that UTF-8 cannot encode, such as
            those of undecodable file names.
    """
    _write(path, text, lambda _: None)


def write_for_good(path: Path, text: str) -> None:
    """The same, and ``text`` is on the disk when this returns.

    Raises:
        OSError: as for ``write_whole``.
    """
    _write(path, text, os.fsync)


def _write(path: Path, text: str, settle: Callable[[int], None]) -> None:
    target = path.resolve()  # a link stays a link
    unfinished = _beside(target, "unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            settle(file.fileno())
        unfinished.replace(target)
    except UnicodeEncodeError as error:
        unfinished.unlink(missing_ok=True)
        raise OSError(error.reason) from error
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")
