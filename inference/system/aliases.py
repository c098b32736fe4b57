"""Names for files whose own names libraries in C++ cannot take.

They take a path as UTF-8 and end the whole process where it is none, as it is for a file that was
unpacked with the wrong character set, or under the locale C.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.errors import UnreadableInputError
from inference.system.scratch import private_folder
from inference.values.messages import sentence


@contextmanager
def plain_path(path: Path) -> Iterator[str]:
    """A path in UTF-8 that leads to a file as long as the block lasts.

    Where its own is none, a link of the same ending in a private folder stands for it.

    Raises:
        UnreadableInputError: the system lets no such link be made.
    """
    if is_plain(path):
        yield str(path)
        return
    with private_folder() as folder:
        link = folder / f"file{_ending(path)}"
        try:
            link.symlink_to(path.absolute())
        except OSError as error:
            raise _not_plain(path) from error
        if not is_plain(link):
            raise _not_plain(path)
        yield str(link)


def is_plain(path: Path) -> bool:
    """Whether a path is UTF-8."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _ending(path: Path) -> str:
    """The ending by which libraries know a format; two parts for ``.nii.gz``."""
    endings = path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:]
    return "".join(endings).encode("utf-8", "replace").decode("utf-8")


def _not_plain(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "{0} cannot be read: its name, or that of a folder above it, holds signs that are not "
            "UTF-8. Rename it.",
            path.name,
        )
    )
