"""A slice operated by mouse and keys: how it is moved, windowed and drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.slices.canvas import ZOOM_LIMITS
from app.slices.image import BONE
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slab import Projection, Slab
from app.slices.slice_view import HU_PER_PIXEL, KEY_PIXELS, SliceView
from app.widgets.picture_views import WHEEL_STEP
from inference.values.geometry import Geometry
from inference.values.volume import Volume

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
    qtbot.mouseMove(view.viewport(), MIDDLE)
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


def wheel(view: SliceView, notches: int, at: QPoint, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, WHEEL_STEP * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def drag(view: SliceView, button: Qt.MouseButton, by: QPoint) -> None:
    for kind, at, held in (
        (QEvent.Type.MouseButtonPress, MIDDLE, button),
        (QEvent.Type.MouseMove, MIDDLE + by, button),
        (QEvent.Type.MouseButtonRelease, MIDDLE + by, Qt.MouseButton.NoButton),
    ):
        moved = kind == QEvent.Type.MouseMove
        event = QMouseEvent(
            kind,
            QPointF(at),
            QPointF(view.mapToGlobal(at)),
            Qt.MouseButton.NoButton if moved else button,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_scrolls_towards_the_head_and_stops_at_the_last_slice(view: SliceView) -> None:
    none = Qt.KeyboardModifier.NoModifier
    wheel(view, 3, MIDDLE, none)
    assert view.index == 3
    wheel(view, 30, MIDDLE, none)
    assert view.index == GEOMETRY.size[2] - 1


def test_what_is_told_of_the_pointer_follows_the_wheel_the_keys_and_the_zoom(
    view: SliceView, qtbot: QtBot
) -> None:
    told: list[object] = []
    view.pointed.connect(told.append)
    qtbot.mouseMove(view.viewport(), QPoint(105, 215))
    assert told[-1] == (10, 21, 0)
    wheel(view, 3, QPoint(105, 215), Qt.KeyboardModifier.NoModifier)
    assert told[-1] == (10, 21, 3)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert told[-1] == (10, 21, GEOMETRY.size[2] - 1)
    qtbot.keyClick(view, Qt.Key.Key_Right, CONTROL)
    assert told[-1] == (8, 21, GEOMETRY.size[2] - 1)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert told[-1] == (10, 21, GEOMETRY.size[2] - 1)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view._look.move_cursor((0, 0, 0))
    assert told[-1] is None


@pytest.mark.parametrize("size", [(600, 250), (150, 900), (401, 299)])
def test_what_is_in_the_middle_stays_there_when_the_view_changes_its_size(
    view: SliceView, size: tuple[int, int]
) -> None:
    view.zoom_by(3.0, QPointF(250, 100))
    view.pan_by(QPoint(17, -9))
    middle = view.to_mm(QPointF(view.width() / 2, view.height() / 2))
    view.resize(*size)
    moved = view.to_mm(QPointF(view.width() / 2, view.height() / 2)) - middle
    assert moved.manhattanLength() < 1e-6


def test_the_whole_slice_stays_whole_when_the_view_changes_its_size(view: SliceView) -> None:
    view.resize(200, 290)
    assert view.voxel_at(QPointF(1, 145)) == (0, 15, 0)
    assert view.voxel_at(QPointF(199, 145)) == (39, 15, 0)
    view.resize(800, 300)
    assert view.pixels_per_mm == pytest.approx(10.0)


def test_one_zooms_no_further_than_voxels_are_seen_and_no_smaller_than_half(
    view: SliceView,
) -> None:
    for factor, limit in ((1e6, ZOOM_LIMITS[1]), (1e-6, ZOOM_LIMITS[0])):
        view.fit()
        fitting = view.pixels_per_mm
        view.zoom_by(factor)
        assert view.pixels_per_mm == pytest.approx(limit * fitting)


def test_shift_and_the_wheel_resize_the_brush_where_there_is_one(view: SliceView) -> None:
    told: list[int] = []
    view.brush_resized.connect(told.append)
    shift = Qt.KeyboardModifier.ShiftModifier
    before = view.index
    view.show_brush(4.0)
    wheel(view, 2, MIDDLE, shift)
    assert (told, view.index) == ([2], before)
    view.show_brush(None)
    wheel(view, 2, MIDDLE, shift)
    assert told == [2]
    assert view.index != before


def test_ctrl_and_the_wheel_enlarge_what_is_under_the_pointer(view: SliceView) -> None:
    at = QPoint(324, 74)
    under = view.voxel_at(QPointF(at))
    wheel(view, 4, at, CONTROL)
    assert view.voxel_at(QPointF(at)) == under
    beside = view.voxel_at(QPointF(at + QPoint(30, 0)))
    assert under is not None
    assert beside is not None
    assert beside[0] - under[0] < 3, "30 pixels were three voxels before"


def test_a_drag_with_the_right_button_changes_the_grey_window(view: SliceView) -> None:
    drag(view, Qt.MouseButton.RightButton, QPoint(10, -20))
    window = view._look.window
    assert window.width == BONE.width + 10 * HU_PER_PIXEL
    assert window.centre == BONE.centre - 20 * HU_PER_PIXEL


def test_a_drag_with_the_middle_button_takes_the_slice_along(view: SliceView) -> None:
    under = view.voxel_at(QPointF(MIDDLE))
    drag(view, Qt.MouseButton.MiddleButton, QPoint(40, -30))
    assert view.voxel_at(QPointF(MIDDLE + QPoint(40, -30))) == under


def test_a_click_puts_the_crosshair_of_all_views_there(view: SliceView, qtbot: QtBot) -> None:
    other = SliceView(Plane.CORONAL, view._look)
    qtbot.addWidget(other)
    other.show_volume(Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "CT"))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(105, 215))
    assert view._look.cursor == (10, 21, 0)
    assert other.index == 21


def test_a_double_click_asks_to_make_the_view_large(view: SliceView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.maximise_asked):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton)


def test_what_is_dropped_on_a_view_is_left_to_the_window(view: SliceView) -> None:
    assert not view.acceptDrops()
    assert not view.viewport().acceptDrops()


@pytest.mark.parametrize(
    ("plane", "right", "down"),
    [(Plane.AXIAL, 0, 1), (Plane.SAGITTAL, 1, 2), (Plane.CORONAL, 0, 2)],
)
def test_a_box_of_bone_is_drawn_where_and_as_large_as_it_is(
    plane: Plane, right: int, down: int, qtbot: QtBot
) -> None:
    geometry = Geometry((60, 40, 20), (0.5, 1.0, 2.5))
    first, last = np.array([10, 8, 4]), np.array([30, 20, 10])
    voxels = np.full(geometry.shape, -1000, np.int16)
    voxels[first[2] : last[2], first[1] : last[1], first[0] : last[0]] = 3000
    look = Look()
    look.move_cursor((20, 14, 7))
    view = SliceView(plane, look)
    qtbot.addWidget(view)
    view.resize(500, 500)
    view.show()
    view.show_volume(Volume(voxels, geometry, "CT"))
    picture = view.picture(1).convertToFormat(QImage.Format.Format_Grayscale8)
    grey = np.array(picture.constBits()).reshape(500, picture.bytesPerLine())[:, :500]
    size_mm = np.array(geometry.size) * geometry.spacing
    scale = 500 / max(size_mm[right], size_mm[down])
    start, end = first * geometry.spacing, last * geometry.spacing
    if down == 2:  # the head is up
        start[2], end[2] = size_mm[2] - end[2], size_mm[2] - start[2]
    margin = (500 - scale * size_mm) / 2
    expected = [
        (margin[axis] + scale * start[axis], margin[axis] + scale * end[axis])
        for axis in (right, down)
    ]
    # A row and a column through the box, beside the crosshair.
    row = round(expected[1][0] + 0.3 * (expected[1][1] - expected[1][0]))
    column = round(expected[0][0] + 0.3 * (expected[0][1] - expected[0][0]))
    for line, (low, high) in ((grey[row], expected[0]), (grey[:, column], expected[1])):
        bright = np.flatnonzero(line > 127)
        inside = bright[(bright > low - 20) & (bright < high + 20)]
        assert abs(inside[0] - low) < 2
        assert abs(inside[-1] + 1 - high) < 2


@pytest.mark.parametrize(("z", "told"), [(5, "Mean, 10.0 mm"), (9, "Mean, 6.0 mm")])
def test_a_slab_says_how_thick_the_slices_are_that_it_shows(
    view: SliceView, z: int, told: str
) -> None:
    view._look.move_cursor((20, 15, z))
    view._look.set_slab(Slab(Projection.MEAN, 9.0))
    assert view._slab_text() == f"\n{told}", "five slices of 2 mm, or three at the end of the scan"
