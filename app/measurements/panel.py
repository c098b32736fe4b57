"""The measuring tools and the list of measurements, in the side panel."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.measurements.board import MeasurementBoard
from app.measurements.measurement import Kind
from app.measurements.table import measurement_table
from app.measurements.wording import rows
from app.widgets.keys import REDO_KEYS, UNDO_KEYS
from app.widgets.table_buttons import TableButtons
from inference.values.table import Table
from inference.values.volume import Volume

KEYS = {Kind.DISTANCE: "D", Kind.ANGLE: "A", Kind.COBB: "C", Kind.CIRCLE: "M"}

COLUMNS = 2
ROWS_SEEN = 4
"""Rows of the list that are visible without scrolling."""


class MeasurementPanel(QWidget):
    """Chooses what is measured, and lists the values."""

    kind_chosen = Signal(object)
    """A ``Kind``, or None if nothing is measured."""
    look_asked = Signal(object)
    """The user wants to see this measurement."""
    copy_asked = Signal()
    """Copy the table of all measurements to the clipboard."""
    save_asked = Signal()
    """Save the table to a file."""
    undo_key_taken = Signal(bool)
    """Whether Ctrl+Z undoes measurements rather than corrections."""

    def __init__(self, board: MeasurementBoard, parent: QWidget | None = None) -> None:
        """Start with nothing selected."""
        super().__init__(parent)
        self._board = board
        self._volume: Volume | None = None
        self._kinds = QActionGroup(self)
        self._kinds.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._actions = {kind: self._kind_action(kind) for kind in Kind}
        self._undo = self._action(self.tr("Undo measuring"), board.undo)
        self._redo = self._action(self.tr("Redo measuring"), board.redo)
        self._delete = self._action(self.tr("Delete measurement"), self._delete_chosen)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Measurements"))
        self._list.setMaximumHeight(ROWS_SEEN * self.fontMetrics().lineSpacing() + 2 * 4)
        self._list.currentRowChanged.connect(self._ask_to_look)
        self._list.itemClicked.connect(lambda: self._ask_to_look(self._list.currentRow()))
        self._delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self._delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._list.addAction(self._delete)
        self._tables = TableButtons(self.tr("the measurements"))
        self._tables.copy_asked.connect(self.copy_asked)
        self._tables.save_asked.connect(self.save_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._kind_buttons())
        layout.addWidget(self._list)
        layout.addWidget(self._history_buttons())
        layout.addWidget(self._tables)
        board.changed.connect(self._follow_board)
        self.show_volume(None)

    @property
    def commands(self) -> Sequence[QAction]:
        """What can be measured, then undo, redo and delete; for a menu too."""
        return (*self._actions.values(), self._undo, self._redo, self._delete)

    def show_volume(self, volume: Volume | None) -> None:
        """Measure in another CT, or in none."""
        self.choose(None)
        self._volume = volume
        self._kinds.setEnabled(volume is not None)
        self._board.clear()
        self.rest()

    @property
    def table(self) -> Table:
        """All measurements with their values."""
        if self._volume is None:
            raise RuntimeError("nothing is measured without a CT")
        return measurement_table(self._board.all, self._volume)

    @property
    def kind(self) -> Kind | None:
        """What is being measured."""
        return next((kind for kind, action in self._actions.items() if action.isChecked()), None)

    def choose(self, kind: Kind | None) -> None:
        """Measure this kind from now on, or nothing."""
        for one, action in self._actions.items():
            action.setChecked(one is kind)

    def rest(self) -> None:
        """Leave Ctrl+Z to the corrections, because one of their tools was chosen."""
        self.choose(None)
        self._take_undo_key(False)

    def _kind_action(self, kind: Kind) -> QAction:
        action = QAction(
            {
                Kind.DISTANCE: self.tr("Distance"),
                Kind.ANGLE: self.tr("Angle"),
                Kind.COBB: self.tr("Cobb angle"),
                Kind.CIRCLE: self.tr("HU circle"),
            }[kind],
            self,
        )
        hint = {
            Kind.DISTANCE: self.tr("Drag from end to end, or click both"),
            Kind.ANGLE: self.tr("Click one side, the vertex, the other side"),
            Kind.COBB: self.tr("Drag one line along an end plate, then another"),
            Kind.CIRCLE: self.tr(
                "Drag from the middle outwards: mean and standard deviation in the slice itself, "
                "under a thick one too"
            ),
        }[kind]
        action.setCheckable(True)
        action.setShortcut(QKeySequence(KEYS[kind]))
        action.setToolTip(f"{hint} ({KEYS[kind]})")
        action.setStatusTip(hint)
        action.toggled.connect(self._tell_kind)
        self._kinds.addAction(action)
        return action

    def _action(self, text: str, slot: object) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(slot)
        return action

    def _kind_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        for number, action in enumerate(self._actions.values()):
            button = _button(action)
            button.setProperty("choice", True)
            grid.addWidget(button, *divmod(number, COLUMNS))
        return grid

    def _history_buttons(self) -> QWidget:
        self._history = QWidget()
        row = QHBoxLayout(self._history)
        row.setContentsMargins(0, 0, 0, 0)
        for action, text in (
            (self._delete, self.tr("Delete")),
            (self._undo, self.tr("Undo")),
        ):
            row.addWidget(_button(action, text))
        return self._history

    def _tell_kind(self) -> None:
        if self.kind is not None:
            self._take_undo_key(True)
        self.kind_chosen.emit(self.kind)

    def _take_undo_key(self, taken: bool) -> None:
        self._undo.setShortcuts(UNDO_KEYS if taken else [])
        self._redo.setShortcuts(REDO_KEYS if taken else [])
        self.undo_key_taken.emit(taken)

    def _follow_board(self) -> None:
        """List the measurements, with the last one selected."""
        measurements = self._board.all
        with QSignalBlocker(self._list):
            self._list.clear()
            if self._volume is not None:
                for name, value in rows(measurements, self._volume):
                    self._list.addItem(f"{value}   {name}")
            self._list.setCurrentRow(len(measurements) - 1)
        self._list.setVisible(bool(measurements))
        self._tables.setVisible(bool(measurements))
        self._history.setVisible(bool(measurements) or self._board.can_undo or self._board.can_redo)
        self._delete.setEnabled(bool(measurements))
        self._undo.setEnabled(self._board.can_undo)
        self._redo.setEnabled(self._board.can_redo)
        if measurements:
            self._take_undo_key(True)

    def _ask_to_look(self, row: int) -> None:
        if 0 <= row < len(self._board.all):
            self.look_asked.emit(self._board.all[row])

    def _delete_chosen(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._board.all):
            self._board.remove(self._board.all[row])


def _button(action: QAction, text: str | None = None) -> QPushButton:
    """A button that triggers an action and shows its state."""
    button = QPushButton(text or action.text())
    button.setAccessibleName(action.text())
    button.setToolTip(action.toolTip())
    button.setCheckable(action.isCheckable())
    button.clicked.connect(lambda: action.trigger())

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setChecked(action.isChecked())

    action.changed.connect(follow)
    follow()
    return button
