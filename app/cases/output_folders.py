"""Folders that results are being written to, for the next start to tidy up after a kill."""

from pathlib import Path

from app.cases.path_file import PathFile
from app.work.keeping import Keeping


class OutputFolders:
    """Folders that hold unfinished results, kept in a small file; none while nothing is written."""

    def __init__(self, file: Path, keeping: Keeping) -> None:
        """Keep them in ``file``, which need not exist; ``keeping`` reads and writes it."""
        self._kept = PathFile(file, keeping)

    def begin(self, folder: Path) -> None:
        """Results are about to be written to ``folder``."""
        self._kept.change(lambda paths: [*paths, folder.absolute()])

    def end(self, folder: Path) -> None:
        """They are in place, or gone."""
        self._kept.change(lambda paths: _without(paths, folder.absolute()))

    def tidy(self) -> None:
        """Finish or remove what a killed program left there; leave a running one's files alone."""
        from inference.export import tidy  # imported here because it is slow to load

        for folder in self._kept.paths():
            tidy(folder)
            self.end(folder)


def _without(paths: list[Path], folder: Path) -> list[Path]:
    """The paths with this one removed once: another window may be writing there too."""
    if folder in paths:
        paths.remove(folder)
    return paths
