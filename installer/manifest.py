"""The list of all files of a payload with their sizes and SHA-256, and how two payloads differ.

The installed program compares itself with the list at each start (``launch/installation.py``).
"""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

LIST_NAME = "FILES.txt"


@dataclass(frozen=True)
class ListedFile:
    """A file of a payload: its path under the payload with ``/``, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def list_files(folder: Path) -> tuple[ListedFile, ...]:
    """Every file under ``folder`` in the order of their names, the list itself excepted.

    A symbolic link is listed as what it points to.
    """
    return tuple(
        ListedFile(name, path.stat().st_size, sha256(path))
        for name, path in sorted(
            (path.relative_to(folder).as_posix(), path)
            for path in folder.rglob("*")
            if path.is_file()
        )
        if name != LIST_NAME
    )


def write_list(folder: Path) -> None:
    """Write the list into the payload: one line per file with hash, size and name."""
    lines = [f"{file.sha256}  {file.size}  {file.name}\n" for file in list_files(folder)]
    (folder / LIST_NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def differences(one: Path, other: Path) -> tuple[str, ...]:
    """A sentence for each file that differs or is in only one of two payloads."""
    first = {file.name: file for file in list_files(one)}
    second = {file.name: file for file in list_files(other)}
    found = [f"{name} is only in {one}" for name in first.keys() - second.keys()]
    found += [f"{name} is only in {other}" for name in second.keys() - first.keys()]
    found += [
        f"{name} differs" for name in first.keys() & second.keys() if first[name] != second[name]
    ]
    return tuple(sorted(found))


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """``python -m installer.manifest FOLDER FOLDER`` says how two payloads differ."""
    found = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "The two payloads are the same, file for file.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
