"""Names written over pictures."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

TEXT = QColor(235, 235, 235)
SHADOW = QColor(0, 0, 0, 200)

NAME_ROOM = 60
"""Pixels that a name may take on each side of the point it is centred on."""


def draw_text(painter: QPainter, area: QRectF, where: Qt.AlignmentFlag, text: str) -> None:
    """Draw light text on its own shadow, so that it is legible over bone and over air."""
    painter.setPen(SHADOW)
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(area.translated(dx, dy), where, text)
    painter.setPen(TEXT)
    painter.drawText(area, where, text)


def draw_name(painter: QPainter, at: QPointF, text: str, *, italic: bool) -> None:
    """Write a name centred on a point."""
    font = painter.font()
    own = QFont(font)
    own.setBold(True)
    own.setItalic(italic)
    painter.setFont(own)
    place = QRectF(at.x() - NAME_ROOM, at.y() - NAME_ROOM, 2 * NAME_ROOM, 2 * NAME_ROOM)
    draw_text(painter, place, Qt.AlignmentFlag.AlignCenter, text)
    painter.setFont(font)
