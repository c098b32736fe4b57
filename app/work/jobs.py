"""Work off the GUI thread, and the owner of its threads.

A thread still running when Python exits is stopped in the middle of its work, even in C++, which
aborts the whole process. So every thread has an owner that waits for it to end.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.work.priority import give_way_as_thread
from inference.errors import CancelledError, OutOfMemoryError, SpineContextError
from inference.system.logs import LOGGER, as_defect, details_of
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if

STUCK_SECONDS = 15.0
"""How long the end of a cancelled job is waited for. Work checks several times a second whether it
was cancelled. One that has not ended by then hangs in a call of the system, as to a network drive
that is gone, which nothing can end but the system."""


class Work(Protocol):
    """What a job does; most calls of the engine have this form, such as ``open_ct``."""

    def __call__(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:
        """Work on the job's thread, report progress, and check between steps whether to stop."""


class Job(QObject):
    """One piece of work on its own thread; ``Jobs.start`` starts it.

    Use it for anything that takes longer than a frame: reading, a run, an export. Connect its
    signals to methods of QObjects, which Qt then calls on the GUI thread. Exactly one of
    ``succeeded``, ``failed`` and ``cancelled`` is emitted, then ``finished``, after which the job
    is freed.
    """

    progressed = Signal(Progress)
    succeeded = Signal(object)
    """What the work returned."""
    failed = Signal(SpineContextError)
    """For ``app.failures`` to put into words."""
    cancelled = Signal()
    finished = Signal()
    stopping = Signal()
    """It was asked to stop, and has not ended yet."""

    def __init__(self, work: Work) -> None:
        """Prepare the work."""
        super().__init__()
        self._stop = threading.Event()
        self._told = False
        # Only the thread holds the work, which may hold a whole CT, and releases it at its end.
        self._thread = threading.Thread(target=self._run, args=(work,))

    @property
    def told(self) -> bool:
        """Whether the work is over and its outcome was emitted."""
        return self._told

    @property
    def failure_is_heard(self) -> bool:
        """Whether anybody listens to ``failed``."""
        # QMetaMethod.fromSignal would keep the job, and the CT in it, for good.
        meta = self.metaObject()
        return self.isSignalConnected(meta.method(meta.indexOfSignal("failed(PyObject)")))

    def begin(self) -> None:
        """Start; only for ``Jobs``. The call returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop; ``cancelled`` is emitted once it has. One that is over stays so."""
        self._stop.set()
        if not self._told:  # else Qt may have freed it, with its signals
            self.stopping.emit()

    def asked_to_stop(self) -> bool:
        """Whether ``cancel`` was called; this is the work's cancel check."""
        return self._stop.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end of the thread, and return whether it has ended.

        Args:
            seconds: how long to wait at most; None for as long as it takes.
        """
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self, work: Work) -> None:
        give_way_as_thread()
        emit = self._outcome(work)
        # If Qt is already gone, there is nobody to tell.
        with suppress(RuntimeError):
            emit()
            self._told = True
            self.finished.emit()

    def _outcome(self, work: Work) -> Callable[[], None]:
        try:
            stop_if(self.asked_to_stop)
            result = work(progress=self.progressed.emit, cancel=self.asked_to_stop)
        except CancelledError:
            return self.cancelled.emit
        except SpineContextError as error:
            LOGGER.info("a job ended with %s", error)
            failure = error
        except MemoryError as error:
            LOGGER.exception("the memory is full")
            failure = OutOfMemoryError(details=details_of(error))
        except OSError as error:
            LOGGER.exception("a job could not use a file")
            text = QCoreApplication.translate(
                "jobs",
                "The system refused to read or write a file ({0}). Check that the disk is not full "
                "and that you may use it.",
            )
            failure = SpineContextError(text.format(error.strerror), details=details_of(error))
        except Exception as error:  # a defect of ours must not take the window down
            LOGGER.exception("a defect")
            failure = as_defect(error)
        else:
            return lambda: self.succeeded.emit(result)
        return lambda: self.failed.emit(failure)


class Jobs(QObject):
    """The owner of all jobs of a window: starts them and keeps each until its thread has ended.

    Once it is closed or the application quits, all jobs are cancelled, including any started later.
    """

    ended = Signal()
    """Nothing is running any more."""
    failed = Signal(SpineContextError)
    """A job has failed to which nobody else listens, so that no failure goes unheard."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start without jobs."""
        super().__init__(parent)
        self._live: list[Job] = []
        self._abandoned: list[Job] = []
        self._closed = False
        if application := QCoreApplication.instance():
            application.aboutToQuit.connect(self.close)

    @property
    def live(self) -> Sequence[Job]:
        """All jobs that have started and not ended."""
        return tuple(self._live)

    @property
    def closed(self) -> bool:
        """Whether all jobs are being ended."""
        return self._closed

    def start(self, job: Job) -> None:
        """Start a job and own it from now on; the call returns at once."""
        job.setParent(self)
        job.finished.connect(self._free_ended)
        if not job.failure_is_heard:
            job.failed.connect(self.failed)
        self._live.append(job)
        if self._closed:
            job.cancel()
        job.begin()

    def close(self) -> None:
        """Cancel all jobs for good; if any are running, ``ended`` is emitted when they are over."""
        self._closed = True
        for job in self._live:
            job.cancel()

    @property
    def hanging(self) -> Sequence[Job]:
        """Jobs that were given up and have not ended. Python waits for them when it exits."""
        return tuple(job for job in self._abandoned if not job.wait(0))

    def finish(self) -> None:
        """Close and wait for the end of every thread; give up those that are stuck."""
        self.close()
        until = time.monotonic() + STUCK_SECONDS
        ended = [job.wait(max(0.0, until - time.monotonic())) for job in self._live]
        if not all(ended):
            self.give_up()

    def give_up(self) -> None:
        """Own no longer the jobs that have not ended; then ``ended`` is emitted."""
        for job in self.live:
            if not job.wait(0):
                LOGGER.warning("a job is stuck and was given up")
                job.setParent(None)  # its thread still uses it
                self._abandoned.append(job)
                self._live.remove(job)
        self._free_ended()

    def _free_ended(self) -> None:
        for job in self.live:
            if job.told:
                job.wait()  # its work is over, but it may still be inside Qt
                self._live.remove(job)
                job.deleteLater()
        if not self._live:
            self.ended.emit()
