"""Names for files whose own names C++ libraries cannot handle.

They expect a path in UTF-8 and crash the whole process otherwise, for example with a file that was
unpacked with the wrong character set, or under the C locale.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.errors import UnreadableInputError
from inference.system.scratch import private_folder
from inference.values.messages import sentence


@contextmanager
def plain_path(path: Path) -> Iterator[str]:
    """A path in UTF-8 that leads to the file within the block.

    If its own path is not UTF-8, this is a link with the same ending in a private folder.

    Raises:
        UnreadableInputError: the link cannot be made.
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
    """The ending by which libraries recognise a format; two parts for ``.nii.gz``."""
    endings = path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:]
    return "".join(endings).encode("utf-8", "replace").decode("utf-8")


def _not_plain(path: Path) -> UnreadableInputError:
    return UnreadableInputError(
        sentence(
            "{0} cannot be read: its name, or that of a folder above it, contains characters that "
            "are not UTF-8. Rename it.",
            path.name,
        )
    )
