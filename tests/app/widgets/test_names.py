"""Names keep clear of what else is written over a picture."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.widgets.names import draw_name, draw_text, moved_aside

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
