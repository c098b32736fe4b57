"""What the text headers of NRRD and MetaImage have in common."""

import re
from pathlib import Path

from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import Term, sentence

MOST_FILES = 10_000
"""More files of voxels than any CT has slices."""

LINE_BYTES = 2**16
"""No line of a header is longer."""

IN_MANY_FILES = re.compile(
    r"(?P<name>.*%\d*d.*?)\s+(?P<first>-?\d+)\s+(?P<last>-?\d+)\s+(?P<step>\d+)"
)
"""How a header names numbered files: a pattern, the first, the last number and the step."""

NO_UNIT_OF_LENGTH = sentence("its lengths are in a unit that is not known")


WORD = re.compile(r"[A-Za-z0-9_ +-]{1,24}")
"""What words of formats are made of, in at most so many letters."""

FREE_TEXT = frozenset({"comment", "content"})
"""Fields that say nothing of voxels or place."""


def note_field(facts: dict[str, str], key: str, value: str) -> None:
    """Add a field to those of a header.

    Raises:
        UnfitImageError: it is there already and says something else.
    """
    if facts.setdefault(key, value) != value and key not in FREE_TEXT:
        raise UnfitImageError(
            sentence("its header contradicts itself: it says twice what {0} is", term(key))
        )


def term(word: str) -> str:
    """A word of a format, such as the name of a type, to be shown; what is none may be a name."""
    return Term(word) if WORD.fullmatch(word) else word


def beside(header: Path, name: str) -> Path:
    """A file that a header names, as seen from where the header lies.

    Headers from Windows part folders by backslashes.
    """
    path = header.parent / name
    other = header.parent / name.replace("\\", "/")
    return other if other.exists() and not path.exists() else path


def numbered_files(header: Path, pattern: str) -> tuple[Path, ...]:
    """The files that a pattern such as ``ct%03d.raw 1 48 1`` stands for.

    Raises:
        ValueError: it stands for none, or for more than any CT has.
    """
    match = IN_MANY_FILES.match(pattern)
    if match is None:
        raise ValueError(f"no pattern of files: {pattern}")
    numbers = range(int(match["first"]), int(match["last"]) + 1, int(match["step"]))
    if not 0 < len(numbers) <= MOST_FILES:
        raise ValueError(f"{len(numbers)} files")
    return tuple(beside(header, match["name"] % number) for number in numbers)
