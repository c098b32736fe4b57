"""Bodies of which a model marked only the walls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.errors import CancelledError
from inference.mask.hollows import (
    BODY_MM,
    CORE_MM,
    ENCLOSED_PLANES,
    NOTED_ML,
    STACK_BODIES,
    fill_hollows,
    hollow_notes,
)
from inference.mask.threshold import FULL_SCALE, byte_threshold
from inference.values.geometry import Geometry, Triple

SPINE = byte_threshold(0.5)
WALL = 2
"""Voxels; thinner than the shell of a vertebral body."""


def shell(core: tuple[int, int, int], planes: int = 60, first: int = 20) -> NDArray[np.uint8]:
    """A box of bone around an empty core of so many voxels z, y, x."""
    probability = np.full((planes, 60, 60), 20, np.uint8)
    z, y, x = (
        slice(start, start + side) for start, side in zip((first, 15, 12), core, strict=True)
    )
    thick = tuple(slice(one.start - WALL, one.stop + WALL) for one in (z, y, x))
    probability[thick] = 240
    probability[z, y, x] = 90
    return probability


def filled(probability: NDArray[np.uint8], spacing: Triple = (1.0, 1.0, 1.0)) -> float:
    depth, height, width = probability.shape
    return fill_hollows(probability, SPINE, Geometry((width, height, depth), spacing))


def test_the_core_of_a_body_is_filled_and_measured() -> None:
    probability = shell((20, 24, 30))
    assert filled(probability) == pytest.approx(20 * 24 * 30 / 1000)
    assert (probability[20:40, 15:39, 12:42] == FULL_SCALE).all()
    assert (probability >= SPINE).sum() == 24 * 28 * 34


def test_what_is_no_core_keeps_its_probability() -> None:
    probability = shell((20, 24, 30))
    outside = probability.copy()
    filled(probability)
    probability[20:40, 15:39, 12:42] = outside[20:40, 15:39, 12:42]
    assert np.array_equal(probability, outside)


def test_a_vein_keeps_no_line_through_a_core_open() -> None:
    probability = shell((20, 24, 30))
    probability[29, 39:41, 26] = 20
    filled(probability)
    assert (probability[20:40, 15:38, 12:42] == FULL_SCALE).all()


def test_wide_holes_of_veins_keep_little_of_a_core_open() -> None:
    probability = shell((20, 24, 30))
    probability[28:31, 39:41, 26:29] = 20
    assert filled(probability) > 0.98 * 20 * 24 * 30 / 1000


def test_a_core_is_closed_in_within_two_planes_and_a_canal_within_one() -> None:
    """A box without its front is closed in within coronal planes, a tube within axial ones."""
    assert ENCLOSED_PLANES == 2
    tube = shell((20, 24, 30))
    tube[:, 15:39, 12:42] = 90
    assert filled(tube) == 0
    without_front = shell((20, 24, 30))
    without_front[:, :15] = 20
    assert filled(without_front) == 0
    slit_in_front = shell((20, 24, 30))
    slit_in_front[20:40, :15, 26:28] = 20
    assert filled(slit_in_front) > 0, (
        "nothing but the axial planes is open, and the two at the slit"
    )


def test_a_canal_stays_open_behind_bodies_and_between_arches() -> None:
    probability = np.zeros((120, 80, 60), np.uint8)
    for first in range(10, 100, 30):
        level = slice(first, first + 24)
        probability[level, 10:34, 10:50] = 240
        probability[first + 4 : first + 14, 34:60, 14:46] = 240
        probability[first + 4 : first + 14, 36:56, 18:42] = 0
        probability[first + 2 : first + 22, 56:72, 26:34] = 240
    before = probability.copy()
    assert filled(probability) == 0
    assert np.array_equal(probability, before)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.8, 0.8, 1.5), (2.0, 2.0, 2.0)])
def test_an_enclosed_disc_stays_open_up_to_the_height_of_a_core(spacing: Triple) -> None:
    radius = round(CORE_MM[2] / spacing[2])
    assert filled(shell((2 * radius, 24, 30)), spacing) == 0
    assert filled(shell((2 * radius + 1, 24, 30)), spacing) > 0


@settings(deadline=None, max_examples=20)
@given(
    first=st.integers(WALL, int(2 * STACK_BODIES * BODY_MM)),
    height=st.integers(16, int(BODY_MM) - 2 * WALL),
)
def test_a_core_is_filled_wherever_it_lies(first: int, height: int) -> None:
    planes = int(2 * STACK_BODIES * BODY_MM + BODY_MM)
    probability = shell((height, 10, 10), planes=planes, first=first)
    assert filled(probability) == pytest.approx(height * 10 * 10 / 1000)


def test_a_narrow_shaft_is_no_core() -> None:
    wide, narrow = 2 * round(CORE_MM[0]) + 1, 2 * round(CORE_MM[0])
    assert filled(shell((20, wide, wide))) > 0
    assert filled(shell((20, narrow, narrow))) == 0


def test_filling_again_changes_nothing() -> None:
    probability = shell((20, 24, 30))
    filled(probability)
    once = probability.copy()
    assert filled(probability) == 0
    assert np.array_equal(probability, once)


def test_a_map_without_spine_is_left_as_it_is() -> None:
    probability = np.full((5, 6, 7), SPINE - 1, np.uint8)
    assert filled(probability) == 0
    assert (probability == SPINE - 1).all()


def test_filling_can_be_cancelled() -> None:
    probability = shell((20, 24, 30))
    with pytest.raises(CancelledError):
        fill_hollows(probability, SPINE, Geometry((60, 60, 60), (1, 1, 1)), lambda: True)


def test_what_was_filled_is_told_from_a_named_volume_on() -> None:
    assert hollow_notes(NOTED_ML * 0.99) == ()
    (note,) = hollow_notes(NOTED_ML)
    assert "0.5 mL inside vertebrae" in note
