"""What the user does with the queue: fill, start and stop it, view its results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.cases.addition import Addition
from app.cases.case_queue import CaseQueue, QueuedCase, State
from app.cases.output_folders import OutputFolders
from app.cases.reopening import Reopening
from app.settings.controller import SettingsController
from app.widgets.dialogs import agreed, chosen_folder, listed, show_folder, tell
from app.window.format_button import FORMAT_NAMES
from app.window.opener import Opener
from app.window.queue_panel import QueuePanel
from app.work.jobs import Job, Jobs
from inference.cases.settings import RunSettings
from inference.errors import UnreadableInputError
from inference.values.progress import CancelCheck, ProgressCallback, stopping


@dataclass(frozen=True)
class Plan:
    """Where and how the queue is to work.

    Attributes:
        there: names of files in ``folder`` that it would write.
    """

    folder: Path
    settings: RunSettings
    there: tuple[str, ...]


class QueueController(QObject):
    """Connects the queue's panel to the queue, and asks the necessary questions."""

    def __init__(
        self,
        window: QWidget,
        queue: CaseQueue,
        reopening: Reopening,
        settings: SettingsController,
        opener: Opener,
        outputs: OutputFolders,
        jobs: Jobs,
    ) -> None:
        """Ask over ``window``; ``jobs`` owns what is asked of the disk."""
        super().__init__(window)
        self._window = window
        self._queue = queue
        self._reopening = reopening
        self._settings = settings
        self._opener = opener
        self._outputs = outputs
        self._jobs = jobs
        self._looking: Job | None = None
        self._writing_to: Path | None = None
        queue.changed.connect(self._forget_output)
        queue.changed.connect(self._offer_formats)
        queue.replacing.connect(self._take_up)
        self.panel = QueuePanel(queue)
        self.panel.formats.changed.connect(self._keep_formats)
        self.panel.start_asked.connect(self.start)
        self.panel.stop_asked.connect(self.stop)
        self.panel.close_asked.connect(queue.clear)
        self.panel.results_asked.connect(self._show_results)
        self.panel.add_folder_asked.connect(self._add_folder)
        self.panel.add_files_asked.connect(self._add_files)
        self.panel.look_asked.connect(self.look_at)
        self._offer_formats()

    def start(self) -> None:
        """Find the spine in all queued cases, once the user has chosen a folder for results."""
        if self._queue.busy or self._looking is not None:
            return
        title = self.tr("Choose the folder for the results")
        first = str(self._settings.export_folder)
        folder = chosen_folder(self._window, title, first, self._jobs)
        if folder is None:
            return
        chosen = self.panel.formats
        settings = replace(self._settings.run, formats=chosen.chosen, vertebrae=chosen.vertebrae)
        self._look_into(folder, settings)

    def _look_into(self, folder: Path, settings: RunSettings) -> None:
        """Look on a thread for results that are there already, then start."""
        files = self._queue.files(settings)

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Plan:  # noqa: ARG001
            there = tuple(file for file in stopping(files, cancel) if (folder / file).exists())
            return Plan(folder, settings, there)

        self._looking = Job(work)
        self._looking.succeeded.connect(self._start)
        self._looking.finished.connect(self._end_looking)
        self._jobs.start(self._looking)

    def _end_looking(self) -> None:
        self._looking = None

    def _start(self, plan: Plan) -> None:
        if self._queue.busy:
            title = self.tr("The queue has not started")
            text = self.tr("Something else began just before it. Start it again once that is done.")
            tell(self._window, title, text)
        elif self._may_replace(plan.there):
            self._writing_to = plan.folder
            self._outputs.begin(plan.folder)
            self._queue.start(plan.folder, plan.settings)

    def _take_up(self, addition: Addition) -> None:
        """Run cases that were added at work, once the user agrees to replace their results."""
        if self._may_replace(addition.there):
            self._queue.admit(addition.fit)
        else:
            for case in addition.fit:
                self._queue.remove(case.name)

    def _may_replace(self, there: Sequence[str]) -> bool:
        """Ask whether existing results may be replaced; ask nothing if there are none."""
        question = self.tr(
            "These files already exist:\n{0}\nWhat is finished and unchanged stays; the rest is "
            "replaced."
        )
        text = question.format(listed(there))
        return not there or agreed(self._window, text, self.tr("C&ontinue"))

    def _offer_formats(self) -> None:
        """Start a new queue with the formats that were exported last."""
        if not self._queue.cases:
            settings = self._settings
            self.panel.formats.choose(settings.current.export_formats)
            self.panel.formats.choose_vertebrae(settings.vertebrae, settings.locked)

    def _keep_formats(self) -> None:
        """Start the next queue and the next export with the same choice."""
        others = [one for one in self._settings.current.export_formats if one not in FORMAT_NAMES]
        self._settings.remember_formats((*self.panel.formats.chosen, *others))
        self._settings.remember_vertebrae(self.panel.formats.vertebrae)

    def _forget_output(self) -> None:
        if self._writing_to is not None and not self._queue.active:
            self._outputs.end(self._writing_to)
            self._writing_to = None

    def stop(self) -> None:
        """Stop the queue, once the user agrees."""
        question = self.tr(
            "Stop the queue? Finished cases are kept; the current case will have to start over."
        )
        if self._queue.active and agreed(self._window, question, self.tr("Stop the &queue")):
            self._queue.cancel()

    def look_at(self, case: QueuedCase) -> None:
        """Show a case in the window, once the user agrees to leave the open one.

        A finished case is shown as its CT with its result, a running one as its run, a waiting one
        as its CT; for a failed one the reason is shown.
        """
        if case.state is State.FAILED:
            tell(self._window, case.name, case.note, case.details)
        elif not self._queue.by_hand and (self._queue.shows or self._opener.may_lose_work()):
            self._show(case)

    def _show(self, case: QueuedCase) -> None:
        if case.state is State.RUNNING:
            self._queue.show_running()
        elif case.state is State.WAITING:
            self._opener.look_at(case.path)
        elif case.state is State.DONE and case.mask:
            self._reopening.open(case, case.mask)
        elif case.state is State.DONE:
            text = self.tr(
                "The results of {0} contain no mask that can be shown. Open its CT and find the "
                "spine again, or let the queue write NIfTI."
            )
            self._reopening.failed.emit(UnreadableInputError(text.format(case.name)))

    def _show_results(self) -> None:
        if self._queue.folder is not None:
            title = self.tr("Show in folder")
            show_folder(self._window, title, self._queue.folder, self._jobs)

    def _add_folder(self) -> None:
        self._queue.add(self._opener.chosen_folder())

    def _add_files(self) -> None:
        self._opener.sort_out(self._opener.chosen_files(), self._add)

    def _add(self, inputs: list[Path]) -> None:
        self._queue.add(inputs)
