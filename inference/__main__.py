"""The command line's entry: ``spinecontext`` and ``python -m inference``."""

import atexit
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from inference.cli.streams import standard_streams
from inference.errors import CancelledError

if TYPE_CHECKING:
    from inference.values.progress import CancelCheck


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its documented exit code."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    with standard_streams(verbose="--verbose" in typed), _cancel_on_signals() as cancel:
        try:
            # Here, not above: it takes a second to load, and the first Ctrl-C may come meanwhile.
            from inference.cli.program import run_program

            return run_program(typed, cancel)
        except KeyboardInterrupt:
            return CancelledError.exit_code


@contextmanager
def _cancel_on_signals() -> Iterator["CancelCheck"]:
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
        # At the very end of the process, an interrupt could only hit the clean-up.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
