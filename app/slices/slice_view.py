"""A slice of the CT that is operated by mouse and keys."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.slices.canvas import SliceCanvas
from app.slices.graphics import ROI
from app.slices.image import HuWindow
from app.slices.look import Look
from app.slices.marks import draw_brush, draw_line
from app.slices.planes import Plane
from app.widgets.picture_views import WHEEL_STEP

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
"""How many slices a key moves towards the head, the patient's left or the back."""

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Where an arrow points, right and down. With Shift it moves the crosshair by a voxel, with Ctrl
the slice by ``KEY_PIXELS``; with both it changes the grey window like a drag of that length."""

KEY_PIXELS = 20


class SliceView(SliceCanvas):
    """One plane of a CT: scrolls, zooms, pans and windows, and carries the crosshair.

    Use one for each plane and give them all the same ``Look``: that links them.
    """

    pointed = Signal(object)
    """The voxel x, y, z under the pointer; None once it has left the image."""
    maximise_asked = Signal()
    play_asked = Signal()
    """Play through the slices, or stop."""
    pressed = Signal(int, object)
    """The voxel axis across, and the voxel where the left button was pressed while ``editing``."""
    dragged = Signal(int, object)
    """The same where the pointer is while the button is down."""
    released = Signal()
    brush_resized = Signal(int)
    """By how many steps, while a brush is shown."""
    point_pressed = Signal(object)
    """Where the left button was pressed while ``measuring``: right and down in millimetres from the
    slice's upper left corner."""
    point_moved = Signal(object)
    """The same where the pointer is, with the button down or up."""
    point_released = Signal(object)
    menu_asked = Signal(object, QPoint)
    """The voxel that was right-clicked, and where on the screen."""

    def __init__(self, plane: Plane, look: Look, parent: QWidget | None = None) -> None:
        """An empty view."""
        super().__init__(plane, look, parent)
        self.editing = False
        self.measuring = False
        self._dragging_item = False
        self._brush_mm: float | None = None
        self._draws_lines = False
        self._line_from: QPointF | None = None
        self._pointer: QPointF | None = None
        self._last_pos = QPoint()
        self._right_pressed: QPoint | None = None
        self._wheel = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Only the view takes the focus, even on clicks inside it.
        self.viewport().setFocusProxy(None)  # type: ignore[arg-type]
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setMouseTracking(True)
        for widget in (self, self.viewport()):
            widget.setAcceptDrops(False)  # the window takes drops
        look.cursor_changed.connect(self._tell_pointed)
        self.box.sigRangeChanged.connect(self._tell_pointed)
        self.setAccessibleDescription(
            self.tr(
                "Up and Down scroll, Shift and arrows move the crosshair, plus and minus zoom, "
                "0 shows the whole slice, P plays through the slices, Return enlarges or restores "
                "the view. F1 lists all keys."
            )
        )

    def show_brush(self, radius_mm: float | None) -> None:
        """Draw a circle of this radius around the pointer, or none."""
        self._brush_mm = radius_mm
        self.scene().update()

    def show_lines(self, shown: bool) -> None:
        """Draw a line from where the left button was pressed to the pointer, or none."""
        self._draws_lines = shown
        self._line_from = None
        self.scene().update()

    def press_at_crosshair(self) -> None:
        """Edit or measure at the crosshair, like a press there."""
        if self._view and self.measuring:
            point = self._view.middle_mm(self._look.cursor)
            self.point_pressed.emit(point)
            self.point_released.emit(point)
        elif self._view and self.editing:
            self.pressed.emit(self._view.across.axis, self._look.cursor)
            self.released.emit()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Draw the marks and the brush's reach."""
        super().drawForeground(painter, rect)
        if self._brush_mm is not None and self._pointer is not None:
            draw_brush(painter, self._pointer, self._brush_mm * self.pixels_per_mm)
        if self._line_from is not None and self._pointer is not None:
            draw_line(painter, self._line_from, self._pointer)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll; zoom with Ctrl, resize the brush with Shift."""
        # Some systems make the wheel horizontal while Shift is held.
        delta = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP ** (delta / WHEEL_STEP), event.position())
            return
        self._wheel += delta
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._brush_mm is not None:
            self.brush_resized.emit(steps)
        else:
            self._scroll(steps)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the crosshair, or begin an edit or a drag, or grasp a movable item."""
        self._last_pos = event.position().toPoint()
        if event.button() == Qt.MouseButton.RightButton:
            self._right_pressed = self._last_pos
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._dragging_item = not self.editing and self._is_on_item(event.position())
        if self._dragging_item:
            super().mousePressEvent(event)
        elif self.measuring:
            self._tell_point(event.position(), self.point_pressed)
        else:
            self._line_from = event.position() if self._draws_lines else None
            self._left(event.position(), self.pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Continue what the held button began, and report what is under the pointer."""
        moved = event.position().toPoint() - self._last_pos
        self._last_pos = event.position().toPoint()
        if not self.editing:
            super().mouseMoveEvent(event)  # movable items light up or follow
        if self.measuring and not self._dragging_item:
            self._tell_point(event.position(), self.point_moved)
        elif event.buttons() & Qt.MouseButton.LeftButton and not self._dragging_item:
            self._left(event.position(), self.dragged)
        elif event.buttons() & Qt.MouseButton.MiddleButton:
            self.pan_by(moved)
        elif event.buttons() & Qt.MouseButton.RightButton and not self._is_click():
            self._right_pressed = None
            self._change_window(moved)
        self._point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End an edit or a drag; a right click asks for a menu."""
        if event.button() == Qt.MouseButton.RightButton and self._is_click():
            self._right_pressed = None
            voxel = self.voxel_at(event.position())
            if voxel is not None:
                self.menu_asked.emit(voxel, event.globalPosition().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._dragging_item:
            self._dragging_item = False
            super().mouseReleaseEvent(event)
        elif self.measuring:
            self._tell_point(event.position(), self.point_released)
        elif self.editing:
            self._line_from = None
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask to be enlarged, or restored."""
        if self.measuring:
            self.mousePressEvent(event)  # two quick presses set two points
        elif event.button() == Qt.MouseButton.LeftButton and not self.editing:
            self.maximise_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Everything the mouse does, by keys."""
        key = Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in ARROWS and shift and control:
            self._change_window(QPoint(*ARROWS[key]) * KEY_PIXELS)
        elif key in ARROWS and control:
            self.pan_by(QPoint(*ARROWS[key]) * KEY_PIXELS)
        elif key in ARROWS and shift:
            self._nudge(*ARROWS[key])
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
        elif key == Qt.Key.Key_Space and control:
            self.press_at_crosshair()
        elif key == Qt.Key.Key_P:
            self.play_asked.emit()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Report that the pointer has left."""
        super().leaveEvent(event)
        self._point_at(None)

    def _is_click(self) -> bool:
        """Whether the right button has not been dragged since it went down."""
        begun = self._right_pressed
        if begun is None:
            return False
        return (self._last_pos - begun).manhattanLength() < QApplication.startDragDistance()

    def _is_on_item(self, pos: QPointF) -> bool:
        """Whether a movable item is under a point of the widget."""
        return any(
            isinstance(item, ROI) or isinstance(item.parentItem(), ROI)
            for item in self.items(pos.toPoint())
        )

    def _tell_point(self, pos: QPointF, signal: SignalInstance) -> None:
        """Emit a point on the slice, clipped to it."""
        if self._view is not None:
            width, height = self._view.size_mm
            right, down = self.to_mm(pos).toTuple()
            signal.emit((min(max(right, 0.0), width), min(max(down, 0.0), height)))

    def _point_at(self, pos: QPointF | None) -> None:
        self._pointer = pos
        self.pointed.emit(self.voxel_at(pos) if pos is not None else None)
        if self._brush_mm is not None or self._draws_lines:
            self.scene().update()

    def _tell_pointed(self) -> None:
        """Report again what is under the pointer, after the slice moved or was replaced."""
        if self._pointer is not None:
            self.pointed.emit(self.voxel_at(self._pointer))

    def _left(self, pos: QPointF, edit: SignalInstance) -> None:
        voxel = self.voxel_at(pos)
        if self._view is None or voxel is None:
            return
        if self.editing:
            edit.emit(self._view.across.axis, voxel)
        else:
            self._look.move_cursor(voxel)

    def _change_window(self, moved: QPoint) -> None:
        """Change the grey window like a drag: right for less contrast, down for darker."""
        window = self._look.window
        width = max(1.0, window.width + HU_PER_PIXEL * moved.x())
        self._look.set_window(HuWindow(window.centre + HU_PER_PIXEL * moved.y(), width))

    def _scroll(self, steps: int) -> None:
        if self._view and steps:
            self._look.move_cursor(self._view.stepped(self._look.cursor, steps))

    def _nudge(self, columns: int, rows: int) -> None:
        if self._view:
            column, row = self._view.position_of(self._look.cursor)
            self._look.move_cursor(self._view.voxel_at(column + columns, row + rows, self.index))
