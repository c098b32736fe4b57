"""A line severs what is attached to the spine, such as a rib, and removes it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.corrections.correction import Correction
from app.corrections.cutting import REACH_MM, cut
from inference.errors import CancelledError
from inference.values.geometry import Geometry
from inference.values.mask import Mask

GRID = Geometry((60, 40, 50), (1.0, 1.0, 2.0))


def spine_with_ribs() -> NDArray[np.uint8]:
    """A column with two ribs to the left, one above the other, and a speck of its own."""
    voxels = np.zeros(GRID.shape, np.uint8)
    voxels[:, 10:30, 10:30] = 1
    for z in (10, 30):
        voxels[z : z + 4, 18:22, 30:55] = 1
    voxels[45, 2, 2] = 1
    return voxels


def left(voxels: NDArray[np.uint8], correction: Correction | None) -> NDArray[np.uint8]:
    assert correction is not None
    after = voxels.copy()
    correction.apply_to(after)
    return after


@pytest.mark.parametrize(
    ("start", "end"),
    [((32, 15, 11), (32, 25, 11)), ((31, 25, 11), (35, 15, 11)), ((30, 15, 11), (41, 25, 11))],
)
def test_the_rib_under_the_line_goes_and_nothing_else(
    start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    voxels = spine_with_ribs()
    after = left(voxels, cut(Mask(voxels, GRID), start, end, across=2))
    assert not after[10:14, :, 42:].any()
    assert not after[10:14, :, end[0] + 1 :].any() or after[10:14, :, end[0] + 1 :].sum() == 0
    assert np.array_equal(after[:, :, :30], voxels[:, :, :30])
    assert np.array_equal(after[14:], voxels[14:]), "the rib below is not under the line"


@pytest.mark.parametrize("across", [0, 1, 2])
def test_a_line_cuts_in_every_plane(across: int) -> None:
    voxels = spine_with_ribs()
    start, end = {
        0: ((20, 15, 5), (20, 15, 5)),
        1: ((35, 20, 7), (35, 20, 16)),
        2: ((35, 15, 12), (35, 25, 12)),
    }[across]
    correction = cut(Mask(voxels, GRID), start, end, across=across)
    if across == 0:
        assert correction is None, "a point is no line"
        return
    after = left(voxels, correction)
    assert not after[10:14, :, 35:].any()
    assert after[10:14, 18:22, 30:35].all()


def test_the_larger_part_stays_on_whichever_side_it_is() -> None:
    voxels = np.zeros(GRID.shape, np.uint8)
    voxels[20:30, 10:30, 10:30] = 1
    for column, kept in ((15, slice(17, 30)), (24, slice(10, 23))):
        line = (column, 5, 25), (column, 35, 25)
        after = left(voxels, cut(Mask(voxels, GRID), *line, across=2))
        assert after[20:30, 10:30, kept].all()
        assert after.sum() == 10 * 20 * (kept.stop - kept.start + 1)


def test_a_line_that_severs_nothing_changes_nothing() -> None:
    mask = Mask(spine_with_ribs(), GRID)
    assert cut(mask, (32, 19, 11), (32, 20, 11), across=2) is None, "the rib is wider"
    assert cut(mask, (2, 35, 11), (8, 35, 11), across=2) is None, "no spine is under it"
    assert cut(Mask(np.zeros(GRID.shape, np.uint8), GRID), (1, 1, 1), (5, 1, 1), across=2) is None


def test_where_a_rib_is_held_twice_the_cut_goes_on_behind_the_slice() -> None:
    voxels = spine_with_ribs()
    voxels[18:20, 18:22, 30:50] = 1  # a second bridge, further to the head
    voxels[14:18, 18:22, 46:50] = 1  # which the rib joins at its end
    after = left(voxels, cut(Mask(voxels, GRID), (35, 15, 11), (35, 25, 11), across=2))
    assert not after[10:20, :, 36:].any()
    assert after[30:34, 18:22, 30:55].all()


@pytest.mark.parametrize(("apart", "cuts"), [(-1, True), (1, False)])
def test_the_cut_reaches_no_further_than_is_said(apart: int, cuts: bool) -> None:
    grid = Geometry((60, 40, 80), (1.0, 1.0, 1.0))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[:, 10:30, 10:30] = 1
    far = 10 + int(REACH_MM) + apart
    for z in (10, far):
        voxels[z, 20, 30:50] = 1
    voxels[10 : far + 1, 20, 49] = 1
    found = cut(Mask(voxels, grid), (35, 15, 10), (35, 25, 10), across=2)
    assert (found is not None) == cuts


def test_a_diagonal_line_leaves_no_gap_between_its_voxels() -> None:
    voxels = np.zeros(GRID.shape, np.uint8)
    voxels[20:30, 5:35, 5:55] = 1
    after = left(voxels, cut(Mask(voxels, GRID), (20, 2, 25), (40, 38, 25), across=2))
    assert after.sum() < voxels.sum() * 0.62, "half of the plate goes"


def test_a_cut_can_be_cancelled() -> None:
    with pytest.raises(CancelledError):
        cut(
            Mask(spine_with_ribs(), GRID),
            (32, 15, 11),
            (32, 25, 11),
            across=2,
            cancel=lambda: True,
        )
