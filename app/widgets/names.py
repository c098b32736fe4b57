"""Names written over pictures."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

TEXT = QColor(235, 235, 235)
SHADOW = QColor(0, 0, 0, 200)

GAP = 3
"""Pixels between a name and what is written beside it: less would look like one word."""

STAMP_ROOM = 2
"""Pixels around a text for its shadow, and for letters that lean out."""

KEPT_STAMPS = 512
"""Texts that are kept as pictures: those of all views in several fonts, on two screens."""

INCH_M = 0.0254

Alignment = Qt.AlignmentFlag

CENTRED = Alignment.AlignCenter.value


def draw_text(painter: QPainter, area: QRectF, where: Alignment, text: str) -> QRectF:
    """Draw light text on its own shadow, so that it is legible over bone and over air.

    Returns what it covers.
    """
    painter.setPen(SHADOW)
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(area.translated(dx, dy), where, text)
    painter.setPen(TEXT)
    painter.drawText(area, where, text)
    return painter.boundingRect(area, where, text)


def stamp_text(painter: QPainter, area: QRectF, where: Alignment, text: str) -> QRectF:
    """The same on a screen or in an image, in a quarter of the time.

    The text is drawn once and then copied, so it stands on whole pixels.
    """
    stamp = _stamp_of(painter, painter.font().toString(), where.value, text)
    across, down = _shares(where.value)
    left = area.left() + across * (area.width() - stamp.width)
    top = area.top() + down * (area.height() - stamp.height)
    _press(painter, stamp, left, top)
    return QRectF(left, top, stamp.width, stamp.height)


def draw_name(
    painter: QPainter, at: QPointF, text: str, *, italic: bool, beside: Sequence[QRectF] = ()
) -> None:
    """Write a name centred on a point, or as near as what is written ``beside`` it allows."""
    font = _name_font(painter.font().toString(), italic)
    stamp = _stamp_of(painter, font, CENTRED, text)
    left, top = at.x() - stamp.width / 2, at.y() - stamp.height / 2
    room = QRectF(left - GAP, top, stamp.width + 2 * GAP, stamp.height)
    if any(room.intersects(other) for other in beside):
        left = moved_aside(room, beside).left() + GAP
    _press(painter, stamp, left, top)


def moved_aside(place: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """The place moved to the left or right, the shorter way, of whatever it would cover."""
    for other in taken:
        if place.intersects(other):
            ways = (other.left() - place.right(), other.right() - place.left())
            place = place.translated(min(ways, key=abs), 0)
    return place


@dataclass(frozen=True, eq=False)
class _Stamp:
    """A text with its shadow as a picture.

    Attributes:
        width: of the text alone, in pixels.
        height: the same.
        sharpness: the screen's pixels per pixel of the window.
    """

    image: QImage
    width: float
    height: float
    sharpness: float


def _press(painter: QPainter, stamp: _Stamp, left: float, top: float) -> None:
    """Copy a text to the nearest whole pixels of the screen; between them it would be blurred."""
    sharpness = stamp.sharpness
    at = QPointF(
        round((left - STAMP_ROOM) * sharpness) / sharpness,
        round((top - STAMP_ROOM) * sharpness) / sharpness,
    )
    painter.drawImage(at, stamp.image)


@functools.lru_cache(maxsize=16)
def _shares(where: int) -> tuple[float, float]:
    """Which share of the free room is left of a text, and which above it."""
    alignment = Alignment(where)
    across = 1.0 if alignment & Alignment.AlignRight else 0.0
    down = 1.0 if alignment & Alignment.AlignBottom else 0.0
    return (
        0.5 if alignment & Alignment.AlignHCenter else across,
        0.5 if alignment & Alignment.AlignVCenter else down,
    )


def _stamp_of(painter: QPainter, font: str, where: int, text: str) -> _Stamp:
    device = painter.device()
    return _stamp(text, font, where, device.devicePixelRatioF(), device.logicalDpiY())


@functools.lru_cache(maxsize=KEPT_STAMPS)
def _stamp(text: str, font: str, where: int, sharpness: float, dots_per_inch: int) -> _Stamp:
    """A text as a picture.

    Args:
        font: as ``QFont.toString`` gives it.
        where: the value of an ``Alignment``, of which several lines need the horizontal one.
        sharpness: the screen's pixels per pixel of the window.
        dots_per_inch: in pixels of the window; a font's size may be in points.
    """
    own = QFont()
    own.fromString(font)
    lines = Alignment(where) & Alignment.AlignHorizontal_Mask | Alignment.AlignTop
    probe = _clear(1, 1, sharpness, dots_per_inch)
    with QPainter(probe) as painter:
        painter.setFont(own)
        bounds = painter.boundingRect(QRectF(0, 0, 1, 1), Alignment.AlignLeft, text)
    width, height = bounds.width(), bounds.height()
    image = _clear(width + 2 * STAMP_ROOM, height + 2 * STAMP_ROOM, sharpness, dots_per_inch)
    with QPainter(image) as painter:
        painter.setFont(own)
        draw_text(painter, QRectF(STAMP_ROOM, STAMP_ROOM, width, height), lines, text)
    return _Stamp(image, width, height, sharpness)


@functools.lru_cache(maxsize=KEPT_STAMPS)
def _name_font(font: str, italic: bool) -> str:
    """The font of names beside text in a font, both as ``QFont.toString`` gives them."""
    own = QFont()
    own.fromString(font)
    own.setBold(True)
    own.setItalic(italic)
    return own.toString()


def _clear(width: float, height: float, sharpness: float, dots_per_inch: int) -> QImage:
    """A transparent image of at least this many pixels of the window."""
    size = QSize(math.ceil(width * sharpness), math.ceil(height * sharpness))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(sharpness)
    image.setDotsPerMeterX(round(dots_per_inch / INCH_M))
    image.setDotsPerMeterY(round(dots_per_inch / INCH_M))
    image.fill(Qt.GlobalColor.transparent)
    return image
