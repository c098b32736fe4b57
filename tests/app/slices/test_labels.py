"""A label map over a slice: each label has its colour, and its name where it is visible."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.slices.image import OVERLAY_COLOUR
from app.slices.labels import LabelLayer, Structure, labelled_pixels, writings
from app.slices.look import Look
from app.slices.planes import Plane, view_of
from app.slices.slice_view import SliceView
from inference.values.geometry import Geometry, Voxel
from inference.values.volume import Volume

GEOMETRY = Geometry((40, 30, 10), (1.0, 1.0, 2.0))
RED, GREEN = QColor(255, 0, 0), QColor(0, 255, 0)
MIDDLES = {1: (8, 10, 5), 2: (28, 10, 9)}


def labels() -> np.ndarray:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[2:8, 5:15, 4:12] = 1
    voxels[2:8, 5:15, 24:32] = 2
    return voxels


def layer(*, second_shown: bool = True) -> LabelLayer:
    structures = {
        1: Structure("L1", False, RED, True, MIDDLES[1]),
        2: Structure("L2?", True, GREEN, second_shown, MIDDLES[2]),
    }
    return LabelLayer(labels(), structures)


@pytest.fixture
def view(qtbot: QtBot) -> SliceView:
    """An axial view of 400 × 300 pixels, ten to a millimetre, of an overlay that is opaque."""
    look = Look()
    look.change_overlay(opacity=1.0)
    look.move_cursor((0, 29, 5))
    view = SliceView(Plane.AXIAL, look)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.show_volume(Volume(np.full(GEOMETRY.shape, -1000, np.int16), GEOMETRY, "CT"))
    mask = (labels() > 0).astype(np.uint8)
    mask[2:8, 20:24, 4:12] = 1
    view.show_mask(mask)
    return view


FIRST, SECOND, UNLABELLED = QPoint(50, 60), QPoint(250, 60), QPoint(50, 215)
"""Pixels of the view."""


def colour_at(view: SliceView, pixel: QPoint) -> tuple[int, int, int]:
    colour = view.grab().toImage().pixelColor(pixel)
    return colour.red(), colour.green(), colour.blue()


def test_each_label_has_its_colour_and_spine_without_one_that_of_the_spine(
    view: SliceView,
) -> None:
    view.show_labels(layer())
    assert colour_at(view, FIRST) == (255, 0, 0)
    assert colour_at(view, SECOND) == (0, 255, 0)
    assert colour_at(view, UNLABELLED) == OVERLAY_COLOUR.toTuple()[:3]


def test_what_is_hidden_is_not_drawn_filled_or_as_an_outline(view: SliceView) -> None:
    view.show_labels(layer(second_shown=False))
    assert colour_at(view, SECOND) == (0, 0, 0)
    assert colour_at(view, FIRST) == (255, 0, 0)
    view._look.change_overlay(outline=True)
    assert colour_at(view, FIRST) == (0, 0, 0), "only its edge"
    edge, hidden_edge = QPoint(40, 100), QPoint(240, 100)
    assert colour_at(view, edge)[0] > 200
    assert colour_at(view, hidden_edge) == (0, 0, 0)


def test_without_labels_all_is_the_spine_again(view: SliceView) -> None:
    view.show_labels(layer())
    view.show_labels(None)
    assert colour_at(view, FIRST) == OVERLAY_COLOUR.toTuple()[:3]


def test_what_is_erased_meanwhile_is_not_drawn(view: SliceView) -> None:
    view.show_labels(layer())
    view.show_mask(np.zeros(GEOMETRY.shape, np.uint8))
    assert colour_at(view, FIRST) == (0, 0, 0)


def written(layer: LabelLayer, cursor: Voxel) -> dict[str, tuple[QPointF, bool]]:
    view = view_of(GEOMETRY, Plane.AXIAL)
    pixels = labelled_pixels(layer.voxels[cursor[2]] > 0, layer.voxels[cursor[2]])
    return {one.text: (one.at, one.unsure) for one in writings(layer, view, pixels)}


def test_a_name_stands_in_the_middle_where_the_slice_meets_it_and_else_on_its_structure() -> None:
    found = written(layer(), (0, 0, 5))
    assert found["L1"] == (QPointF(8.5, 10.5), False)
    at, unsure = found["L2?"]
    assert unsure
    assert labels()[5, int(at.y()), int(at.x())] == 2


def test_no_name_stands_where_nothing_is_or_is_seen() -> None:
    assert written(layer(), (0, 0, 9)) == {}
    assert set(written(layer(second_shown=False), (0, 0, 5))) == {"L1"}


def test_a_click_with_the_right_button_asks_for_a_menu_and_a_drag_changes_the_greys(
    view: SliceView, qtbot: QtBot
) -> None:
    asked: list[Voxel] = []
    view.menu_asked.connect(lambda voxel, _: asked.append(voxel))
    width = view._look.window.width
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=FIRST)
    assert asked == [(5, 6, 5)]
    assert view._look.window.width == width
