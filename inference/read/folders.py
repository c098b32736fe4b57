"""The files in a folder, without the clutter of operating systems and of our own writing."""

import fnmatch
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inference.values.progress import CancelCheck, stop_if

UNFINISHED_PREFIX = ".spinecontext-"
"""Start of the names of the hidden folders in which results are written before they are moved into
place. A CT's own folder may be that place."""

CLUTTER = (
    # macOS: resource forks, view settings and indexes.
    "._*", ".ds_store", "__macosx", ".appledouble", ".spotlight-v100", ".trashes", ".fseventsd",
    ".temporaryitems", ".documentrevisions-v100", ".apdisk", "icon\r",
    # Windows: previews, view settings, recycle bin and system files.
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "$recycle.bin",
    "system volume information",
    # Network storage and Linux: previews and bins.
    "@eadir", ".directory", ".trash-*", "lost+found",
    f"{UNFINISHED_PREFIX}*",
)  # fmt: skip
"""Patterns, in lower case, of names to ignore in a folder or archive."""


def is_clutter(name: str) -> bool:
    """Whether a file or folder with this name is to be ignored."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in CLUTTER)


@dataclass(frozen=True)
class Listing:
    """The files in a folder and all folders below it.

    Attributes:
        files: sorted, each once, however many links lead to it.
        closed: folders that could not be opened.
        broken: links that lead to nothing, or round in a circle.
    """

    files: tuple[Path, ...]
    closed: tuple[Path, ...]
    broken: tuple[Path, ...]


def list_files(folder: Path, cancel: CancelCheck) -> Listing:
    """List the files in a folder and all folders below it; linked folders are followed once.

    Raises:
        OSError: the folder itself cannot be opened.
        CancelledError: ``cancel`` said so.
    """
    closed: list[Path] = []
    broken: list[Path] = []
    plain: dict[str, Path] = {}
    linked: dict[str, Path] = {}
    waiting, seen = [folder], {os.path.realpath(folder)}
    while waiting:
        here = waiting.pop()
        try:
            entries = list(_entries(here, cancel))
        except OSError:
            if here == folder:
                raise
            closed.append(here)
            continue
        real_here = os.path.realpath(here)
        for entry in entries:
            if entry.is_symlink() and is_broken(Path(entry.path)):
                broken.append(Path(entry.path))
            elif entry.is_dir():
                real = os.path.realpath(entry.path)
                if real not in seen:
                    waiting.append(Path(entry.path))
                seen.add(real)
            elif entry.is_file() and entry.is_symlink():
                linked.setdefault(os.path.realpath(entry.path), Path(entry.path))
            elif entry.is_file():
                plain[os.path.join(real_here, entry.name)] = Path(entry.path)  # noqa: PTH118
    files = sorted({**linked, **plain}.values())
    return Listing(tuple(files), tuple(sorted(closed)), tuple(sorted(broken)))


def is_broken(path: Path) -> bool:
    """Whether a path is a link that leads to nothing, or round in a circle."""
    return path.is_symlink() and not path.exists()


def _entries(folder: Path, cancel: CancelCheck) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            stop_if(cancel)
            if not is_clutter(entry.name):
                yield entry
