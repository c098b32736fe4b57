"""The canonical grid, and the way between voxel indices and patient millimetres."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st

from inference.values.geometry import IDENTITY_DIRECTION, Geometry, canonical_geometry
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


def test_a_volume_that_is_canonical_already_keeps_its_grid() -> None:
    geometry = Geometry((30, 20, 10), (1.0, 1.0, 1.0), (-5.0, 7.0, 100.0))
    assert canonical_geometry(geometry, (1.0, 1.0, 1.0)) == geometry


def test_a_box_keeps_its_place_in_the_patient() -> None:
    geometry = Geometry((30, 20, 10), (0.5, 0.6, 2.0), (-5.0, 7.0, 100.0))
    box = geometry.box((4, 5, 6), (2, 2, 2))
    assert box.to_patient(np.zeros((1, 3))) == pytest.approx(
        geometry.to_patient(np.array([[4.0, 5.0, 6.0]]))
    )
