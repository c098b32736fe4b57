"""From probabilities to a mask on the grid of the CT."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.mask.overlap import dice
from inference.mask.threshold import FULL_SCALE, byte_map, byte_threshold, mask_on_grid, to_bytes
from inference.values.geometry import Geometry, canonical_geometry
from inference.windows.sliding import Slab
from tests.geometries import geometries

SPINE = byte_threshold(0.5)


@given(st.floats(0.0, 1.0, width=32), st.sampled_from([0.2, 0.5, 0.73]))
def test_bytes_keep_probabilities_on_their_side_of_the_threshold(
    probability: float, threshold: float
) -> None:
    if abs(probability - threshold) > 1 / FULL_SCALE:
        (byte,) = to_bytes(np.array([probability], dtype=np.float32))
        assert (byte >= byte_threshold(threshold)) == (probability >= threshold)


def test_the_whole_range_of_a_byte_is_used() -> None:
    assert to_bytes(np.array([0.0, 1.0], np.float32)).tolist() == [0, np.iinfo(np.uint8).max]


def test_each_slab_of_the_map_keeps_its_place() -> None:
    probability = np.random.default_rng(3).random((11, 4, 5)).astype(np.float32)
    slabs = [Slab(0, probability[:3]), Slab(3, probability[3:10]), Slab(10, probability[10:])]
    assert np.array_equal(byte_map(slabs, probability.shape), to_bytes(probability))


def test_the_threshold_itself_is_spine_and_the_byte_below_is_not() -> None:
    grid = Geometry((2, 1, 1), (1.0, 1.0, 1.0))
    probability = np.array([[[SPINE - 1, SPINE]]], np.uint8)
    assert mask_on_grid(probability, grid, grid, SPINE).voxels.tolist() == [[[0, 1]]]


def test_outside_the_map_there_is_no_spine_even_at_the_lowest_threshold() -> None:
    grid = Geometry((2, 1, 1), (1.0, 1.0, 1.0))
    wider = Geometry((5, 1, 1), (1.0, 1.0, 1.0))
    probability = np.full(grid.shape, 1, np.uint8)
    assert mask_on_grid(probability, grid, wider, 1).voxels.tolist() == [[[1, 1, 0, 0, 0]]]


@settings(deadline=None, max_examples=40)
@given(geometries())
def test_the_mask_has_the_grid_of_the_ct(geometry: Geometry) -> None:
    canonical = canonical_geometry(geometry, (1.0, 1.0, 1.0))
    probability = np.full(canonical.shape, FULL_SCALE, np.uint8)
    mask = mask_on_grid(probability, canonical, geometry, SPINE)
    assert mask.geometry == geometry
    assert mask.voxels.dtype == np.uint8
    # All of the CT lies inside the canonical volume, so all of it is spine here.
    assert mask.voxels.min() == 1


def test_a_ball_comes_back_to_an_oblique_grid_in_its_place() -> None:
    turned = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
    geometry = Geometry((60, 50, 30), (0.9, 0.9, 2.0), (-20.0, 30.0, 5.0), turned)
    canonical = canonical_geometry(geometry, (1.0, 1.0, 1.0))
    centre = geometry.to_patient(np.array([[30.0, 20.0, 15.0]]))[0]

    def ball(grid: Geometry) -> np.ndarray:
        z, y, x = np.indices(grid.shape)
        points = grid.to_patient(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float))
        inside = np.linalg.norm(points - centre, axis=1) <= 12.0
        return inside.reshape(grid.shape).astype(np.uint8)

    mask = mask_on_grid(ball(canonical) * np.uint8(FULL_SCALE), canonical, geometry, SPINE)
    assert dice(mask.voxels, ball(geometry)) > 0.97
    assert mask.volume_ml == pytest.approx(4 / 3 * np.pi * 1.2**3, rel=0.03)
