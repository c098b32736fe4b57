"""Windows along the spine: what may be spine lies in the trusted core of one of them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.localize.finder import CoarseMap
from inference.localize.route import (
    LOST,
    NARROW,
    SURE,
    WIDE,
    Route,
    Search,
    choose_search,
    confidence,
    may_be_spine,
    plan_route,
    rim_voxels,
    windows_along,
)
from inference.values.geometry import Geometry, Shape, canonical_geometry
from inference.windows.grid import Window, full_grid

PATCH: Shape = (64, 128, 128)
COARSE_MM = 4.0


def grids(size_mm: tuple[int, int, int]) -> tuple[Geometry, Geometry]:
    """The canonical grids of a CT of that size (x, y, z): coarse and of 1 mm."""
    ct = Geometry(size_mm, (1.0, 1.0, 1.0), (-31.5, 12.0, -400.25))
    return canonical_geometry(ct, (COARSE_MM,) * 3), canonical_geometry(ct, (1.0, 1.0, 1.0))


def tube(
    coarse: Geometry, line_mm: NDArray[np.float64], radius_mm: float, probability: float = 0.95
) -> CoarseMap:
    """A finder's map: a tube around points x, y, z in millimetres from the first voxel's centre."""
    found = np.zeros(coarse.shape, dtype=np.float32)
    for point in line_mm[:, ::-1]:
        low = np.maximum(0, np.floor((point - radius_mm) / COARSE_MM)).astype(int)
        high = np.ceil((point + radius_mm) / COARSE_MM).astype(int) + 1
        box = found[tuple(map(slice, low, high))]
        offsets = [
            first * COARSE_MM + np.arange(length) * COARSE_MM - at
            for first, length, at in zip(low, box.shape, point, strict=True)
        ]
        z, y, x = np.meshgrid(*offsets, indexing="ij", sparse=True)
        box[x**2 + y**2 + z**2 <= radius_mm**2] = probability
    return CoarseMap(coarse, found)


def line(*points_mm: tuple[float, float, float]) -> NDArray[np.float64]:
    """Points a few millimetres apart along straight lines between the given ones."""
    parts = [
        np.linspace(a, b, 2 + int(np.linalg.norm(np.subtract(b, a)) / 3))
        for a, b in itertools.pairwise(points_mm)
    ]
    return np.concatenate(parts)


def in_cores(windows: tuple[Window, ...], volume: Shape) -> NDArray[np.bool_]:
    """Where windows are trusted: away from their faces, except at the volume's faces."""
    trusted = np.zeros(volume, dtype=bool)
    for window in windows:
        core = []
        for start, stop, length, rim in zip(
            window.start, window.stop, volume, rim_voxels(window.shape), strict=True
        ):
            first = 0 if start <= 0 else start + rim
            last = length if stop >= length else stop - rim
            core.append(slice(first, last))
        trusted[tuple(core)] = True
    return trusted


def just_around_core(window: Window, volume: Shape) -> tuple[slice, ...]:
    """The core of a window and half a coarse voxel more: coarse and fine voxels end elsewhere."""
    more = int(COARSE_MM / 2)
    around = []
    for start, stop, length, rim in zip(
        window.start, window.stop, volume, rim_voxels(window.shape), strict=True
    ):
        first = max(0, start + rim - more) if start > 0 else 0
        around.append(slice(first, stop - rim + more if stop < length else length))
    return tuple(around)


def seen_as_fine(spine: NDArray[np.bool_], coarse: Geometry, grid: Geometry) -> NDArray[np.bool_]:
    """The true coarse voxels at the fine voxels whose centres they hold."""
    z, y, x = (
        np.rint((o + np.arange(n) * mm - oc) / mmc).astype(int).clip(0, nc - 1)
        for o, n, mm, oc, mmc, nc in zip(
            grid.origin[::-1],
            grid.shape,
            grid.spacing[::-1],
            coarse.origin[::-1],
            coarse.spacing[::-1],
            coarse.shape,
            strict=True,
        )
    )
    return spine[np.ix_(z, y, x)]


