"""A slice of the CT that one works with, by mouse and by keys."""

from PySide6.QtCore import QPoint, QPointF, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.slices.canvas import SliceCanvas
from app.slices.image import HuWindow
from app.slices.look import Look
from app.slices.planes import Plane

WHEEL_STEP = 120
"""Eighths of a degree of one notch of a mouse wheel (Qt's QWheelEvent)."""

ZOOM_STEP = 1.2

HU_PER_PIXEL = 3.0
"""How fast a right-drag changes the grey window."""

KEY_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_Home: 1 << 30,
    Qt.Key.Key_End: -(1 << 30),
}
"""Slices that a key goes towards the head, the patient's left or the back."""

NUDGES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Columns and rows that the crosshair moves by a key with Shift."""


class SliceView(SliceCanvas):
    """One plane of a CT: scrolls, zooms, pans and windows, and carries the crosshair.

    Use one for each plane and give them all the same ``Look``: that links them.
    """

    pointed = Signal(object)
    """The voxel x, y, z under the pointer; None when it left the image."""
    maximise_asked = Signal()
    pressed = Signal(int, object)
    """The voxel axis across and the voxel where the left button went down while ``editing``."""
    dragged = Signal(int, object)
    """The same for where the pointer is with the button down."""
    released = Signal()

    def __init__(self, plane: Plane, look: Look, parent: QWidget | None = None) -> None:
        """An empty view."""
        super().__init__(plane, look, parent)
        self.editing = False
        self._last_pos = QPoint()
        self._wheel = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleDescription(
            self.tr(
                "Up and Down scroll, Shift and arrows move the crosshair, plus and minus zoom, "
                "0 shows the whole slice, Return makes the view large or small."
            )
        )

    def press_at_crosshair(self) -> None:
        """Edit where the crosshair is, as a press there would."""
        if self._view and self.editing:
            self.pressed.emit(self._view.across.axis, self._look.cursor)
            self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll; zoom with Ctrl."""
        delta = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP ** (delta / WHEEL_STEP), event.position())
            return
        self._wheel += delta
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        self._scroll(steps)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the crosshair or begin an edit; the other buttons begin a drag."""
        self._last_pos = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton:
            self._left(event.position(), self.pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on with what the held button began, and tell what is under the pointer."""
        moved = event.position().toPoint() - self._last_pos
        self._last_pos = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._left(event.position(), self.dragged)
        elif event.buttons() & Qt.MouseButton.MiddleButton:
            self.pan_by(moved)
        elif event.buttons() & Qt.MouseButton.RightButton:
            window = self._look.window
            width = max(1.0, window.width + HU_PER_PIXEL * moved.x())
            self._look.set_window(HuWindow(window.centre + HU_PER_PIXEL * moved.y(), width))
        self.pointed.emit(self.voxel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End an edit."""
        if self.editing and event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask to be made large, or small again."""
        if event.button() == Qt.MouseButton.LeftButton and not self.editing:
            self.maximise_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """All that the mouse does, by keys."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in NUDGES:
            self._nudge(*NUDGES[key])
        elif key in KEY_STEPS:
            self._scroll(KEY_STEPS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.maximise_asked.emit()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Nothing is under the pointer any more."""
        self.pointed.emit(None)

    def _left(self, pos: QPointF, edit: SignalInstance) -> None:
        voxel = self.voxel_at(pos)
        if self._view is None or voxel is None:
            return
        if self.editing:
            edit.emit(self._view.across.axis, voxel)
        else:
            self._look.move_cursor(voxel)

    def _scroll(self, steps: int) -> None:
        if self._view and steps:
            self._look.move_cursor(self._view.stepped(self._look.cursor, steps))

    def _nudge(self, columns: int, rows: int) -> None:
        if self._view:
            column, row = self._view.position_of(self._look.cursor)
            self._look.move_cursor(self._view.voxel_at(column + columns, row + rows, self.index))
