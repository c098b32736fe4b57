"""Names for results: unique, and valid on every file system."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from inference.read.images.files import DATA_ENDINGS, ENDINGS

DICOMDIR = "DICOMDIR"
"""Name of the directory file on DICOM media; its folder holds the slices (DICOM PS3.10 8.6)."""

ARCHIVE_ENDINGS = (
    *(".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz"),
    *(".tar.zst", ".7z", ".rar"),
)
"""Endings of archives, in lower case."""

SLICE_ENDINGS = (".dcm", ".dcm.gz", ".dcm.bz2", ".dcm.xz")
"""Endings of DICOM files, if they have one, in lower case."""

COUNTED = re.compile(r"[0-9a-f]*[0-9][0-9a-f]*(\.[0-9]+)*", re.IGNORECASE)
"""What differs between the names of slices: decimal or hexadecimal numbers, or a UID."""

NAMELESS = "CT"
"""Used for an input without a name, such as a CD at the root of a drive."""

MOST_NAME_BYTES = 120
"""In UTF-8. The strictest file system in use, eCryptfs, allows 143 bytes including the ending of a
result, of which the longest has 18."""

DIGEST_LETTERS = 8
"""Length of the digest that replaces the end of a long name."""

NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
"""Characters that Windows forbids in file names, and undecodable bytes."""

DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Names that Windows takes for a device, whatever follows a dot."""


def input_name(path: Path) -> str:
    """The name for results: the last part of the path, without its ending.

    A DICOMDIR gives the name of its folder. Characters that a file system may not allow are
    replaced.
    """
    place = _place(path)
    if place.is_dir():
        return portable_name(place.name)
    return portable_name(place.name.removesuffix(ending_of(place.name)))


def ending_of(name: str) -> str:
    """The ending of an input's name as it is spelled there; empty if it has no known one."""
    known = (*ENDINGS, *DATA_ENDINGS, *ARCHIVE_ENDINGS, *SLICE_ENDINGS)
    endings = sorted(known, key=len, reverse=True)
    lower = name.lower()
    return next(
        (name[-len(end) :] for end in endings if lower.endswith(end) and len(name) > len(end)), ""
    )


def portable_name(name: str) -> str:
    """The name, or a similar one that is valid on any file system, including those of Windows.

    The end of a long name is replaced by a short digest, because others may share its beginning.
    """
    kept = NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", name)).strip(" ").lstrip(".")
    if DEVICES.match(kept):
        kept = DEVICES.sub(r"\1_", kept, count=1)
    if len(kept.encode()) > MOST_NAME_BYTES:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LETTERS]
        return f"{_cut(kept, MOST_NAME_BYTES - DIGEST_LETTERS - 1)}_{digest}"
    return kept or NAMELESS


def pattern_of(name: str) -> str:
    """The name with what is counted in it replaced: equal for the slices of one export."""
    return COUNTED.sub("#", name)


def distinct_names(inputs: Sequence[Path], others: Sequence[str] = ()) -> tuple[str, ...]:
    """A unique result name for each input, even if case is ignored.

    Inputs with the same name, such as ``a/CT`` and ``b/CT``, get their parent folder's name in
    front; names that are still the same, for example of an input given twice, are numbered.

    Args:
        others: names already in use.
    """
    named = [(input_name(path), _place(path).parent.name) for path in inputs]
    return _told_apart(named, others)


def likely_names(inputs: Sequence[Path], others: Sequence[str] = ()) -> tuple[str, ...]:
    """The same without asking the disk: a link keeps its own name, a folder loses an ending."""
    named = []
    for path in inputs:
        place = path.parent if path.name.upper() == DICOMDIR else path
        name = portable_name(place.name.removesuffix(ending_of(place.name)))
        named.append((name, place.parent.name))
    return _told_apart(named, others)


def _told_apart(named: Sequence[tuple[str, str]], others: Sequence[str]) -> tuple[str, ...]:
    """Unique names for inputs of these names, each with the name of the folder around it."""
    reserved = set(map(_key, others))
    names = [name for name, _ in named]
    twice = _repeated(names) | reserved
    names = [
        portable_name(f"{parent}_{name}".lstrip("_")) if _key(name) in twice else name
        for name, parent in named
    ]
    twice = _repeated(names) | reserved
    taken = {_key(name) for name in names} | reserved
    for i, name in enumerate(names):
        if _key(name) in twice:
            names[i] = _numbered(name, taken)
            taken.add(_key(names[i]))
    return tuple(names)


def _repeated(names: Sequence[str]) -> set[str]:
    return {key for key, count in Counter(map(_key, names)).items() if count > 1}


def _place(path: Path) -> Path:
    """The input's real path, whatever links lead to it; for a DICOMDIR, its folder."""
    return (path.parent if path.name.upper() == DICOMDIR else path).resolve()


def _key(name: str) -> str:
    """Equal for names that a file system may treat as the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _numbered(name: str, taken: set[str]) -> str:
    """The name with the first free number."""
    number = 1
    while True:
        ending = f"_{number}"
        numbered = f"{_cut(name, MOST_NAME_BYTES - len(ending))}{ending}"
        if _key(numbered) not in taken:
            return numbered
        number += 1


def _cut(name: str, most_bytes: int) -> str:
    return name.encode()[:most_bytes].decode(errors="ignore")
