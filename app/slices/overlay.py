"""The spine over a slice: its voxels filled, or a line around them."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem

from app.slices.graphics import PlotCurveItem, ViewBox
from app.slices.image import OVERLAY_COLOUR, colour_table, indexed_image, outline_segments
from app.slices.lines import in_dots, line_pen
from app.slices.look import Overlay

LINE_PIXELS = 2


class SpineOverlay:
    """The mask of a slice in a view box, with sharp voxels at any zoom."""

    def __init__(self, box: ViewBox, height: float) -> None:
        """Put an empty overlay into ``box``, above all items of less ``height``."""
        self._box = box
        self._height = height
        self._voxels = QTransform()
        self._filled = _SharpImage()
        self._filled.setZValue(height)
        box.addItem(self._filled, ignoreBounds=True)
        self._lines: list[_Outline] = []
        self.set_look(Overlay())

    def set_voxels(self, voxels: QTransform) -> None:
        """Set where columns and rows lie in the box."""
        self._voxels = voxels
        for item in (self._filled, *self._lines):
            item.setTransform(voxels)

    def set_look(self, look: Overlay, colours: Sequence[QColor] = (OVERLAY_COLOUR,)) -> None:
        """Set how pixels are drawn from now on: the first colour is that of pixels of 1."""
        self._look = look
        self._colours = colours
        self._table = colour_table(look.opacity, colours)

    def clear(self) -> None:
        """Draw nothing."""
        self._filled.setVisible(False)
        self._draw_lines(())

    def show(self, pixels: NDArray[np.uint8]) -> None:
        """Draw the pixels of a slice, rows by columns; those of 0 are clear."""
        if self._look.outline:
            self._filled.setVisible(False)
            self._draw_lines(_outlines(pixels, self._look.opacity, self._colours))
            return
        self._draw_lines(())
        self._filled.show_image(indexed_image(pixels, self._table))
        self._filled.setVisible(True)

    def _draw_lines(self, outlines: Iterable[tuple[NDArray[np.float64], QPen]]) -> None:
        used = 0
        for used, (ends, pen) in enumerate(outlines, start=1):
            if used > len(self._lines):
                line = _Outline(connect="pairs", skipFiniteCheck=True)
                line.setTransform(self._voxels)
                line.setZValue(self._height)
                self._box.addItem(line, ignoreBounds=True)
                self._lines.append(line)
            self._lines[used - 1].draw(ends, pen)
            self._lines[used - 1].setVisible(True)
        for line in self._lines[used:]:
            line.clear()
            line.setVisible(False)


def _outlines(
    pixels: NDArray[np.uint8], opacity: float, colours: Sequence[QColor]
) -> Iterator[tuple[NDArray[np.float64], QPen]]:
    """The ends of the lines around each value, with their pens."""
    for value in np.flatnonzero(np.bincount(pixels.ravel())[1:]) + 1:
        colour = QColor(colours[int(value) - 1])
        if colour.alpha():
            colour.setAlphaF(opacity)
            pen = line_pen(colour, LINE_PIXELS)
            yield outline_segments(pixels == value).reshape(-1, 2), pen


class _Outline(PlotCurveItem):
    """Lines between pairs of points."""

    def draw(self, ends: NDArray[np.float64], pen: QPen) -> None:
        """Draw between these points, x and y, from now on."""
        self._pen = pen
        self.setData(ends[:, 0], ends[:, 1], pen=pen)

    def paint(self, painter: QPainter, *others: object) -> None:
        """Draw the lines."""
        self.opts["pen"] = in_dots(self._pen, painter)
        super().paint(painter, *others)


class _SharpImage(QGraphicsItem):
    """A picture whose pixels keep sharp edges; one unit of the item is one pixel."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        if image.size() != self._image.size():
            self.prepareGeometryChange()
        self._image = image
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """The whole picture."""
        return QRectF(self._image.rect())

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw it without interpolation: a voxel is spine or it is not."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self.boundingRect(), self._image)
