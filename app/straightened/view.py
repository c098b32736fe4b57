"""A view of the straightened spine, sagittal beside coronal, with the slices' crosshair."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.slices.crosshair import COLOUR as CROSSHAIR_COLOUR
from app.slices.crosshair import GAP, LINE_PIXELS
from app.slices.image import grey_table
from app.slices.labels import LabelLayer, Writing
from app.slices.lines import in_dots, line_pen
from app.slices.look import Look
from app.slices.planes import nearest_voxel, patient_position
from app.straightened.picture import (
    Sampled,
    mixed_colours,
    names_along,
    names_seen,
    straightened_image,
)
from app.widgets.names import draw_name, stamp_text
from app.widgets.picture_views import WHEEL_STEP, fill_with_picture
from app.widgets.soon import Soon
from inference.mask.centre_line import CentreLine
from inference.mask.straightened import Plane, StraightenedView
from inference.values.geometry import Triple
from inference.values.volume import Volume

BACKGROUND = QColor(16, 18, 22)
MARGIN = 6
SEAM = 6
"""Pixels between the pictures."""

LEAST_SIZE = (120, 80)
"""Pixels, as of a slice."""

PLANES: tuple[Plane, ...] = ("sagittal", "coronal")
EDGES = {"sagittal": ("A", "P"), "coronal": ("R", "L")}

KEY_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_PageUp: (-10, 0),
    Qt.Key.Key_PageDown: (10, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
"""Dots that each key moves down and to the right in the sagittal picture."""


@dataclass(frozen=True, eq=False)
class Spine:
    """The spine to be shown straight."""

    volume: Volume
    line: CentreLine
    layer: LabelLayer


@dataclass(frozen=True, eq=False)
class Panel:
    """One of the pictures.

    Attributes:
        crosshair: in dots.
    """

    view: StraightenedView
    sampled: Sampled
    image: QImage
    names: tuple[Writing, ...]
    crosshair: QPointF


class StraightView(QWidget):
    """Shows the spine straightened; a click moves the crosshair of all views there."""

    maximise_asked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """An empty view."""
        super().__init__(parent)
        self._look = look
        self._spine: Spine | None = None
        self._names: Mapping[Plane, Mapping[int, Writing]] = {}
        self._panels: tuple[Panel, ...] = ()
        self._greys: NDArray[np.uint8] | None = None
        self._mixed: NDArray[np.uint32] | None = None
        self._wheel = 0
        fill_with_picture(
            self,
            LEAST_SIZE,
            self.tr("Straightened view of the spine"),
            self.tr(
                "The arrow keys move the crosshair along and across the spine, Return enlarges "
                "or restores the view."
            ),
        )
        self._soon = Soon(self.refresh, self)
        look.cursor_changed.connect(self._soon.ask)
        for change in (look.window_changed, look.overlay_changed):
            change.connect(self._follow_look)

    def show_spine(self, spine: Spine | None) -> None:
        """Show another spine, or none."""
        self._spine = spine
        self._names = {}
        self._panels = ()
        self._mixed = None
        self.refresh()

    def showEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Catch up with what happened while it was hidden."""
        self.refresh()

    def refresh(self) -> None:
        """Redraw, if it is visible."""
        self._panels = self._made() if self.isVisible() else ()
        self.update()

    def _follow_look(self) -> None:
        """Forget the tables of the last look, which serve every frame until it changes."""
        self._greys = self._mixed = None
        self._soon.ask()

    def _made(self) -> tuple[Panel, ...]:
        spine = self._spine
        if spine is None:
            return ()
        point = patient_position(spine.volume.geometry, self._look.cursor)
        look = self._look
        if self._greys is None:
            self._greys = grey_table(look.window, look.inverted)
        if self._mixed is None:
            self._mixed = mixed_colours(look.overlay.opacity, spine.layer)
        tables = self._greys, self._mixed
        return tuple(self._panel(spine, plane, point, *tables) for plane in PLANES)

    def _panel(
        self,
        spine: Spine,
        plane: Plane,
        point: Triple,
        greys: NDArray[np.uint8],
        mixed: NDArray[np.uint32],
    ) -> Panel:
        row, column, offset = StraightenedView(spine.line, plane).to_picture(point)
        view = StraightenedView(spine.line, plane, offset)
        sampled = self._sampled(spine, view)
        overlay = self._look.overlay
        image = straightened_image(sampled, greys, mixed, overlay)
        names = names_seen(sampled, self._names_along(spine, view)) if overlay.shown else ()
        crosshair = QPointF(column + 0.5, row + 0.5)
        return Panel(view, sampled, image, tuple(names), crosshair)

    def _sampled(self, spine: Spine, view: StraightenedView) -> Sampled:
        """What a picture shows; that of the last one at the same place."""
        for panel in self._panels:
            if (panel.view.plane, panel.view.offset) == (view.plane, view.offset):
                return panel.sampled
        return Sampled.along(view, spine.volume, spine.layer)

    def _names_along(self, spine: Spine, view: StraightenedView) -> Mapping[int, Writing]:
        """The names in all pictures of a plane, which stand at the same places."""
        if view.plane not in self._names:
            names = names_along(view, spine.volume, spine.layer)
            self._names = {**self._names, view.plane: names}
        return self._names[view.plane]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the pictures, their names and the crosshair."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for panel, place in zip(self._panels, self._places(), strict=True):
            self._draw(painter, panel, place)
        painter.setClipping(False)
        if not self._panels:
            painter.setPen(QColor(190, 196, 204))
            where = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            text = self.tr("The straightened spine appears here once the vertebrae are found.")
            painter.drawText(self.rect(), where, text)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 4))
            painter.drawRect(self.rect())

    def _draw(self, painter: QPainter, panel: Panel, place: QRectF) -> None:
        painter.setClipRect(place)
        painter.drawImage(place, panel.image)
        scale = place.width() / panel.image.width()
        inner = place.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        low, high = EDGES[panel.view.plane]
        middle = Qt.AlignmentFlag.AlignVCenter
        letters = [
            stamp_text(painter, inner, middle | Qt.AlignmentFlag.AlignLeft, low),
            stamp_text(painter, inner, middle | Qt.AlignmentFlag.AlignRight, high),
        ]
        for name in panel.names:
            at = place.topLeft() + name.at * scale
            draw_name(painter, at, name.text, italic=name.unsure, beside=letters)
        self._draw_crosshair(painter, place, place.topLeft() + panel.crosshair * scale)

    def _draw_crosshair(self, painter: QPainter, place: QRectF, at: QPointF) -> None:
        painter.setPen(in_dots(line_pen(CROSSHAIR_COLOUR, LINE_PIXELS), painter))
        across, down = QPointF(GAP, 0), QPointF(0, GAP)
        painter.drawLine(QPointF(place.left(), at.y()), at - across)
        painter.drawLine(at + across, QPointF(place.right(), at.y()))
        painter.drawLine(QPointF(at.x(), place.top()), at - down)
        painter.drawLine(at + down, QPointF(at.x(), place.bottom()))

    def _places(self) -> list[QRectF]:
        """Where the pictures lie: side by side, at one scale, in the middle."""
        if not self._panels:
            return []
        widths = [panel.image.width() for panel in self._panels]
        height = self._panels[0].image.height()
        room = self.width() - SEAM * (len(widths) - 1)
        scale = min(room / sum(widths), self.height() / height)
        left = (room - scale * sum(widths)) / 2
        top = (self.height() - scale * height) / 2
        places = []
        for width in widths:
            places.append(QRectF(left, top, scale * width, scale * height))
            left += scale * width + SEAM
        return places

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the crosshair."""
        self._look_at(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the crosshair with the pointer."""
        self._look_at(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask to be enlarged, or restored."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_asked.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Move the crosshair along the spine."""
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        self._step(-steps, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Everything the mouse does, by keys."""
        key = Qt.Key(event.key())
        if key in KEY_STEPS:
            self._step(*KEY_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.maximise_asked.emit()
        else:
            super().keyPressEvent(event)

    def _look_at(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        for panel, place in zip(self._panels, self._places(), strict=True):
            if place.contains(event.position()):
                dots = (event.position() - place.topLeft()) / (place.width() / panel.image.width())
                self._go_to(panel, dots)
                return

    def _step(self, rows: int, columns: int) -> None:
        """Move by dots in the sagittal picture."""
        if self._panels:
            panel = self._panels[0]
            self._go_to(panel, panel.crosshair + QPointF(columns, rows))

    def _go_to(self, panel: Panel, dots: QPointF) -> None:
        assert self._spine is not None
        point = panel.view.to_patient(dots.y() - 0.5, dots.x() - 0.5)
        self._look.move_cursor(nearest_voxel(self._spine.volume.geometry, point))
