"""A slice by mouse and by keys: how it is moved, windowed and drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.slices.image import BONE
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slice_view import HU_PER_PIXEL, KEY_PIXELS, SliceView
from inference.geometry import Geometry
from inference.volume import Volume

GEOMETRY = Geometry((40, 30, 10), (1.0, 1.0, 2.0))
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MIDDLE = QPoint(200, 150)


@pytest.fixture
def view(qtbot: QtBot) -> SliceView:
    """An axial view of 400 × 300 pixels, ten to a millimetre."""
    view = SliceView(Plane.AXIAL, Look())
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.show_volume(Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "CT"))
    return view


@pytest.mark.parametrize(
    ("key", "right", "down"),
    [
        (Qt.Key.Key_Left, -1, 0),
        (Qt.Key.Key_Right, 1, 0),
        (Qt.Key.Key_Up, 0, -1),
        (Qt.Key.Key_Down, 0, 1),
    ],
)
def test_ctrl_and_an_arrow_move_the_slice_there(
    view: SliceView, key: Qt.Key, right: int, down: int, qtbot: QtBot
) -> None:
    under = view.voxel_at(QPointF(MIDDLE))
    qtbot.keyClick(view, key, CONTROL)
    moved = MIDDLE + QPoint(right, down) * KEY_PIXELS
    assert view.voxel_at(QPointF(moved)) == under


def test_ctrl_shift_and_an_arrow_change_the_grey_window(view: SliceView, qtbot: QtBot) -> None:
    look = view._look
    qtbot.keyClick(view, Qt.Key.Key_Right, CONTROL | SHIFT)
    assert look.window.width == BONE.width + HU_PER_PIXEL * KEY_PIXELS
    qtbot.keyClick(view, Qt.Key.Key_Up, CONTROL | SHIFT)
    assert look.window.centre == BONE.centre - HU_PER_PIXEL * KEY_PIXELS


def test_the_circle_around_the_pointer_is_as_large_as_the_brush(
    view: SliceView, qtbot: QtBot
) -> None:
    view.show_brush(5.0)
    qtbot.mouseMove(view, MIDDLE)
    on, off = MIDDLE + QPoint(50, 2), MIDDLE + QPoint(35, 2)
    drawn = view.grab().toImage()
    view.show_brush(None)
    plain = view.grab().toImage()
    assert drawn.pixelColor(on) != plain.pixelColor(on)
    assert drawn.pixelColor(off) == plain.pixelColor(off)


def test_a_picture_is_sharper_than_the_screen_and_has_no_frame_of_focus(
    view: SliceView, qtbot: QtBot
) -> None:
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    framed = view.grab().toImage()
    assert framed.pixelColor(0, 100) != framed.pixelColor(20, 100)
    picture = view.picture(2)
    assert (picture.width(), picture.height()) == (800, 600)
    assert picture.pixelColor(0, 200) == picture.pixelColor(40, 200)
