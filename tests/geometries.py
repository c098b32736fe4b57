"""Hypothesis strategies for voxel grids, as found in scans and in strange files."""

import math

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.values.geometry import Direction, Geometry, as_direction

AXIS_ALIGNED = [
    (1, 0, 0, 0, 1, 0, 0, 0, 1),
    (-1, 0, 0, 0, -1, 0, 0, 0, 1),
    (0, 0, 1, 1, 0, 0, 0, 1, 0),
    (0, 1, 0, 1, 0, 0, 0, 0, 1),
    (1, 0, 0, 0, 1, 0, 0, 0, -1),
]
"""LPS, RAS, a sagittal stack, and two left-handed ones."""


def rotation(x: float, y: float, z: float) -> NDArray[np.float64]:
    """Rotation by three Euler angles in radians."""
    cx, cy, cz = math.cos(x), math.cos(y), math.cos(z)
    sx, sy, sz = math.sin(x), math.sin(y), math.sin(z)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def directions() -> st.SearchStrategy[Direction]:
    """Axis-aligned and oblique, right- and left-handed."""
    angle = st.floats(-math.pi, math.pi)
    return st.builds(
        lambda base, x, y, z, turn: as_direction(
            (rotation(x, y, z) if turn else np.eye(3)).dot(np.reshape(base, (3, 3)))
        ),
        st.sampled_from(AXIS_ALIGNED),
        angle,
        angle,
        angle,
        st.booleans(),
    )


def geometries(most_voxels: int = 24) -> st.SearchStrategy[Geometry]:
    """Small grids of any spacing, position and orientation."""
    voxels = st.integers(4, most_voxels)
    millimetres = st.floats(0.4, 5.0)
    place = st.floats(-500.0, 500.0)
    return st.builds(
        Geometry,
        st.tuples(voxels, voxels, voxels),
        st.tuples(millimetres, millimetres, millimetres),
        st.tuples(place, place, place),
        directions(),
    )
