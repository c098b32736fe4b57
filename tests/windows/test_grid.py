"""Where windows lie."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inference.windows.grid import Window, enclosing_box, full_grid, window_starts

lengths = st.integers(1, 700)
patches = st.integers(1, 160)
overlaps = st.sampled_from([0.0, 0.25, 0.5, 0.75])


@given(lengths, patches, overlaps)
def test_every_voxel_of_an_axis_lies_in_a_window(length: int, patch: int, overlap: float) -> None:
    starts = window_starts(length, patch, overlap)
    covered = np.zeros(length, dtype=bool)
    for start in starts:
        covered[max(0, start) : start + patch] = True
    assert covered.all()


@given(lengths, patches, overlaps)
def test_windows_stay_inside_and_overlap_as_asked(length: int, patch: int, overlap: float) -> None:
    starts = window_starts(length, patch, overlap)
    if length <= patch:
        assert len(starts) == 1
        return
    assert starts[0] == 0
    assert starts[-1] == length - patch
    widest = max(b - a for a, b in itertools.pairwise(starts))
    assert widest <= max(1, patch * (1 - overlap)) + 1


def test_the_published_patch_takes_over_four_hundred_windows_for_400_mm() -> None:
    assert len(full_grid((400, 400, 400), (64, 128, 128))) > 400


def test_windows_of_the_published_method_overlap_by_half() -> None:
    windows = full_grid((128, 64, 64), (64, 64, 64))
    assert [window.start[0] for window in windows] == [0, 32, 64]


def test_windows_come_in_ascending_order() -> None:
    windows = full_grid((100, 90, 80), (32, 48, 48))
    assert list(windows) == sorted(windows)


def test_a_volume_smaller_than_the_patch_lies_in_the_middle_of_one_window() -> None:
    (window,) = full_grid((10, 20, 30), (16, 32, 48))
    assert window.start == (-3, -6, -9)
    in_volume, in_window = window.inside((10, 20, 30))
    assert in_volume == (slice(0, 10), slice(0, 20), slice(0, 30))
    assert in_window == (slice(3, 13), slice(6, 26), slice(9, 39))


def test_a_window_outside_the_volume_holds_none_of_it() -> None:
    in_volume, _ = Window((50, 0, 0), (8, 8, 8)).inside((10, 20, 30))
    assert in_volume[0].start >= in_volume[0].stop or in_volume[0].start >= 10


def test_a_window_seen_from_its_own_start_begins_at_zero() -> None:
    window = Window((5, -6, 7), (8, 9, 10))
    assert window.seen_from((5, -6, 7)) == Window((0, 0, 0), (8, 9, 10))
    assert window.seen_from((1, 2, 3)).start == (4, -8, 4)


def test_what_a_window_sees_outside_the_volume_is_fill() -> None:
    voxels = np.arange(24.0).reshape(2, 3, 4)
    patch = Window((-1, 1, 2), (3, 2, 4)).cut(voxels, fill=-1000.0)
    assert (patch[1:, :, :2] == voxels[:2, 1:, 2:]).all()
    assert (patch[0] == -1000).all()
    assert (patch[:, :, 2:] == -1000).all()


def test_the_box_around_windows_reaches_from_the_first_to_the_last_within_the_volume() -> None:
    windows = [Window((-2, 3, 4), (8, 8, 8)), Window((5, 1, 20), (8, 8, 8))]
    assert enclosing_box(windows, (10, 20, 30)) == (slice(0, 10), slice(1, 11), slice(4, 28))


def test_without_windows_the_box_is_the_first_voxel() -> None:
    assert enclosing_box((), (10, 20, 30)) == (slice(0, 1), slice(0, 1), slice(0, 1))
