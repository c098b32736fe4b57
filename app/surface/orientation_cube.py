"""A small cube that shows which side of the patient faces the viewer."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF, QTransform

HALF_EDGE_SHARE = 0.3
"""Half the cube's edge as a share of its place, just filled on a corner (1 / (2√3))."""

FACES = (
    ("L", (1, 0, 0), (0, 1, 0)),
    ("R", (-1, 0, 0), (0, -1, 0)),
    ("P", (0, 1, 0), (-1, 0, 0)),
    ("A", (0, -1, 0), (1, 0, 0)),
    ("H", (0, 0, 1), (1, 0, 0)),
    ("F", (0, 0, -1), (1, 0, 0)),
)
"""Letter, outward normal and the direction in which the letter is written, in LPS."""

LETTER_SIZE = 100
"""Side of the square that a letter is drawn in before it is mapped onto its face."""


def draw_cube(painter: QPainter, place: QRectF, rotation: NDArray[np.float32]) -> None:
    """Draw the cube inside ``place``.

    Args:
        rotation: 3×3 from LPS to right, down and towards the viewer.
    """
    half = HALF_EDGE_SHARE * min(place.width(), place.height())
    square = QRectF(0, 0, LETTER_SIZE, LETTER_SIZE)
    letter_place = QPolygonF(
        [square.topLeft(), square.topRight(), square.bottomRight(), square.bottomLeft()]
    )
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(round(LETTER_SIZE * 0.7))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.center())
    for letter, normal, writing in FACES:
        towards_viewer = float(rotation[2] @ np.array(normal))
        if towards_viewer <= 0:
            continue
        across = rotation[:2] @ np.array(writing) * half
        downwards = rotation[:2] @ np.cross(writing, normal) * half
        middle = rotation[:2] @ np.array(normal) * half
        corners = [
            middle + a * across + d * downwards for a, d in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        face = QPolygonF([QPointF(float(x), float(y)) for x, y in corners])
        painter.setPen(QPen(QColor(20, 22, 26), 1))
        painter.setBrush(QColor.fromHslF(0.58, 0.15, 0.25 + 0.4 * towards_viewer))
        painter.drawPolygon(face)
        onto_face = QTransform.quadToQuad(letter_place, face)
        if isinstance(onto_face, QTransform):
            painter.save()
            painter.setTransform(onto_face, combine=True)
            painter.setFont(font)
            painter.setPen(QColor(255, 255, 255))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, letter)
            painter.restore()
    painter.restore()
