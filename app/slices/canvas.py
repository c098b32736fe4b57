"""Draws a slice of the CT with the spine over it."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.slices.image import grey_image, grey_table, overlay_image
from app.slices.look import Look
from app.slices.marks import draw_marks
from app.slices.placement import Placement
from app.slices.planes import Plane, View, view_of
from inference.values.geometry import Voxel
from inference.values.volume import Volume

LEAST_SIZE = (120, 80)
"""Pixels: with a queue above it, a view of a low screen has no more."""


class SliceCanvas(QWidget):
    """One plane of a CT, drawn as its ``Look`` says.

    It draws what it is shown and knows nothing of where it comes from, nor of mouse and keys.
    """

    def __init__(self, plane: Plane, look: Look, parent: QWidget | None = None) -> None:
        """An empty canvas."""
        super().__init__(parent)
        self.plane = plane
        self._look = look
        self._volume: Volume | None = None
        self._view: View | None = None
        self._mask: NDArray[np.uint8] | None = None
        self._grey: QImage | None = None
        self._spine: QImage | None = None
        self._table = grey_table(look.window)
        self._shown_index = -1
        self._placement: Placement | None = None
        self.setMinimumSize(*LEAST_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.title)
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

    def pan_by(self, moved: QPoint) -> None:
        """Move the slice by pixels of the widget."""
        if self._placement:
            self._placement = self._placement.panned(moved.x(), moved.y())
        self.update()

    def voxel_at(self, pos: QPointF) -> Voxel | None:
        """The voxel at a point of the widget; None outside the image."""
        if self._view is None or self._placement is None:
            return None
        column, row = self._placement.to_image(pos.x(), pos.y())
        if not self._view.contains(column, row):
            return None
        return self._view.voxel_at(math.floor(column), math.floor(row), self.index)

    def picture(self, sharpness: int) -> QImage:
        """What is shown, with ``sharpness`` pixels for each of the widget's along either side."""
        picture = QImage(self.size() * sharpness, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(sharpness)
        with QPainter(picture) as painter:
            self._paint(painter, focused=False)
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the slice, the spine and the marks."""
        with QPainter(self) as painter:
            self._paint(painter, focused=self.hasFocus())

    def _paint(self, painter: QPainter, *, focused: bool) -> None:
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
            focused=focused,
            accent=self.palette().highlight().color(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002, N802
        """Keep what is in the middle there."""
        if self._placement:
            self._placement = self._placement.resized(self.width(), self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the frame of focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the frame of focus away."""
        super().focusOutEvent(event)
        self.update()

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
