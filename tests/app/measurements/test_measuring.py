"""Measuring in the window, by mouse and keys."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.corrections.tools import Tool
from app.measurements.measurement import Kind, Point, distance_mm
from app.slices.planes import Plane
from app.slices.slab import Projection, Slab
from app.slices.slice_view import SliceView
from app.window.main_window import MainWindow
from inference.values.geometry import Geometry
from inference.values.volume import Volume
from tests.app.results import show_result

GEOMETRY = Geometry((40, 30, 20), (1.0, 1.0, 2.0))


@pytest.fixture
def window(quick_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window showing slice 5 of a CT whose HU rise by 10 to the left."""
    voxels = np.broadcast_to(np.arange(40, dtype=np.int16) * 10, GEOMETRY.shape).copy()
    quick_window.session.open(Case(Volume(voxels, GEOMETRY, "CT")))
    quick_window.look.move_cursor((20, 15, 5))
    quick_window.activateWindow()
    qtbot.waitUntil(lambda: axial(quick_window).isVisible())
    return quick_window


def axial(window: MainWindow) -> SliceView:
    return window.views.slices[Plane.AXIAL]


def at(view: SliceView, point: Point) -> QPointF:
    """Where a point in millimetres is on the widget."""
    return view.box.mapFromView(QPointF(*point))


def mouse(view: SliceView, kind: QEvent.Type, point: Point, held: bool) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    pos = at(view, point)
    event = QMouseEvent(
        kind,
        pos,
        QPointF(view.viewport().mapToGlobal(pos)),
        none if kind == QEvent.Type.MouseMove else left,
        left if held else none,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), event)


def click(view: SliceView, *points: Point) -> None:
    for point in points:
        mouse(view, QEvent.Type.MouseMove, point, False)
        mouse(view, QEvent.Type.MouseButtonPress, point, True)
        mouse(view, QEvent.Type.MouseButtonRelease, point, False)


def drag(view: SliceView, path: Sequence[Point], qtbot: QtBot) -> None:
    mouse(view, QEvent.Type.MouseMove, path[0], False)
    mouse(view, QEvent.Type.MouseButtonPress, path[0], True)
    for point in path[1:]:
        qtbot.wait(20)  # pyqtgraph follows no more than 100 moves a second
        mouse(view, QEvent.Type.MouseMove, point, True)
    mouse(view, QEvent.Type.MouseButtonRelease, path[-1], False)


def listed(window: MainWindow) -> list[str]:
    figures = window.measuring._list
    return [figures.item(row).text() for row in range(figures.count())]


@pytest.mark.parametrize(
    ("key", "points", "figure"),
    [
        (Qt.Key.Key_D, [(5, 5), (8, 9)], "5.0 mm"),
        (Qt.Key.Key_A, [(30, 10), (10, 10), (10, 25)], "90.0°"),
        (Qt.Key.Key_C, [(5, 5), (25, 5), (25, 20), (5, 25)], "14.0°"),
        (Qt.Key.Key_M, [(20.5, 15.5), (22.1, 15.5)], "200 ± 8 HU"),
    ],
)
def test_points_are_clicked_and_the_figure_is_listed(
    key: Qt.Key, points: list[Point], figure: str, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, key)
    click(axial(window), *points)
    (text,) = listed(window)
    assert text.startswith(figure)
    assert text.endswith("axial 6/20")
    assert window.look.cursor == (20, 15, 5), "measuring does not move the crosshair"


