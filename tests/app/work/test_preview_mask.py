"""Previews on the CT's own grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.work.preview_mask import paint_preview, spine_middle
from inference.errors import CancelledError
from inference.mask.threshold import FULL_SCALE
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.progress import Preview
from tests.geometries import geometries


def rotation_about_x(angle: float) -> np.ndarray:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])


@settings(deadline=None, max_examples=50)
@given(geometry=geometries(12), seed=st.integers(0, 1000))
def test_each_voxel_shows_the_preview_that_is_nearest_to_it(geometry: Geometry, seed: int) -> None:
    whole = canonical_geometry(geometry, (2.0, 2.0, 2.0))
    probability = np.random.default_rng(seed).integers(0, 256, whole.shape, dtype=np.uint8)
    painted = np.zeros(geometry.shape, np.uint8)
    paint_preview(painted, geometry, Preview(whole, probability))
    z, y, x = (axis.ravel() for axis in np.indices(geometry.shape))
    points = geometry.to_patient(np.stack([x, y, z], axis=1).astype(float))
    nearest = whole.to_index(points)
    # A voxel halfway between two may take either value.
    clear = np.all(np.abs(nearest - np.floor(nearest) - 0.5) > 1e-6, axis=1)
    at_x, at_y, at_z = np.rint(nearest).astype(int).T
    assert np.array_equal(
        painted.ravel()[clear], (probability[at_z, at_y, at_x] >= 128).astype(np.uint8)[clear]
    )


@settings(deadline=None)
@given(
    order=st.permutations(range(3)),
    signs=st.tuples(*[st.sampled_from((-1, 1))] * 3),
    seed=st.integers(0, 1000),
)
def test_a_scan_that_lies_straight_is_painted_like_any_other(
    order: list[int], signs: tuple[int, int, int], seed: int
) -> None:
    direction = np.zeros((3, 3))
    direction[order, range(3)] = signs
    ct = Geometry((9, 8, 7), (1.1, 0.9, 2.3), (5.0, -7.0, 3.0), tuple(direction.ravel()))
    turned = direction @ rotation_about_x(1e-4)
    oblique = Geometry(ct.size, ct.spacing, ct.origin, tuple(turned.ravel()))
    whole = canonical_geometry(ct, (2.0, 2.0, 2.0))
    probability = np.random.default_rng(seed).integers(0, 256, whole.shape, dtype=np.uint8)
    straight, general = np.zeros(ct.shape, np.uint8), np.zeros(ct.shape, np.uint8)
    paint_preview(straight, ct, Preview(whole, probability))
    paint_preview(general, oblique, Preview(whole, probability))
    # The turn is far less than a voxel, so that only what lies halfway between two can differ.
    assert np.count_nonzero(straight != general) < 0.05 * straight.size


def test_painting_stops_when_it_is_cancelled() -> None:
    grid = Geometry((6, 6, 6), (1.0, 1.0, 1.0))
    preview = Preview(grid, np.full(grid.shape, FULL_SCALE, np.uint8))
    with pytest.raises(CancelledError):
        paint_preview(np.zeros(grid.shape, np.uint8), grid, preview, lambda: True)


def test_a_later_preview_replaces_an_earlier_one_in_its_box_alone() -> None:
    grid = Geometry((10, 10, 10), (1.0, 1.0, 1.0))
    painted = np.zeros(grid.shape, np.uint8)
    full = np.full(grid.shape, FULL_SCALE, np.uint8)
    paint_preview(painted, grid, Preview(grid, full))
    box = grid.box((2, 3, 4), (3, 3, 3))
    paint_preview(painted, grid, Preview(box, np.zeros(box.shape, np.uint8)))
    expected = np.ones(grid.shape, np.uint8)
    expected[4:7, 3:6, 2:5] = 0
    assert np.array_equal(painted, expected)


def test_a_box_beside_the_ct_changes_nothing() -> None:
    grid = Geometry((10, 10, 10), (1.0, 1.0, 1.0))
    painted = np.zeros(grid.shape, np.uint8)
    far = Geometry((4, 4, 4), (1.0, 1.0, 1.0), (50.0, 0.0, 0.0))
    paint_preview(painted, grid, Preview(far, np.full(far.shape, FULL_SCALE, np.uint8)))
    assert not painted.any()


def test_the_middle_of_the_spine_lies_amid_it_on_the_grid_of_the_ct() -> None:
    ct = Geometry((40, 40, 30), (0.5, 0.5, 2.0), (10.0, -20.0, 5.0))
    coarse = Geometry((5, 5, 15), (4.0, 4.0, 4.0), (10.0, -20.0, 5.0))
    probability = np.zeros(coarse.shape, np.uint8)
    probability[2:9, 1:4, 3] = 255
    assert spine_middle(ct, Preview(coarse, probability)) == (24, 16, 10)


def test_without_spine_there_is_no_middle() -> None:
    grid = Geometry((4, 4, 4), (1.0, 1.0, 1.0))
    assert spine_middle(grid, Preview(grid, np.zeros(grid.shape, np.uint8))) is None
