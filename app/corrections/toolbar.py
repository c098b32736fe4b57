"""The tools for corrections by hand, as labelled buttons."""

import enum
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QToolBar, QWidget

BRUSH_MM = 4.0
"""Radius at first: a vertebral body has 15 to 25 mm, a lamina 6."""

BRUSH_LIMITS_MM = (0.5, 30.0)


class Tool(enum.Enum):
    """What a press of the left button in a slice does."""

    LOOK = "look"
    REMOVE = "remove"
    KEEP = "keep"
    BRUSH = "brush"
    ERASER = "eraser"


class EditToolbar(QToolBar):
    """Chooses a tool and its size; undo and redo. It changes nothing itself."""

    tool_chosen = Signal(Tool)
    radius_changed = Signal(float)
    """Of brush and eraser, in millimetres."""
    apply_asked = Signal()
    """Ctrl+Space: use the tool at the crosshair."""
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """All tools; looking around is chosen."""
        super().__init__(parent)
        self.setObjectName("edit_toolbar")
        self.setWindowTitle(self.tr("Corrections"))
        self._actions = {
            Tool.LOOK: self._tool(
                Tool.LOOK, self.tr("Look"), "L", self.tr("Move the crosshair; change nothing")
            ),
            Tool.REMOVE: self._tool(
                Tool.REMOVE,
                self.tr("Remove piece"),
                "R",
                self.tr("Click a piece of the spine to remove it"),
            ),
            Tool.KEEP: self._tool(
                Tool.KEEP,
                self.tr("Keep only this piece"),
                "K",
                self.tr("Click a piece of the spine to remove all others"),
            ),
            Tool.BRUSH: self._tool(
                Tool.BRUSH, self.tr("Brush"), "B", self.tr("Add spine to this slice")
            ),
            Tool.ERASER: self._tool(
                Tool.ERASER, self.tr("Eraser"), "E", self.tr("Erase spine from this slice")
            ),
        }
        self._tools = QActionGroup(self)
        for action in self._actions.values():
            self._tools.addAction(action)
        self._actions[Tool.LOOK].setChecked(True)
        self._add_radius()
        self.addSeparator()
        self._undo = self._command(self.tr("Undo"), QKeySequence(QKeySequence.StandardKey.Undo))
        self._undo.triggered.connect(self.undo_asked)
        self._redo = self._command(self.tr("Redo"), QKeySequence(QKeySequence.StandardKey.Redo))
        self._redo.triggered.connect(self.redo_asked)
        self._history_keys = {action: action.shortcuts() for action in (self._undo, self._redo)}
        # Without a button: it serves those who move the crosshair by keys.
        apply = QShortcut(QKeySequence("Ctrl+Space"), self)
        apply.activated.connect(self.apply_asked)
        self._can_undo = self._can_redo = False
        self.offer(False)

    @property
    def tool(self) -> Tool:
        """The chosen tool."""
        return next(tool for tool, action in self._actions.items() if action.isChecked())

    @property
    def radius_mm(self) -> float:
        """The radius of brush and eraser."""
        return self._radius.value()

    @property
    def commands(self) -> Sequence[QAction]:
        """The tools, then undo and redo, for a menu too."""
        return (*self._actions.values(), self._undo, self._redo)

    def offer(self, available: bool) -> None:
        """Show the tools where there is a spine to correct, and take them away where not."""
        if not available:
            self.choose(Tool.LOOK)
        self._tools.setEnabled(available)
        self.set_history(can_undo=self._can_undo, can_redo=self._can_redo)
        self.setVisible(available)

    def choose(self, tool: Tool) -> None:
        """Choose a tool as if its button had been pressed."""
        self._actions[tool].trigger()

    def set_history(self, *, can_undo: bool, can_redo: bool) -> None:
        """Offer undo and redo where there is something to them."""
        self._can_undo, self._can_redo = can_undo, can_redo
        self._undo.setEnabled(can_undo and self._tools.isEnabled())
        self._redo.setEnabled(can_redo and self._tools.isEnabled())

    def lend_undo_key(self, lent: bool) -> None:
        """Leave the keys of undo and redo to what is not corrected, or take them back."""
        for action, keys in self._history_keys.items():
            action.setShortcuts([] if lent else keys)

    def _tool(self, tool: Tool, text: str, key: str, hint: str) -> QAction:
        action = self._command(text, QKeySequence(key))
        action.setCheckable(True)
        action.setToolTip(f"{hint} ({key})")
        action.setStatusTip(hint)
        action.triggered.connect(lambda: self._choose(tool))
        return action

    def _command(self, text: str, keys: QKeySequence) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        self.addAction(action)
        return action

    def _choose(self, tool: Tool) -> None:
        self._radius.setEnabled(tool in (Tool.BRUSH, Tool.ERASER))
        self.tool_chosen.emit(tool)

    def _add_radius(self) -> None:
        self._radius = QDoubleSpinBox()
        self._radius.setRange(*BRUSH_LIMITS_MM)
        self._radius.setSingleStep(0.5)
        self._radius.setDecimals(1)
        self._radius.setValue(BRUSH_MM)
        self._radius.setSuffix(self.tr(" mm"))
        self._radius.setAccessibleName(self.tr("Radius of brush and eraser"))
        self._radius.setToolTip(self.tr("Radius of brush and eraser"))
        self._radius.setEnabled(False)
        self._radius.valueChanged.connect(self.radius_changed)
        label = QLabel(self.tr("Radius"))
        label.setBuddy(self._radius)
        label.setContentsMargins(8, 0, 4, 0)
        self.addWidget(label)
        self.addWidget(self._radius)
