"""The crosshair: two lines with an open middle."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from app.slices.graphics import InfiniteLine, Point, ViewBox
from app.slices.lines import in_dots, line_pen

COLOUR = QColor(255, 200, 60, 150)

LINE_PIXELS = 1

LETTER_ROOM = 22
"""Pixels at each edge that the crosshair leaves free for the letters."""

GAP = 10
"""Half of the crosshair's open middle, in pixels, so that what it points at stays visible."""

UPRIGHT, LEVEL = 90, 0
"""Degrees of an ``InfiniteLine``."""


class Crosshair:
    """Two lines that cross at a point of a view box."""

    def __init__(self, box: ViewBox) -> None:
        """Put the lines into ``box``, above everything in it."""
        self._lines = (_Line(UPRIGHT), _Line(LEVEL))
        for line in self._lines:
            line.setZValue(1)
            box.addItem(line, ignoreBounds=True)

    def move_to(self, point: QPointF) -> None:
        """Cross at a point in the box's own coordinates."""
        for line in self._lines:
            line.cross_at(point)

    def set_visible(self, visible: bool) -> None:
        """Show the lines or hide them."""
        for line in self._lines:
            line.setVisible(visible)


class _Line(InfiniteLine):
    """One of the lines, with gaps at its ends and where the other line crosses it."""

    def __init__(self, angle: int) -> None:
        super().__init__(angle=angle, pen=line_pen(COLOUR, LINE_PIXELS))
        self._crossing = QPointF()

    def cross_at(self, point: QPointF) -> None:
        self._crossing = point
        self.setPos(point)
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw from edge to edge except for the gaps."""
        pixel = self.pixelLength(Point(1, 0))
        if not pixel:
            return
        whole = self.boundingRect()
        ends = (whole.left() + LETTER_ROOM * pixel, whole.right() - LETTER_ROOM * pixel)
        gap = (-GAP * pixel, GAP * pixel)
        painter.setPen(in_dots(self.pen, painter))
        for start, end in ((ends[0], gap[0]), (gap[1], ends[1])):
            if start < end:
                painter.drawLine(QPointF(start, 0), QPointF(end, 0))
