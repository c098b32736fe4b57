"""The vertebrae in the side panel: one button finds them, then they are listed and changed."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.vertebrae.wording import is_proposal, name_text, reason_text
from app.widgets.keys import REDO_KEYS, UNDO_KEYS
from app.wording import number_text

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae

ROWS_SEEN = 7
"""Rows of the list that are visible without scrolling."""

SWATCH = 12
"""Pixels of the square that shows a vertebra's colour."""


class VertebraPanel(QWidget):
    """Lists vertebrae and asks for what the user wants done; changes nothing itself.

    Vertebrae are identified by their count from the head: 1, 2, ….
    """

    find_asked = Signal()
    cancel_asked = Signal()
    look_asked = Signal(int)
    """The user wants to see this vertebra."""
    hidden_changed = Signal(frozenset)
    """The vertebrae to hide."""
    name_asked = Signal()
    confirm_asked = Signal()
    merge_asked = Signal(int)
    """Merge the vertebra at the crosshair with the one above (-1) or below (1)."""
    split_asked = Signal()
    give_asked = Signal(int)
    """Give the piece at the crosshair to the vertebra above (-1) or below (1)."""
    only_asked = Signal()
    """Show only the vertebra at the crosshair."""
    straight_chosen = Signal(bool)
    """Whether the straightened view takes the place of the 3D view."""
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """A hidden panel."""
        super().__init__(parent)
        self._busy = False
        self._shown = self._available = self._proposed = False
        self._can_undo = self._can_redo = False
        self._count = 0
        self._rows: list[QTreeWidgetItem] = []
        self._find = self._action(self.tr("Find the vertebrae"), self.find_asked.emit, "V")
        self._name = self._action(self.tr("Name the vertebra…"), self.name_asked.emit, "N")
        self._confirm = self._action(self.tr("Confirm the names"), self.confirm_asked.emit)
        self._changes = [
            self._action(text, slot)
            for text, slot in (
                (self.tr("Merge with the one above"), lambda: self.merge_asked.emit(-1)),
                (self.tr("Merge with the one below"), lambda: self.merge_asked.emit(1)),
                (self.tr("Split at the crosshair"), self.split_asked.emit),
                (self.tr("Give this piece to the one above"), lambda: self.give_asked.emit(-1)),
                (self.tr("Give this piece to the one below"), lambda: self.give_asked.emit(1)),
            )
        ]
        self._only = self._action(self.tr("Show only this one"), self.only_asked.emit)
        self._all = self._action(
            self.tr("Show all vertebrae"), lambda: self.hidden_changed.emit(frozenset())
        )
        self._straight = QAction(self.tr("Straightened view"), self, checkable=True)
        self._straight.setShortcut(QKeySequence("T"))
        self._straight.toggled.connect(self.straight_chosen)
        self._undo = self._action(self.tr("Undo change of vertebrae"), self.undo_asked.emit)
        self._redo = self._action(self.tr("Redo change of vertebrae"), self.redo_asked.emit)
        self._first = QPushButton()
        self._first.clicked.connect(self._find_or_cancel)
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._list = self._empty_list()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._first, self._reason, self._list):
            layout.addWidget(widget)
        layout.addLayout(self._buttons())
        self.show_vertebrae(None)
        self.offer(False, False)

    @property
    def commands(self) -> Sequence[QAction]:
        """All actions, for a menu too."""
        return (
            self._find,
            self._name,
            self._confirm,
            *self._changes,
            self._only,
            self._all,
            self._straight,
            self._undo,
            self._redo,
        )

    @property
    def chosen(self) -> int | None:
        """The vertebra that is selected in the list."""
        row = self._list.currentIndex().row()
        return row + 1 if row >= 0 else None

    def offer(self, shown: bool, changeable: bool) -> None:
        """Show the panel if there is a spine whose vertebrae can be told apart.

        Args:
            changeable: whether they can be changed now.
        """
        self._shown, self._available = shown, shown and changeable
        self.setVisible(shown)
        self._enable()

    def set_busy(self, busy: bool) -> None:
        """Show whether something is running, which the button then cancels."""
        self._busy = busy
        self._enable()

    def show_vertebrae(self, vertebrae: "CaseVertebrae | None") -> None:
        """List vertebrae, or none."""
        row = self._list.currentIndex().row()
        self._count = vertebrae.found.count if vertebrae else 0
        self._proposed = vertebrae is not None and is_proposal(vertebrae)
        self._reason.setVisible(vertebrae is not None)
        self._list.setVisible(vertebrae is not None)
        with QSignalBlocker(self._list):
            self._list.clear()
            self._rows.clear()
            if vertebrae is not None:
                from app.vertebrae.layer import (
                    colour_of,
                )  # imported here because it is slow to load

                self._reason.setText(reason_text(vertebrae))
                for place, facts in enumerate(vertebrae.table, start=1):
                    item = QTreeWidgetItem(
                        [
                            name_text(vertebrae, place),
                            number_text(facts.volume_ml, 1),
                            f"{round(100 * facts.confidence)} %",
                        ]
                    )
                    font = item.font(0)
                    font.setItalic(self._proposed)
                    item.setFont(0, font)
                    item.setIcon(0, _swatch(colour_of(place)))
                    item.setCheckState(0, Qt.CheckState.Checked)
                    for column in (1, 2):
                        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
                    self._rows.append(item)
                self._list.addTopLevelItems(self._rows)
                if 0 <= row < self._count:
                    self._list.setCurrentItem(self._rows[row])
        self._enable()

    def show_hidden(self, hidden: Collection[int]) -> None:
        """Tick the visible ones."""
        with QSignalBlocker(self._list):
            for place, row in enumerate(self._rows, start=1):
                drawn = place not in hidden
                row.setCheckState(0, Qt.CheckState.Checked if drawn else Qt.CheckState.Unchecked)

    def set_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Enable undo and redo where there is something to undo or redo."""
        self._can_undo, self._can_redo = can_undo, can_redo
        self._enable()

    def take_undo_key(self, taken: bool) -> None:
        """Let Ctrl+Z undo changes of vertebrae, or leave it to others."""
        self._undo.setShortcuts(UNDO_KEYS if taken else [])
        self._redo.setShortcuts(REDO_KEYS if taken else [])

    def show_menu(self, title: str, at: QPoint) -> None:
        """Show a menu for the vertebra at the crosshair, at a point on the screen."""
        menu = QMenu(self)
        menu.addSection(title)
        menu.addActions([self._name, *self._changes, self._only, self._all])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _action(self, text: str, slot: Callable[[], object], key: str = "") -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda: slot())
        return action

    def _empty_list(self) -> QTreeWidget:
        found = QTreeWidget()
        found.setColumnCount(3)
        found.setHeaderLabels([self.tr("Vertebra"), self.tr("mL"), self.tr("Sure")])
        found.headerItem().setToolTip(
            2, self.tr("How sure the borders to its neighbours are; under 30 % they are guesses")
        )
        for column in (1, 2):
            found.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        found.setRootIsDecorated(False)
        found.setUniformRowHeights(True)
        found.setIconSize(QSize(SWATCH, SWATCH))
        found.setAccessibleName(self.tr("Vertebrae"))
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = found.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        row = self.fontMetrics().lineSpacing() + 6
        found.setFixedHeight((ROWS_SEEN + 1) * row)
        found.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        found.customContextMenuRequested.connect(self._ask_for_menu)
        found.currentItemChanged.connect(self._ask_to_look)
        found.itemClicked.connect(self._ask_to_look)
        found.itemChanged.connect(self._tell_hidden)
        return found

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        self._name_button = QPushButton(self.tr("Name…"))
        self._name_button.setToolTip(self.tr("Say which one the vertebra at the crosshair is (N)"))
        self._name_button.clicked.connect(self._name.trigger)
        self._confirm_button = QPushButton(self.tr("Confirm"))
        self._confirm_button.setToolTip(self.tr("Take the proposed names"))
        self._confirm_button.clicked.connect(self._confirm.trigger)
        self._change_button = QPushButton(self.tr("Change"))
        self._change_button.setToolTip(self.tr("What is done with the vertebra at the crosshair"))
        menu = QMenu(self._change_button)
        menu.addActions([*self._changes, self._only, self._all, self._undo, self._redo])
        self._change_button.setMenu(menu)
        for column, button in enumerate(
            (self._name_button, self._confirm_button, self._change_button)
        ):
            grid.addWidget(button, 0, column)
        self._straight_button = QPushButton(self.tr("Straightened view"))
        self._straight_button.setToolTip(
            self.tr("The straightened spine in place of the 3D view (T)")
        )
        self._straight_button.setCheckable(True)
        self._straight_button.setProperty("choice", True)
        self._straight_button.clicked.connect(self._straight.toggle)
        self._straight.toggled.connect(self._straight_button.setChecked)
        grid.addWidget(self._straight_button, 1, 0, 1, 3)
        return grid

    def _find_or_cancel(self) -> None:
        if self._busy:
            self.cancel_asked.emit()
        else:
            self.find_asked.emit()

    def _ask_to_look(self) -> None:
        if self.chosen is not None:
            self.look_asked.emit(self.chosen)

    def _ask_for_menu(self, at: QPoint) -> None:
        item = self._list.itemAt(at) or self._list.currentItem()
        if item is not None:
            self._list.setCurrentItem(item)
            self.show_menu(item.text(0), self._list.viewport().mapToGlobal(at))

    def _tell_hidden(self) -> None:
        unticked = Qt.CheckState.Unchecked
        rows = enumerate(self._rows, start=1)
        self.hidden_changed.emit(
            frozenset(place for place, row in rows if row.checkState(0) == unticked)
        )

    def _enable(self) -> None:
        """Enable what can be done now."""
        some, idle = self._count > 0, self._available and not self._busy
        if self._busy:
            self._first.setText(self.tr("Cancel"))
        elif some:
            self._first.setText(self.tr("Find the vertebrae again"))
        else:
            self._first.setText(self.tr("Find the vertebrae"))
        self._first.setToolTip("" if self._busy else self.tr("Key {0}").format("V"))
        self._find.setEnabled(idle)
        for action in (self._name, *self._changes, self._only, self._all):
            action.setEnabled(idle and some)
        self._first.setEnabled(self._available or self._busy)
        self._straight.setEnabled(self._shown and some)
        if not some:
            self._straight.setChecked(False)
        self._confirm.setEnabled(idle and some and self._proposed)
        self._undo.setEnabled(idle and self._can_undo)
        self._redo.setEnabled(idle and self._can_redo)
        for button, action in (
            (self._name_button, self._name),
            (self._confirm_button, self._confirm),
            (self._change_button, self._only),
            (self._straight_button, self._straight),
        ):
            button.setVisible(some)
            button.setEnabled(action.isEnabled())
        self._confirm_button.setVisible(some and self._proposed)
        self._list.setEnabled(not self._busy)


def _swatch(colour: QColor) -> QIcon:
    square = QPixmap(SWATCH, SWATCH)
    square.fill(colour)
    return QIcon(square)
