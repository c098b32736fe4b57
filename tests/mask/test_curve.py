"""Voxels sampled along a curve."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from inference.mask.curve import Curve, curve_through, sample_along, sample_at, upright
from inference.values.geometry import Geometry

OUTSIDE = -1

LENGTH_MM = 150

INNER_SHARE = 0.5
"""How far towards the centre of a bend places are found again, as a share of its radius. There
planes across the curve are half as far apart as on it, and in the centre they meet."""

NEAR_MM = 1e-3
"""Single precision."""


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


def arc(radius: float, *, convex: bool) -> Curve:
    """Part of a circle in the sagittal plane, convex to the back or to the front, from its lowest
    point."""
    angle = np.arange(LENGTH_MM) / radius - LENGTH_MM / radius / 2
    depth = radius * np.cos(angle) * (1 if convex else -1)
    points = np.stack([np.zeros(LENGTH_MM), depth, radius * np.sin(angle)], axis=1)
    return curve_through(points, np.tile([0.0, 1.0, 0.0], (LENGTH_MM, 1)), points)


@given(
    radius=st.floats(60, 1000),
    convex=st.booleans(),
    along=st.floats(-30, LENGTH_MM + 30),
    across=st.floats(-60, 60),
    behind=st.floats(-40, 80),
)
def test_a_place_along_a_bent_curve_is_found_again(
    radius: float, convex: bool, along: float, across: float, behind: float
) -> None:
    towards_centre = -behind if convex else behind
    assume(towards_centre <= INNER_SHARE * radius)
    curve = arc(radius, convex=convex)
    whole = round(along)
    place = curve.at(np.array([whole]), np.array([across]), np.array([behind]))
    found = np.array(curve.coordinates(place.astype(np.float32))).T[0]
    assert np.allclose(found, [whole, across, behind], atol=NEAR_MM)
