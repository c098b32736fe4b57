"""The folders and files opened last: only their paths, nothing of their content."""

from collections.abc import Sequence
from pathlib import Path

from app.cases.path_file import PathFile

MOST = 6


class RecentFolders:
    """A short list of paths, latest first, kept in a small file."""

    def __init__(self, file: Path) -> None:
        """Keep the list in ``file``, which need not exist."""
        self._kept = PathFile(file)

    def paths(self) -> Sequence[Path]:
        """Those that still exist."""
        return [path for path in self._kept.paths() if path.exists()]

    def add(self, path: Path) -> None:
        """Put a path first."""
        path = path.resolve()

        def with_it_in_front(_: list[Path]) -> list[Path]:
            return [path, *(other for other in self.paths() if other != path)][:MOST]

        self._kept.change(with_it_in_front)

    def clear(self) -> None:
        """Forget them all."""
        self._kept.change(lambda _: [])
