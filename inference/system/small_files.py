"""Small files that several processes change: one at a time, and never half-written."""

import os
from collections.abc import Iterator
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

    Raises:
        OSError: it cannot be written, or the text has characters that UTF-8 cannot encode, such as
            those of undecodable file names.
    """
    target = path.resolve()  # a link stays a link
    unfinished = _beside(target, "unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except UnicodeEncodeError as error:
        unfinished.unlink(missing_ok=True)
        raise OSError(error.reason) from error
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")
