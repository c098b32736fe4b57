"""Several cases one after the other: each is read, run and written without a question."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.cases.case_flow import CaseFlow
from app.cases.queue_run import QueueRun
from app.cases.session import Case, Session
from app.failures import failure_text
from app.translation import translated
from app.work.engine_process import facts_but
from app.work.jobs import Jobs
from inference.cases.settings import CaseInput, RunSettings
from inference.errors import CancelledError, SpineContextError
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.runner import CaseResult
    from inference.pipeline import Segmentation

IMAGE_FORMATS = ("nifti", "nrrd")
"""Those that a mask can be read from again."""


class State(enum.Enum):
    """How far a queued case is."""

    WAITING = "waiting"
    READING = "reading"
    RUNNING = "running"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


ENDS = frozenset({State.DONE, State.FAILED})


@dataclass(frozen=True)
class QueuedCase:
    """An input in the queue.

    Attributes:
        name: what its results are named after, unlike those of all others.
        note: why it failed, or the spine's volume in millilitres and what one should know of it.
        warnings: what reading it had to decide or repair.
        facts: once the spine was found, all of its ``Segmentation`` but the mask.
    """

    path: Path
    name: str
    state: State = State.WAITING
    note: str = ""
    warnings: tuple[str, ...] = ()
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
        self,
        session: Session,
        flow: CaseFlow,
        jobs: Jobs,
        parent: QObject | None = None,
        locked: frozenset[str] = frozenset(),
    ) -> None:
        """An empty queue; ``jobs`` owns what writes its results.

        Args:
            locked: names of settings that the user cannot change.
        """
        super().__init__(parent)
        self._session = session
        self._flow = flow
        self._jobs = jobs
        self._locked = locked
        self._run: QueueRun | None = None
        self._answer: Future[Segmentation] | None = None
        self._shown = ""
        self._cases: dict[str, QueuedCase] = {}
        self._folder = Path()
        self._settings = RunSettings()
        flow.run_done.connect(self._pass_on)
        flow.failed.connect(self._fail)
        flow.cancelled.connect(self._stop)

    @property
    def cases(self) -> Sequence[QueuedCase]:
        """All cases in their order."""
        return tuple(self._cases.values())

    @property
    def active(self) -> bool:
        """Whether it is at work; a run that was cancelled may need a moment to end."""
        return self._run is not None or self._answer is not None

    @property
    def folder(self) -> Path | None:
        """Where results were written to; None before any were."""
        return self._folder if any(case.state is State.DONE for case in self.cases) else None

    @property
    def busy(self) -> bool:
        """Whether anything is at work, in the queue or by hand."""
        return self.active or self._flow.busy

    def files(self, formats: Sequence[str]) -> tuple[str, ...]:
        """The names of the files that it will write in these formats."""
        from inference.export import FORMATS as ENDINGS

        return tuple(f"{name}{ENDINGS[one]}" for name in self._cases for one in formats)

    def mask_file(self, case: QueuedCase) -> Path | None:
        """Where the mask of a finished case was written; None if its format cannot be read."""
        from inference.export import FORMATS as ENDINGS

        readable = [one for one in IMAGE_FORMATS if one in self._settings.formats]
        return self._folder / f"{case.name}{ENDINGS[readable[0]]}" if readable else None

    def fill(self, paths: Sequence[Path]) -> None:
        """Queue these inputs in the place of what was queued."""
        from inference.read import distinct_names  # here, because it loads what takes long

        named = zip(paths, distinct_names(paths), strict=True)
        self._cases = {name: QueuedCase(path, name) for path, name in named}
        self.changed.emit()

    def start(self, folder: Path, settings: RunSettings) -> None:
        """Go through all cases that wait, and write the results into ``folder``."""
        waiting = [case for case in self.cases if case.state is State.WAITING]
        if self.active or not waiting:
            return
        self._folder, self._settings = folder, settings
        inputs = [CaseInput(case.path, case.name) for case in waiting]
        # The run in its own process minds the limit; this one shows and holds other things too.
        run = QueueRun(inputs, folder, dataclasses.replace(settings, max_ram=None))
        run.reading.connect(self._take_reading)
        run.skipped.connect(self._take_report)
        run.running.connect(self._show)
        run.segment_wanted.connect(self._segment)
        run.writing.connect(self._take_segmentation)
        run.done.connect(self._finish)
        run.case_failed.connect(self._fail_case)
        run.succeeded.connect(self._end)
        run.failed.connect(self._fail_all)
        run.cancelled.connect(self._end)
        self._run = run
        self._jobs.start(run)
        self.changed.emit()

    def cancel(self) -> None:
        """Ask whatever goes on to stop, in the queue or by hand."""
        if self._run is not None:
            self._run.cancel()
        self._flow.cancel()

    def _take_reading(self, case: CaseInput) -> None:
        self._change(case, state=State.READING)

    def _show(self, case: CaseInput, volume: Volume) -> None:
        """Let the window show the case whose run comes next."""
        self._shown = case.name
        self._change(case, state=State.RUNNING, warnings=volume.warnings)
        self._session.open(Case(volume, path=case.path))

    def _segment(self, answer: "Future[Segmentation]") -> None:
        self._answer = answer
        self._flow.run(self._settings)

    def _pass_on(self) -> None:
        """Give the queue's thread what the run has found."""
        answer = self._take_answer()
        case = self._session.case
        if answer and case and case.segmentation:
            answer.set_result(case.segmentation)

    def _fail(self, error: SpineContextError) -> None:
        answer = self._take_answer()
        if answer:
            answer.set_exception(error)
        elif not self.active:
            self.failed_elsewhere.emit(error)

    def _stop(self) -> None:
        """The run was cancelled, and with it the queue."""
        answer = self._take_answer()
        if answer:
            answer.set_exception(CancelledError("Cancelled. Nothing was written."))

    def _take_answer(self) -> "Future[Segmentation] | None":
        """What the queue's thread waits for, which may have ended meanwhile."""
        answer, self._answer = self._answer, None
        if answer and self._run is None:
            self.changed.emit()
        return answer

    def _take_segmentation(self, case: CaseInput, segmentation: "Segmentation") -> None:
        self._change(case, state=State.WRITING, facts=facts_but(segmentation, "mask"))

    def _finish(self, case: CaseInput, result: "CaseResult") -> None:
        if case.name == self._shown and self._session.case:
            self._session.mark_saved()
        queued = self._cases[case.name]
        self._tell_done(case, result.report["spine_volume_ml"], queued.warnings)

    def _take_report(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        """Take over what an earlier run has left."""
        from inference.report import segmentation_facts

        self._change(case, facts=segmentation_facts(report))
        self._tell_done(case, report["spine_volume_ml"], tuple(report["warnings"]))

    def _tell_done(self, case: CaseInput, volume_ml: float, warnings: Sequence[str]) -> None:
        """Show the spine's volume, and what whoever looks through the results should know."""
        told = tuple(map(translated, warnings))
        if volume_ml == 0:
            told = (self.tr("No spine was found in this CT."), *told)
        elif self._cases[case.name].facts["unsure"]:
            told = (self.tr("Unsure: check all slices."), *told)
        note = "\n".join((self.tr("{0:.0f} mL").format(volume_ml), *told))
        self._change(case, state=State.DONE, note=note)

    def _fail_case(self, case: CaseInput, error: SpineContextError) -> None:
        self._change(case, state=State.FAILED, note=failure_text(error, self._locked))

    def _fail_all(self, error: SpineContextError) -> None:
        self._end()
        self.failed_elsewhere.emit(error)

    def _end(self) -> None:
        """Let cases that were not finished wait for the next start."""
        for name, case in self._cases.items():
            if case.state not in ENDS:
                self._cases[name] = dataclasses.replace(case, state=State.WAITING)
        self._run = None
        self.changed.emit()

    def _change(self, case: CaseInput, **changes: Any) -> None:
        self._cases[case.name] = dataclasses.replace(self._cases[case.name], **changes)
        self.changed.emit()
