"""A slice of the CT with the spine over it."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.cases.session import Voxel
from app.slices.image import HuWindow, grey_image, grey_table, overlay_image
from app.slices.look import Look
from app.slices.marks import draw_marks
from app.slices.placement import Placement
from app.slices.planes import Plane, View, view_of
from inference.volume import Volume

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


class SliceView(QWidget):
    """One plane of a CT: scrolls, zooms, pans and windows, and carries the crosshair.

    Use one for each plane and give them all the same ``Look``: that links them. The view draws
    what it is shown and knows nothing of where it comes from.
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
        super().__init__(parent)
        self.plane = plane
        self.editing = False
        self._look = look
        self._volume: Volume | None = None
        self._view: View | None = None
        self._mask: NDArray[np.uint8] | None = None
        self._grey: QImage | None = None
        self._spine: QImage | None = None
        self._table = grey_table(look.window)
        self._shown_index = -1
        self._placement: Placement | None = None
        self._last_pos = QPoint()
        self._wheel = 0
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(
            self.tr(
                "Up and Down scroll, Shift and arrows move the crosshair, plus and minus zoom, "
                "0 shows the whole slice, Return makes the view large or small."
            )
        )
        look.cursor_changed.connect(self._follow_cursor)
        look.window_changed.connect(self._follow_window)
        look.overlay_changed.connect(self.refresh_mask)

    @property
    def title(self) -> str:
        """The plane's name for people."""
        return {
            Plane.AXIAL: self.tr("Axial"),
            Plane.SAGITTAL: self.tr("Sagittal"),
            Plane.CORONAL: self.tr("Coronal"),
        }[self.plane]

    @property
    def view(self) -> View | None:
        """How the CT is laid out here; None without a CT."""
        return self._view

    @property
    def index(self) -> int:
        """The voxel index of the slice that is shown, along the axis across."""
        return self._look.cursor[self._view.across.axis] if self._view else 0

    def show_volume(self, volume: Volume | None) -> None:
        """Show another CT, whole, without a mask."""
        self._volume = volume
        self._view = view_of(volume.geometry, self.plane) if volume else None
        self._mask = None
        self.fit()
        self._render()

    def show_mask(self, voxels: NDArray[np.uint8] | None) -> None:
        """Draw a mask (z, y, x, on the CT's grid) over the CT; call it again when it changed."""
        self._mask = voxels
        self.refresh_mask()

    def refresh_mask(self) -> None:
        """Draw the mask anew after its voxels or its looks changed."""
        self._render_mask()
        self.update()

    def fit(self) -> None:
        """Show the whole slice."""
        view = self._view
        self._placement = Placement(view, self.width(), self.height()) if view else None
        self.update()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Enlarge about a point of the widget, or about its middle."""
        about = about or QPointF(self.rect().center())
        if self._placement:
            self._placement = self._placement.zoomed(factor, about.x(), about.y())
        self.update()

    def press_at_crosshair(self) -> None:
        """Edit where the crosshair is, as a press there would."""
        if self._view and self.editing:
            self.pressed.emit(self._view.across.axis, self._look.cursor)
            self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the slice, the spine and the marks."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._view is None or self._placement is None or self._grey is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(*self._placement.rectangle)
        painter.drawImage(target, self._grey)
        if self._spine is not None:
            painter.drawImage(target, self._spine)
        draw_marks(
            painter,
            self.rect(),
            self._view,
            crosshair=QPointF(
                *self._placement.to_widget(*self._view.position_of(self._look.cursor))
            ),
            title=f"{self.title}  {self.index + 1}/{self._view.across.size}",
            pixels_per_mm=self._placement.pixels_per_mm,
            focused=self.hasFocus(),
            accent=self.palette().highlight().color(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002, N802
        """Keep what is in the middle there."""
        if self._placement:
            self._placement = self._placement.resized(self.width(), self.height())

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
            self._pan_by(moved)
        elif event.buttons() & Qt.MouseButton.RightButton:
            window = self._look.window
            width = max(1.0, window.width + HU_PER_PIXEL * moved.x())
            self._look.set_window(HuWindow(window.centre + HU_PER_PIXEL * moved.y(), width))
        self.pointed.emit(self._voxel_at(event.position()))

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

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the frame of focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the frame of focus away."""
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Nothing is under the pointer any more."""
        self.pointed.emit(None)

    def _left(self, pos: QPointF, edit: SignalInstance) -> None:
        voxel = self._voxel_at(pos)
        if self._view is None or voxel is None:
            return
        if self.editing:
            edit.emit(self._view.across.axis, voxel)
        else:
            self._look.move_cursor(voxel)

    def _pan_by(self, moved: QPoint) -> None:
        if self._placement:
            self._placement = self._placement.panned(moved.x(), moved.y())
        self.update()

    def _scroll(self, steps: int) -> None:
        if self._view and steps:
            self._look.move_cursor(self._view.stepped(self._look.cursor, steps))

    def _nudge(self, columns: int, rows: int) -> None:
        if self._view:
            column, row = self._view.position_of(self._look.cursor)
            self._look.move_cursor(self._view.voxel_at(column + columns, row + rows, self.index))

    def _follow_cursor(self) -> None:
        if self._shown_index != self.index:
            self._render()
        self.update()

    def _follow_window(self) -> None:
        self._table = grey_table(self._look.window)
        self._render()

    def _render(self) -> None:
        self._shown_index = self.index
        if self._view is None or self._volume is None:
            self._grey = None
        else:
            hu = self._view.slice_of(self._volume.voxels, self.index)
            self._grey = grey_image(hu, self._table)
        self._render_mask()
        self.update()

    def _render_mask(self) -> None:
        overlay = self._look.overlay
        if self._view is None or self._mask is None or not overlay.shown:
            self._spine = None
        else:
            mask = self._view.slice_of(self._mask, self.index)
            self._spine = overlay_image(mask, overlay.outline, overlay.opacity)

    def _voxel_at(self, pos: QPointF) -> Voxel | None:
        if self._view is None or self._placement is None:
            return None
        column, row = self._placement.to_image(pos.x(), pos.y())
        if not self._view.contains(column, row):
            return None
        return self._view.voxel_at(math.floor(column), math.floor(row), self.index)
