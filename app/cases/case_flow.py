"""What happens to a case, one thing at a time: open, then run."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.cases.session import Case, Session
from app.work.jobs import Job, Jobs
from app.work.opening import OpenedCt, OpenJob
from app.work.segmenting import SegmentJob
from inference.cases.settings import RunSettings
from inference.errors import SeveralInputsError, SpineContextError

if TYPE_CHECKING:
    from inference.pipeline import Segmentation


class CaseFlow(QObject):
    """Opens cases into a session and runs the engine on them, with one job at a time.

    A failure or cancellation leaves the session as it was.
    """

    open_started = Signal(OpenJob)
    run_started = Signal(SegmentJob)
    opened = Signal(OpenedCt)
    """It is in the session now."""
    several_found = Signal(tuple)
    """The paths of the inputs in a folder that was to be opened as one."""
    run_done = Signal()
    failed = Signal(SpineContextError)
    cancelled = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        """Work on ``session``; ``jobs`` owns the jobs."""
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is running."""
        return self._job is not None

    @property
    def running(self) -> SegmentJob | None:
        """The current run, if there is one."""
        return self._job if isinstance(self._job, SegmentJob) else None

    @property
    def opening(self) -> OpenJob | None:
        """The current reading, if there is one."""
        return self._job if isinstance(self._job, OpenJob) else None

    def open(self, path: Path, *, ask: bool, series_uid: str | None = None) -> None:
        """Read a CT; with ``ask``, the job asks which of several series is meant."""
        job = OpenJob(path, ask, series_uid)
        job.succeeded.connect(self._take_ct)
        self._begin(job)
        self.open_started.emit(job)
        self._jobs.start(job)

    def run(self, settings: RunSettings) -> None:
        """Find the spine in the open case."""
        case = self._session.case
        if case is None:
            return
        job = SegmentJob(case.volume, settings)
        job.succeeded.connect(self._take_result)
        self._begin(job)
        self.run_started.emit(job)
        self._jobs.start(job)

    def cancel(self) -> None:
        """Ask the current job to stop."""
        if self._job:
            self._job.cancel()

    def _begin(self, job: Job) -> None:
        if self._job is not None:
            raise RuntimeError("one job at a time")
        self._job = job
        job.failed.connect(self._tell_failure)
        job.cancelled.connect(self._tell_cancel)

    def _end(self) -> None:
        self._job = None

    def _take_ct(self, opened: OpenedCt) -> None:
        self._end()
        self._session.open(Case(opened.volume, path=opened.path))
        self.opened.emit(opened)

    def _take_result(self, segmentation: "Segmentation") -> None:
        self._end()
        self._session.set_result(segmentation)
        self.run_done.emit()

    def _tell_failure(self, error: SpineContextError) -> None:
        asked = self.opening is not None and self.opening.asks
        self._end()
        if asked and isinstance(error, SeveralInputsError):
            self.several_found.emit(error.inputs)
        else:
            self.failed.emit(error)

    def _tell_cancel(self) -> None:
        self._end()
        self.cancelled.emit()
