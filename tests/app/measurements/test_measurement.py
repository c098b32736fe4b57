"""Values of measurements: what changes them and what does not."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.measurements.measurement import (
    CircleHu,
    Draft,
    Kind,
    Measurement,
    Point,
    angle_degrees,
    circle_hu,
    cobb_degrees,
    distance_mm,
)
from app.measurements.table import measurement_table
from app.measurements.wording import value_text
from app.slices.planes import Plane, view_of
from inference.values.geometry import Geometry
from inference.values.volume import Volume
from tests.geometries import geometries

millimetres = st.floats(-500, 500)
points = st.tuples(millimetres, millimetres)
turns = st.floats(0, 360)


def moved(point: Point, by: Point, degrees: float) -> Point:
    """A point shifted, then turned about the corner."""
    x, y = point[0] + by[0], point[1] + by[1]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return cosine * x - sine * y, sine * x + cosine * y


def on_a_ray(degrees: float, length: float = 10.0) -> Point:
    return length * math.cos(math.radians(degrees)), length * math.sin(math.radians(degrees))


@given(a=points, b=points, shift=points, turn=turns)
def test_a_distance_is_the_same_wherever_it_lies(
    a: Point, b: Point, shift: Point, turn: float
) -> None:
    there = distance_mm(moved(a, shift, turn), moved(b, shift, turn))
    assert there == pytest.approx(distance_mm(a, b), abs=1e-9)
    assert distance_mm(a, b) == distance_mm(b, a)


@given(first=turns, opening=st.floats(0, 180), shift=points, lengths=st.floats(0.5, 300))
def test_an_angle_is_its_opening_however_long_its_sides_are(
    first: float, opening: float, shift: Point, lengths: float
) -> None:
    side = moved(on_a_ray(first, lengths), shift, 0)
    other = moved(on_a_ray(first + opening), shift, 0)
    assert angle_degrees(side, shift, other) == pytest.approx(opening, abs=1e-4)
    assert angle_degrees(other, shift, side) == pytest.approx(opening, abs=1e-4)


@given(one=st.floats(-89, 89), other=st.floats(-89, 89), shift=points, reverse=st.booleans())
def test_a_cobb_angle_is_the_difference_of_two_tilts_whichever_way_the_lines_were_drawn(
    one: float, other: float, shift: Point, reverse: bool
) -> None:
    line = (0.0, 0.0), on_a_ray(one)
    across = moved((0.0, 0.0), shift, 0), moved(on_a_ray(other, 40), shift, 0)
    if reverse:
        across = across[1], across[0]
    assert cobb_degrees(line, across) == pytest.approx(abs(one - other), abs=1e-4)
    assert cobb_degrees(across, line) == cobb_degrees(line, across)


def test_a_line_without_length_has_no_angle() -> None:
    assert angle_degrees((1, 1), (1, 1), (2, 1)) == 0
    assert cobb_degrees(((0, 0), (0, 0)), ((0, 0), (0, 0))) == 0


@settings(deadline=None)
@given(
    geometry=geometries(12),
    plane=st.sampled_from(Plane),
    radius=st.floats(0.1, 20),
    data=st.data(),
)
def test_the_hu_in_a_circle_are_those_of_the_voxels_whose_middle_lies_in_it(
    geometry: Geometry, plane: Plane, radius: float, data: st.DataObject
) -> None:
    view = view_of(geometry, plane)
    voxels = np.random.default_rng(0).integers(-1000, 2000, geometry.shape, dtype=np.int16)
    x, y, z = (data.draw(st.integers(0, n - 1)) for n in geometry.size)
    middle = view.middle_mm((x, y, z))
    index = (x, y, z)[view.across.axis]
    found = circle_hu(voxels, view, index, middle, (middle[0] + radius, middle[1]))
    here = [(x, y, z)[axis] for axis in range(3)]
    hu = []
    for voxel in np.ndindex(*geometry.size):
        aside = [(voxel[axis] - here[axis]) * geometry.spacing[axis] for axis in range(3)]
        if voxel[view.across.axis] == index and math.hypot(*aside) <= radius + 1e-9:
            hu.append(int(voxels[voxel[2], voxel[1], voxel[0]]))
    # A middle on the very line may be counted or not.
    if abs(found.voxels - len(hu)) == 0:
        assert found.mean == pytest.approx(np.mean(hu))
        assert found.deviation == pytest.approx(np.std(hu))
    else:
        assert found.voxels < len(hu)


def test_the_mean_and_deviation_of_known_voxels() -> None:
    geometry = Geometry((3, 3, 1), (1.0, 2.0, 5.0))
    voxels = np.array([[[0, 10, 0], [100, 50, 60], [0, 30, 0]]], np.int16)
    view = view_of(geometry, Plane.AXIAL)
    # The middle voxel and those 1 mm beside it; the next rows are 2 mm away.
    narrow = circle_hu(voxels, view, 0, (1.5, 3.0), (2.6, 3.0))
    assert (narrow.mean, narrow.voxels) == (70.0, 3)
    assert narrow.deviation == pytest.approx(math.sqrt((900 + 400 + 100) / 3))
    point = circle_hu(voxels, view, 0, (1.1, 3.9), (1.1, 3.9))
    assert (point.mean, point.deviation, point.voxels) == (50.0, 0.0, 1)


def test_a_circle_beside_the_slice_has_no_hu() -> None:
    geometry = Geometry((3, 3, 1), (1.0, 2.0, 5.0))
    volume = Volume(np.full(geometry.shape, 40, np.int16), geometry, "CT")
    view = view_of(geometry, Plane.AXIAL)
    edge = view.size_mm
    for middle in (edge, (edge[0] + 10.0, 1.0)):
        one = Measurement(Kind.CIRCLE, Plane.AXIAL, 0, (middle, (middle[0] + 0.1, middle[1])))
        assert circle_hu(volume.voxels, view, 0, *one.points) == CircleHu(None, None, 0)
        assert value_text(one, volume) == "\N{EN DASH}"
        assert measurement_table([one], volume).rows[0][-2:] == (None, None)


@pytest.mark.parametrize("kind", Kind)
def test_a_draft_becomes_a_measurement_with_its_last_point(kind: Kind) -> None:
    made: Draft | Measurement = Draft(kind, Plane.CORONAL, 7)
    for number in range(kind.points):
        assert isinstance(made, Draft)
        made = made.with_point((number, 2.0 * number))
    assert isinstance(made, Measurement)
    assert (made.kind, made.plane, made.index) == (kind, Plane.CORONAL, 7)
    assert made.points == tuple((n, 2.0 * n) for n in range(kind.points))
