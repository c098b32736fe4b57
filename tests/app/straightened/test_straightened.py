"""The straightened view: every vertebra in one picture, linked to the crosshair both ways."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.slices.image import BONE, SOFT_TISSUE, grey_table, greys
from app.slices.look import Look, Overlay
from app.straightened.picture import (
    Sampled,
    mixed_colours,
    straightened_image,
    straightened_names,
)
from app.straightened.view import Spine, StraightView
from app.vertebrae.layer import layer_of, middle_of
from inference.cases.vertebrae import CaseVertebrae, told_of
from inference.mask.straightened import StraightenedView
from inference.values.geometry import as_triple
from tests.mask.test_vertebrae import found_in_phantom, phantom


@pytest.fixture(scope="module")
def vertebrae() -> CaseVertebrae:
    volume, mask, _ = phantom()
    return told_of(found_in_phantom(), mask, volume)


def spine(vertebrae: CaseVertebrae, hidden: tuple[int, ...] = ()) -> Spine:
    volume, _, _ = phantom()
    line = vertebrae.found.line
    assert line is not None
    return Spine(volume, line, layer_of(vertebrae, hidden))


@pytest.fixture
def view(vertebrae: CaseVertebrae, qtbot: QtBot) -> StraightView:
    """A view of the phantom, its crosshair in the third vertebra."""
    look = Look()
    middle = middle_of(vertebrae, 3)
    assert middle is not None
    look.move_cursor(middle)
    view = StraightView(look)
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show()
    view.show_spine(spine(vertebrae))
    return view


def sampled(vertebrae: CaseVertebrae) -> tuple[StraightenedView, Sampled, Spine]:
    whole = spine(vertebrae)
    straight = StraightenedView(whole.line, "sagittal")
    return straight, Sampled.along(straight, whole.volume, whole.layer), whole


def test_every_vertebra_lies_in_the_one_picture(vertebrae: CaseVertebrae) -> None:
    _, seen, _ = sampled(vertebrae)
    assert set(np.unique(seen.labels)) == set(range(vertebrae.found.count + 1))


def test_names_stand_on_their_vertebrae(vertebrae: CaseVertebrae) -> None:
    straight, seen, whole = sampled(vertebrae)
    names = list(straightened_names(straight, seen, whole.volume, whole.layer))
    assert len(names) >= vertebrae.found.count - 2, "slivers have no body"
    for name in names:
        assert seen.labels[int(name.at.y()), int(name.at.x())] == int(name.text)


def test_vertebrae_have_their_colours_and_hidden_ones_none(vertebrae: CaseVertebrae) -> None:
    _, seen, whole = sampled(vertebrae)
    row, column = (int(at[len(at) // 2]) for at in np.nonzero(seen.labels == 3))
    table, overlay = grey_table(BONE), Overlay(opacity=1.0)
    image = straightened_image(seen, table, mixed_colours(overlay.opacity, whole.layer), overlay)
    own = whole.layer.structures[3].colour
    assert image.pixelColor(column, row) == QColor(own.red(), own.green(), own.blue())
    hidden = layer_of(vertebrae, (3,))
    clear = mixed_colours(overlay.opacity, hidden)
    grey = straightened_image(seen, table, clear, overlay).pixelColor(column, row)
    assert grey.red() == grey.green() == grey.blue()
    off = dataclasses.replace(overlay, shown=False)
    mixed = mixed_colours(off.opacity, whole.layer)
    assert straightened_image(seen, table, mixed, off).pixelColor(column, row) == grey


@pytest.mark.parametrize("opacity", [0.2, 0.45])
def test_a_colour_is_laid_over_the_grey_as_opaquely_as_chosen(
    vertebrae: CaseVertebrae, opacity: float
) -> None:
    _, seen, whole = sampled(vertebrae)
    table, overlay = grey_table(BONE), Overlay(opacity=opacity)
    image = straightened_image(seen, table, mixed_colours(overlay.opacity, whole.layer), overlay)
    for row, column in np.argwhere(seen.labels == 3)[::37].tolist():
        grey = int(greys(seen.hu, table)[row, column])
        own = whole.layer.structures[3].colour
        alpha = round(opacity * 255) / 255
        mixed = [round(grey + alpha * (part - grey)) for part in own.toTuple()[:3]]
        assert list(image.pixelColor(column, row).toTuple()[:3]) == mixed


def test_what_was_sampled_is_kept_while_only_the_greys_change(
    view: StraightView,
) -> None:
    before = [panel.sampled for panel in view._panels]
    images = [view._panels[0].image]
    for change in (
        lambda: view._look.set_window(SOFT_TISSUE),
        lambda: view._look.change_overlay(opacity=0.9),
    ):
        change()
        QApplication.processEvents()
        images.append(view._panels[0].image)
        assert images[-1] != images[-2]
    assert all(panel.sampled is old for panel, old in zip(view._panels, before, strict=True))
    view.show_spine(view._spine)
    assert not any(panel.sampled is old for panel, old in zip(view._panels, before, strict=True))


def test_the_crosshair_is_where_the_slices_have_it(view: StraightView) -> None:
    volume, _, _ = phantom()
    (point,) = volume.geometry.to_patient(np.array([view._look.cursor], float))
    for panel in view._panels:
        row, column, aside = panel.view.to_picture(as_triple(point))
        assert panel.crosshair.x() == pytest.approx(column + 0.5)
        assert panel.crosshair.y() == pytest.approx(row + 0.5)
        assert aside == pytest.approx(0, abs=1e-3)
        at = seen_at(panel.sampled, panel.crosshair.y(), panel.crosshair.x())
        assert at == 3, "the pictures are laid through it"


def seen_at(seen: Sampled, row: float, column: float) -> int:
    return int(seen.labels[int(row), int(column)])


@pytest.mark.parametrize(("dots", "expected"), [(1.0, 1), (1.5, 2), (2.0, 2)])
def test_the_crosshair_is_as_wide_as_over_the_slices(
    dots: float, expected: int, view: StraightView
) -> None:
    widths = set()
    for place in np.linspace(50, 51, 8):
        image = QImage(round(100 * dots), round(100 * dots), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(dots)
        image.fill(QColor("black"))
        painter = QPainter(image)
        view._draw_crosshair(painter, QRectF(0, 0, 100, 100), QPointF(place, place))
        painter.end()
        column = [image.pixelColor(5, row).red() for row in range(image.height())]
        widths.add(sum(red > 0 for red in column))
    assert widths == {expected}


@pytest.mark.parametrize("which", [0, 1])
def test_a_click_moves_the_crosshair_of_all_views_there(
    view: StraightView, vertebrae: CaseVertebrae, which: int, qtbot: QtBot
) -> None:
    panel, place = view._panels[which], view._places()[which]
    marked = np.argwhere(panel.sampled.labels == 5)
    row, column = (int(at) for at in marked[len(marked) // 2])
    assert panel.sampled.labels[row, column] == 5
    scale = place.width() / panel.image.width()
    dot = QPoint(
        round(place.left() + (column + 0.5) * scale), round(place.top() + (row + 0.5) * scale)
    )
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=dot)
    x, y, z = view._look.cursor
    assert vertebrae.found.labels[z, y, x] == 5


def test_keys_move_the_crosshair_along_the_spine(view: StraightView, qtbot: QtBot) -> None:
    before = view._panels[0].crosshair.y()
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: abs(view._panels[0].crosshair.y() - before - 10) < 1.5)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: abs(view._panels[0].crosshair.y() - before) < 1.5)


def test_return_asks_for_room(view: StraightView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.maximise_asked):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_without_a_spine_it_says_what_comes_here(view: StraightView) -> None:
    drawn = view.grab().toImage()
    view.show_spine(None)
    assert view._panels == ()
    assert view.grab().toImage() != drawn
