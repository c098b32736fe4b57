"""All cases of a queue on one thread, which leaves the heavy work to processes of their own."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from PySide6.QtCore import Signal

from app.work.jobs import Job
from app.work.writing import perform_apart
from inference.cases.settings import CaseInput, RunSettings
from inference.cases.watcher import CaseWatcher
from inference.errors import SpineContextError
from inference.values.progress import (
    CancelCheck,
    PreviewCallback,
    Progress,
    ProgressCallback,
    stop_if,
)
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.runner import CaseResult
    from inference.export import Writer
    from inference.pipeline import Segmentation
    from inference.system.memory import RunMemory

WAITING = Progress("predict", 0, 1)
"""What the thread reports while it waits for the window's run."""

ANSWER_POLL_SECONDS = 0.1
"""How often the thread checks whether it was cancelled while it waits for a run."""


class WaitingCases:
    """Cases that a run takes one after another, while some are added and others withdrawn."""

    def __init__(self, cases: Iterable[CaseInput]) -> None:
        """Start with these."""
        self._cases = deque(cases)
        self._lock = Lock()

    def add(self, case: CaseInput) -> None:
        """Let it be run after all waiting ones."""
        with self._lock:
            self._cases.append(case)

    def take_back(self, name: str) -> bool:
        """Withdraw the case of that name; return whether it was still waiting."""
        with self._lock:
            for case in self._cases:
                if case.name == name:
                    self._cases.remove(case)
                    return True
        return False

    @property
    def left(self) -> tuple[CaseInput, ...]:
        """Those that were not yet taken."""
        with self._lock:
            return tuple(self._cases)

    def __iter__(self) -> Iterator[CaseInput]:
        """Hand out the next case on each request until none is waiting."""
        while True:
            with self._lock:
                if not self._cases:
                    return
                case = self._cases.popleft()
            yield case


class QueueRun(Job):
    """Reads, runs and writes cases as the command line does; succeeds with their ``Summary``.

    It emits ``segment_wanted`` for one case after another and waits for the answer.
    """

    reading = Signal(CaseInput)
    skipped = Signal(CaseInput, object)
    """An earlier run has already finished it; with its report."""
    running = Signal(CaseInput, Volume)
    writing = Signal(CaseInput, object)
    """The ``Segmentation`` that was found."""
    done = Signal(CaseInput, object)
    """The ``CaseResult``."""
    case_failed = Signal(CaseInput, SpineContextError)
    segment_wanted = Signal(object)
    """A ``Future`` of the ``Segmentation`` of the case that is running."""

    def __init__(
        self, cases: WaitingCases, inputs: Sequence[Path], folder: Path, settings: RunSettings
    ) -> None:
        """Prepare to write the results of ``cases`` into ``folder``, and to keep the inputs."""
        super().__init__(self._run_all)
        self._cases = cases
        self._inputs = inputs
        self._folder = folder
        self._settings = settings

    def _run_all(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:  # noqa: ARG002
        # Imported here because they are slow to load.
        from inference.cases.kept import check_inputs_kept
        from inference.cases.runner import CaseRunner

        runner = CaseRunner(self._folder, self._settings, _WindowEngine(self))
        check_inputs_kept(self._folder, self._cases.left, self._inputs)
        return runner.run_all(self._cases, _Teller(self), cancel)


class _WindowEngine:
    """Stands for the run that the window shows, and for the process that writes."""

    def __init__(self, job: QueueRun) -> None:
        self._job = job

    def memory(self) -> None:
        """Nothing to do: the run keeps to its limit itself."""

    def check_room(self, held_bytes: int) -> None:
        """Nothing to check: results are made in this process, which has no limit."""

    def segment(
        self,
        volume: Volume,  # noqa: ARG002
        *,
        memory: "RunMemory | None",  # noqa: ARG002
        progress: ProgressCallback,
        preview: PreviewCallback,  # noqa: ARG002
        cancel: CancelCheck,
    ) -> "Segmentation":
        answer: Future[Segmentation] = Future()
        self._job.segment_wanted.emit(answer)
        while True:
            stop_if(cancel)
            progress(WAITING)  # lets the runner report meanwhile what was written
            try:
                return answer.result(ANSWER_POLL_SECONDS)
            except TimeoutError:
                continue

    def write(self, write: "Writer", file: BinaryIO, cancel: CancelCheck) -> None:
        perform_apart(write, file, cancel)


class _Teller(CaseWatcher):
    """Tells the window how the cases are going."""

    def __init__(self, job: QueueRun) -> None:
        self._job = job

    def reading(self, case: CaseInput) -> None:
        self._job.reading.emit(case)

    def skipped(self, case: CaseInput, report: Mapping[str, Any]) -> None:
        self._job.skipped.emit(case, report)

    def running(self, case: CaseInput, volume: Volume) -> None:
        self._job.running.emit(case, volume)

    def writing(self, case: CaseInput, segmentation: "Segmentation") -> None:
        self._job.writing.emit(case, segmentation)

    def done(self, case: CaseInput, result: "CaseResult") -> None:
        self._job.done.emit(case, result)

    def failed(self, case: CaseInput, error: SpineContextError) -> None:
        self._job.case_failed.emit(case, error)
