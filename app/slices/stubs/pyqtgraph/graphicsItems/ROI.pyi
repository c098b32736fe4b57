"""The handles of a region."""

from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject

class Handle(QGraphicsObject):
    currentPen: QPen
    def __init__(
        self,
        radius: float,
        typ: str,
        pen: QPen,
        hoverPen: QPen,
        parent: QGraphicsItem | None = None,
    ) -> None: ...
    def paint(self, painter: QPainter, *args: object) -> None: ...
