"""The 3D view: cutting away a part, and clicks that say where they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QSlider
from pytestqt.qtbot import QtBot

from app.surface.canvas import SurfaceCanvas
from app.surface.render import (
    CUT_GREY,
    Camera,
    Cut,
    DrawableSurface,
    Solid,
    draw_parts,
    place_of,
    point_under,
)
from app.surface.surface_view import SurfaceView
from app.work.jobs import Jobs
from inference.mask.surface import Surface, extract_surface
from inference.values.geometry import Geometry
from inference.values.mask import Mask

GRID = Geometry((40, 40, 60), (1.0, 1.0, 1.0), (-20.0, 30.0, -100.0))
SIDE = 120


def a_block_behind_another() -> Surface:
    """Two blocks of 20 × 8 × 40 mm, 4 mm apart from front to back."""
    voxels = np.zeros((60, 40, 40), np.uint8)
    voxels[10:50, 6:14, 10:30] = 1
    voxels[10:50, 18:26, 10:30] = 1
    return extract_surface(Mask(voxels, GRID))


SOLID = Solid(a_block_behind_another())
FRONT = (0.0, -1.0, 0.0)
"""Towards a viewer who looks at the patient's front."""


def cut_at(y: float) -> Cut:
    """A cut that removes everything in front of voxel row ``y``."""
    return Cut(FRONT, -(30.0 + y))


def seen(cut: Cut | None, azimuth: float = 0.0) -> np.ndarray:
    return draw_parts(SOLID, Camera(azimuth, 0.0, 2.0), SIDE, SIDE, cut=cut)


def test_where_a_solid_is_cut_one_sees_a_flat_face_as_large_as_it_is() -> None:
    through_the_front_block = seen(cut_at(10.0))
    flat = through_the_front_block == CUT_GREY
    assert np.count_nonzero(flat) / 4 == pytest.approx(20 * 40, rel=0.08)


def test_what_is_cut_away_shows_what_lies_behind() -> None:
    between = seen(cut_at(16.0))
    assert np.count_nonzero(between == CUT_GREY) == 0
    assert np.count_nonzero(between) / 4 == pytest.approx(20 * 40, rel=0.08)
    assert not seen(cut_at(30.0)).any()


def test_what_is_left_ends_in_the_plane_when_it_is_turned() -> None:
    whole, left = seen(None, 90.0) > 0, seen(cut_at(10.0), 90.0) > 0
    assert np.count_nonzero(whole) / 4 == pytest.approx(2 * 8 * 40, rel=0.1)
    assert np.count_nonzero(left) / 4 == pytest.approx((8 + 14 - 10) * 40, rel=0.1)


@pytest.mark.parametrize(("share", "columns"), [(0.0, 20), (0.5, 10), (0.9, 2)])
def test_a_share_is_of_the_length_along_the_cut(share: float, columns: int) -> None:
    cut = Cut.across(SOLID, (1.0, 0.0, 0.0), share)
    drawn = seen(cut) > 0
    assert np.count_nonzero(drawn) / 4 == pytest.approx(columns * 40, abs=80)


@given(
    st.floats(-60, 60),
    st.floats(-60, 60),
    st.floats(5, 45),
    st.sampled_from([None, 9.0, 16.0, 22.0]),
)
def test_what_is_told_of_a_pixel_is_what_it_shows(
    azimuth: float, elevation: float, height: float, row: float | None
) -> None:
    cut = None if row is None else cut_at(row)
    camera = Camera(azimuth, elevation, 2.0, (3.0, -2.0))
    drawn = draw_parts(SOLID, camera, SIDE, SIDE, cut=cut)
    place = place_of(SOLID, camera, SIDE, SIDE, (0.0, 46.0, -100.0 + height))
    pixel = round(place[0]), round(place[1])
    if not (0 <= pixel[0] < SIDE and 0 <= pixel[1] < SIDE):
        return
    found = point_under(SOLID, camera, SIDE, SIDE, pixel, cut=cut)
    shown = drawn[pixel[1], pixel[0]]
    assert (found is None) == (shown == 0)
    if found is None:
        return
    assert place_of(SOLID, camera, SIDE, SIDE, found) == pytest.approx(pixel, abs=0.01)
    if cut is not None:
        beyond = float(np.dot(found, cut.towards)) - cut.place_mm
        assert beyond <= 1e-3
        if shown == CUT_GREY and beyond > -0.5:
            assert beyond == pytest.approx(0, abs=0.01)


