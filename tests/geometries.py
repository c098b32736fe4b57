"""Hypothesis strategies for voxel grids, as found in scans and in strange files."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.values.geometry import Direction, Geometry, as_direction, as_triple

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


def stored_orders() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The 48 ways to store one volume: the old axis of each new one, and its sign."""
    return itertools.product(itertools.permutations(range(3)), itertools.product((1, -1), repeat=3))


def reordered(
    voxels: NDArray[Any], geometry: Geometry, axes: tuple[int, ...], signs: tuple[int, ...]
) -> tuple[NDArray[Any], Geometry]:
    """The same voxels (z, y, x) in the same places of the patient, stored in another order.

    Args:
        axes: of ``geometry``, along which the new axes x, y, z run.
        signs: -1 for each new axis that runs the other way.
    """
    flips = tuple(slice(None, None, sign) for sign in signs)
    stored = voxels.transpose(2, 1, 0).transpose(axes)[flips].transpose(2, 1, 0)
    first = np.zeros(3)
    for axis, sign in zip(axes, signs, strict=True):
        first[axis] = geometry.size[axis] - 1 if sign < 0 else 0
    matrix = np.reshape(geometry.direction, (3, 3))[:, axes] * signs
    x, y, z = (geometry.size[axis] for axis in axes)
    return np.ascontiguousarray(stored), Geometry(
        (x, y, z),
        as_triple(geometry.spacing[axis] for axis in axes),
        as_triple(geometry.to_patient(first[None])[0]),
        as_direction(matrix),
    )
