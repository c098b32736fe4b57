"""Paths in a small file, for what the program remembers from one start to the next."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock

from app.work.keeping import Keeping
from inference.system.small_files import changing, write_whole

Change = Callable[[list[Path]], list[Path]]


class PathFile:
    """A list of paths in a file that other windows may change too.

    The file is read once and then only changed, and no call waits for the disk. A broken file
    counts as empty: nothing in it is worth a question.
    """

    def __init__(self, file: Path, keeping: Keeping) -> None:
        """Keep the list in ``file``, which need not exist; ``keeping`` reads and writes it."""
        self._file = file
        self._keeping = keeping
        self._lock = Lock()
        self._paths: list[Path] = []
        self._unwritten = 0
        keeping.answer(self._look, None)

    def paths(self) -> list[Path]:
        """All paths, as far as they are known; what another window adds is seen at the next change
        of this one.
        """
        with self._lock:
            return list(self._paths)

    def change(self, change: Change) -> None:
        """Replace the list with what ``change`` returns for it, here and later in the file."""
        with self._lock:
            self._paths = change(list(self._paths))
            self._unwritten += 1
        self._keeping.do(partial(self._write, change))

    def _look(self) -> None:
        paths = self._read()
        with self._lock:
            if not self._unwritten:
                self._paths = paths

    def _write(self, change: Change) -> None:
        written = None
        # Failing to keep the list is no reason to stop.
        with suppress(OSError), changing(self._file):
            paths = change(self._read())
            write_whole(self._file, json.dumps([str(path) for path in paths]))
            written = paths
        with self._lock:
            self._unwritten -= 1
            if written is not None and not self._unwritten:
                self._paths = written

    def _read(self) -> list[Path]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        entries = found if isinstance(found, list) else []
        return [Path(entry) for entry in entries if isinstance(entry, str)]
