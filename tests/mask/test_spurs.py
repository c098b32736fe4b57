"""A spur of something else neither lengthens a spine nor hides the skull above it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.mask.bone import ROOM_VOXELS
from inference.mask.centre_line import END_MM, THIN_END_MM, THIN_SHARE, find_centre_line
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Geometry
from tests.mask.test_turned_spines import bone


def cut_off_level() -> tuple[NDArray[np.uint8], Geometry]:
    """The middle of the phantom's spine, with no tips at its ends."""
    voxels, grid = bone()
    part = np.pad(voxels[40:-40], [(ROOM_VOXELS, ROOM_VOXELS), (0, 0), (0, 0)])
    z, y, x = part.shape
    return part, Geometry((x, y, z), grid.spacing, grid.origin, grid.direction)


def with_spur(length: int, share: float, *, up: bool) -> tuple[NDArray[np.uint8], Geometry]:
    """The same with a bar of that length, in millimetres, that goes on from one end.

    Args:
        share: of the bone of the middle plane within ``END_MM`` of the end of the bar.
        up: at the upper end.
    """
    whole, grid = cut_off_level()
    voxels = whole[::-1] if up else whole
    spine = voxels[ROOM_VOXELS:-ROOM_VOXELS]
    near = [0] * length + [np.count_nonzero(plane) for plane in spine[: END_MM - length]]
    bar = np.zeros(voxels.shape[1:], np.uint8)
    places = np.argsort(np.where(spine[0] > 0, 0, 1), axis=None, kind="stable")
    bar.reshape(-1)[places[: round(share * np.median(near))]] = 255
    room = voxels[:ROOM_VOXELS]
    longer = np.concatenate([room, np.repeat(bar[None], length, axis=0), spine, room])
    z, y, x = longer.shape
    start = np.array(grid.origin)
    if not up:
        start[2] -= length
    tall = Geometry((x, y, z), grid.spacing, (start[0], start[1], start[2]), grid.direction)
    return np.ascontiguousarray(longer[::-1] if up else longer), tall


@settings(max_examples=6, deadline=None)
@given(
    length=st.integers(THIN_END_MM + 1, 40),
    share=st.floats(0.02, THIN_SHARE * 0.9),
    up=st.booleans(),
)
def test_a_thin_spur_changes_nothing_in_the_line(length: int, share: float, up: bool) -> None:
    without = find_centre_line(*cut_off_level())
    found = find_centre_line(*with_spur(length, share, up=up))
    assert without is not None
    assert found is not None
    assert np.allclose(found.curve.points, without.curve.points)
    assert np.allclose(found.curve.back, without.curve.back)
    assert found.spurs_mm == ((0, length) if up else (length, 0))


@pytest.mark.parametrize("up", [False, True])
@pytest.mark.parametrize(
    ("length", "share"),
    [(THIN_END_MM, THIN_SHARE * 0.9), (THIN_END_MM + 1, THIN_SHARE * 1.1)],
)
def test_the_tips_of_a_vertebra_are_part_of_the_spine(length: int, share: float, up: bool) -> None:
    without = find_centre_line(*cut_off_level())
    found = find_centre_line(*with_spur(length, share, up=up))
    assert without is not None
    assert found is not None
    assert len(found) > len(without) + THIN_END_MM / 2
    assert found.spurs_mm == (0, 0)


@pytest.mark.parametrize(("up", "end"), [(False, "foot end"), (True, "head end")])
def test_a_spur_is_told_at_its_end(up: bool, end: str) -> None:
    voxels, grid = with_spur(THIN_END_MM + 4, THIN_SHARE / 2, up=up)
    line = find_centre_line(voxels, grid)
    (note,) = Vertebrae((voxels > 0).astype(np.uint8), grid, 1, line, ()).notes
    assert end in note
    assert f"{THIN_END_MM + 4} mm" in note
