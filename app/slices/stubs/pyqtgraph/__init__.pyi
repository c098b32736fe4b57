"""What is used of pyqtgraph, which comes without types."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.graphicsItems.ROI import Handle
from PySide6.QtCore import QPointF, QRectF, SignalInstance
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QGraphicsView,
    QGraphicsWidget,
    QWidget,
)

class Point(QPointF):
    def __init__(self, x: float | QPointF, y: float = ...) -> None: ...

class GraphicsView(QGraphicsView):
    def __init__(
        self,
        parent: QWidget | None = None,
        useOpenGL: bool | None = None,
        background: QColor | str | None = "default",
    ) -> None: ...
    def setCentralItem(self, item: QGraphicsWidget) -> None: ...

class GraphicsObject(QGraphicsObject):
    def pixelLength(self, direction: QPointF, ortho: bool = False) -> float | None: ...

class ViewBox(QGraphicsWidget):
    sigRangeChanged: SignalInstance
    def __init__(
        self,
        parent: QGraphicsWidget | None = None,
        lockAspect: bool | float = False,
        enableMouse: bool = True,
        invertY: bool = False,
        enableMenu: bool = True,
        defaultPadding: float = 0.02,
    ) -> None: ...
    def addItem(self, item: QGraphicsItem, ignoreBounds: bool = False) -> None: ...
    def removeItem(self, item: QGraphicsItem) -> None: ...
    def setRange(self, rect: QRectF, padding: float | None = None) -> None: ...
    def scaleBy(self, s: tuple[float, float], center: QPointF | None = None) -> None: ...
    def translateBy(self, *, x: float, y: float) -> None: ...
    def viewRect(self) -> QRectF: ...
    def mapToView(self, obj: QPointF) -> QPointF: ...
    def mapViewToScene(self, obj: QPointF) -> QPointF: ...

class ImageItem(GraphicsObject):
    def __init__(self, image: NDArray[np.generic] | None = None, *, axisOrder: str) -> None: ...
    def setImage(
        self,
        image: NDArray[np.generic],
        autoLevels: bool | None = None,
        *,
        levels: tuple[float, float] | None = None,
    ) -> None: ...
    def setLookupTable(self, lut: NDArray[np.uint8], update: bool = True) -> None: ...
    def clear(self) -> None: ...
    def paint(self, painter: QPainter, *args: object) -> None: ...

class PlotCurveItem(GraphicsObject):
    def __init__(self, *, connect: str = "all", skipFiniteCheck: bool = False) -> None: ...
    def setData(  # type: ignore[override]
        self, x: NDArray[np.floating], y: NDArray[np.floating], *, pen: QPen | None = None
    ) -> None: ...
    def clear(self) -> None: ...
    opts: dict[str, object]
    def paint(self, painter: QPainter, *args: object) -> None: ...

class InfiniteLine(GraphicsObject):
    pen: QPen
    def __init__(self, *, angle: float = 90, pen: QPen | None = None) -> None: ...
    def setPos(self, pos: QPointF) -> None: ...  # type: ignore[override]

class ROI(GraphicsObject):
    sigRegionChanged: SignalInstance
    sigRegionChangeFinished: SignalInstance
    currentPen: QPen
    def __init__(
        self,
        pos: QPointF,
        size: tuple[float, float] = (1, 1),
        *,
        movable: bool = True,
        rotatable: bool = True,
        resizable: bool = True,
        pen: QPen | None = None,
        hoverPen: QPen | None = None,
        handlePen: QPen | None = None,
        handleHoverPen: QPen | None = None,
        antialias: bool = True,
    ) -> None: ...
    handleSize: float
    def addFreeHandle(self, pos: QPointF, *, item: Handle) -> Handle: ...
    def getHandles(self) -> Sequence[Handle]: ...

class TextItem(GraphicsObject):
    def __init__(
        self,
        text: str = "",
        color: QColor = ...,
        anchor: tuple[float, float] = (0, 0),
        fill: QBrush | None = None,
    ) -> None: ...
    def setText(self, text: str) -> None: ...
    def setAnchor(self, anchor: tuple[float, float]) -> None: ...
