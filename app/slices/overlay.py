"""The spine over a slice: its voxels filled, or a line around them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from app.slices.graphics import ImageItem, PlotCurveItem, ViewBox
from app.slices.image import (
    OVERLAY_COLOUR,
    SPINE_LEVELS,
    outline_segments,
    overlay_table,
    spine_pixels,
)
from app.slices.look import Overlay

LINE_PIXELS = 2


class SpineOverlay:
    """The mask of a slice in a view box, as sharp as its voxels however far one zooms."""

    def __init__(self, box: ViewBox, colour: QColor = OVERLAY_COLOUR) -> None:
        """Put an empty overlay into ``box``."""
        self._colour = colour
        self._filled = _SharpImage(axisOrder="row-major")
        self._line = PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        for item in (self._filled, self._line):
            box.addItem(item, ignoreBounds=True)

    def set_voxels(self, voxels: QTransform) -> None:
        """Say where columns and rows lie in the box."""
        self._filled.setTransform(voxels)
        self._line.setTransform(voxels)

    def show(self, mask: NDArray[np.generic] | None, look: Overlay) -> None:
        """Draw a slice of a mask, rows by columns, or nothing."""
        self._filled.setVisible(mask is not None and not look.outline)
        self._line.setVisible(mask is not None and look.outline)
        if mask is None:
            self._filled.clear()
            self._line.clear()
        elif look.outline:
            ends = outline_segments(mask).reshape(-1, 2)
            self._line.setData(ends[:, 0], ends[:, 1], pen=self._pen(look.opacity))
        else:
            self._filled.setLookupTable(overlay_table(look.opacity), update=False)
            self._filled.setImage(spine_pixels(mask), levels=SPINE_LEVELS)

    def _pen(self, opacity: float) -> QPen:
        colour = QColor(self._colour)
        colour.setAlphaF(opacity)
        pen = QPen(colour, LINE_PIXELS)
        pen.setCosmetic(True)
        return pen


class _SharpImage(ImageItem):
    """An image whose pixels keep their edges."""

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw it without a blend of neighbours: a voxel is spine or it is not."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        super().paint(painter)
