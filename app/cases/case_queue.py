"""Several cases one after the other: each is read, run and exported without a question."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.cases.case_flow import CaseFlow
from app.cases.session import Case, Session
from app.failures import failure_text
from app.translation import translated
from app.work.engine_process import RunSettings, facts_but
from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback, stop_if

FORMATS = ("nifti", "stl")
"""What is written of each case, as the command line does if nothing else is asked for."""


class State(enum.Enum):
    """How far a queued case is."""

    WAITING = "waiting"
    READING = "reading"
    RUNNING = "running"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class QueuedCase:
    """An input in the queue.

    Attributes:
        name: what its results are named after, unlike those of all others.
        note: why it failed, or the spine's volume in millilitres and what one should know of it.
        facts: of a finished case, all of its ``Segmentation`` but the mask.
    """

    path: Path
    name: str
    state: State = State.WAITING
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class CaseQueue(QObject):
    """Leads one case after the other through a ``CaseFlow``; a bad one does not hold up the rest.

    A cancel stops the queue; the case that it struck waits again.
    """

    changed = Signal()
    """Some case's state, or whether the queue is active."""
    failed_elsewhere = Signal(SpineContextError)
    """What failed in the flow was no case of the queue, which tells of its own in its list."""

    def __init__(
        self, session: Session, flow: CaseFlow, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        """An empty queue; ``jobs`` owns what writes its results."""
        super().__init__(parent)
        self._session = session
        self._flow = flow
        self._jobs = jobs
        self._writing: Job | None = None
        self._stopping = False
        self._cases: list[QueuedCase] = []
        self._current = -1
        self._folder = Path()
        self._settings = RunSettings()
        flow.opened.connect(self._run)
        flow.run_done.connect(self._write)
        flow.failed.connect(self._fail)
        flow.cancelled.connect(self._stop)

    @property
    def cases(self) -> Sequence[QueuedCase]:
        """All cases in their order."""
        return tuple(self._cases)

    @property
    def active(self) -> bool:
        """Whether it is at work."""
        return self._current >= 0

    @property
    def folder(self) -> Path | None:
        """Where results were written to; None before any were."""
        return self._folder if any(case.state is State.DONE for case in self._cases) else None

    @property
    def busy(self) -> bool:
        """Whether anything is at work, in the queue or by hand."""
        return self.active or self._flow.busy

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that it will write."""
        from inference.export import FORMATS as ENDINGS

        return tuple(f"{case.name}{ENDINGS[one]}" for case in self._cases for one in FORMATS)

    def mask_file(self, case: QueuedCase) -> Path:
        """Where the mask of a finished case was written."""
        from inference.export import FORMATS as ENDINGS

        return self._folder / f"{case.name}{ENDINGS['nifti']}"

    def fill(self, paths: Sequence[Path]) -> None:
        """Queue these inputs in the place of what was queued."""
        from inference.read import distinct_names  # here, because it loads what takes long

        names = distinct_names(paths)
        self._cases = [QueuedCase(*pair) for pair in zip(paths, names, strict=True)]
        self.changed.emit()

    def start(self, folder: Path, settings: RunSettings) -> None:
        """Go through all cases that wait, and write the results into ``folder``."""
        self._folder, self._settings, self._stopping = folder, settings, False
        self._next()

    def cancel(self) -> None:
        """Ask whatever goes on to stop, in the queue or by hand."""
        self._stopping = self.active
        self._flow.cancel()
        if self._writing is not None:
            self._writing.cancel()

    def _next(self) -> None:
        if self._stopping:  # the case was finished before it saw the cancel
            self._end()
            return
        waiting = (i for i, case in enumerate(self._cases) if case.state is State.WAITING)
        self._current = next(waiting, -1)
        if self.active:
            self._mark(State.READING)
            self._flow.open(self._cases[self._current].path, ask=False)
        else:
            self.changed.emit()

    def _run(self) -> None:
        if self.active:
            self._mark(State.RUNNING)
            self._flow.run(self._settings)

    def _write(self) -> None:
        case = self._session.case
        if not self.active or case is None:
            return
        self._mark(State.WRITING)
        name, folder = self._cases[self._current].name, self._folder

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> float:  # noqa: ARG001
            return _write_case(case, folder, name, cancel)

        self._writing = Job(work)
        self._writing.succeeded.connect(self._finish)
        self._writing.failed.connect(self._fail)
        self._writing.cancelled.connect(self._stop)
        self._jobs.start(self._writing)

    def _finish(self, volume_ml: float) -> None:
        self._writing = None
        self._session.mark_saved()
        case = self._session.case
        facts = facts_but(case.segmentation, "mask") if case and case.segmentation else {}
        self._mark(State.DONE, self._summary(volume_ml), facts)
        self._next()

    def _summary(self, volume_ml: float) -> str:
        """The spine's volume, and what whoever looks through the results should know."""
        case = self._session.case
        told = tuple(map(translated, case.volume.warnings)) if case else ()
        if volume_ml == 0:
            told = (self.tr("No spine was found in this CT."), *told)
        elif case and case.segmentation and case.segmentation.unsure:
            told = (self.tr("Unsure: check all slices."), *told)
        return "\n".join((self.tr("{0:.0f} mL").format(volume_ml), *told))

    def _fail(self, error: SpineContextError) -> None:
        self._writing = None
        if self.active:
            self._mark(State.FAILED, failure_text(error))
            self._next()
        else:
            self.failed_elsewhere.emit(error)

    def _stop(self) -> None:
        if self.active:
            self._mark(State.WAITING)
            self._end()

    def _end(self) -> None:
        self._writing = None
        self._current = -1
        self._stopping = False
        self.changed.emit()

    def _mark(self, state: State, note: str = "", facts: Mapping[str, Any] | None = None) -> None:
        case = self._cases[self._current]
        changed = dataclasses.replace(case, state=state, note=note, facts=facts or {})
        self._cases[self._current] = changed
        self.changed.emit()


def _write_case(case: Case, folder: Path, name: str, cancel: CancelCheck) -> float:
    """Write mask, surface and report, all or none; the spine's volume in millilitres.

    Raises:
        OutputError: they cannot be written.
        CancelledError: ``cancel`` said so between two files; nothing is left behind.
    """
    from inference.export import staged_folder, write_mask
    from inference.report import build_report, report_text

    if case.segmentation is None:
        raise ValueError("the case has no result")
    mask = case.segmentation.mask
    with staged_folder(folder) as stage:
        stop_if(cancel)
        write_mask(mask, FORMATS, stage, name)
        report = report_text(build_report(case.volume, case.segmentation, {})).encode()
        stage.write({f"{name}_report.json": lambda file: file.write(report)})
        stop_if(cancel)
    return mask.volume_ml
