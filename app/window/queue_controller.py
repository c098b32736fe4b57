"""What the user does with the queue: start it, look at what it made, close it."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.cases.case_queue import CaseQueue, QueuedCase
from app.cases.output_folders import OutputFolders
from app.cases.reopening import Reopening
from app.settings.controller import SettingsController
from app.widgets.dialogs import agreed, chosen_folder, listed
from app.window.opener import Opener
from app.window.queue_panel import QueuePanel
from inference.errors import UnreadableInputError


class QueueController(QObject):
    """Stands between the queue's panel and the queue, and asks what must be asked."""

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
        self.panel = QueuePanel(queue)
        self.panel.start_asked.connect(self.start)
        self.panel.close_asked.connect(self.close)
        self.panel.look_asked.connect(self.look_at)

    def start(self) -> None:
        """Find the spine in all queued cases, once the user has said where to."""
        if self._queue.busy:
            return
        title = self.tr("Choose the folder for the results")
        first = str(self._settings.export_folder)
        folder = chosen_folder(self._window, title, first)
        if folder is None:
            return
        settings = self._settings.run
        if self._may_go_on_in(folder, settings.formats):
            self._writing_to = folder
            self._outputs.begin(folder)
            self._queue.start(folder, settings)

    def _may_go_on_in(self, folder: Path, formats: tuple[str, ...]) -> bool:
        """Ask whether results that are there may be replaced; where none are, nothing is asked."""
        there = [file for file in self._queue.files(formats) if (folder / file).exists()]
        question = self.tr(
            "These files already exist:\n{0}\nWhat is finished and unchanged stays; the rest is "
            "replaced."
        )
        text = question.format(listed(there))
        return not there or agreed(self._window, text, self.tr("Go on"))

    def _forget_output(self) -> None:
        if self._writing_to is not None and not self._queue.active:
            self._outputs.end(self._writing_to)
            self._writing_to = None

    def look_at(self, case: QueuedCase) -> None:
        """Open a finished case again, once the user agrees to leave what is open."""
        if self._queue.busy or not self._opener.may_lose_work():
            return
        mask = self._queue.mask_file(case)
        if mask:
            self._reopening.open(case, mask)
            return
        text = self.tr(
            "The results of {0} hold no mask that can be shown. Open its CT and find the spine "
            "again, or choose NIfTI in an export before you start the queue."
        )
        self._reopening.failed.emit(UnreadableInputError(text.format(case.name)))

    def close(self) -> None:
        """Empty the queue; what it wrote stays."""
        self._queue.fill([])
