"""The canonical grid, and conversion between voxel indices and patient millimetres."""

import itertools

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st

from inference.values.geometry import (
    IDENTITY_DIRECTION,
    Geometry,
    canonical_geometry,
    nearest_axes,
)
from tests.geometries import geometries


@given(geometries())
def test_patient_coordinates_are_those_of_simpleitk(geometry: Geometry) -> None:
    image = sitk.Image(list(geometry.size), sitk.sitkUInt8)
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(geometry.direction)
    index = (1.25, 0.5, 2.0)
    expected = image.TransformContinuousIndexToPhysicalPoint(index)
    assert geometry.to_patient(np.array([index]))[0] == pytest.approx(expected, abs=1e-6)


@given(geometries())
def test_index_and_patient_are_inverse(geometry: Geometry) -> None:
    indices = np.array([[0.0, 0.0, 0.0], [1.5, 2.5, 3.5], [-4.0, 7.0, 0.25]])
    there_and_back = geometry.to_index(geometry.to_patient(indices))
    assert there_and_back == pytest.approx(indices, abs=1e-6)


@given(geometries(), st.sampled_from([(1.0, 1.0, 1.0), (4.0, 4.0, 4.0), (1.5, 1.5, 2.0)]))
def test_the_canonical_grid_spans_the_whole_volume(
    geometry: Geometry, spacing: tuple[float, float, float]
) -> None:
    canonical = canonical_geometry(geometry, spacing)
    assert canonical.direction == IDENTITY_DIRECTION
    assert canonical.spacing == spacing
    indices = canonical.to_index(geometry.outer_corners())
    tolerance = 1e-2
    assert (indices >= -0.5 - tolerance).all()
    assert (indices <= np.array(canonical.size) - 0.5 + tolerance).all()


@given(geometries())
def test_the_canonical_grid_is_no_larger_than_it_must_be(geometry: Geometry) -> None:
    canonical = canonical_geometry(geometry, (1.0, 1.0, 1.0))
    corners = geometry.outer_corners()
    extent = corners.max(axis=0) - corners.min(axis=0)
    assert (np.array(canonical.size) <= np.maximum(1, extent) + 1).all()


@pytest.mark.parametrize(("extent_mm", "voxels"), [(10.0005, 10), (10.002, 11)])
def test_only_an_excess_of_less_than_a_thousandth_of_a_voxel_adds_none(
    extent_mm: float, voxels: int
) -> None:
    ct = Geometry((1, 1, 1), (extent_mm,) * 3)
    assert canonical_geometry(ct, (1.0, 1.0, 1.0)).size == (voxels,) * 3


def test_a_volume_that_is_canonical_already_keeps_its_grid() -> None:
    geometry = Geometry((30, 20, 10), (1.0, 1.0, 1.0), (-5.0, 7.0, 100.0))
    assert canonical_geometry(geometry, (1.0, 1.0, 1.0)) == geometry


def test_a_box_keeps_its_place_in_the_patient() -> None:
    geometry = Geometry((30, 20, 10), (0.5, 0.6, 2.0), (-5.0, 7.0, 100.0))
    box = geometry.box((4, 5, 6), (2, 2, 2))
    assert box.to_patient(np.zeros((1, 3))) == pytest.approx(
        geometry.to_patient(np.array([[4.0, 5.0, 6.0]]))
    )


def test_a_grid_without_an_origin_begins_at_the_origin_of_the_patient() -> None:
    geometry = Geometry((3, 2, 1), (0.5, 0.6, 2.0))
    assert geometry.to_patient(np.zeros((1, 3))).tolist() == [[0.0, 0.0, 0.0]]


def test_arrays_run_through_slices_then_rows_then_columns() -> None:
    assert Geometry((30, 20, 10), (0.5, 0.6, 2.0)).shape == (10, 20, 30)


def test_a_part_given_as_slices_of_the_array_is_the_same_box() -> None:
    geometry = Geometry((30, 20, 10), (0.5, 0.6, 2.0), (-5.0, 7.0, 100.0))
    part = geometry.part(slice(6, 9), slice(5, 7), slice(4, 20))
    assert part == geometry.box((4, 5, 6), (16, 2, 3))


@pytest.mark.parametrize("axes", itertools.permutations(range(3)))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_each_patient_axis_has_the_voxel_axis_along_it(axes: tuple[int, ...], sign: float) -> None:
    direction = np.zeros((3, 3))
    for patient, axis in enumerate(axes):
        direction[patient, axis] = sign
    assert nearest_axes(direction) == axes


def test_no_voxel_axis_is_nearest_to_two_patient_axes() -> None:
    toward_left_and_head = np.array([[0.6, 0.0, 0.8], [0.0, 1.0, 0.0], [0.8, 0.0, -0.6]])
    assert nearest_axes(toward_left_and_head) == (2, 1, 0)
