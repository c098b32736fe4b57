"""From HU and masks to what is drawn: grey, overlay and scale bar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from app.slices.image import (
    BONE,
    LUNG,
    OVERLAY_COLOUR,
    SOFT_TISSUE,
    HuWindow,
    colour_table,
    grey_table,
    indexed_image,
    occupied,
    outline_segments,
    overlay_table,
    spine_pixels,
)
from app.slices.marks import BAR_LENGTHS_MM, BAR_SHARE, bar_length_mm


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


def test_an_inverted_window_swaps_black_and_white() -> None:
    assert np.array_equal(grey_table(BONE, inverted=True), 255 - grey_table(BONE))


def test_every_voxel_of_the_spine_is_coloured_and_no_other() -> None:
    spine = np.zeros((7, 7), np.uint8)
    spine[1:6, 1:6] = 7
    assert np.array_equal(spine_pixels(spine), spine // 7)


def test_what_is_no_spine_is_clear_and_spine_as_opaque_as_chosen() -> None:
    clear, coloured = overlay_table(0.5)
    assert clear[3] == 0
    assert abs(coloured[3] / 255 - 0.5) < 0.01
    assert tuple(coloured[:3]) == OVERLAY_COLOUR.toRgb().toTuple()[:3]


def test_a_pixel_has_the_colour_of_its_value() -> None:
    colours = [QColor(200, 30, 10), QColor(0, 255, 0, 0)]
    image = indexed_image(np.array([[0, 1], [2, 9]], np.uint8), colour_table(0.5, colours))
    rows = overlay_table(0.5, colours).tolist()
    pixels = [image.pixelColor(column, row) for row in range(2) for column in range(2)]
    assert [list(pixel.toTuple()) for pixel in pixels] == [*rows, rows[-1]]


@given(seed=st.integers(0), share=st.floats(0, 1))
def test_a_part_that_holds_all_that_is_no_smaller_than_needed(seed: int, share: float) -> None:
    pixels = np.random.default_rng(seed).random((7, 9)) < share / 5
    rows, columns = occupied(pixels)
    assert pixels[rows, columns].sum() == pixels.sum()
    part = pixels[rows, columns]
    assert all(part.take(end, axis).any() for end in (0, -1) for axis in (0, 1) if part.size)
    assert part.size == 0 or pixels.any()


def test_the_outline_runs_along_the_sides_of_the_outermost_voxels() -> None:
    spine = np.zeros((6, 8), np.bool_)
    spine[2:4, 3:6] = True
    sides = outline_segments(spine)
    assert np.array_equal(sides.min(axis=(0, 1)), (3, 2))
    assert np.array_equal(sides.max(axis=(0, 1)), (6, 4))
    lengths = np.abs(np.diff(sides, axis=1)).sum(axis=(1, 2))
    assert np.array_equal(lengths, np.ones(2 * (2 + 3)))


@given(
    spine=st.builds(lambda seed: np.random.default_rng(seed).random((9, 7)) < 0.4, st.integers(0))
)
def test_the_outline_parts_every_voxel_of_the_spine_from_what_is_none(
    spine: NDArray[np.bool_],
) -> None:
    sides = {tuple(map(tuple, side)) for side in outline_segments(spine)}
    for row, column in np.ndindex(9, 7):
        for down, right in ((0, 1), (1, 0)):
            if row + down < 9 and column + right < 7:
                differ = spine[row, column] != spine[row + down, column + right]
                start = (float(column + right), float(row + down))
                assert ((start, (column + 1.0, row + 1.0)) in sides) == differ


def test_a_spine_that_leaves_the_picture_has_no_outline_there() -> None:
    spine = np.zeros((6, 6), np.bool_)
    spine[:, 2:5] = True
    assert set(outline_segments(spine)[..., 0].ravel()) == {2.0, 5.0}


@settings(deadline=None)
@given(width=st.floats(120, 2000), pixels_per_mm=st.floats(0.05, 100))
def test_the_scale_bar_is_the_longest_round_length_that_has_room(
    width: float, pixels_per_mm: float
) -> None:
    length = bar_length_mm(width, pixels_per_mm)
    longer = [mm for mm in BAR_LENGTHS_MM if mm > length]
    assert all(mm * pixels_per_mm > BAR_SHARE * width for mm in longer)
