"""Names written over pictures."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

TEXT = QColor(235, 235, 235)
SHADOW = QColor(0, 0, 0, 200)

NAME_ROOM = 60
"""Pixels that a name may take on each side of the point it is centred on."""

GAP = 3
"""Pixels between a name and what is written beside it: less would look like one word."""


def draw_text(painter: QPainter, area: QRectF, where: Qt.AlignmentFlag, text: str) -> QRectF:
    """Draw light text on its own shadow, so that it is legible over bone and over air.

    Returns what it covers.
    """
    painter.setPen(SHADOW)
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(area.translated(dx, dy), where, text)
    painter.setPen(TEXT)
    painter.drawText(area, where, text)
    return painter.boundingRect(area, where, text)


def draw_name(
    painter: QPainter, at: QPointF, text: str, *, italic: bool, beside: Sequence[QRectF] = ()
) -> None:
    """Write a name centred on a point, or as near as what is written ``beside`` it allows."""
    font = painter.font()
    own = QFont(font)
    own.setBold(True)
    own.setItalic(italic)
    painter.setFont(own)
    place = QRectF(at.x() - NAME_ROOM, at.y() - NAME_ROOM, 2 * NAME_ROOM, 2 * NAME_ROOM)
    centred = Qt.AlignmentFlag.AlignCenter
    covered = painter.boundingRect(place, centred, text)
    aside = moved_aside(covered, [other.adjusted(-GAP, 0, GAP, 0) for other in beside])
    draw_text(painter, place.translated(aside.topLeft() - covered.topLeft()), centred, text)
    painter.setFont(font)


def moved_aside(place: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """The place moved to the left or right, the shorter way, of whatever it would cover."""
    for other in taken:
        if place.intersects(other):
            ways = (other.left() - place.right(), other.right() - place.left())
            place = place.translated(min(ways, key=abs), 0)
    return place
