"""What the user does with the queue: start it, look at what it made, close it."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.cases.case_queue import CaseQueue, QueuedCase
from app.cases.output_folders import OutputFolders
from app.cases.reopening import Reopening
from app.settings.controller import SettingsController
from app.widgets.dialogs import chosen_folder, may_replace
from app.window.opener import Opener
from app.window.queue_panel import QueuePanel


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
        title = self.tr("Choose the folder for the results")
        first = str(self._settings.export_folder)
        folder = chosen_folder(self._window, title, first)
        if folder is None:
            return
        there = [file for file in self._queue.files if (folder / file).exists()]
        if may_replace(self._window, there):
            self._writing_to = folder
            self._outputs.begin(self._writing_to)
            self._queue.start(self._writing_to, self._settings.run)

    def _forget_output(self) -> None:
        if self._writing_to is not None and not self._queue.active:
            self._outputs.end(self._writing_to)
            self._writing_to = None

    def look_at(self, case: QueuedCase) -> None:
        """Open a finished case again, once the user agrees to leave what is open."""
        if not self._queue.busy and self._opener.may_lose_work():
            self._reopening.open(case, self._queue.mask_file(case))

    def close(self) -> None:
        """Empty the queue; what it wrote stays."""
        self._queue.fill([])
