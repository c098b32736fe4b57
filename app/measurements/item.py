"""A measurement drawn in a slice, with handles to change it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from app.measurements.measurement import Kind, Measurement, Point, distance_mm
from app.slices.graphics import ROI, Handle, TextItem
from app.slices.graphics import Point as Direction
from app.slices.lines import in_dots, line_pen

COLOUR = QColor(140, 255, 150)
"""Differs from the spine, the crosshair and any grey."""

HELD_COLOUR = QColor(255, 255, 255)
LABEL_GROUND = QColor(0, 0, 0, 170)

GRASP_PIXELS = 8.0
"""How wide a line is for the pointer."""


def pen(colour: QColor) -> QPen:
    """A line of two pixels at any zoom."""
    return line_pen(colour, 2)


def outline(kind: Kind, points: Sequence[Point]) -> QPainterPath:
    """The lines of a measurement, or of the points it has so far."""
    path = QPainterPath()
    if not points:
        return path
    corners = [QPointF(*point) for point in points]
    if kind is Kind.CIRCLE:
        radius = distance_mm(points[0], points[-1])
        path.addEllipse(corners[0], radius, radius)
        return path
    path.moveTo(corners[0])
    for number, corner in enumerate(corners[1:], start=1):
        if kind is Kind.COBB and number == 2:
            path.moveTo(corner)
        else:
            path.lineTo(corner)
    return path


def label(text: str = "") -> TextItem:
    """A text beside a point, legible over bone and over air."""
    return TextItem(text, color=COLOUR, anchor=(-0.05, 1.1), fill=QBrush(LABEL_GROUND))


class Preview(QGraphicsPathItem):
    """The lines of an unfinished measurement."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.setPen(pen(COLOUR))

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines."""
        painter.setPen(in_dots(self.pen(), painter))
        painter.drawPath(self.path())


class _Handle(Handle):
    """A point of a measurement that can be dragged."""

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw a square of some pixels."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(in_dots(self.currentPen, painter))
        painter.drawPath(self.shape())


class MeasurementItem(ROI):
    """Drawn from its handles, one for each point; dragging a line moves all of it."""

    def __init__(self, measurement: Measurement, text: str) -> None:
        """Draw ``measurement`` with ``text`` beside it."""
        # Handles are in the item's own coordinates, which are the slice's until it is moved.
        super().__init__(
            QPointF(0, 0),
            rotatable=False,
            resizable=False,
            pen=pen(COLOUR),
            hoverPen=pen(HELD_COLOUR),
        )
        self.measurement = measurement
        for point in measurement.points:
            handle = _Handle(
                self.handleSize, "f", pen=pen(COLOUR), hoverPen=pen(HELD_COLOUR), parent=self
            )
            self.addFreeHandle(QPointF(*point), item=handle)
        self._label = label()
        self._label.setParentItem(self)
        self.show_text(text)

    @property
    def points(self) -> tuple[Point, ...]:
        """Where its points now lie in the slice."""
        return tuple(_as_point(self.mapToParent(handle.pos())) for handle in self.getHandles())

    def show_text(self, text: str) -> None:
        """Write a value beside its last point."""
        self._label.setText(text)
        self._label.setPos(self.getHandles()[-1].pos())

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(in_dots(self.currentPen, painter))
        painter.drawPath(self._outline())

    def shape(self) -> QPainterPath:
        """Where the pointer can grasp it: on its lines."""
        stroker = QPainterPathStroker()
        stroker.setWidth(GRASP_PIXELS * (self.pixelLength(Direction(1, 0)) or 0))
        return stroker.createStroke(self._outline())

    def boundingRect(self) -> QRectF:  # noqa: N802
        """The area that its lines cover."""
        return self.shape().boundingRect()

    def _outline(self) -> QPainterPath:
        return outline(
            self.measurement.kind, [_as_point(handle.pos()) for handle in self.getHandles()]
        )


def _as_point(point: QPointF) -> Point:
    return point.x(), point.y()
