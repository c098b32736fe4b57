"""The folders and files that were opened last: paths alone, nothing of what is in them."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from inference.system.small_files import changing, write_whole

MOST = 6


class RecentFolders:
    """A short list of paths, the last one first, kept in a small file.

    A file that is broken counts as empty: nothing in it is worth a question.
    """

    def __init__(self, file: Path) -> None:
        """Keep the list in ``file``, which need not exist."""
        self._file = file

    def paths(self) -> Sequence[Path]:
        """Those that still exist."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
            paths = [Path(entry) for entry in found if isinstance(entry, str)]
            return [path for path in paths if path.exists()]
        except (OSError, ValueError, TypeError):
            return []

    def add(self, path: Path) -> None:
        """Put a path in front."""
        path = path.resolve()
        self._change(lambda: [path, *(other for other in self.paths() if other != path)][:MOST])

    def clear(self) -> None:
        """Forget all."""
        self._change(list)

    def _change(self, paths: Callable[[], Sequence[Path]]) -> None:
        # A list that cannot be kept is no reason to stop.
        with suppress(OSError), changing(self._file):
            write_whole(self._file, json.dumps([str(path) for path in paths()]))
