"""The command line's entry: ``spinecontext`` and ``python -m inference``."""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import SimpleITK as sitk

from inference.cli.arguments import build_parser
from inference.cli.commands import run_command
from inference.cli.console import open_console
from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.system.scratch import remove_stale_folders
from inference.values.progress import CancelCheck


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its documented exit code."""
    options = build_parser().parse_args(arguments)
    console = open_console(options.json)
    remove_stale_folders()
    # ITK would print its own warnings between our lines; what matters of them we say ourselves.
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        with _cancel_on_signals() as cancel:
            return run_command(options, console, cancel)
    except SpineContextError as error:
        failure = error
    except KeyboardInterrupt:
        failure = CancelledError("Cancelled. Nothing was written.")
    except MemoryError:
        failure = OutOfMemoryError()
    console.error(failure)
    return failure.exit_code


@contextmanager
def _cancel_on_signals() -> Iterator[CancelCheck]:
    """Turn the first Ctrl-C or SIGTERM into a polite cancel; the second one interrupts at once."""
    asked = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    previous = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
