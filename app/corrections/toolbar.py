"""The tools for manual corrections, as labelled buttons."""

from collections.abc import Hashable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QMenu,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.corrections.tools import BRUSH_LIMITS_MM, BRUSH_MM, Command, Tool
from app.widgets.keys import REDO_KEYS

MOST_STEPS = 20
"""In the list of what can be undone; more would not fit a low screen."""


class EditToolbar(QToolBar):
    """Chooses a tool and its size, and asks for undo and redo. It changes nothing itself."""

    tool_chosen = Signal(Tool)
    command_asked = Signal(Command)
    radius_changed = Signal(float)
    """Of brush and eraser, in millimetres."""
    ball_chosen = Signal(bool)
    """Whether the brush is a ball that reaches across slices."""
    apply_asked = Signal()
    """Ctrl+Space: use the tool at the crosshair."""
    undo_asked = Signal(int)
    """How many steps."""
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show all tools, with looking around selected."""
        super().__init__(parent)
        self.setObjectName("edit_toolbar")
        self.setWindowTitle(self.tr("Corrections"))
        self._tools = QActionGroup(self)
        self._actions = {tool: self._tool(tool, *shown) for tool, shown in self._shown().items()}
        for tool in (Tool.LOOK, Tool.REMOVE, Tool.BRUSH, Tool.ERASER, Tool.CUT):
            self.addAction(self._actions[tool])
        self._add_radius()
        self._changes = QActionGroup(self)
        self._commands = {
            Command.GROW: self._change(Command.GROW, self.tr("Grow everywhere by a voxel")),
            Command.SHRINK: self._change(Command.SHRINK, self.tr("Shrink everywhere by a voxel")),
            Command.FILL: self._change(Command.FILL, self.tr("Fill holes")),
        }
        self._add_more()
        self.addSeparator()
        self._undo = self._step(self.tr("Undo"), QKeySequence(QKeySequence.StandardKey.Undo))
        self._undo.triggered.connect(lambda: self.undo_asked.emit(1))
        self._redo = self._step(self.tr("Redo"), QKeySequence(QKeySequence.StandardKey.Redo))
        self._redo.setShortcuts(REDO_KEYS)
        self._redo.triggered.connect(self.redo_asked)
        self._history = QMenu(self)
        button = self.widgetForAction(self._undo)
        if isinstance(button, QToolButton):
            button.setMenu(self._history)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._history_keys = {action: action.shortcuts() for action in (self._undo, self._redo)}
        # No button: this is for people who move the crosshair by keys.
        self._apply = QShortcut(QKeySequence("Ctrl+Space"), self)
        self._apply.activated.connect(self.apply_asked)
        self._can_redo = False
        self._actions[Tool.LOOK].setChecked(True)
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
        """The tools, the commands for the whole mask, then undo and redo; for a menu too."""
        return (*self._actions.values(), *self._commands.values(), self._undo, self._redo)

    @property
    def history(self) -> Sequence[QAction]:
        """What can be undone, latest first; triggering a step undoes everything up to it."""
        return self._history.actions()

    def offer(self, available: bool) -> None:
        """Enable the tools where there is a spine to correct; else they keep their place, grey."""
        if not available:
            self.choose(Tool.LOOK)
        self._tools.setEnabled(available)
        self._changes.setEnabled(available)
        self._more.setEnabled(available)
        self._apply.setEnabled(available)
        self._enable_steps()

    def choose(self, tool: Tool) -> None:
        """Choose a tool as if its button had been pressed."""
        self._actions[tool].trigger()

    def resize_brush(self, steps: int) -> None:
        """Make the brush larger by this many steps, or smaller if negative."""
        self._radius.stepBy(steps)

    def set_history(self, done: Sequence[Hashable], can_redo: bool) -> None:
        """List what can be undone, latest first, and offer redo if there is any."""
        self._can_redo = can_redo
        self._history.clear()
        for steps, what in enumerate(done[:MOST_STEPS], start=1):
            action = self._history.addAction(self._name_of(what))
            action.triggered.connect(partial(self.undo_asked.emit, steps))
        self._enable_steps()

    def lend_undo_key(self, lent: bool) -> None:
        """Lend the keys for undo and redo to others, or take them back."""
        for action, keys in self._history_keys.items():
            action.setShortcuts([] if lent else keys)

    def _shown(self) -> dict[Tool, tuple[str, str, str]]:
        """Name, key and hint of each tool."""
        return {
            Tool.LOOK: (self.tr("Look"), "L", self.tr("Move the crosshair; change nothing")),
            Tool.REMOVE: (
                self.tr("Remove piece"),
                "R",
                self.tr("Click a piece of the spine to remove it"),
            ),
            Tool.KEEP: (
                self.tr("Keep only this piece"),
                "K",
                self.tr("Click a piece of the spine to remove all others"),
            ),
            Tool.BRUSH: (self.tr("Brush"), "B", self.tr("Add spine")),
            Tool.ERASER: (self.tr("Eraser"), "E", self.tr("Erase spine")),
            Tool.CUT: (
                self.tr("Cut off"),
                "X",
                self.tr("Draw a line across an attached rib: the smaller part goes"),
            ),
            Tool.GROW: (
                self.tr("Grow here"),
                "G",
                self.tr("Click to grow the spine under the brush by a voxel"),
            ),
            Tool.SHRINK: (
                self.tr("Shrink here"),
                "S",
                self.tr("Click to shrink the spine under the brush by a voxel"),
            ),
        }

    def _name_of(self, what: Hashable) -> str:
        """What a step is called in the list of what can be undone."""
        action = None
        if isinstance(what, Tool):
            action = self._actions[what]
        elif isinstance(what, Command):
            action = self._commands[what]
        return action.text() if action is not None else self.tr("Correction")

    def _tool(self, tool: Tool, text: str, key: str, hint: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setCheckable(True)
        action.setToolTip(f"{hint} ({key})")
        action.setStatusTip(hint)
        action.triggered.connect(lambda: self._choose(tool))
        self._tools.addAction(action)
        return action

    def _change(self, command: Command, text: str) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda: self.command_asked.emit(command))
        self._changes.addAction(action)
        return action

    def _step(self, text: str, keys: QKeySequence) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        self.addAction(action)
        return action

    def _choose(self, tool: Tool) -> None:
        for widget in (self._radius_label, self._radius, self._ball):
            widget.setEnabled(tool.has_radius)
        self.tool_chosen.emit(tool)

    def _enable_steps(self) -> None:
        available = self._tools.isEnabled()
        self._undo.setEnabled(available and not self._history.isEmpty())
        self._redo.setEnabled(available and self._can_redo)

    def _add_radius(self) -> None:
        self._radius = QDoubleSpinBox()
        self._radius.setRange(*BRUSH_LIMITS_MM)
        self._radius.setSingleStep(0.5)
        self._radius.setDecimals(1)
        self._radius.setValue(BRUSH_MM)
        self._radius.setSuffix(self.tr(" mm"))
        self._radius.setAccessibleName(self.tr("Radius of brush and eraser"))
        self._radius.setToolTip(self.tr("Radius of brush and eraser (Shift+wheel)"))
        self._radius.setEnabled(False)
        self._radius.valueChanged.connect(self.radius_changed)
        label = self._radius_label = QLabel(self.tr("Radius"))
        label.setEnabled(False)
        label.setBuddy(self._radius)
        label.setContentsMargins(8, 0, 4, 0)
        self._ball = QCheckBox(self.tr("3D"))
        self._ball.setAccessibleName(self.tr("Brush over slices"))
        self._ball.setToolTip(self.tr("The brush is a ball that reaches across slices"))
        self._ball.setEnabled(False)
        self._ball.toggled.connect(self.ball_chosen)
        for widget in (label, self._radius, self._ball):
            self.addWidget(widget)

    def _add_more(self) -> None:
        """The rarer tools and the commands for the whole mask, behind one button."""
        more = self._more = QToolButton()
        more.setText(self.tr("More"))
        more.setAccessibleName(self.tr("More tools"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        menu.addActions([self._actions[tool] for tool in (Tool.KEEP, Tool.GROW, Tool.SHRINK)])
        menu.addSeparator()
        menu.addActions(list(self._commands.values()))
        more.setMenu(menu)
        self.addWidget(more)
