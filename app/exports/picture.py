"""The views as one picture, for a file or a report."""

from collections.abc import Sequence
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

COLUMNS = 2
SEAM = 4
"""Pixels between the views."""

FOOTER_SHARE = 0.025
"""Height of the strip for the notice below the views, as a share of the picture's width."""

LEAST_FOOTER = 24
"""Pixels."""

GROUND = QColor(0, 0, 0)
INK = QColor(200, 206, 214)


def notice() -> str:
    """The notice on every picture and report."""
    return QCoreApplication.translate(
        "picture", "SpineContext Desktop: for research use, not for diagnosis"
    )


def compose(views: Sequence[QImage]) -> QImage:
    """The views two by two, each with as much room as the largest, above the notice.

    A name burnt into the CT's own pixels stays.
    """
    width = max(view.width() for view in views)
    height = max(view.height() for view in views)
    columns = min(COLUMNS, len(views))
    rows = -(-len(views) // columns)
    whole_width = columns * (width + SEAM) - SEAM
    strip = _strip(whole_width)
    whole_height = rows * (height + SEAM) - SEAM + strip
    picture = QImage(whole_width, whole_height, QImage.Format.Format_RGB32)
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
    _prepare_text(painter, strip)
    footer = QRect(0, whole_height - strip, whole_width - strip // 3, strip)
    painter.drawText(footer, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, notice())
    painter.end()
    return picture


def captioned(picture: QImage, caption: str) -> QImage:
    """A picture from ``compose`` with as much of a caption as fits beside the notice."""
    strip = _strip(picture.width())
    place = QRect(strip // 3, picture.height() - strip, picture.width() // 2, strip)
    told = QImage(picture)
    painter = QPainter(told)
    _prepare_text(painter, strip)
    middle = Qt.TextElideMode.ElideMiddle
    text = painter.fontMetrics().elidedText(caption, middle, place.width() - strip)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return told


def _strip(width: int) -> int:
    """The footer's height in a picture of this width."""
    return max(LEAST_FOOTER, round(FOOTER_SHARE * width))


def _prepare_text(painter: QPainter, strip: int) -> None:
    font = QFont(painter.font())
    font.setPixelSize(strip // 2)
    painter.setFont(font)
    painter.setPen(INK)


def write_picture(picture: QImage, file: BinaryIO) -> None:
    """Write a picture as PNG.

    Raises:
        OSError: it cannot be written.
    """
    content = QBuffer()
    content.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(content, QByteArray(b"png")).write(picture)
    file.write(content.data().data())
