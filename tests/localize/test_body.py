"""Where the patient lies in a coarse CT."""

import numpy as np
import pytest

from inference.localize.body import LEAST_SHARE, MARGIN_VOXELS, body_box
from inference.values.volume import AIR_HU

BODY = np.s_[:, 20:50, 30:80]


def scan() -> np.ndarray:
    """Air around a body of 20×30×50 voxels that both ends of the scan cut."""
    hu = np.full((20, 100, 120), AIR_HU, dtype=np.int16)
    hu[BODY] = 40
    return hu


def sides(hu: np.ndarray) -> tuple[int, int]:
    """How deep and how wide the box is."""
    _, y, x = body_box(hu)
    return y.stop - y.start, x.stop - x.start


def test_the_box_lies_around_the_body_with_a_margin() -> None:
    margin = MARGIN_VOXELS - 1  # the outermost voxel of skin is removed to separate it from the
    # table
    assert body_box(scan()) == (
        slice(0, 20),
        slice(20 - margin, 50 + margin),
        slice(30 - margin, 80 + margin),
    )


def test_lungs_inside_the_body_do_not_matter() -> None:
    hollow = scan()
    hollow[:, 25:40, 35:75] = -850
    assert body_box(hollow) == body_box(scan())


def test_a_thin_table_under_the_body_is_left_out() -> None:
    on_table = scan()
    on_table[:, 50:52, 5:115] = 100
    assert sides(on_table)[1] <= sides(scan())[1] + 2, "the table is 110 voxels wide"
    on_table[:, 60:62, 5:115] = 100
    assert sides(on_table)[0] <= sides(scan())[0] + 2, "a second shell"


@pytest.mark.parametrize("part", [np.s_[:, 60:90, 90:110], np.s_[:, 2:15, 2:115]])
def test_a_second_large_piece_is_looked_at_as_well(part: tuple[slice, ...]) -> None:
    two = scan()
    two[part] = 40
    _, y, x = body_box(two)
    assert y.start <= part[1].start and y.stop >= part[1].stop
    assert x.start <= part[2].start and x.stop >= part[2].stop


@pytest.mark.parametrize(("side", "looked_at"), [(13, False), (14, True)])
def test_a_piece_of_a_tenth_of_the_body_is_looked_at_and_a_smaller_one_is_not(
    side: int, looked_at: bool
) -> None:
    """The outermost voxel of each piece is removed first, except at the ends of the scan."""
    share = (side - 2) ** 2 / (28 * 48)
    assert (share > LEAST_SHARE) == looked_at
    two = scan()
    two[:, 60 : 60 + side, 90 : 90 + side] = 40
    assert (body_box(two) != body_box(scan())) == looked_at


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", [slice(2), slice(-2, None)])
def test_a_body_of_which_the_edge_of_the_scan_shows_little_is_found(end: slice, axis: int) -> None:
    edge = np.full((20, 100, 120), AIR_HU, dtype=np.int16)
    np.moveaxis(edge, axis, 0)[end] = 40
    box = body_box(edge)
    assert [side.stop - side.start for side in box] != list(edge.shape), "not all of the scan"
    assert (edge[box] == 40).sum() == (edge == 40).sum()


def test_a_body_that_fills_the_scan_is_looked_at_whole() -> None:
    full = np.full((9, 10, 11), 30, dtype=np.int16)
    assert body_box(full) == (slice(0, 9), slice(0, 10), slice(0, 11))


@pytest.mark.parametrize(
    ("hu", "in_body"), [(-250, True), (-300, True), (-301, False), (-350, False)]
)
def test_fat_is_body_and_lung_is_not(hu: int, in_body: bool) -> None:
    beside = scan()
    beside[:, 20:50, 90:115] = hu
    assert (sides(beside) != sides(scan())) == in_body


@pytest.mark.parametrize("hu", [AIR_HU, -800])
def test_where_there_is_no_body_all_is_looked_at(hu: int) -> None:
    empty = np.full((9, 10, 11), hu, dtype=np.int16)
    assert body_box(empty) == (slice(0, 9), slice(0, 10), slice(0, 11))
