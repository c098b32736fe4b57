"""What can go wrong on the road, each with its documented exit code.

The message of every error is one plain sentence for a person who cannot read code: what is wrong
and what to do about it. The command line prints it and exits with ``exit_code``; the window shows
it in a dialog.
"""


class SpineContextError(Exception):
    """Base of all expected failures."""

    exit_code = 1


class UsageError(SpineContextError):
    """The request itself makes no sense, such as an unknown format."""

    exit_code = 2


class UnreadableInputError(SpineContextError):
    """The input is absent, empty, damaged or of a kind that cannot be read."""

    exit_code = 3


class NoUsableSeriesError(SpineContextError):
    """The input was read, but nothing in it is a CT volume that can be segmented."""

    exit_code = 4


class MemoryLimitError(SpineContextError):
    """The memory limit cannot be kept."""

    exit_code = 5


class ModelRefusedError(SpineContextError):
    """The model file is damaged or breaks the ONNX contract."""

    exit_code = 6


class OutputError(SpineContextError):
    """A result could not be written."""

    exit_code = 7


class CancelledError(SpineContextError):
    """The user cancelled."""

    exit_code = 130
