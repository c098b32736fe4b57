"""Unexpected exceptions go to the log and are shown as a sentence."""

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from inference.errors import DefectError
from inference.system.logs import LOGGER, as_defect


def tell_of_defects(tell: Callable[[DefectError], None]) -> None:
    """From now on, log uncaught exceptions instead of printing them.

    Args:
        tell: called on the GUI thread with each exception that was raised there.
    """

    def caught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            LOGGER.error("a defect in the window", exc_info=(kind, error, trace))
            tell(as_defect(error))
        else:
            sys.__excepthook__(kind, error, trace)

    def caught_on_a_thread(what: threading.ExceptHookArgs) -> None:
        LOGGER.error("a defect on a thread", exc_info=what.exc_value)

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        LOGGER.error("an exception that could not be raised", exc_info=what.exc_value)

    sys.excepthook = caught
    threading.excepthook = caught_on_a_thread
    sys.unraisablehook = unraisable
