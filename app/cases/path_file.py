"""Paths in a small file, for what the program remembers from one start to the next."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from inference.system.small_files import changing, write_whole


class PathFile:
    """A list of paths in a file that other windows may change too.

    A broken file counts as empty: nothing in it is worth a question.
    """

    def __init__(self, file: Path) -> None:
        """Keep the list in ``file``, which need not exist."""
        self._file = file

    def paths(self) -> list[Path]:
        """All paths in the file."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        entries = found if isinstance(found, list) else []
        return [Path(entry) for entry in entries if isinstance(entry, str)]

    def change(self, change: Callable[[list[Path]], list[Path]]) -> None:
        """Replace the list with what ``change`` returns for it."""
        # Failing to keep the list is no reason to stop.
        with suppress(OSError), changing(self._file):
            write_whole(self._file, json.dumps([str(path) for path in change(self.paths())]))
