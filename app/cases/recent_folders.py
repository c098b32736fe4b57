"""The folders and files opened last: only their paths, nothing of their content."""

from collections.abc import Sequence
from pathlib import Path

from app.cases.path_file import PathFile
from app.work.keeping import Keeping

MOST = 6


def is_gone(path: Path) -> bool:
    """Whether its drive answers and says that there is no such file or folder any more.

    This asks the disk. If the folder around it is gone too, or is empty as the place of a drive
    that is not connected, the path may come back.
    """
    try:
        answers = any(path.parent.iterdir())
    except OSError:
        return False
    try:
        path.lstat()
    except FileNotFoundError:
        return answers
    except OSError:
        return False
    return False


class RecentFolders:
    """A short list of paths, latest first, kept in a small file."""

    def __init__(self, file: Path, keeping: Keeping) -> None:
        """Keep the list in ``file``, which need not exist; ``keeping`` reads and writes it."""
        self._kept = PathFile(file, keeping)

    def paths(self) -> Sequence[Path]:
        """All of them. Whether they still exist is not asked: a drive that is gone would take half
        a minute to answer.
        """
        return self._kept.paths()

    def add(self, path: Path) -> None:
        """Put a path first."""
        path = path.absolute()

        def with_it_in_front(paths: list[Path]) -> list[Path]:
            return [path, *(other for other in paths if other != path)][:MOST]

        self._kept.change(with_it_in_front)

    def forget(self, path: Path) -> None:
        """Remove a path for which ``is_gone`` is true."""
        self._kept.change(lambda paths: [other for other in paths if other != path.absolute()])

    def clear(self) -> None:
        """Forget them all."""
        self._kept.change(lambda _: [])
