"""Everything that can go wrong on the way, each with its documented exit code.

The message of every error is plain text for a person who cannot read code: what is wrong and what
to do about it. The command line prints it and exits with ``exit_code``. The window chooses its
own advice by the kind of error and shows ``fact`` below it.
"""

from collections.abc import Sequence
from pathlib import Path

from inference.values.messages import sentence


class SpineContextError(Exception):
    """Base of all expected failures.

    Attributes:
        fact: what is wrong; further sentences say what to do about it if that is the same in every
            program.
        details: for a report, if the message cannot say everything: the system and where in the
            code it happened; nothing about a patient, and no paths.
    """

    exit_code = 1

    def __init__(self, fact: str, command: str = "", details: str = "") -> None:
        """State ``fact``; ``command`` is advice for the command line alone."""
        super().__init__(fact, command)
        self.fact = fact
        self.details = details

    def __str__(self) -> str:
        """The whole message, for the command line."""
        return " ".join(part for part in self.args if part)


class DefectError(SpineContextError):
    """A defect of the program itself."""

    exit_code = 1


class UsageError(SpineContextError):
    """The request itself makes no sense, such as an unknown format."""

    exit_code = 2


class UnreadableInputError(SpineContextError):
    """The input is absent, empty, damaged or of a kind that cannot be read."""

    exit_code = 3


class AbsentInputError(UnreadableInputError):
    """There is no such file or folder."""


def unreadable(path: Path, error: OSError) -> UnreadableInputError:
    """The error for an input, or a file in it, that could not be read."""
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
    """There are usable CTs of more than one patient, and no series was chosen."""


class SeveralInputsError(NoUsableSeriesError):
    """A folder is not a CT itself but holds several inputs, or an archive.

    Attributes:
        inputs: the files, each of which may be a CT.
    """

    def __init__(self, fact: str, command: str = "", inputs: Sequence[Path] = ()) -> None:
        """State ``fact`` and ``command``, and name the inputs."""
        super().__init__(fact, command)
        self.inputs = tuple(inputs)


class UnfitMaskError(SpineContextError):
    """A mask was read, but it does not belong to this image, or cannot be used."""

    exit_code = 4


class NoMaskError(UnfitMaskError):
    """The file is not a mask at all, or is an unusable image; it may be a CT."""


class MemoryLimitError(SpineContextError):
    """The memory limit cannot be kept."""

    exit_code = 5


class OutOfMemoryError(MemoryLimitError):
    """The computer ran out of memory, whatever the limit."""

    def __init__(
        self,
        fact: str = sentence("The computer ran out of memory. Close other programs and try again."),
        command: str = "",
        details: str = "",
    ) -> None:
        """Use the standard sentence."""
        super().__init__(fact, command, details)


class ScratchDiskError(MemoryLimitError):
    """The disk has no room for what does not fit into memory."""


class ModelRefusedError(SpineContextError):
    """The model file is damaged or breaks the ONNX contract."""

    exit_code = 6


class OutputError(SpineContextError):
    """A result could not be written."""

    exit_code = 7


class CancelledError(SpineContextError):
    """The user cancelled."""

    exit_code = 130
