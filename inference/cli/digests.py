"""Digests by which a batch recognises inputs and results that it has seen before."""

import hashlib
from pathlib import Path

from inference.errors import unreadable

CHUNK_BYTES = 2**20


def fingerprint(path: Path) -> str:
    """Tells whether an input has changed: of names, sizes and times of its files, not of content.

    It is a digest, from which none of these can be read.

    Raises:
        UnreadableInputError: the input is gone, or goes while it is looked at.
    """
    try:
        return _fingerprint(path)
    except OSError as error:
        raise unreadable(path, error) from error


def _fingerprint(path: Path) -> str:
    files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
    summary = hashlib.sha256()
    for file in files:
        facts = file.stat()
        where = file.relative_to(path).as_posix() if path.is_dir() else ""
        summary.update(f"{where}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return summary.hexdigest()


def digest(path: Path) -> str:
    """The SHA-256 of a file's content, hexadecimal."""
    summary = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            summary.update(chunk)
    return summary.hexdigest()
