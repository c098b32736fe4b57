"""Voxels sampled along a curve."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inference.mask.curve import sample_along, sample_at, upright
from inference.values.geometry import Geometry

OUTSIDE = -1


@given(
    st.lists(st.integers(-15, 15), min_size=1, max_size=8),
    st.lists(st.integers(-15, 15), min_size=1, max_size=8),
)
def test_distances_in_any_order_are_sampled_where_they_are(
    across: list[int], behind: list[int]
) -> None:
    grid = Geometry((9, 8, 7), (1.0, 1.0, 1.0))
    voxels = np.arange(9 * 8 * 7, dtype=np.int16).reshape(grid.shape)
    curve = upright(np.array([4.0, 4.0, -3.0]), 12, up=True)
    aside, back = np.array(across, float), np.array(behind, float)
    found = sample_along(voxels, grid, curve, aside, back, OUTSIDE)
    along, rows, columns = np.meshgrid(np.arange(12.0), back, aside, indexing="ij")
    expected = sample_at(voxels, grid, curve.at(along, columns, rows).reshape(-1, 3), OUTSIDE)
    assert (found.ravel() == expected).all()
