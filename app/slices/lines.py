"""Lines that are as wide at any zoom."""

from PySide6.QtGui import QColor, QGuiApplication, QPen


def line_pen(colour: QColor, width: int) -> QPen:
    """A pen for lines of this many pixels, whatever the zoom.

    Qt counts the width of such pens in dots of the screen, of which a pixel has several at 150 %
    and more. Whole dots keep the lines sharp.
    """
    dots_per_pixel = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
    pen = QPen(colour, max(1, round(width * dots_per_pixel)))
    pen.setCosmetic(True)
    return pen
