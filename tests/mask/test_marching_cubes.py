"""Surfaces are closed and turned outwards, whatever the field."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.mask.marching_cubes import join_parts, marching_cubes, surface_parts
from inference.mask.surface import Surface


def edge_balance(triangles: NDArray[np.int64]) -> int:
    """How many directed edges lack their opposite; 0 means closed and consistently turned."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    forth, counts = np.unique(edges, axis=0, return_counts=True)
    back, back_counts = np.unique(edges[:, ::-1], axis=0, return_counts=True)
    if not np.array_equal(forth, back):
        return len(forth)
    return int(np.abs(counts - back_counts).sum())


@settings(deadline=None, max_examples=200)
@given(
    st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7)),
    st.integers(0, 2**32 - 1),
    st.floats(0.1, 0.9),
)
def test_any_set_of_voxels_gets_a_closed_surface(
    shape: tuple[int, int, int], seed: int, share: float
) -> None:
    inside = np.random.default_rng(seed).random(shape) < share
    vertices, triangles = marching_cubes(np.pad(inside, 1).astype(np.float32), 0.5)
    assert edge_balance(triangles) == 0
    volume = Surface(vertices, triangles).volume_ml
    # Cutting corners takes volume away; it never turns a surface inside out.
    assert 0 <= volume * 1000 <= inside.sum()
    assert (volume > 0) == inside.any()


def test_all_256_cubes_agree_with_their_neighbours() -> None:
    for case in range(256):
        corners = np.array([case >> bit & 1 for bit in range(8)], dtype=np.float32)
        _, triangles = marching_cubes(np.pad(corners.reshape(2, 2, 2), 1), 0.5)
        assert edge_balance(triangles) == 0


def test_a_smooth_ball_has_the_volume_and_area_of_a_ball() -> None:
    radius, middle = 12.0, 16.0
    z, y, x = np.indices((33, 33, 33))
    distance = np.sqrt((z - middle) ** 2 + (y - middle) ** 2 + (x - middle) ** 2)
    vertices, triangles = marching_cubes((radius - distance).astype(np.float32), 0.0)
    ball = Surface(vertices, triangles)
    assert ball.volume_ml * 1000 == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.01)
    a, b, c = (vertices[triangles[:, corner]] for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
    assert area == pytest.approx(4 * np.pi * radius**2, rel=0.01)
    assert np.allclose(np.linalg.norm(vertices - middle, axis=1), radius, atol=0.02)


def test_vertices_are_in_x_y_z_order() -> None:
    field = np.zeros((9, 7, 5), np.float32)
    field[6, 3, 1] = 1
    vertices, _ = marching_cubes(field, 0.5)
    assert vertices.mean(axis=0) == pytest.approx([1, 3, 6])


def test_normals_point_outwards() -> None:
    field = np.zeros((5, 5, 5), np.float32)
    field[1:4, 1:4, 1:4] = 1
    ball = Surface(*marching_cubes(field, 0.5))
    middles = ball.vertices[ball.triangles].mean(axis=1) - 2
    assert (np.einsum("ij,ij->i", ball.normals, middles) > 0).all()


def test_a_field_below_the_level_has_no_surface() -> None:
    vertices, triangles = marching_cubes(np.zeros((4, 4, 4), np.float32), 0.5)
    assert vertices.shape == triangles.shape == (0, 3)


@settings(deadline=None, max_examples=50)
@given(st.integers(3, 20), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_slabs_give_the_same_surface_as_the_whole(depth: int, planes: int, seed: int) -> None:
    field = np.pad(np.random.default_rng(seed).random((depth, 6, 5)), 1).astype(np.float32)
    slabs = [(z, field[z : z + planes + 1]) for z in range(0, len(field) - 1, planes)]
    vertices, triangles = join_parts(surface_parts(slabs, 0.5))
    whole_vertices, whole_triangles = marching_cubes(field, 0.5)
    assert vertices == pytest.approx(whole_vertices)
    assert edge_balance(triangles) == 0
    assert {tuple(sorted(t)) for t in triangles} == {tuple(sorted(t)) for t in whole_triangles}