def check_cover(
    found: CoarseMap, grid: Geometry, patch: Shape = PATCH, search: Search = NARROW
) -> tuple[Window, ...]:
    spine = may_be_spine(found, search)
    assert spine[found.probability >= search.threshold].all()
    windows = windows_along(spine, found.geometry, grid, patch)
    fine = seen_as_fine(spine, found.geometry, grid)
    assert in_cores(windows, grid.shape)[fine].all()
    assert list(windows) == sorted(set(windows)), "from feet to head, none twice"
    for window in windows:
        assert fine[just_around_core(window, grid.shape)].any(), "no window is in vain"
    return windows


def test_a_straight_spine_takes_one_window_a_row() -> None:
    coarse, grid = grids((400, 400, 600))
    found = tube(coarse, line((200, 250, 0), (200, 250, 600)), radius_mm=35)
    windows = check_cover(found, grid)
    assert len(windows) == len({window.start[0] for window in windows}) == 18
    assert len(windows) < len(full_grid(grid.shape, PATCH)) / 25
    middles = {(w.start[1] + 64, w.start[2] + 64) for w in windows}
    assert all(abs(y - 250) < 5 and abs(x - 200) < 5 for y, x in middles)


def test_scoliosis_is_followed_sideways() -> None:
    coarse, grid = grids((400, 400, 600))
    curve = line((200, 250, 0), (120, 240, 200), (270, 230, 400), (200, 260, 600))
    windows = check_cover(tube(coarse, curve, radius_mm=30), grid)
    assert max(w.start[2] for w in windows) - min(w.start[2] for w in windows) > 80


def test_a_spine_cut_by_the_field_of_view_is_covered_to_its_edge() -> None:
    coarse, grid = grids((300, 260, 200))
    check_cover(tube(coarse, line((2, 258, 0), (40, 250, 200)), radius_mm=30), grid)


def test_what_lies_between_two_parts_is_looked_at_too() -> None:
    coarse, grid = grids((300, 300, 500))
    lower = tube(coarse, line((150, 200, 0), (150, 200, 150)), radius_mm=30)
    upper = tube(coarse, line((150, 180, 330), (150, 180, 500)), radius_mm=30)
    both = CoarseMap(coarse, np.maximum(lower.probability, upper.probability))
    windows = check_cover(both, grid)
    trusted = in_cores(windows, grid.shape)
    assert trusted[160:320, 190, 150].all(), "the finder may have missed a vertebra there"
    assert confidence(both) < confidence(lower)


def test_a_patient_lying_on_the_side_is_followed_as_well() -> None:
    coarse, grid = grids((500, 350, 300))
    windows = check_cover(tube(coarse, line((430, 170, 0), (440, 180, 300)), radius_mm=35), grid)
    assert len(windows) == len({window.start[0] for window in windows})


def test_a_spine_across_the_scan_is_covered() -> None:
    coarse, grid = grids((400, 300, 100))
    check_cover(tube(coarse, line((30, 150, 50), (370, 160, 50)), radius_mm=25), grid)


def test_no_spine_takes_no_window_and_the_finder_is_sure_of_it() -> None:
    coarse, grid = grids((400, 400, 600))
    nothing = CoarseMap(coarse, np.full(coarse.shape, 0.01, np.float32))
    route = plan_route(nothing, grid, PATCH)
    assert (route.windows, route.mode, route.unsure) == ((), "follow", False)
    assert route.finder_confidence == pytest.approx(0.99)
    assert route.skipped == len(full_grid(grid.shape, PATCH))


def test_specks_that_the_finder_does_not_take_for_spine_take_no_window() -> None:
    coarse, grid = grids((300, 300, 300))
    spine = tube(coarse, line((150, 200, 0), (150, 200, 300)), radius_mm=30)
    speck = tube(coarse, line((20, 20, 20), (24, 24, 24)), radius_mm=8, probability=0.4)
    both = CoarseMap(coarse, np.maximum(spine.probability, speck.probability))
    assert check_cover(spine, grid) == windows_along(
        may_be_spine(both, NARROW), coarse, grid, PATCH
    )


