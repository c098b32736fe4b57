"""How a CT is shown on the screen, whatever its grid."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.slices.planes import Plane, letters, middle_voxel, patient_position, view_of
from inference.values.geometry import Direction, Geometry, nearest_axes
from tests.geometries import directions, geometries

LPS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
RAS = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0)
FEET_FIRST = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL_STACK = (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0)

SCREEN = {
    Plane.AXIAL: ((1, 0, 0), (0, 1, 0)),
    Plane.SAGITTAL: ((0, 1, 0), (0, 0, -1)),
    Plane.CORONAL: ((1, 0, 0), (0, 0, -1)),
}
"""LPS to the viewer's right and downwards, as radiologists hang pictures."""


def patient_coordinates(geometry: Geometry) -> NDArray[np.float64]:
    """LPS of every voxel, z, y, x, 3."""
    z, y, x = np.indices(geometry.shape)
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(float)
    return geometry.to_patient(points).reshape(*geometry.shape, 3)


@pytest.mark.parametrize("direction", [LPS, RAS, FEET_FIRST, SAGITTAL_STACK])
@pytest.mark.parametrize("plane", Plane)
def test_left_is_right_front_is_up_and_head_is_up(direction: Direction, plane: Plane) -> None:
    geometry = Geometry((5, 6, 7), (0.7, 0.8, 2.0), (10.0, -20.0, 30.0), direction)
    view = view_of(geometry, plane)
    where = patient_coordinates(geometry)
    right, down = SCREEN[plane]
    for axis in range(3):
        image = view.slice_of(where[..., axis], 1)
        steps_right, steps_down = np.diff(image, axis=1), np.diff(image, axis=0)
        assert np.allclose(steps_right, right[axis] * view.right.spacing)
        assert np.allclose(steps_down, down[axis] * view.down.spacing)


def test_the_edges_of_a_straight_scan_have_one_letter_each() -> None:
    geometry = Geometry((5, 6, 7), (1.0, 1.0, 1.0))
    assert view_of(geometry, Plane.AXIAL).edges == ("R", "L", "A", "P")
    assert view_of(geometry, Plane.SAGITTAL).edges == ("A", "P", "H", "F")
    assert view_of(geometry, Plane.CORONAL).edges == ("R", "L", "H", "F")


def test_a_tilted_direction_has_two_letters() -> None:
    assert letters(np.array([0.8, -0.6, 0.0])) == "LA"
    assert letters(np.array([0.99, -0.1, 0.0])) == "L"


@given(direction=directions())
def test_every_voxel_axis_is_shown_once(direction: Direction) -> None:
    assert sorted(nearest_axes(np.reshape(direction, (3, 3)))) == [0, 1, 2]


@settings(deadline=None)
@given(geometry=geometries(10), plane=st.sampled_from(Plane), data=st.data())
def test_pointing_at_the_image_finds_the_voxel_that_is_drawn_there(
    geometry: Geometry, plane: Plane, data: st.DataObject
) -> None:
    view = view_of(geometry, plane)
    voxels = np.arange(np.prod(geometry.shape)).reshape(geometry.shape)
    index = data.draw(st.integers(0, view.across.size - 1))
    column = data.draw(st.integers(0, view.right.size - 1))
    row = data.draw(st.integers(0, view.down.size - 1))
    image = view.slice_of(voxels, index)
    assert image.shape == (view.down.size, view.right.size)
    x, y, z = voxel = view.voxel_at(column + 0.3, row + 0.9, index)
    assert voxels[z, y, x] == image[row, column]
    assert view.position_of(voxel) == (column + 0.5, row + 0.5)


@settings(deadline=None)
@given(geometry=geometries(10), plane=st.sampled_from(Plane))
def test_no_view_is_a_mirror_image(geometry: Geometry, plane: Plane) -> None:
    """Right, down and across have the handedness of the standard plane."""
    view = view_of(geometry, plane)
    matrix = np.reshape(geometry.direction, (3, 3))
    shown = [
        matrix[:, axis.axis] * (-1 if axis.flipped else 1)
        for axis in (view.right, view.down, view.across)
    ]
    right, down = SCREEN[plane]
    across = np.abs(np.cross(right, down))
    assert np.linalg.det(shown) * np.linalg.det([right, down, across]) > 0


def test_steps_across_go_to_the_head_and_stop_at_the_end() -> None:
    geometry = Geometry((5, 6, 7), (1.0, 1.0, 1.0), direction=FEET_FIRST)
    view = view_of(geometry, Plane.AXIAL)
    assert view.stepped((2, 3, 4), 1) == (2, 3, 3)
    assert view.stepped((2, 3, 4), 99) == (2, 3, 0)
    assert view.stepped((2, 3, 4), -99) == (2, 3, 6)


def test_the_middle_is_named_in_patient_millimetres() -> None:
    geometry = Geometry((4, 4, 4), (2.0, 2.0, 3.0), (-10.0, -20.0, -30.0))
    assert middle_voxel(geometry) == (2, 2, 2)
    assert patient_position(geometry, (2, 2, 2)) == (-6.0, -16.0, -24.0)
    turned = dataclasses.replace(geometry, direction=RAS)
    assert patient_position(turned, (2, 2, 2)) == (-14.0, -24.0, -24.0)
