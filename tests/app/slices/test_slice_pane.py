"""The slider beside a slice, and playing through the slices."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slice_pane import SlicePane
from inference.values.geometry import Geometry
from inference.values.volume import Volume

FEET_FIRST = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
GEOMETRY = Geometry((40, 30, 10), (1.0, 1.0, 2.0))
VOLUME = Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "CT")


@pytest.fixture
def pane(qtbot: QtBot) -> SlicePane:
    pane = SlicePane(Plane.AXIAL, Look())
    qtbot.addWidget(pane)
    pane.resize(400, 300)
    pane.show()
    pane.show_volume(VOLUME)
    return pane


def test_the_slider_goes_where_the_wheel_went_and_the_view_where_the_slider_went(
    pane: SlicePane,
) -> None:
    pane._look.move_cursor((7, 8, 4))
    assert pane._slider.value() == 4
    pane._slider.setValue(9)
    assert pane._look.cursor == (7, 8, 9)
    assert pane.view.index == 9


def test_the_top_of_the_slider_is_the_head_however_the_scan_is_stored(pane: SlicePane) -> None:
    geometry = Geometry((40, 30, 10), (1.0, 1.0, 2.0), direction=FEET_FIRST)
    pane.show_volume(Volume(np.zeros(geometry.shape, np.int16), geometry, "CT"))
    pane._slider.setValue(9)
    assert pane._look.cursor[2] == 0
    pane._look.move_cursor((0, 0, 9))
    assert pane._slider.value() == 0


def test_the_slices_are_played_round_and_round_until_one_stops_them(
    pane: SlicePane, qtbot: QtBot
) -> None:
    seen: list[int] = []
    pane._look.cursor_changed.connect(lambda: seen.append(pane.view.index))
    pane._slider.setValue(8)
    qtbot.keyClick(pane.view, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: len(seen) >= 4)
    assert seen[:4] == [8, 9, 0, 1]
    qtbot.keyClick(pane.view, Qt.Key.Key_P)
    stopped = len(seen)
    qtbot.wait(120)
    assert len(seen) == stopped


@pytest.mark.parametrize("end", [lambda p: p.show_volume(VOLUME), SlicePane.hide])
def test_nothing_plays_of_another_ct_or_unseen(
    end: Callable[[SlicePane], None], pane: SlicePane
) -> None:
    pane._play.click()
    assert pane._clock.isActive()
    end(pane)
    assert not pane._clock.isActive()
    assert not pane._play.isChecked()
