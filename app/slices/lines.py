"""Lines that are as wide at any zoom, on any screen."""

from PySide6.QtGui import QColor, QPainter, QPen


def line_pen(colour: QColor, width: int) -> QPen:
    """A pen for lines of this many pixels, whatever the zoom; draw with ``in_dots`` of it."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


def in_dots(pen: QPen, painter: QPainter) -> QPen:
    """The pen for where ``painter`` draws.

    Qt counts the width of such pens in dots of the screen, of which a pixel has several at 150 %
    and more; each of two screens has its own. Whole dots keep the lines sharp.
    """
    dots_per_pixel = painter.device().devicePixelRatio()
    wide = QPen(pen)
    wide.setWidth(max(1, round(pen.width() * dots_per_pixel)))
    return wide
