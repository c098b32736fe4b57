"""Shared parts of the text headers of NRRD and MetaImage."""

import re
from pathlib import Path

from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import Term, sentence

MOST_FILES = 10_000
"""More files than any CT has slices."""

LINE_BYTES = 2**16
"""No line of a header is longer."""

IN_MANY_FILES = re.compile(
    r"(?P<name>.*%\d*d.*?)\s+(?P<first>-?\d+)\s+(?P<last>-?\d+)\s+(?P<step>\d+)"
)
"""How a header names numbered files: a pattern, the first and last numbers, and the step."""

NO_UNIT_OF_LENGTH = sentence("its lengths are in a unit that is not known")


WORD = re.compile(r"[A-Za-z0-9_ +-]{1,24}")
"""Characters and length of a format's own words."""

FREE_TEXT = frozenset({"comment", "content"})
"""Fields that say nothing about voxels or position."""


def note_field(facts: dict[str, str], key: str, value: str) -> None:
    """Add a field to a header's fields.

    Raises:
        UnfitImageError: it is already there with another value.
    """
    if facts.setdefault(key, value) != value and key not in FREE_TEXT:
        raise UnfitImageError(
            sentence("its header contradicts itself: it says twice what {0} is", term(key))
        )


def term(word: str) -> str:
    """A format's word, such as a type, for display; other text may be a patient's name."""
    return Term(word) if WORD.fullmatch(word) else word


def beside(header: Path, name: str) -> Path:
    """A file named in a header, relative to the header's folder.

    Headers from Windows separate folders with backslashes.

    Raises:
        UnfitImageError: it is a folder, or a pipe or device, which could be waited for without an
            end.
    """
    path = header.parent / name
    other = header.parent / name.replace("\\", "/")
    return regular(other if other.exists() and not path.exists() else path)


def regular(path: Path) -> Path:
    """The path of a file that a header names, which may be absent.

    Raises:
        UnfitImageError: there is something else.
    """
    if path.exists() and not path.is_file():
        raise UnfitImageError(
            sentence("its voxels are said to be in {0}, which is no file", path.name)
        )
    return path


def numbered_files(header: Path, pattern: str) -> tuple[Path, ...]:
    """The files described by a pattern such as ``ct%03d.raw 1 48 1``.

    Raises:
        ValueError: it describes none, or more than any CT has.
    """
    match = IN_MANY_FILES.match(pattern)
    if match is None:
        raise ValueError(f"no pattern of files: {pattern}")
    numbers = range(int(match["first"]), int(match["last"]) + 1, int(match["step"]))
    if not 0 < len(numbers) <= MOST_FILES:
        raise ValueError(f"{len(numbers)} files")
    return tuple(beside(header, match["name"] % number) for number in numbers)
