"""What is drawn over a slice in screen pixels: letters, scale bar, title, focus, brush."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.widgets.names import SHADOW, TEXT, draw_text, stamp_text

MARGIN = 8
BAR_LENGTHS_MM = (200, 100, 50, 20, 10, 5, 2, 1)
BAR_SHARE = 0.35
"""The greatest share of the view's width that the scale bar takes."""


def draw_marks(
    painter: QPainter,
    area: QRect,
    edges: tuple[str, str, str, str],
    *,
    title: str,
    pixels_per_mm: float,
    focused: bool,
    accent: QColor,
) -> list[QRectF]:
    """Draw all marks into ``area``, the whole view, and return what their texts cover.

    Args:
        edges: orientation letters at the left, right, top and bottom edge.
    """
    left, right, top, bottom = edges
    inner = QRectF(area).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    middle_row = Qt.AlignmentFlag.AlignVCenter
    middle_column = Qt.AlignmentFlag.AlignHCenter
    covered = [
        stamp_text(painter, inner, where, text)
        for where, text in (
            (middle_row | Qt.AlignmentFlag.AlignLeft, left),
            (middle_row | Qt.AlignmentFlag.AlignRight, right),
            (middle_column | Qt.AlignmentFlag.AlignTop, top),
            (middle_column | Qt.AlignmentFlag.AlignBottom, bottom),
        )
    ]
    # The title changes with every slice.
    upper_left = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
    covered.append(draw_text(painter, inner, upper_left, title))
    covered.append(_draw_scale_bar(painter, inner, pixels_per_mm))
    if focused:
        painter.setPen(QPen(accent, 4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
    return covered


def draw_brush(painter: QPainter, at: QPointF, radius: float) -> None:
    """Draw a brush's reach around ``at``, in pixels, visible over bone and over air."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(SHADOW, 3), QPen(TEXT, 1)):
        painter.setPen(pen)
        painter.drawEllipse(at, radius, radius)


def draw_line(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """Draw an unfinished line, in pixels, visible over bone and over air."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(SHADOW, 4), QPen(TEXT, 2)):
        painter.setPen(pen)
        painter.drawLine(start, end)


def bar_length_mm(width_pixels: float, pixels_per_mm: float) -> int:
    """The longest round length that fits its share of the view."""
    room_mm = BAR_SHARE * width_pixels / pixels_per_mm
    return next((mm for mm in BAR_LENGTHS_MM if mm <= room_mm), BAR_LENGTHS_MM[-1])


def _draw_scale_bar(painter: QPainter, area: QRectF, pixels_per_mm: float) -> QRectF:
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
    where = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    return stamp_text(painter, label, where, text)