@pytest.mark.parametrize(
    ("peak", "search", "mode"),
    [(0.97, NARROW, "follow"), (0.7, WIDE, "follow"), (0.4, None, "full"), (0.25, None, "full")],
)
def test_an_unsure_finder_widens_the_search_and_in_the_end_all_is_looked_at(
    peak: float, search: object, mode: str
) -> None:
    coarse, grid = grids((400, 400, 400))
    found = tube(coarse, line((200, 250, 0), (200, 250, 400)), 30, probability=peak)
    assert confidence(found) == pytest.approx(peak, abs=1e-6)
    assert choose_search(peak) is search
    route = plan_route(found, grid, PATCH)
    assert (route.mode, route.unsure) == (mode, search is not NARROW)
    assert route.finder_confidence == pytest.approx(peak, abs=1e-6)
    everywhere = full_grid(grid.shape, PATCH)
    assert route.skipped == len(everywhere) - len(route.windows)
    if mode == "full":
        assert route.windows == everywhere
    else:
        assert route.skipped > 0


@pytest.mark.parametrize(
    ("sureness", "search"),
    [(1.0, NARROW), (0.8, NARROW), (0.79, WIDE), (0.5, WIDE), (0.49, None), (0.0, None)],
)
def test_the_search_is_narrow_from_80_percent_and_wide_from_50(
    sureness: float, search: Search | None
) -> None:
    assert choose_search(sureness) is search


@pytest.mark.parametrize(
    ("search", "probability", "followed"),
    [(NARROW, 0.21, True), (NARROW, 0.19, False), (WIDE, 0.06, True), (WIDE, 0.04, False)],
)
def test_a_faint_spine_is_followed_from_20_percent_and_from_5_in_the_wide_search(
    search: Search, probability: float, followed: bool
) -> None:
    coarse, _ = grids((200, 100, 100))
    found = np.zeros(coarse.shape, np.float32)
    found[12, 12, 2:40] = probability
    found[12, 12, 2] = 0.95
    assert may_be_spine(CoarseMap(coarse, found), search)[12, 12, 39] == followed


@pytest.mark.parametrize(("peak", "spine"), [(0.51, True), (0.49, False)])
def test_a_piece_is_spine_if_the_finder_gives_it_half_somewhere(peak: float, spine: bool) -> None:
    coarse, _ = grids((100, 100, 100))
    found = np.zeros(coarse.shape, np.float32)
    found[10:15, 12, 12] = 0.3
    found[12, 12, 12] = peak
    assert may_be_spine(CoarseMap(coarse, found), WIDE).any() == spine


@pytest.mark.parametrize(
    ("faint", "expected"),
    [(0.21, (0.21 + 0.9 + 0.9) / 3), (0.2, (0.2 + 0.9 + 0.9) / 3), (0.19, 0.9)],
)
def test_the_confidence_is_that_of_the_planes_that_may_hold_spine(
    faint: float, expected: float
) -> None:
    coarse, _ = grids((100, 100, 100))
    found = np.zeros(coarse.shape, np.float32)
    found[12, 12, 12] = faint
    found[13:15, 12, 12] = 0.9
    assert confidence(CoarseMap(coarse, found)) == pytest.approx(expected)


def test_the_thresholds_are_in_order() -> None:
    assert 0 < WIDE.threshold < NARROW.threshold < LOST < SURE < 1
    assert WIDE.margin_mm > NARROW.margin_mm


