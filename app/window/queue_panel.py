"""The queue as a list, with the outcome of each case."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.cases.case_queue import AT_WORK, CaseQueue, QueuedCase, State
from app.widgets.dialogs import short_name
from app.widgets.elided_label import ElidedLabel
from app.window.format_button import FormatButton
from app.wording import number_text

LEAST_LIST_HEIGHT = 110
"""Pixels: about four cases, when a result below takes the room."""

MOST_NAME_LETTERS = 30
"""Letters of a case's name, which has its own line in the list."""


class QueuePanel(QFrame):
    """Shows a ``CaseQueue``; hidden while it is empty."""

    start_asked = Signal()
    stop_asked = Signal()
    close_asked = Signal()
    results_asked = Signal()
    """The user wants to see the folder of the results."""
    add_folder_asked = Signal()
    add_files_asked = Signal()
    look_asked = Signal(QueuedCase)
    """The user wants to see this case, or to read why it failed."""

    def __init__(self, queue: CaseQueue, parent: QWidget | None = None) -> None:
        """Show ``queue``."""
        super().__init__(parent)
        self._queue = queue
        self._followed = ""
        self._summary = QLabel()
        self._summary.setProperty("heading", True)
        self._summary.setWordWrap(True)
        self._list = self._case_list()
        self._start = _button(self.tr("Find the spine in all cases…"), self.start_asked)
        self._start.setProperty("emphasised", True)
        self._stop = _button(self.tr("Stop…"), self.stop_asked)
        self._close = _button(self.tr("Close"), self.close_asked)
        self._close.setToolTip(self.tr("Close the queue; its results stay"))
        self._results = _button(self.tr("Show in folder"), self.results_asked)
        self.formats = FormatButton()
        self._add = self._add_button()
        self._remove = QPushButton(self.tr("Remove"))
        self._remove.setToolTip(
            self.tr("Remove the selected case from the list; its files stay (Del)")
        )
        self._remove.clicked.connect(self._remove_chosen)
        self._hint = ElidedLabel(self.tr("Double-click a case to view it, or why it failed."))
        self._hint.setProperty("quiet", True)
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._summary)
        layout.addWidget(self._start)
        layout.addLayout(_row(self._stop, self._results, self._close))
        layout.addWidget(self._list, 1)
        layout.addWidget(self._hint)
        layout.addWidget(self.formats)
        layout.addLayout(_row(self._add, self._remove))
        queue.changed.connect(self._show)
        self._show()

    def _case_list(self) -> QListWidget:
        cases = QListWidget()
        cases.setAccessibleName(self.tr("Queued cases"))
        cases.setWordWrap(True)
        cases.setResizeMode(QListView.ResizeMode.Adjust)
        cases.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        cases.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        cases.setAlternatingRowColors(True)
        cases.setSpacing(2)
        cases.setMinimumHeight(LEAST_LIST_HEIGHT)
        cases.itemActivated.connect(self._ask_to_look)
        cases.currentRowChanged.connect(self._follow_choice)
        remove = QAction(self.tr("Remove"), cases)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self._remove_chosen)
        cases.addAction(remove)
        cases.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return cases

    def _add_button(self) -> QPushButton:
        button = QPushButton(self.tr("Add"))
        button.setToolTip(self.tr("Queue more cases; you can also drop them on the window"))
        menu = QMenu(button)
        menu.addAction(self.tr("A folder…"), self.add_folder_asked.emit)
        menu.addAction(self.tr("Files…"), self.add_files_asked.emit)
        button.setMenu(menu)
        return button

    def _show(self) -> None:
        cases = self._queue.cases
        self.setVisible(bool(cases))
        done = sum(case.state is State.DONE for case in cases)
        failed = sum(case.state is State.FAILED for case in cases)
        summary = self.tr("{0} of {1} cases done").format(done, len(cases))
        if failed:
            summary += self.tr(", {0} failed").format(failed)
        self._summary.setText(summary)
        active = self._queue.active
        if active and self.window().focusWidget() is self._start:
            self._list.setFocus()  # otherwise it goes on to the button that stops all
        self._start.setVisible(not active and any(one.state is State.WAITING for one in cases))
        self._stop.setVisible(active)
        self.formats.setEnabled(not active)
        self._results.setVisible(self._queue.folder is not None and not active)
        self._close.setEnabled(not active)
        self._list_cases()
        self._follow_choice()

    def _list_cases(self) -> None:
        """Update the rows; the user's selection stays."""
        cases = self._queue.cases
        with QSignalBlocker(self._list):
            while self._list.count() > len(cases):
                self._list.takeItem(self._list.count() - 1)
            while self._list.count() < len(cases):
                self._list.addItem(QListWidgetItem())
        for number, case in enumerate(cases):
            item = self._list.item(number)
            line = self._line(case, short_name(case.name, MOST_NAME_LETTERS))
            if item.text() != line:
                item.setText(line)
                item.setToolTip(self._line(case, case.name))
            if case.state is State.RUNNING and case.name != self._followed:
                self._followed = case.name
                if not self._list.hasFocus():
                    self._list.setCurrentRow(number)

    def _chosen(self) -> QueuedCase | None:
        row = self._list.currentRow()
        return self._queue.cases[row] if 0 <= row < len(self._queue.cases) else None

    def _follow_choice(self) -> None:
        chosen = self._chosen()
        self._remove.setEnabled(chosen is not None and chosen.state not in AT_WORK)

    def _remove_chosen(self) -> None:
        if chosen := self._chosen():
            self._queue.remove(chosen.name)

    def _ask_to_look(self) -> None:
        if chosen := self._chosen():
            self.look_asked.emit(chosen)

    def _line(self, case: QueuedCase, name: str) -> str:
        state = {
            State.WAITING: self.tr("waiting"),
            State.READING: self.tr("reading"),
            State.RUNNING: self.tr("finding the spine"),
            State.WRITING: self.tr("writing"),
            State.DONE: self.tr("done, {0} mL").format(number_text(case.volume_ml or 0)),
            State.FAILED: self.tr("failed"),
        }[case.state]
        if case.state is State.DONE and not case.volume_ml:
            state = self.tr("done, but no spine was found")
        return "\n".join([name, f"    {state}", *case.note.splitlines()])


def _button(text: str, asked: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(asked)
    return button


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    return row
