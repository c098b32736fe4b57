"""What can go wrong on the road, each with its documented exit code.

The message of every error is plain text for a person who cannot read code: what is wrong and what
to do about it. The command line prints it and exits with ``exit_code``; the window says by the kind
of the error what to do there, and shows ``fact`` below.
"""

from collections.abc import Sequence
from pathlib import Path

from inference.values.messages import sentence


class SpineContextError(Exception):
    """Base of all expected failures.

    Attributes:
        fact: what is wrong, and what to do about it if that is the same everywhere.
        details: for a report, where the sentence cannot say all of it: what the program runs on and
            where in the code it happened; nothing of a patient, and no paths.
    """

    exit_code = 1

    def __init__(self, fact: str, command: str = "", details: str = "") -> None:
        """Say ``fact``, and in ``command`` what to do about it on the command line alone."""
        super().__init__(fact, command)
        self.fact = fact
        self.details = details

    def __str__(self) -> str:
        """The whole message, for the command line."""
        return " ".join(part for part in self.args if part)


class DefectError(SpineContextError):
    """A mistake of the program itself."""

    exit_code = 1


class UsageError(SpineContextError):
    """The request itself makes no sense, such as an unknown format."""

    exit_code = 2


class UnreadableInputError(SpineContextError):
    """The input is absent, empty, damaged or of a kind that cannot be read."""

    exit_code = 3


def unreadable(path: Path, error: OSError) -> UnreadableInputError:
    """The plain sentence for an input that could not be read, or a file in it."""
    return UnreadableInputError(
        sentence(
            "{0} cannot be read ({1}). Check that it is still there and that you may read it.",
            Path(error.filename or path).name or path,
            error.strerror,
        )
    )


class NoUsableSeriesError(SpineContextError):
    """The input was read, but nothing in it is a CT volume that can be segmented."""

    exit_code = 4


class SeveralPatientsError(NoUsableSeriesError):
    """There is usable CT of more than one patient, and nobody said whose to use."""


class SeveralInputsError(NoUsableSeriesError):
    """A folder is no CT itself but holds several inputs, or an archive.

    Attributes:
        inputs: the files, each of which may be a CT.
    """

    def __init__(self, fact: str, command: str = "", inputs: Sequence[Path] = ()) -> None:
        """Say ``fact`` and ``command``, and name the inputs."""
        super().__init__(fact, command)
        self.inputs = tuple(inputs)


class UnfitMaskError(SpineContextError):
    """A mask was read, but it is not one of this image, or cannot be used."""

    exit_code = 4


class NoMaskError(UnfitMaskError):
    """The file is no mask at all, or an image that cannot be used; it may be a CT."""


class MemoryLimitError(SpineContextError):
    """The memory limit cannot be kept."""

    exit_code = 5


class OutOfMemoryError(MemoryLimitError):
    """The computer has no memory left, whatever the limit."""

    def __init__(
        self,
        fact: str = sentence("The computer ran out of memory. Close other programs and try again."),
        command: str = "",
        details: str = "",
    ) -> None:
        """Say the usual sentence."""
        super().__init__(fact, command, details)


class ScratchDiskError(MemoryLimitError):
    """The disk has no room for what does not fit into the memory."""


class ModelRefusedError(SpineContextError):
    """The model file is damaged or breaks the ONNX contract."""

    exit_code = 6


class OutputError(SpineContextError):
    """A result could not be written."""

    exit_code = 7


class CancelledError(SpineContextError):
    """The user cancelled."""

    exit_code = 130