@pytest.mark.parametrize(("search", "margin_mm"), [(NARROW, 8.0), (WIDE, 20.0)])
def test_the_search_reaches_as_far_around_the_spine_as_a_finder_may_miss(
    search: Search, margin_mm: float
) -> None:
    coarse, _ = grids((100, 100, 100))
    found = np.zeros(coarse.shape, np.float32)
    found[12, 12, 12] = 0.95
    z, y, x = np.nonzero(may_be_spine(CoarseMap(coarse, found), search))
    for along in (z, y, x):
        assert COARSE_MM * np.abs(along - 12).max() == margin_mm


@pytest.mark.parametrize(
    ("patch", "rim"), [((64, 128, 128), (16, 8, 8)), ((96, 160, 160), (24, 10, 10))]
)
def test_the_core_is_half_of_a_window_along_the_spine_and_seven_eighths_across_it(
    patch: Shape, rim: Shape
) -> None:
    assert rim_voxels(patch) == rim


def test_a_route_that_no_finder_planned_claims_no_savings() -> None:
    route = Route((), "full")
    assert (route.skipped, route.finder_confidence, route.unsure) == (0, None, False)


@pytest.mark.parametrize("plane", [0, -1])
def test_a_scan_lower_than_a_window_is_seen_to_its_edges(plane: int) -> None:
    coarse, grid = grids((300, 260, 50))
    found = np.zeros(coarse.shape, bool)
    found[plane, 30, 40] = True
    (window,) = windows_along(found, coarse, grid, PATCH)
    assert window.start[0] <= 0 < 50 <= window.stop[0]
    assert window.start[0] + window.stop[0] == 50, "the scan lies in the window's middle"


def test_a_spine_is_covered_where_each_axis_of_finder_and_model_has_a_spacing_of_its_own() -> None:
    ct = Geometry((300, 260, 200), (1.0, 1.0, 1.0), (-31.5, 12.0, -400.25))
    coarse = canonical_geometry(ct, (3.0, 4.0, 12.0))
    grid = canonical_geometry(ct, (0.8, 1.0, 3.0))
    spine = np.zeros(coarse.shape, dtype=bool)
    spine[2:15, 40:46, 70:76] = True
    windows = windows_along(spine, coarse, grid, (32, 128, 128))
    assert in_cores(windows, grid.shape)[seen_as_fine(spine, coarse, grid)].all()


def test_the_cores_of_the_windows_begin_and_end_with_the_spine() -> None:
    coarse, grid = grids((300, 260, 600))
    spine = np.zeros(coarse.shape, dtype=bool)
    spine[25:125, 30, 40] = True
    windows = windows_along(spine, coarse, grid, PATCH)
    (rim, _, _) = rim_voxels(PATCH)
    assert windows[0].start[0] + rim == pytest.approx(100, abs=2)
    assert windows[-1].stop[0] - rim == pytest.approx(500, abs=2)


def test_a_small_scan_gets_the_full_grid_if_that_is_no_more_work() -> None:
    coarse, grid = grids((100, 100, 60))
    route = plan_route(tube(coarse, line((50, 60, 0), (50, 60, 60)), 25), grid, PATCH)
    assert (route.mode, len(route.windows), route.unsure) == ("full", 1, False)


coordinates = st.integers(0, 260)
points = st.tuples(coordinates, coordinates, coordinates)


@settings(deadline=None, max_examples=60)
@given(
    size=st.tuples(*[st.integers(20, 260)] * 3),
    parts=st.lists(st.lists(points, min_size=2, max_size=4), min_size=1, max_size=3),
    radius=st.integers(4, 45),
    patch=st.tuples(*[st.sampled_from([48, 64, 96, 128])] * 3),
    search=st.sampled_from([NARROW, WIDE]),
)
def test_whatever_may_be_spine_lies_in_a_core(
    size: tuple[int, int, int],
    parts: list[list[tuple[int, int, int]]],
    radius: int,
    patch: Shape,
    search: Search,
) -> None:
    coarse, grid = grids(size)
    maps = [tube(coarse, line(*part), radius).probability for part in parts]
    check_cover(CoarseMap(coarse, np.maximum.reduce(maps)), grid, patch, search)