@pytest.fixture
def view(jobs: Jobs, qtbot: QtBot) -> SurfaceView:
    view = SurfaceView(jobs)
    qtbot.addWidget(view)
    view.resize(300, 320)
    view.show()
    view.show_surface(DrawableSurface.of(a_block_behind_another()))
    return view


def canvas_of(view: SurfaceView) -> SurfaceCanvas:
    canvas = view.findChild(SurfaceCanvas)
    assert isinstance(canvas, SurfaceCanvas)
    return canvas


def slider_of(view: SurfaceView) -> QSlider:
    slider = view.findChild(QSlider)
    assert isinstance(slider, QSlider)
    return slider


def test_a_click_tells_the_point_under_it_and_a_drag_none(view: SurfaceView, qtbot: QtBot) -> None:
    canvas = canvas_of(view)
    middle = canvas.rect().center()
    with qtbot.waitSignal(view.point_chosen) as chosen:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: not canvas._jobs.live)  # the second click is not the first one again
    with qtbot.waitSignal(view.point_chosen):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args[0] == pytest.approx((-0.5, 35.5, -70.5), abs=1.5)
    with qtbot.assertNotEmitted(view.point_chosen):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(canvas, middle + QPoint(40, 0))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))


def test_space_tells_the_point_in_the_middle(view: SurfaceView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.point_chosen) as chosen:
        qtbot.keyClick(canvas_of(view), Qt.Key.Key_Space)
    assert chosen.args[0] == pytest.approx((-0.5, 35.5, -70.5), abs=1.5)


def test_the_slider_cuts_where_one_looked_as_it_began_and_turning_keeps_the_plane(
    view: SurfaceView, qtbot: QtBot
) -> None:
    slider, canvas = slider_of(view), canvas_of(view)
    slider.setValue(60)
    with qtbot.waitSignal(view.point_chosen) as chosen:
        qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert chosen.args[0][1] == pytest.approx(47.5, abs=1.0), "the second block, from the front"
    canvas.look_from(90.0)
    slider.setValue(61)
    assert canvas._cut is not None
    assert canvas._cut.towards == pytest.approx(FRONT, abs=1e-6)
    slider.setValue(0)
    assert canvas._cut is None
    slider.setValue(30)
    assert canvas._cut is not None
    assert canvas._cut.towards == pytest.approx((1, 0, 0), abs=1e-6)


def test_without_a_surface_nothing_is_cut(view: SurfaceView) -> None:
    slider_of(view).setValue(50)
    view.show_surface(None)
    assert not slider_of(view).isEnabled()
    assert slider_of(view).value() == 0
    assert canvas_of(view)._cut is None


@pytest.mark.parametrize(("text", "elevation"), [("From above", 90.0), ("From below", -90.0)])
def test_one_looks_along_the_body_from_either_end(
    view: SurfaceView, text: str, elevation: float
) -> None:
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    upright = view.camera.pixels_per_mm
    next(action for action in menu.actions() if action.text() == text).trigger()
    assert view.camera.elevation == elevation
    assert view.camera.pixels_per_mm > upright, "a spine is longer than wide"


def test_the_picture_can_be_saved_where_there_is_one(view: SurfaceView, qtbot: QtBot) -> None:
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    save = next(action for action in menu.actions() if action.text().startswith("Save"))
    with qtbot.waitSignal(view.save_asked):
        save.trigger()
    view.show_surface(None)
    with qtbot.assertNotEmitted(view.save_asked):
        save.trigger()
