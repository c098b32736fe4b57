"""From HU and masks to what is drawn: grey, overlay, zoom and scale bar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from app.slices.image import BONE, LUNG, SOFT_TISSUE, HuWindow, edge, grey_table, overlay_image
from app.slices.marks import BAR_LENGTHS_MM, BAR_SHARE, bar_length_mm
from app.slices.placement import Placement
from app.slices.planes import Plane, view_of
from inference.values.geometry import Geometry

VIEW = view_of(Geometry((60, 40, 20), (0.5, 1.0, 2.5)), Plane.SAGITTAL)

pixels = st.floats(0, 400)


def grey_of(hu: int, window: HuWindow) -> int:
    return int(grey_table(window)[np.array([hu], np.int16).view(np.uint16)[0]])


@pytest.mark.parametrize("window", [BONE, SOFT_TISSUE, LUNG])
def test_a_grey_window_goes_from_black_to_white_about_its_centre(window: HuWindow) -> None:
    low, high = (round(window.centre + sign * window.width / 2) for sign in (-1, 1))
    assert grey_of(low - 50, window) == grey_of(low, window) == 0
    assert grey_of(high, window) == grey_of(high + 50, window) == 255
    assert abs(grey_of(round(window.centre), window) - 127.5) <= 1
    assert grey_of(-32768, window) == 0
    assert grey_of(32767, window) == 255


def test_filled_spine_is_coloured_everywhere_and_an_outline_at_its_edge_alone() -> None:
    spine = np.zeros((7, 7), np.uint8)
    spine[1:6, 1:6] = 1
    filled = overlay_image(spine, outline=False, opacity=0.5)
    outline = overlay_image(spine, outline=True, opacity=0.5)
    clear = QColor.fromRgba(0).rgba()
    assert filled.pixel(3, 3) == filled.pixel(1, 1) == outline.pixel(1, 1) != clear
    assert outline.pixel(3, 3) == filled.pixel(0, 0) == clear
    assert abs(QColor.fromRgba(filled.pixel(3, 3)).alphaF() - 0.5) < 0.01


def test_a_spine_that_leaves_the_picture_has_no_edge_there() -> None:
    spine = np.zeros((6, 6), np.bool_)
    spine[:, 2:5] = True
    assert not edge(spine)[:, 3].any()


@settings(deadline=None)
@given(factor=st.floats(0.3, 3), x=pixels, y=pixels, dx=pixels, dy=pixels)
def test_what_is_under_the_pointer_stays_there_when_one_zooms(
    factor: float, x: float, y: float, dx: float, dy: float
) -> None:
    before = Placement(VIEW, 400, 300).panned(dx, dy)
    after = before.zoomed(factor, x, y)
    assert after.to_image(x, y) == pytest.approx(before.to_image(x, y), abs=1e-6)


@settings(deadline=None)
@given(width=st.floats(120, 2000), height=st.floats(120, 1200), zoom=st.floats(0.6, 20))
def test_what_is_in_the_middle_stays_there_when_the_view_changes_its_size(
    width: float, height: float, zoom: float
) -> None:
    before = Placement(VIEW, 400, 300).zoomed(zoom, 50, 60)
    after = before.resized(width, height)
    assert after.to_image(width / 2, height / 2) == pytest.approx(
        before.to_image(200, 150), abs=1e-6
    )


@settings(deadline=None)
@given(width=st.floats(120, 2000), pixels_per_mm=st.floats(0.05, 100))
def test_the_scale_bar_is_the_longest_round_length_that_has_room(
    width: float, pixels_per_mm: float
) -> None:
    length = bar_length_mm(width, pixels_per_mm)
    longer = [mm for mm in BAR_LENGTHS_MM if mm > length]
    assert all(mm * pixels_per_mm > BAR_SHARE * width for mm in longer)
