"""The sliding window and its blending, compared with a plain reference over the whole volume."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.errors import CancelledError
from inference.values.geometry import Shape
from inference.values.progress import Progress
from inference.values.volume import AIR_HU
from inference.windows.blending import SlabBlender, importance_map
from inference.windows.grid import Window, full_grid
from inference.windows.sliding import predict_slabs

Predictor = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From a patch of HU to its probabilities, both z, y, x."""


def position_dependent(patch: Shape) -> Predictor:
    """A predictor that differs in each corner of a window, so that wrong blending is noticed."""
    z, y, x = np.indices(patch)
    tilt = (z / patch[0] + 2 * y / patch[1] + 3 * x / patch[2]) / 6

    def predict(hu: NDArray[np.float32]) -> NDArray[np.float32]:
        bone = 1 / (1 + np.exp(-(hu - 200) / 50))
        return (0.5 * bone + 0.5 * tilt).astype(np.float32)

    return predict


def reference(
    voxels: NDArray[np.int16], windows: tuple[Window, ...], predictor: Predictor
) -> NDArray[np.float64]:
    """Sums and weights of the whole volume in double precision."""
    patch = windows[0].shape
    margin = [(p, p) for p in patch]
    padded = np.pad(voxels.astype(np.float64), margin, constant_values=AIR_HU)
    weighted, weights = np.zeros_like(padded), np.zeros_like(padded)
    importance = importance_map(patch).astype(np.float64)
    for window in windows:
        box = tuple(
            slice(start + p, start + 2 * p) for start, p in zip(window.start, patch, strict=True)
        )
        weighted[box] += importance * predictor(padded[box].astype(np.float32))
        weights[box] += importance
    inner = tuple(slice(p, -p) for p in patch)
    return weighted[inner] / np.maximum(weights[inner], 1e-12)


def gathered(
    voxels: NDArray[np.int16], windows: tuple[Window, ...], predictor: Predictor
) -> NDArray[np.float32]:
    slabs = list(
        predict_slabs(voxels.shape, windows, lambda window: predictor(window.cut(voxels, AIR_HU)))
    )
    planes = [slab.first_plane for slab in slabs]
    assert planes == list(np.cumsum([0, *(len(slab.probability) for slab in slabs[:-1])]))
    return np.concatenate([slab.probability for slab in slabs])


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 30), st.integers(1, 30)),
    st.tuples(st.integers(2, 16), st.integers(2, 16), st.integers(2, 16)),
    st.integers(0, 2**32 - 1),
)
def test_streaming_equals_the_whole_volume_reference(
    volume: Shape, patch: Shape, seed: int
) -> None:
    voxels = np.random.default_rng(seed).integers(-1000, 1500, volume).astype(np.int16)
    windows = full_grid(volume, patch)
    predictor = position_dependent(patch)
    expected = reference(voxels, windows, predictor)
    assert np.abs(gathered(voxels, windows, predictor) - expected).max() <= 1e-5


def test_the_order_in_which_windows_are_given_does_not_matter() -> None:
    voxels = np.random.default_rng(1).integers(-1000, 1500, (40, 30, 20)).astype(np.int16)
    windows = full_grid(voxels.shape, (16, 16, 16))
    predictor = position_dependent((16, 16, 16))
    assert np.array_equal(
        gathered(voxels, windows, predictor), gathered(voxels, windows[::-1], predictor)
    )


def test_where_no_window_looked_the_probability_is_zero() -> None:
    voxels = np.full((60, 10, 10), 1000, np.int16)
    windows = (Window((2, 0, 0), (8, 8, 8)), Window((40, 2, 2), (8, 8, 8)))
    probability = gathered(voxels, windows, lambda hu: np.ones_like(hu))
    seen = np.zeros(voxels.shape, dtype=bool)
    for window in windows:
        seen[window.inside(voxels.shape)[0]] = True
    assert np.array_equal(probability, seen.astype(np.float32))


def test_a_window_that_reaches_beyond_the_last_plane_counts_as_far_as_the_volume_goes() -> None:
    voxels = np.full((20, 8, 8), 1000, np.int16)
    probability = gathered(voxels, (Window((15, 0, 0), (8, 8, 8)),), lambda hu: np.ones_like(hu))
    assert not probability[:15].any()
    assert (probability[15:] == 1).all()


def test_planes_that_no_window_looked_at_come_in_small_slabs_too() -> None:
    windows = (Window((2, 0, 0), (8, 8, 8)), Window((400, 2, 2), (8, 8, 8)))
    slabs = predict_slabs((1000, 10, 10), windows, lambda window: np.ones(window.shape, np.float32))
    assert max(len(slab.probability) for slab in slabs) <= 8


def test_no_window_at_all_means_no_spine() -> None:
    assert not gathered(np.zeros((5, 6, 7), np.int16), (), lambda hu: hu).any()


def test_a_window_beyond_the_edge_sees_air() -> None:
    voxels = np.zeros((4, 4, 4), np.int16)
    patch = Window((-2, -2, -2), (8, 8, 8)).cut(voxels, AIR_HU)
    assert patch[2:6, 2:6, 2:6].max() == 0
    assert (patch == AIR_HU).sum() == 8**3 - 4**3


def test_importance_falls_from_the_middle_and_never_reaches_zero() -> None:
    weights = importance_map((8, 9, 10))
    assert weights.max() == weights[4, 4, 5] == pytest.approx(1.0)
    assert weights.min() == pytest.approx(0.001)
    assert np.allclose(weights, weights[::-1, ::-1, ::-1])


def test_importance_has_a_standard_deviation_of_an_eighth_of_a_side() -> None:
    side, first_off, far_off = 64, 0.5, 8.5  # the middle lies between two voxels
    weights = importance_map((side, 1, 1))[:, 0, 0]
    deviations = (far_off**2 - first_off**2) / (side / 8) ** 2
    assert weights[side // 2 + 8] == pytest.approx(np.exp(-deviations / 2))


def test_the_blender_holds_no_more_planes_than_a_window_is_deep() -> None:
    blender = SlabBlender((1000, 4, 4), (16, 4, 4))
    held = sum(a.nbytes for a in vars(blender).values() if isinstance(a, np.ndarray))
    assert held <= 3 * 16 * 4 * 4 * 4


def test_windows_out_of_order_are_an_error() -> None:
    blender = SlabBlender((64, 4, 4), (16, 4, 4))
    blender.finish_before(20)
    with pytest.raises(ValueError, match="ascending"):
        blender.add(Window((0, 0, 0), (16, 4, 4)), np.ones((16, 4, 4), np.float32))


def test_cancel_stops_before_the_next_window() -> None:
    seen: list[Progress] = []
    windows = full_grid((40, 8, 8), (8, 8, 8))
    with pytest.raises(CancelledError):
        list(
            predict_slabs(
                (40, 8, 8),
                windows,
                lambda window: np.zeros(window.shape, np.float32),
                progress=seen.append,
                cancel=lambda: len(seen) == 3,
            )
        )
    assert [p.done for p in seen] == [1, 2, 3]


def test_however_many_shapes_windows_have_few_importance_maps_are_kept() -> None:
    for depth in range(4, 40):
        importance_map((depth, 4, 4))
    assert importance_map.cache_info().currsize <= 2
