"""What is drawn over a slice besides the spine: crosshair, letters, scale bar, title, focus."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.slices.planes import View

TEXT = QColor(235, 235, 235)
SHADOW = QColor(0, 0, 0, 200)
CROSSHAIR = QColor(255, 200, 60, 150)

MARGIN = 8
LETTER_ROOM = 22
"""Pixels at each edge that the crosshair leaves to the letters."""

GAP = 10
"""Half of the crosshair's open middle, in pixels: what one points at stays visible."""

BAR_LENGTHS_MM = (200, 100, 50, 20, 10, 5, 2, 1)
BAR_SHARE = 0.35
"""The most of the view's width that the scale bar takes."""


def draw_marks(
    painter: QPainter,
    area: QRect,
    view: View,
    *,
    crosshair: QPointF,
    title: str,
    pixels_per_mm: float,
    focused: bool,
    accent: QColor,
) -> None:
    """Draw all marks into ``area``, the whole view."""
    _draw_crosshair(painter, area, crosshair)
    left, right, top, bottom = view.edges
    inner = QRectF(area).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    middle_row = Qt.AlignmentFlag.AlignVCenter
    middle_column = Qt.AlignmentFlag.AlignHCenter
    _draw_text(painter, inner, middle_row | Qt.AlignmentFlag.AlignLeft, left)
    _draw_text(painter, inner, middle_row | Qt.AlignmentFlag.AlignRight, right)
    _draw_text(painter, inner, middle_column | Qt.AlignmentFlag.AlignTop, top)
    _draw_text(painter, inner, middle_column | Qt.AlignmentFlag.AlignBottom, bottom)
    _draw_text(painter, inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
    _draw_scale_bar(painter, inner, pixels_per_mm)
    if focused:
        painter.setPen(QPen(accent, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)


def draw_brush(painter: QPainter, at: QPointF, radius: float) -> None:
    """Draw how far a brush reaches around ``at``, in pixels; seen over bone as over air."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(SHADOW, 3), QPen(TEXT, 1)):
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)


def bar_length_mm(width_pixels: float, pixels_per_mm: float) -> int:
    """The longest round length that takes no more than its share of the view."""
    room_mm = BAR_SHARE * width_pixels / pixels_per_mm
    return next((mm for mm in BAR_LENGTHS_MM if mm <= room_mm), BAR_LENGTHS_MM[-1])


def _draw_crosshair(painter: QPainter, area: QRect, at: QPointF) -> None:
    painter.setPen(QPen(CROSSHAIR, 1))
    x, y = at.x(), at.y()
    room = QRectF(area).adjusted(LETTER_ROOM, LETTER_ROOM, -LETTER_ROOM, -LETTER_ROOM)
    painter.save()
    painter.setClipRect(room)
    painter.drawLine(QPointF(room.left(), y), QPointF(x - GAP, y))
    painter.drawLine(QPointF(x + GAP, y), QPointF(room.right(), y))
    painter.drawLine(QPointF(x, room.top()), QPointF(x, y - GAP))
    painter.drawLine(QPointF(x, y + GAP), QPointF(x, room.bottom()))
    painter.restore()


def _draw_text(painter: QPainter, area: QRectF, where: Qt.AlignmentFlag, text: str) -> None:
    """Light on its own shadow, so that it is read over bone as over air."""
    painter.setPen(SHADOW)
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(area.translated(dx, dy), where, text)
    painter.setPen(TEXT)
    painter.drawText(area, where, text)


def _draw_scale_bar(painter: QPainter, area: QRectF, pixels_per_mm: float) -> None:
    length = bar_length_mm(area.width(), pixels_per_mm)
    pixels = length * pixels_per_mm
    y, x = area.bottom() - 1, area.left()
    for pen in (QPen(SHADOW, 4), QPen(TEXT, 2)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y), QPointF(x + pixels, y))
        for end in (x, x + pixels):
            painter.drawLine(QPointF(end, y - 5), QPointF(end, y))
    label = area.adjusted(0, 0, 0, -MARGIN)
    text = f"{length // 10} cm" if length >= 10 else f"{length} mm"
    _draw_text(painter, label, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)
