"""The 3D view: what is drawn where, and how it is turned."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.surface.canvas import SurfaceCanvas
from app.surface.image import BACKGROUND, PartLook, surface_image
from app.surface.render import (
    Camera,
    DrawableSurface,
    Solid,
    coarser,
    draw,
    draw_parts,
    place_of,
)
from app.surface.surface_view import SurfaceView
from app.work.jobs import Jobs
from inference.mask.surface import Surface, extract_surface
from inference.values.geometry import Geometry
from inference.values.mask import Mask

SPACING = (1.0, 1.0, 1.0)


def a_pillar_with_a_spur() -> Surface:
    """A pillar along the body's axis; a spur at its upper end, to the patient's left."""
    voxels = np.zeros((60, 40, 40), np.uint8)
    voxels[5:55, 15:25, 10:20] = 1
    voxels[45:55, 15:25, 20:35] = 1
    return extract_surface(Mask(voxels, Geometry((40, 40, 60), SPACING)))


SURFACE = a_pillar_with_a_spur()


def drawn(azimuth: float, elevation: float = 0.0) -> np.ndarray:
    return draw(Solid(SURFACE), Camera(azimuth, elevation, 2.0), 140, 140)


def middle_of(picture: np.ndarray) -> np.ndarray:
    """Row and column of the middle of the spur and the pillar's top, from the whole's middle."""
    rows, columns = np.nonzero(picture)
    top = rows < rows.min() + 15
    return np.array([rows[top].mean() - 69.5, columns[top].mean() - columns.mean()])


def test_from_the_front_head_is_up_and_the_patients_left_is_on_the_right() -> None:
    row, column = middle_of(drawn(0))
    assert row < -30
    assert column > 3


def test_from_the_back_the_patients_left_is_on_the_left() -> None:
    row, column = middle_of(drawn(180))
    assert row < -30
    assert column < -3


def test_from_the_left_the_spur_points_at_the_viewer_and_hides_the_pillar() -> None:
    _, column = middle_of(drawn(90))
    assert column == pytest.approx(0, abs=0.6)


def test_from_above_the_front_is_down() -> None:
    """As if bending over the head of a patient seen from the front."""
    spur = np.array([0.0, -1.0, 0.0]) @ Camera(0, 90, 1.0).rotation.T
    assert spur == pytest.approx([0, 1, 0], abs=1e-6)


def test_the_silhouette_is_as_large_as_the_surface() -> None:
    silhouette_mm2 = np.count_nonzero(drawn(0)) / 2.0**2
    assert silhouette_mm2 == pytest.approx(50 * 10 + 10 * 15, rel=0.05)


def test_no_pixel_within_the_silhouette_is_left_out() -> None:
    picture = drawn(30, 20) > 0
    inner = picture[1:-1, 1:-1]
    around = picture[:-2, 1:-1] & picture[2:, 1:-1] & picture[1:-1, :-2] & picture[1:-1, 2:]
    assert not np.any(around & ~inner)


def test_what_is_nearer_hides_what_is_behind() -> None:
    plates = []
    for depth_mm, size in ((0.0, 20.0), (10.0, 8.0)):
        corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        plates.append([(size * x, -depth_mm, size * z) for x, z in corners])
    vertices = np.array(plates).reshape(-1, 3)
    vertices[4:] += (0.0, 0.0, 0.01)
    triangles = np.array([(0, 1, 2), (0, 2, 3), (4, 5, 6), (4, 6, 7)])
    solid = Solid(Surface(vertices, triangles))
    solid.normals[:4] = (1.0, 0.0, 0.0)  # unlit, so that the far plate is dark
    picture = draw(solid, Camera(0, 0, 1.0), 60, 60)
    assert picture[30, 30] > picture[15, 15] > 0


def test_a_coarse_surface_has_a_fraction_of_the_triangles_and_the_same_silhouette() -> None:
    coarse = coarser(SURFACE, 2.0)
    assert len(coarse.triangles) < 0.35 * len(SURFACE.triangles)
    fine = drawn(40, 10) > 0
    rough = draw(Solid(coarse), Camera(40, 10, 2.0), 140, 140) > 0
    assert np.count_nonzero(fine ^ rough) < 0.1 * np.count_nonzero(fine)


def test_while_it_turns_a_small_picture_is_drawn_of_fewer_triangles_than_a_large_one() -> None:
    surface = DrawableSurface.of(SURFACE)
    assert surface is not None
    small, large, huge = (
        len(surface.turning(pixels_per_mm).triangles) for pixels_per_mm in (0.5, 2.0, 20.0)
    )
    assert 0 < small < large == huge < len(surface.whole.triangles)


def test_a_surface_without_triangles_is_none() -> None:
    empty = Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    assert DrawableSurface.of(empty) is None


@pytest.fixture
def view(jobs: Jobs, qtbot: QtBot) -> SurfaceView:
    view = SurfaceView(jobs)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.show_surface(DrawableSurface.of(SURFACE))
    return view


def canvas_of(view: SurfaceView) -> SurfaceCanvas:
    canvas = view.findChild(SurfaceCanvas)
    assert isinstance(canvas, SurfaceCanvas)
    return canvas


def test_a_drag_to_the_right_turns_the_surface_to_the_right(view: SurfaceView) -> None:
    canvas = canvas_of(view)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(120, 100))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 100))
    front = np.array([0.0, -1.0, 0.0]) @ view.camera.rotation.T
    assert front[0] > 0.1


@pytest.mark.parametrize(("name", "azimuth"), [("Left", 90), ("Back", 180), ("Front", 0)])
def test_buttons_show_the_sides(view: SurfaceView, name: str, azimuth: float, qtbot: QtBot) -> None:
    button = next(b for b in view.findChildren(QPushButton) if b.text() == name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.camera.azimuth == azimuth


def test_keys_turn_zoom_and_reset(view: SurfaceView, qtbot: QtBot) -> None:
    canvas, first = canvas_of(view), view.camera
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert (view.camera.azimuth, view.camera.elevation) == (15, 15)
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert view.camera.pixels_per_mm > first.pixels_per_mm
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert view.camera == first


def test_at_rest_the_whole_surface_replaces_the_coarse_one(view: SurfaceView, qtbot: QtBot) -> None:
    canvas = canvas_of(view)
    view.reset()
    canvas.repaint()
    rough = canvas._image
    qtbot.waitUntil(lambda: canvas._image is not rough, timeout=5000)
    assert canvas._image is not None
    assert canvas._image.width() == 2 * canvas.width()


def test_the_surface_grows_with_the_view(view: SurfaceView) -> None:
    before = view.camera.pixels_per_mm
    view.resize(600, 600)
    assert view.camera.pixels_per_mm > 1.5 * before


def test_the_picture_shows_the_surface_and_without_one_nothing(view: SurfaceView) -> None:
    shown = view.drawing()()
    lit = sum(
        shown.pixelColor(x, shown.height() // 4).lightness() > 150 for x in range(shown.width())
    )
    assert lit > 40
    view.show_surface(None)
    picture = view.drawing()()
    assert picture.pixelColor(5, 5) == QColor(BACKGROUND)


def test_it_is_named_for_screen_readers(view: SurfaceView) -> None:
    assert canvas_of(view).accessibleName() == "3D view of the spine"
    assert "arrow keys" in canvas_of(view).accessibleDescription()


def a_block(first_plane: int) -> Surface:
    """A block of 10 mm."""
    voxels = np.zeros((60, 40, 40), np.uint8)
    voxels[first_plane : first_plane + 10, 15:25, 15:25] = 1
    return extract_surface(Mask(voxels, Geometry((40, 40, 60), SPACING)))


LOWER, UPPER = 1, 100
"""Numbers of two parts."""


def two_blocks() -> DrawableSurface:
    surface = DrawableSurface.of_parts({LOWER: a_block(10), UPPER: a_block(40)})
    assert surface is not None
    return surface


def look(colour: str, *, shown: bool = True) -> PartLook:
    return PartLook("L1", True, QColor(colour), shown, None)


def colours_of(parts: dict[int, PartLook], *, coarse: bool = False) -> list[QColor]:
    """Of the middle of the upper and of the lower block, seen from the front."""
    surface = two_blocks()
    solid = surface.turning(1.0) if coarse else surface.whole
    image = surface_image(solid, Camera(pixels_per_mm=2.0), 100, 160, 1, parts)
    return [image.pixelColor(50, row) for row in (50, 110)]


@pytest.mark.parametrize("coarse", [False, True])
def test_each_part_has_its_colour_and_one_that_is_not_told_of_that_of_bone(coarse: bool) -> None:
    upper, lower = colours_of({UPPER: look("red")}, coarse=coarse)
    assert upper.red() > 2 * max(upper.green(), upper.blue())
    assert lower.green() > 100


def test_what_is_hidden_is_not_drawn() -> None:
    upper, lower = colours_of({UPPER: look("red"), LOWER: look("lime", shown=False)})
    assert upper.red() > 100
    assert lower == BACKGROUND


def test_the_place_of_a_point_is_where_the_picture_shows_it() -> None:
    solid = two_blocks().whole
    camera = Camera(25.0, 10.0, 2.0, (7.0, -3.0))
    only = draw_parts(solid, camera, 200, 200, {LOWER})
    rows, columns = np.nonzero(only)
    column, row = place_of(solid, camera, 200, 200, (19.5, 19.5, 44.5))
    assert (column, row) == pytest.approx((columns.mean(), rows.mean()), abs=1.0)


def test_names_of_parts_are_written_over_them(jobs: Jobs, qtbot: QtBot) -> None:
    view = SurfaceView(jobs)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.show_surface(two_blocks())
    plain = view.drawing()()
    view.show_parts({UPPER: replace(look("red"), at=(19.5, 19.5, 44.5), colour=QColor("black"))})
    assert view.drawing()() != plain


def test_of_parts_without_triangles_nothing_is_drawn() -> None:
    empty = Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    assert DrawableSurface.of_parts({1: empty}) is None


def test_many_turns_at_once_are_drawn_once_and_none_while_hidden(
    view: SurfaceView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = view._canvas
    azimuths: list[float] = []
    draw = canvas._draw_coarse

    def noting(surface: DrawableSurface) -> None:
        azimuths.append(canvas.camera.azimuth)
        draw(surface)

    monkeypatch.setattr(canvas, "_draw_coarse", noting)
    canvas.repaint()
    azimuths.clear()
    for _ in range(5):
        canvas.turn_by(1.0, 0.0)
    assert azimuths == []
    canvas.repaint()
    assert azimuths == [canvas.camera.azimuth]
    view.hide()
    canvas.turn_by(1.0, 0.0)
    QApplication.processEvents()
    assert len(azimuths) == 1
    view.show()
    qtbot.waitUntil(lambda: not canvas._outdated)
