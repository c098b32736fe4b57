"""What the user does with the queue: fill, start and stop it, view its results."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.cases.case_queue import CaseQueue, QueuedCase, State
from app.cases.inputs import distinct_inputs
from app.cases.output_folders import OutputFolders
from app.cases.reopening import Reopening
from app.settings.controller import SettingsController
from app.widgets.dialogs import agreed, chosen_folder, listed, tell
from app.window.format_button import FORMAT_NAMES
from app.window.opener import Opener
from app.window.queue_panel import QueuePanel
from inference.cases.settings import RunSettings
from inference.errors import UnreadableInputError


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
    ) -> None:
        """Ask over ``window``."""
        super().__init__(window)
        self._window = window
        self._queue = queue
        self._reopening = reopening
        self._settings = settings
        self._opener = opener
        self._outputs = outputs
        self._writing_to: Path | None = None
        queue.changed.connect(self._forget_output)
        queue.changed.connect(self._offer_formats)
        self.panel = QueuePanel(queue)
        self.panel.formats.changed.connect(self._keep_formats)
        self.panel.start_asked.connect(self.start)
        self.panel.stop_asked.connect(self.stop)
        self.panel.close_asked.connect(queue.clear)
        self.panel.add_folder_asked.connect(self._add_folder)
        self.panel.add_files_asked.connect(self._add_files)
        self.panel.look_asked.connect(self.look_at)
        self._offer_formats()

    def start(self) -> None:
        """Find the spine in all queued cases, once the user has chosen a folder for results."""
        if self._queue.busy:
            return
        title = self.tr("Choose the folder for the results")
        first = str(self._settings.export_folder)
        folder = chosen_folder(self._window, title, first)
        if folder is None:
            return
        chosen = self.panel.formats
        settings = replace(self._settings.run, formats=chosen.chosen, vertebrae=chosen.vertebrae)
        if self._may_go_on_in(folder, settings):
            self._writing_to = folder
            self._outputs.begin(folder)
            self._queue.start(folder, settings)

    def _may_go_on_in(self, folder: Path, settings: RunSettings) -> bool:
        """Ask whether existing results may be replaced; ask nothing if there are none."""
        there = [file for file in self._queue.files(settings) if (folder / file).exists()]
        question = self.tr(
            "These files already exist:\n{0}\nWhat is finished and unchanged stays; the rest is "
            "replaced."
        )
        text = question.format(listed(there))
        return not there or agreed(self._window, text, self.tr("Go on"))

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

    def _add_folder(self) -> None:
        self._queue.add(distinct_inputs(self._opener.chosen_folder()))

    def _add_files(self) -> None:
        self._queue.add(distinct_inputs(self._opener.chosen_files()))
