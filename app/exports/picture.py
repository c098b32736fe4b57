"""The views as one picture, for a file or a report."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

COLUMNS = 2
SEAM = 4
"""Pixels between the views."""

FOOTER = 28
"""Pixels below them, for the notice."""

GROUND = QColor(16, 18, 22)
INK = QColor(200, 206, 214)


def notice() -> str:
    """What every picture and report says."""
    return QCoreApplication.translate(
        "picture", "SpineContext Desktop: for research use, not for diagnosis"
    )


def compose(views: Sequence[QImage]) -> QImage:
    """The views two by two, each in a place as large as the largest, above the notice.

    Nothing of the patient is written into it; a name that is burnt into the CT's own pixels stays.
    """
    width = max(view.width() for view in views)
    height = max(view.height() for view in views)
    columns = min(COLUMNS, len(views))
    rows = -(-len(views) // columns)
    total = columns * (width + SEAM) - SEAM, rows * (height + SEAM) - SEAM + FOOTER
    picture = QImage(*total, QImage.Format.Format_RGB32)
    picture.fill(GROUND)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, view in enumerate(views):
        row, column = divmod(number, columns)
        place = QRect(column * (width + SEAM), row * (height + SEAM), width, height)
        size = view.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.drawImage(target, view)
    font = QFont(painter.font())
    font.setPixelSize(FOOTER // 2)
    painter.setFont(font)
    painter.setPen(INK)
    footer = QRect(0, total[1] - FOOTER, total[0] - 8, FOOTER)
    painter.drawText(footer, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, notice())
    painter.end()
    return picture