def test_a_line_is_drawn_by_a_drag_and_a_cobb_angle_by_two(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.measuring.choose(Kind.DISTANCE)
    drag(axial(window), [(5, 5), (6, 6), (8, 9)], qtbot)
    window.measuring.choose(Kind.COBB)
    drag(axial(window), [(5, 15), (15, 15), (25, 15)], qtbot)
    drag(axial(window), [(5, 25), (15, 22), (25, 20)], qtbot)
    assert [text.split("   ")[0] for text in listed(window)] == ["5.0 mm", "14.0°"]


def test_a_handle_is_dragged_and_the_change_is_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    window.measuring.choose(Kind.DISTANCE)
    click(axial(window), (5, 5), (15, 5))
    window.measuring.choose(None)
    drag(axial(window), [(15, 5), (18, 5), (22, 5), (25, 5)], qtbot)
    assert distance_mm(*window.board.all[0].points) == pytest.approx(20.0, abs=0.2)
    assert window.look.cursor == (20, 15, 5)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert listed(window)[0].startswith("10.0 mm")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert listed(window) == []
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert listed(window)[0].startswith("10.0 mm")


def test_a_measurement_is_seen_in_its_own_slice_alone(window: MainWindow) -> None:
    view = axial(window)
    plain = view.picture(1)
    window.measuring.choose(Kind.DISTANCE)
    click(view, (5, 5), (35, 5))
    window.measuring.choose(None)
    assert view.picture(1) != plain
    window.look.move_cursor((20, 15, 6))
    other = view.picture(1)
    window.board.undo()
    assert view.picture(1) == other
    window.look.move_cursor((20, 15, 5))
    assert view.picture(1) == plain


def test_a_draft_is_dropped_when_its_slice_goes(window: MainWindow) -> None:
    window.measuring.choose(Kind.ANGLE)
    click(axial(window), (5, 5), (15, 5))
    window.look.move_cursor((20, 15, 6))
    click(axial(window), (15, 15))
    assert window.board.all == ()


def test_a_row_of_the_list_leads_to_its_slice_and_can_be_deleted(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.measuring.choose(Kind.DISTANCE)
    click(axial(window), (5, 5), (15, 5))
    window.look.move_cursor((1, 1, 9))
    click(axial(window), (5, 5), (25, 5))
    window.measuring._list.setCurrentRow(0)
    assert window.look.cursor == (5, 5, 5)
    window.measuring._list.setFocus()
    qtbot.keyClick(window.measuring._list, Qt.Key.Key_Delete)
    assert [text.split("   ")[0] for text in listed(window)] == ["20.0 mm"]


def test_one_measures_at_the_crosshair_by_keys_alone(window: MainWindow, qtbot: QtBot) -> None:
    axial(window).setFocus()
    qtbot.keyClick(axial(window), Qt.Key.Key_D)
    qtbot.keyClick(axial(window), Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    window.look.move_cursor((10, 15, 5))
    qtbot.keyClick(axial(window), Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert listed(window)[0].startswith("10.0 mm")


def test_a_measuring_tool_puts_a_correction_tool_down_and_the_other_way_round(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    qtbot.keyClick(window, Qt.Key.Key_B)
    qtbot.keyClick(window, Qt.Key.Key_D)
    assert window.toolbar.tool is Tool.LOOK
    assert axial(window).measuring
    assert not axial(window).editing
    qtbot.keyClick(window, Qt.Key.Key_E)
    assert axial(window).editing
    assert not axial(window).measuring
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not axial(window).measuring


def test_ctrl_z_belongs_to_what_was_done_last(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    view = axial(window)
    qtbot.keyClick(window, Qt.Key.Key_D)
    click(view, (2, 2), (5, 2))
    before = window.session.case
    qtbot.keyClick(window, Qt.Key.Key_B)
    click(view, (2, 2))
    qtbot.waitUntil(lambda: window.session.case is not before)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(window.board.all) == 1
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.board.all == ()


def test_another_ct_has_no_measurements_of_the_one_before(window: MainWindow) -> None:
    window.measuring.choose(Kind.DISTANCE)
    click(axial(window), (5, 5), (15, 5))
    case = window.session.case
    assert case is not None
    window.session.open(Case(case.volume))
    assert window.board.all == ()
    assert listed(window) == []
    assert not axial(window).measuring


def test_the_pointer_says_that_its_hu_are_not_those_of_the_slab(window: MainWindow) -> None:
    axial(window).pointed.emit((7, 15, 5))
    assert window._pointed.text().startswith("70 HU    ")
    window.look.set_slab(Slab(Projection.MAXIMUM, 10.0))
    axial(window).pointed.emit((7, 15, 5))
    assert window._pointed.text().startswith("70 HU in the middle slice    ")
