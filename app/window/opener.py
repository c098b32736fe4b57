"""Opens what the user dropped or chose, and says what they should know about it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import CaseQueue
from app.cases.inputs import demo_ct, distinct_inputs
from app.cases.recent_folders import RecentFolders, is_gone
from app.cases.session import Case, Session
from app.translation import translated
from app.widgets.dialogs import agreed, answer_to, run_dialog, short_name, start_folder
from app.window.message_bar import End, MessageBar, Offer, Tone
from app.window.patient_controller import PatientController
from app.window.series_dialog import SeriesDialog
from app.wording import left_out_text
from app.work.jobs import Job, Jobs
from app.work.opening import OpenedCt, OpenJob, SeriesOffer
from inference.errors import AbsentInputError, SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback


class Opener(QObject):
    """Opens or queues inputs, once the user agrees to leave what is open or running."""

    export_asked = Signal()
    """The user wants to export before the case closes; the export is over when this returns."""
    recent_changed = Signal()
    """A path that was opened before is there no more."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        flow: CaseFlow,
        queue: CaseQueue,
        message: MessageBar,
        recent: RecentFolders,
        patient: PatientController,
        jobs: Jobs,
        changing: Callable[[], bool],
    ) -> None:
        """Ask over ``window``, report in ``message``, and remember in ``recent``.

        Args:
            patient: knows what may be shown about a patient.
            jobs: owns what is asked of the disk.
            changing: whether a person's change of the result is still being worked out.
        """
        super().__init__(window)
        self._window = window
        self._session = session
        self._flow = flow
        self._queue = queue
        self._message = message
        self._recent = recent
        self._patient = patient
        self._jobs = jobs
        self._changing = changing
        self._waiting: list[Path] = []
        self._opening: Path | None = None
        flow.open_started.connect(self._follow)
        flow.failed.connect(self._forget_absent)
        flow.opened.connect(self._take_opened)
        flow.several_found.connect(self._open)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open or queue these paths, once the user agrees to leave what is open.

        While the queue is running, they join it.
        """
        self.sort_out(paths, self._take_inputs)

    def sort_out(self, paths: Sequence[Path], take: Callable[[list[Path]], None]) -> None:
        """Give one path for each input to ``take``, a method of a QObject.

        Several are looked at on a thread: a folder's slices on a network drive are many questions.
        """
        if len(paths) < 2:
            take(list(paths))
            return

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> list[Path]:  # noqa: ARG001
            return distinct_inputs(paths)

        job = Job(work)
        job.succeeded.connect(take)
        self._jobs.start(job)

    def _take_inputs(self, inputs: list[Path]) -> None:
        if not inputs:
            return
        if self._queue.active:
            self._queue.add(inputs)
            self._message.show_message(self.tr("Added to the queue."), Tone.NOTE)
        elif self._queue.busy:
            question = self.tr("A task is still running. Cancel it and open this instead?")
            if agreed(self._window, question, self.tr("Cancel the &task")):
                self._waiting = inputs
                self._queue.cancel()
        elif self.may_lose_work():
            self._open(inputs)

    def ask_for_folder(self) -> None:
        """Let the user choose a folder and open it."""
        self.open_paths(self.chosen_folder())

    def ask_for_file(self) -> None:
        """Let the user choose files and open them."""
        self.open_paths(self.chosen_files())

    def chosen_folder(self) -> Sequence[Path]:
        """Let the user choose a folder with a CT; empty if they choose none."""
        title = self.tr("Open a folder with a CT")
        first = self._last_folder()
        if self._jobs.closed:
            return []  # the window was closed meanwhile
        name = QFileDialog.getExistingDirectory(self._window, title, first)
        return [Path(name)] if name else []

    def chosen_files(self) -> Sequence[Path]:
        """Let the user choose files: each a CT, or all of them slices of one."""
        kinds = self.tr("CT images and archives")
        kinds += " (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd"
        kinds += " *.zip *.tar *.tar.* *.tgz *.dcm DICOMDIR)"
        every = self.tr("All files") + " (*)"
        title = self.tr("Open a CT file")
        first, filters = self._last_folder(), f"{kinds};;{every}"
        if self._jobs.closed:
            return []
        names, _ = QFileDialog.getOpenFileNames(self._window, title, first, filters)
        return [Path(name) for name in names]

    def look_at(self, path: Path) -> None:
        """Open the recommended series of a CT that is waiting in the queue."""
        self._message.end(End.ATTEMPT)
        self._flow.open(path, ask=False)

    def _last_folder(self) -> str:
        """Where file dialogs start: beside what was opened last."""
        paths = self._recent.paths()
        return start_folder(paths[0].parent, self._jobs) if paths else ""

    def open_recent(self, path: Path) -> None:
        """Open a recent path."""
        self.open_paths([path])

    def open_demo(self) -> None:
        """Open the bundled phantom."""
        self.open_paths([demo_ct()])

    def open_waiting(self) -> None:
        """Open what had to wait, now that nothing is in its way."""
        if self._queue.busy:
            return
        waiting, self._waiting = self._waiting, []
        self._take_inputs(waiting)

    def close_case(self) -> None:
        """Go back to the empty window."""
        if not self._queue.busy and self.may_lose_work():
            self._session.open(None)

    def may_lose_work(self) -> bool:
        """Whether the open case may be closed; asks if it holds unexported work."""
        case = self._session.case
        if case is None or not self._missed(case):
            return True
        question = self.tr("The spine of {0} has not been exported.")
        if self._changing() or (case.mask is not None and case.mask.corrected):
            question = self.tr("The corrected spine of {0} has not been exported.")
        text = question.format(short_name(self._patient.name))
        answers = [self.tr("Continue &without exporting")]
        if not self._queue.busy:
            answers.append(self.tr("&Export…"))
        answer = answer_to(self._window, text, answers, self.tr("&Stay"))
        if answer == 1:
            self.export_asked.emit()
            case = self._session.case
            return case is None or not self._missed(case)
        return answer == 0

    def _missed(self, case: Case) -> bool:
        """Whether its spine would be missed, or a change that is not yet part of it."""
        return case.missed or (self._changing() and case.path != demo_ct())

    def _open(self, inputs: Sequence[Path]) -> None:
        """Open one input, or queue several."""
        self._message.end(End.ATTEMPT)
        if len(inputs) > 1:
            self._session.open(None)
            self._queue.add(inputs)
        else:
            self._flow.open(inputs[0], ask=True)

    def _forget_absent(self, error: SpineContextError) -> None:
        """Offer no longer what turned out to be gone, unless its drive may come back."""
        if isinstance(error, AbsentInputError) and self._opening is not None:
            path = self._opening

            def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Path | None:  # noqa: ARG001
                return path if is_gone(path) else None

            job = Job(work)
            job.succeeded.connect(self._forget)
            self._jobs.start(job)

    def _forget(self, path: Path | None) -> None:
        if path is not None:
            self._recent.forget(path)
            self.recent_changed.emit()

    def _follow(self, job: OpenJob) -> None:
        self._opening = job.path
        job.choice_wanted.connect(self._choose_series)

    def _take_opened(self, opened: OpenedCt) -> None:
        """Remember its path, and say what the user should know about it."""
        if opened.path != demo_ct():
            self._recent.add(opened.path)
        sentences = [translated(warning) for warning in opened.volume.warnings]
        offer = None
        if opened.left_out:
            others = [offer.series.description for offer in opened.left_out]
            sentences.append(left_out_text(others))
            show = partial(self._show_series, opened.unasked)
            offer = Offer(self.tr("Show them…"), show)
        if sentences:
            tone = Tone.WARNING if opened.volume.warnings else Tone.NOTE
            ends = frozenset({End.CASE})
            self._message.show_message("\n".join(sentences), tone, offer, ends)

    def _show_series(self, offers: Sequence[SeriesOffer]) -> None:
        run_dialog(self._series_dialog(offers))

    def _series_dialog(self, offers: Sequence[SeriesOffer]) -> SeriesDialog:
        return SeriesDialog(offers, self._window, show_patient=self._patient.shown)

    def _choose_series(self, offers: Sequence[SeriesOffer]) -> None:
        job = self._flow.opening
        dialog = self._series_dialog(offers)
        if job and run_dialog(dialog):
            job.choose(dialog.chosen_uid)
        elif job:
            job.cancel()
