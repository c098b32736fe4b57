"""Names keep clear of what else is written over a picture."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.widgets.names import draw_name, draw_text, moved_aside, stamp_text

LETTER = QRectF(50, 90, 10, 10)


@pytest.fixture
def picture(qapp: QApplication) -> QImage:  # noqa: ARG001
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGray)
    return image


def test_a_name_away_from_the_letters_stays_where_it_is() -> None:
    for place in (QRectF(60, 90, 20, 10), QRectF(50, 80, 20, 10), QRectF(30, 90, 20, 10)):
        assert moved_aside(place, [LETTER]) == place


@pytest.mark.parametrize(("left", "expected"), [(48, 60), (36, 30), (59.5, 60), (30.5, 30)])
def test_a_name_goes_the_shorter_way_past_a_letter(left: float, expected: float) -> None:
    moved = moved_aside(QRectF(left, 92, 20, 10), [LETTER])
    assert (moved.left(), moved.top()) == (expected, 92)
    assert not moved.intersects(LETTER)


def test_a_name_on_a_letter_is_drawn_beside_it(picture: QImage) -> None:
    with QPainter(picture) as painter:
        centred = Qt.AlignmentFlag.AlignCenter
        letter = draw_text(painter, QRectF(picture.rect()), centred, "F")
    assert letter.contains(QPointF(100, 50))
    alone = picture.copy()
    with QPainter(picture) as painter:
        draw_name(painter, QPointF(101, 50), "12", italic=False, beside=[letter])
    place = letter.toAlignedRect()
    assert picture.copy(place.adjusted(1, 0, -1, 0)) == alone.copy(place.adjusted(1, 0, -1, 0))
    assert picture != alone


MOST_DIFFERENCE = 2
"""Levels of grey between a text that is copied and one that is drawn: a copy is rounded once more.
"""


def pixels(image: QImage) -> NDArray[np.uint8]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


@pytest.mark.parametrize("sharpness", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("across", ["AlignLeft", "AlignHCenter", "AlignRight"])
@pytest.mark.parametrize("down", ["AlignTop", "AlignVCenter", "AlignBottom"])
def test_a_text_that_is_copied_looks_as_one_that_is_drawn(
    across: str,
    down: str,
    sharpness: float,
    qapp: QApplication,  # noqa: ARG001
) -> None:
    where = getattr(Qt.AlignmentFlag, across) | getattr(Qt.AlignmentFlag, down)
    images, covered = [], []
    for draw in (draw_text, stamp_text):
        image = QImage(round(120 * sharpness), round(60 * sharpness), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(sharpness)
        image.fill(Qt.GlobalColor.darkGray)
        with QPainter(image) as painter:
            font = QFont(painter.font())
            font.setPixelSize(12)
            painter.setFont(font)
            covered.append(draw(painter, QRectF(10, 10, 100, 40), where, "L3"))
        images.append(pixels(image))
    for edge in ("left", "top", "right", "bottom"):
        drawn, copied = (getattr(one, edge)() for one in covered)
        assert abs(drawn - copied) <= 1
    if across == "AlignLeft" and down == "AlignTop":  # on a whole pixel
        assert np.abs(images[0].astype(int) - images[1]).max() <= MOST_DIFFERENCE
    written = [np.argwhere(image != image[0, 0]) for image in images]
    for corner in (np.min, np.max):
        drawn, copied = (corner(found, axis=0) for found in written)
        assert np.abs(drawn - copied).max() <= 1, "a text stands between pixels, its copy on them"


def test_names_in_two_fonts_are_kept_apart(picture: QImage) -> None:
    places = []
    for italic in (False, True, False):
        image = picture.copy()
        with QPainter(image) as painter:
            draw_name(painter, QPointF(100, 50), "L3", italic=italic)
        places.append(image)
    assert places[0] == places[2] != places[1]
