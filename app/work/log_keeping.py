"""Lets the log file be written off the GUI thread."""

import copy
import logging
from functools import partial

from app.work.keeping import PATIENCE_SECONDS, Keeping


class KeptLog(logging.Handler):
    """Hands lines to a handler that writes a file, on the thread that keeps what is remembered.

    The file lies in the user's home, which may be on a network drive that is gone.
    """

    def __init__(self, keeping: Keeping, file: logging.Handler) -> None:
        """Let ``keeping`` write to ``file``."""
        super().__init__()
        self._keeping = keeping
        self._file = file

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802
        """Format lines here, while what they tell of is still as it was."""
        super().setFormatter(fmt)
        self._file.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line after all that was asked before; the call returns at once."""
        line = copy.copy(record)
        line.msg, line.args = self.format(record), None
        line.exc_info = line.exc_text = line.stack_info = None  # they are in the line
        self._keeping.do(partial(self._file.emit, line))

    def close(self) -> None:
        """Wait until all is written, but not for a drive that does not answer."""
        self._keeping.do(self._file.close)
        self._keeping.finish(PATIENCE_SECONDS)
        super().close()
