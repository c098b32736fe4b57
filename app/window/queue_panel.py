"""The queue as a list, with what became of each case."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.cases.case_queue import CaseQueue, QueuedCase, State

MOST_HEIGHT = 190
"""Pixels: some six cases; more are scrolled to, so that the views keep their room."""

LEAST_LIST_HEIGHT = 56
"""Pixels: two cases, where the screen is low."""


class QueuePanel(QFrame):
    """Shows a ``CaseQueue``; hidden while it is empty."""

    start_asked = Signal()
    close_asked = Signal()
    look_asked = Signal(QueuedCase)
    """Somebody wants to look at this finished case."""

    def __init__(self, queue: CaseQueue, parent: QWidget | None = None) -> None:
        """Show ``queue``."""
        super().__init__(parent)
        self._queue = queue
        self._summary = QLabel()
        self._summary.setProperty("heading", True)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Queued cases"))
        self._list.setWordWrap(True)
        self._list.setAlternatingRowColors(True)
        self._list.setSpacing(2)
        self._list.itemActivated.connect(self._ask_to_look)
        self._hint = QLabel(self.tr("Double-click a finished case to view it."))
        self._hint.setProperty("quiet", True)
        self._start = QPushButton(self.tr("Find the spine in all cases…"))
        self._start.setProperty("emphasised", True)
        self._start.clicked.connect(self.start_asked)
        self._close = QPushButton(self.tr("Close the queue"))
        self._close.clicked.connect(self.close_asked)
        self._results = QPushButton(self.tr("Show in folder"))
        self._results.clicked.connect(self._show_in_folder)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self._hint)
        top.addSpacing(8)
        for button in (self._start, self._results, self._close):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._list)
        self._list.setMinimumHeight(LEAST_LIST_HEIGHT)
        self.setMaximumHeight(MOST_HEIGHT)
        queue.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        cases = self._queue.cases
        self.setVisible(bool(cases))
        done = sum(case.state is State.DONE for case in cases)
        failed = sum(case.state is State.FAILED for case in cases)
        summary = self.tr("{0} of {1} cases done").format(done, len(cases))
        if failed:
            summary += self.tr(", {0} failed").format(failed)
        self._summary.setText(summary)
        waiting = any(case.state is State.WAITING for case in cases)
        self._start.setVisible(waiting and not self._queue.active)
        finished = self._queue.folder is not None and not self._queue.active
        self._results.setVisible(finished)
        self._hint.setVisible(finished)
        self._close.setEnabled(not self._queue.active)
        self._list.clear()
        for number, case in enumerate(cases):
            self._list.addItem(self._line(case))
            if case.state is State.RUNNING:
                self._list.setCurrentRow(number)

    def _ask_to_look(self) -> None:
        case = self._queue.cases[self._list.currentRow()]
        if case.state is State.DONE and not self._queue.active:
            self.look_asked.emit(case)

    def _show_in_folder(self) -> None:
        if self._queue.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._queue.folder)))

    def _line(self, case: QueuedCase) -> str:
        state = {
            State.WAITING: self.tr("waiting"),
            State.READING: self.tr("reading"),
            State.RUNNING: self.tr("finding the spine"),
            State.WRITING: self.tr("writing"),
            State.DONE: self.tr("done"),
            State.FAILED: self.tr("failed"),
        }[case.state]
        lines = case.note.splitlines()
        if case.state is State.DONE and lines:
            state += f", {lines.pop(0)}"
        return "\n    ".join([f"{case.name}: {state}", *lines])
