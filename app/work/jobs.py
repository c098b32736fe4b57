"""Work off the GUI thread: the one place where the window starts threads."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.values.progress import CancelCheck, Progress, ProgressCallback

STOP_SECONDS = 5.0
"""How long a closing window waits for a thread that was asked to stop."""


class Work(Protocol):
    """What a job does; most calls of the engine are of this form, such as ``open_ct``."""

    def __call__(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:
        """Work on the job's thread, tell of progress, and ask between steps whether to stop."""


class Job(QObject):
    """One piece of work on a thread of its own.

    Use it for whatever takes longer than a frame: reading, a run, an export. Connect its signals
    to methods of QObjects, which Qt then calls on the GUI thread. Exactly one of ``succeeded``,
    ``failed`` and ``cancelled`` is emitted, and after it ``finished``, with which the job is freed.
    """

    progressed = Signal(Progress)
    succeeded = Signal(object)
    """What the work returned."""
    failed = Signal(SpineContextError)
    """``app.failures`` puts it into words."""
    cancelled = Signal()
    finished = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        """Prepare the work; ``start`` begins it."""
        super().__init__(parent)
        self._stop = threading.Event()
        # The thread alone holds the work, which may hold a whole CT, and lets go of it at its end.
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self.finished.connect(self._retire)

    def start(self) -> None:
        """Begin; the call returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop; ``cancelled`` tells when it has."""
        self._stop.set()

    def asked_to_stop(self) -> bool:
        """Whether ``cancel`` was called; this is what the work is given as its cancel check."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Cancel and wait for the end, for a window that closes."""
        self.cancel()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _retire(self) -> None:
        self._thread.join()  # it has nothing left to do, but may not have left Qt yet
        self.deleteLater()

    def _run(self, work: Work) -> None:
        emit = self._outcome(work)
        # A window that was closed meanwhile took this job with it, and nobody is left to tell.
        with suppress(RuntimeError):
            emit()
            self.finished.emit()

    def _outcome(self, work: Work) -> Callable[[], None]:
        try:
            result = work(progress=self.progressed.emit, cancel=self.asked_to_stop)
        except CancelledError:
            return self.cancelled.emit
        except SpineContextError as error:
            failure = error
        except MemoryError:
            failure = OutOfMemoryError()
        except OSError as error:
            text = QCoreApplication.translate(
                "jobs",
                "The system refused to read or write a file ({0}). Check that the disk is not full "
                "and that you may use it.",
            )
            failure = SpineContextError(text.format(error.strerror))
        except Exception as error:  # a slip of ours must not take the window down
            text = QCoreApplication.translate(
                "jobs",
                "Unexpected error ({0}). Try again; if it happens again, please report it.",
            )
            said = str(error).partition("\n")[0]
            failure = SpineContextError(text.format(f"{type(error).__name__}: {said}"))
        else:
            return lambda: self.succeeded.emit(result)
        return lambda: self.failed.emit(failure)
