"""Several cases, one after another: each is read, run and written without a question."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.cases.addition import Addition, AdditionCheck
from app.cases.case_flow import CaseFlow
from app.cases.queue_run import QueueRun, WaitingCases
from app.cases.session import Case, Session
from app.failures import failure_text
from app.translation import translated, translated_table
from app.work.asking import asked
from app.work.engine_process import facts_but
from app.work.jobs import Job, Jobs
from app.work.segmenting import SegmentJob
from inference.cases.settings import CaseInput, RunSettings
from inference.errors import CancelledError, SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback
from inference.values.table import Table
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.outcomes import Outcome
    from inference.cases.runner import CaseResult
    from inference.pipeline import Segmentation

IMAGE_FORMATS = ("nifti", "nrrd")
"""Formats from which a mask can be read again."""

PAINTING_MS = 20
"""From a case that is shown to the beginning of its run, and from its result to all that follows:
more than a frame, so that either is painted in between. To show a case, to paint it, and to begin
its run take up to 20 ms each of the window's own time, and together would hold up the window for
longer than 50 ms. A result is written, and further cases are read, on threads that compete with the
window for the processor."""


class State(enum.Enum):
    """How far a queued case is."""

    WAITING = "waiting"
    READING = "reading"
    RUNNING = "running"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


ENDS = frozenset({State.DONE, State.FAILED})
AT_WORK = frozenset({State.READING, State.RUNNING, State.WRITING})


@dataclass(frozen=True)
class QueuedCase:
    """An input in the queue.

    Attributes:
        name: what its results are named after; unique in the queue.
        note: why it failed, or what the user should know about its result.
        details: of its failure, for a report; empty if the note says it all.
        volume_ml: of the spine that was found; None before that.
        seconds: how long it took; None before its end.
        mask: the file from which its mask can be read again; None if there is none.
        vertebrae: the file from which its vertebrae can be read again; None if there is none.
        warnings: what reading it had to decide or repair.
        facts: once the spine has been found, all of its ``Segmentation`` but its mask and figures.
    """

    path: Path
    name: str
    state: State = State.WAITING
    note: str = ""
    details: str = ""
    volume_ml: float | None = None
    seconds: float | None = None
    mask: Path | None = None
    vertebrae: Path | None = None
    warnings: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


class CaseQueue(QObject):
    """Runs one case after another; a bad one does not hold up the rest.

    It runs them in a session of its own. The window shows the current case as long as the user
    looks at nothing else, and cases can be added meanwhile. Cancelling stops the queue; the case
    that was interrupted waits again.
    """

    changed = Signal()
    """A case's state has changed, or whether the queue is active."""
    run_shown = Signal(SegmentJob)
    """The window shows the case of this run: the run has begun, or the user has come back to it."""
    run_done = Signal()
    """The window has the result of that run."""
    run_ended = Signal()
    """That run ended without a result."""
    replacing = Signal(Addition)
    """Results of cases that were added at work would replace files; ``admit`` lets them be run."""
    failed = Signal(SpineContextError)
    """The queue itself has failed; failures of single cases are in its list."""

    def __init__(
        self,
        session: Session,
        flow: CaseFlow,
        jobs: Jobs,
        parent: QObject | None = None,
        locked: frozenset[str] = frozenset(),
    ) -> None:
        """An empty queue.

        Args:
            session: what the window shows.
            flow: opens and runs what the user chooses by hand.
            jobs: owns what runs and writes.
            locked: names of settings that the user cannot change.
        """
        super().__init__(parent)
        self._session = session
        self._flow = flow
        self._jobs = jobs
        self._locked = locked
        self._own = Session(self)
        self._runs = CaseFlow(self._own, jobs, self)
        self._run: QueueRun | None = None
        self._waiting = WaitingCases(())
        self._unchecked: dict[str, CaseInput] = {}
        self._summing: Job | None = None
        self._answer: Future[Segmentation] | None = None
        self._shown: Volume | None = None
        self._shown_name = ""
        self._cases: dict[str, QueuedCase] = {}
        self._folder = Path()
        self._settings = RunSettings()
        self._runs.run_started.connect(self._show_run)
        self._runs.run_done.connect(self._pass_on)
        self._runs.failed.connect(self._fail)
        self._runs.cancelled.connect(self._stop)

    @property
    def cases(self) -> Sequence[QueuedCase]:
        """All cases in order."""
        return tuple(self._cases.values())

    @property
    def active(self) -> bool:
        """Whether it is at work; a cancelled run may need a moment to end."""
        return any(one is not None for one in (self._run, self._answer, self._summing))

    @property
    def by_hand(self) -> bool:
        """Whether anything started by hand is at work."""
        return self._flow.busy

    @property
    def busy(self) -> bool:
        """Whether anything is at work, in the queue or by hand."""
        return self.active or self.by_hand

    @property
    def shows(self) -> bool:
        """Whether the window follows the queue and will show its next case."""
        case = self._session.case
        return self.active and (case is None or case.volume is self._shown)

    @property
    def shown_run(self) -> SegmentJob | None:
        """The current run of the case that the window shows, if it is the queue's."""
        return self._runs.running if self._shows_own else None

    @property
    def folder(self) -> Path | None:
        """Where results were written; None before any were."""
        return self._folder if any(case.state is State.DONE for case in self.cases) else None

    def files(self, settings: RunSettings) -> tuple[str, ...]:
        """The names of the files that it will write, except surfaces of single vertebrae."""
        return tuple(file for name in self._cases for file in _files(name, settings))

    def add(self, paths: Sequence[Path]) -> None:
        """Queue these inputs after all others; of those already there, only the failed ones.

        A queue at work checks them first, as its start has checked the others.
        """
        # Imported here because it is slow to load.
        from inference.read.names import distinct_names, likely_names

        queued = {case.path: case for case in self.cases}
        new = [path for path in dict.fromkeys(paths) if path not in queued]
        others = tuple(self._cases)
        named = asked(partial(distinct_names, new, others), likely_names(new, others), self._jobs)
        names = dict(zip(new, named, strict=True))
        again = [queued[path] for path in dict.fromkeys(paths) if path in queued]
        names |= {case.path: case.name for case in again if case.state is State.FAILED}
        for path, name in names.items():
            self._cases[name] = QueuedCase(path, name)
        if self._run is not None and names:
            self._check([CaseInput(path, name) for path, name in names.items()])
        self.changed.emit()

    def admit(self, cases: Sequence[CaseInput]) -> None:
        """Let checked cases be run that were added at work and not removed since."""
        admitted = [case for case in cases if self._unchecked.get(case.name) == case]
        for case in admitted:
            del self._unchecked[case.name]
            self._waiting.add(case)
        if self._run is None and admitted:
            self._begin()  # it has ended meanwhile, as if there were nothing left

    def remove(self, name: str) -> None:
        """Remove a case from the list unless it is at work; its results stay."""
        case = self._cases[name]
        withdrawn = name in self._unchecked or self._waiting.take_back(name)
        began = case.state is State.WAITING and not withdrawn
        if case.state in AT_WORK or (began and self._run is not None):
            return
        self._unchecked.pop(name, None)
        del self._cases[name]
        self.changed.emit()

    def clear(self) -> None:
        """Empty the list unless a case is at work; results stay."""
        self._cases = {}
        self._waiting = WaitingCases(())
        self._unchecked = {}
        self.changed.emit()

    def start(self, folder: Path, settings: RunSettings) -> None:
        """Run all waiting cases and write the results into ``folder``."""
        if self.active:
            return
        self._unchecked = {}  # they were checked with all others before the start
        if not self._has_waiting:
            return
        self._folder, self._settings = folder, settings
        case = self._session.case
        if case is not None and not case.unsaved:
            self._shown = case.volume  # nothing is lost if the queue's cases take its place
        self._begin()

    def cancel(self) -> None:
        """Ask whatever is running to stop, in the queue or by hand."""
        self._unchecked = {}
        if self._run is not None:
            self._run.cancel()
        self._runs.cancel()
        self._flow.cancel()

    def show_running(self) -> None:
        """Let the window show the case that is being run, if there is one."""
        case, job = self._own.case, self._runs.running
        if case is not None and job is not None:
            self._put_into_window(case.volume)
            self.run_shown.emit(job)

    @property
    def _has_waiting(self) -> bool:
        return bool(self._ready)

    @property
    def _ready(self) -> Sequence[CaseInput]:
        """The waiting cases that can be run."""
        waiting = [case for case in self.cases if case.state is State.WAITING]
        return [CaseInput(one.path, one.name) for one in waiting if one.name not in self._unchecked]

    @property
    def _shows_own(self) -> bool:
        """Whether the window shows the case that is being run."""
        here, own = self._session.case, self._own.case
        return here is not None and own is not None and here.volume is own.volume

    def _begin(self) -> None:
        self._waiting = WaitingCases(self._ready)
        # The run's own process keeps to the limit; this one also shows and holds other things.
        unlimited = dataclasses.replace(self._settings, max_ram=None)
        inputs = [case.path for case in self.cases]
        run = QueueRun(self._waiting, inputs, self._folder, unlimited)
        run.reading.connect(self._take_reading)
        run.skipped.connect(self._take_report)
        run.running.connect(self._show)
        run.segment_wanted.connect(self._segment)
        run.writing.connect(self._take_segmentation)
        run.done.connect(self._finish)
        run.case_failed.connect(self._fail_case)
        run.succeeded.connect(self._go_on)
        run.failed.connect(self._fail_all)
        run.cancelled.connect(self._end)
        self._run = run
        self._jobs.start(run)
        self.changed.emit()

    def _check(self, added: Sequence[CaseInput]) -> None:
        """Check on a thread what the results of these cases would replace, then admit them."""
        others = [CaseInput(case.path, case.name) for case in self.cases if case.state not in ENDS]
        check = AdditionCheck(
            added=[(case, _files(case.name, self._settings)) for case in added],
            others=[case for case in others if case not in added],
            inputs=[case.path for case in self.cases],
            out=self._folder,
        )
        self._unchecked.update((case.name, case) for case in added)
        job = Job(check)
        job.succeeded.connect(self._take_checked)
        self._jobs.start(job)

    def _take_checked(self, addition: Addition) -> None:
        for case, error in addition.refused:
            if self._unchecked.get(case.name) == case:
                del self._unchecked[case.name]
                self._fail_case(case, error)
        if addition.there:
            self.replacing.emit(addition)
        else:
            self.admit(addition.fit)

    def _take_reading(self, case: CaseInput) -> None:
        self._change(case, state=State.READING)

    def _show(self, case: CaseInput, volume: Volume) -> None:
        """Let the window show the case that is run next, unless the user looks at another."""
        shows = self.shows
        self._own.open(Case(volume))
        self._shown_name = case.name
        self._change(case, state=State.RUNNING, warnings=volume.warnings)
        if shows:
            self._put_into_window(volume)

    def _put_into_window(self, volume: Volume) -> None:
        self._shown = volume
        self._session.open(Case(volume))

    def _segment(self, answer: "Future[Segmentation]") -> None:
        """Begin the run, once the window has painted its case."""
        QTimer.singleShot(PAINTING_MS, self, partial(self._begin_run, self._run, answer))

    def _begin_run(self, queue_run: QueueRun | None, answer: "Future[Segmentation]") -> None:
        if queue_run is None or queue_run is not self._run or queue_run.asked_to_stop():
            return  # nothing waits for the answer any more
        self._answer = answer
        self._runs.run(self._settings)

    def _show_run(self, job: SegmentJob) -> None:
        if self._shows_own:
            self.run_shown.emit(job)

    def _pass_on(self) -> None:
        """Hand the run's result to the window, and once it has painted it to the queue's thread."""
        answer = self._take_answer()
        case = self._own.case
        if answer and case and case.segmentation:
            if self._shows_own:
                self._session.set_result(case.segmentation)
                self.run_done.emit()
            hand_over = partial(answer.set_result, case.segmentation)
            QTimer.singleShot(PAINTING_MS, self, hand_over)
        self._let_go()

    def _fail(self, error: SpineContextError) -> None:
        self._end_run(error)

    def _stop(self) -> None:
        """The run was cancelled, and with it the queue."""
        self._end_run(CancelledError("Cancelled. Nothing was written."))

    def _end_run(self, error: SpineContextError) -> None:
        answer = self._take_answer()
        if answer:
            answer.set_exception(error)
        if self._shows_own:
            self.run_ended.emit()
        self._let_go()

    def _take_answer(self) -> "Future[Segmentation] | None":
        """What the queue's thread waits for; the thread may have ended meanwhile."""
        answer, self._answer = self._answer, None
        if answer and self._run is None:
            self.changed.emit()
        return answer

    def _take_segmentation(self, case: CaseInput, segmentation: "Segmentation") -> None:
        facts = facts_but(segmentation, "mask", "figures")
        self._change(case, state=State.WRITING, facts=facts)

    def _finish(self, case: CaseInput, result: "CaseResult") -> None:
        here = self._session.case
        if case.name == self._shown_name and here is not None and here.volume is self._shown:
            self._session.mark_saved()
        self._tell_done(case, result.report, self._cases[case.name].warnings)

    def _take_report(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        """Take over the results of an earlier run."""
        from inference.report import segmentation_facts

        self._change(case, facts=segmentation_facts(report))
        self._tell_done(case, report, tuple(report["warnings"]))

    def _tell_done(
        self, case: CaseInput, report: Mapping[str, Any], warnings: Sequence[str]
    ) -> None:
        """Keep the figures, and what a person who checks the results should know."""
        from inference.export import FORMATS as ENDINGS
        from inference.export.vertebrae import VERTEBRA_FORMATS

        vertebrae = report.get("vertebrae") or {"notes": (), "count": 0}
        told = tuple(map(translated, (*warnings, *vertebrae["notes"])))
        volume_ml = report["spine_volume_ml"]
        if volume_ml and self._cases[case.name].facts["unsure"]:
            told = (self.tr("Unsure: check all slices."), *told)
        readable = [one for one in IMAGE_FORMATS if one in self._settings.formats]
        self._change(
            case,
            state=State.DONE,
            note="\n".join(told),
            volume_ml=volume_ml,
            seconds=sum(report["seconds"].values()),
            mask=self._folder / f"{case.name}{ENDINGS[readable[0]]}" if readable else None,
            vertebrae=self._folder / f"{case.name}{VERTEBRA_FORMATS['nifti']}"
            if vertebrae["count"]
            else None,
        )

    def _fail_case(self, case: CaseInput, error: SpineContextError) -> None:
        note = failure_text(error, self._locked)
        self._change(case, state=State.FAILED, note=note, details=error.details)

    def _fail_all(self, error: SpineContextError) -> None:
        self._unchecked = {}
        self._rest()
        self.failed.emit(error)

    def _go_on(self) -> None:
        """Run what was added since the last case began, or end."""
        if self._has_waiting:
            self._begin()
        else:
            self._end()

    def _end(self) -> None:
        """Write the table of all cases, if any was finished, and rest."""
        if any(case.state in ENDS for case in self.cases):
            self._sum_up()
        self._rest()

    def _sum_up(self) -> None:
        job = Job(partial(_write_summary, self._folder, self._summary()))
        job.failed.connect(self.failed)
        job.finished.connect(self._forget_summing)
        self._summing = job
        self._jobs.start(job)

    def _forget_summing(self) -> None:
        self._summing = None
        self.changed.emit()

    def _rest(self) -> None:
        """Let unfinished cases wait for the next start."""
        for name, case in self._cases.items():
            if case.state not in ENDS:
                self._cases[name] = dataclasses.replace(case, state=State.WAITING)
        self._run = None
        self._let_go()
        self.changed.emit()

    def _let_go(self) -> None:
        """Release the CT once nothing is running."""
        if self._run is None and not self._runs.busy:
            self._own.open(None)

    def _summary(self) -> Table:
        from inference.cases.outcomes import outcomes_table

        return translated_table(outcomes_table(map(_outcome, self.cases)))

    def _change(self, case: CaseInput, **changes: Any) -> None:
        self._cases[case.name] = dataclasses.replace(self._cases[case.name], **changes)
        self.changed.emit()


def _files(name: str, settings: RunSettings) -> tuple[str, ...]:
    """The names of the files of a case, except surfaces of single vertebrae."""
    from inference.export import FORMATS as ENDINGS
    from inference.export.vertebrae import VERTEBRA_FORMATS

    endings = [ENDINGS[one] for one in settings.formats]
    if settings.vertebrae is not None:
        beside = dict.fromkeys(("nifti", *settings.formats))  # always a NIfTI
        endings += [VERTEBRA_FORMATS[one] for one in beside if one in VERTEBRA_FORMATS]
    return tuple(f"{name}{ending}" for ending in endings)


def _outcome(case: QueuedCase) -> "Outcome":
    from inference.cases.outcomes import DONE, FAILED, NO_SPINE, NOT_RUN, Outcome

    ends = {State.DONE: DONE if case.volume_ml else NO_SPINE, State.FAILED: FAILED}
    note = " ".join(case.note.splitlines())
    return Outcome(case.name, ends.get(case.state, NOT_RUN), case.volume_ml, case.seconds, note)


def _write_summary(
    folder: Path,
    table: Table,
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,  # noqa: ARG001
) -> Path:
    from inference.cases.outcomes import write_summary

    return write_summary(folder, table)
