"""Thick slabs: which slices they contain and how they are shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.slices.planes import Plane, view_of
from app.slices.slab import THICKNESS_MM, Projection, Slab, shown_mm, slab_of, slices_within
from inference.values.geometry import Geometry
from tests.geometries import geometries

GEOMETRY = Geometry((20, 30, 40), (0.5, 1.0, 2.0))
planes = st.sampled_from(Plane)
thicknesses = st.floats(*THICKNESS_MM)


@given(geometry=geometries(10), plane=planes, thickness=thicknesses, data=st.data())
def test_a_slab_is_as_thick_as_slices_allow_and_as_thick_on_either_side(
    geometry: Geometry, plane: Plane, thickness: float, data: st.DataObject
) -> None:
    across = view_of(geometry, plane).across
    index = data.draw(st.integers(0, across.size - 1))
    within = slices_within(view_of(geometry, plane), index, thickness)
    before, after = index - within.start, within.stop - 1 - index
    assert within.start >= 0
    assert within.stop <= across.size
    if within.start > 0 and within.stop < across.size:
        assert before == after
        assert abs((before + after + 1) * across.spacing - thickness) <= across.spacing * 1.000001
    told = shown_mm(view_of(geometry, plane), index, thickness)
    assert told == (within.stop - within.start) * across.spacing


@pytest.mark.parametrize(("slice_mm", "slices"), [(4.9, 3), (5.0, 3), (5.1, 1), (2.5, 5), (2.0, 5)])
def test_ten_millimetres_are_an_odd_number_of_slices_near_to_it(
    slice_mm: float, slices: int
) -> None:
    view = view_of(Geometry((20, 20, 40), (1.0, 1.0, slice_mm)), Plane.AXIAL)
    within = slices_within(view, 20, 10.0)
    assert within.stop - within.start == slices
    assert shown_mm(view, 20, 10.0) == slices * slice_mm


@settings(deadline=None)
@given(plane=planes, thickness=thicknesses, seed=st.integers(0, 99), data=st.data())
def test_a_slab_is_the_mean_or_the_maximum_of_its_slices(
    plane: Plane, thickness: float, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    voxels = rng.integers(-1024, 3071, GEOMETRY.shape, dtype=np.int16)
    view = view_of(GEOMETRY, plane)
    index = data.draw(st.integers(0, view.across.size - 1))
    within = slices_within(view, index, thickness)
    stack = np.stack([view.slice_of(voxels, i) for i in range(view.across.size)[within]])
    mean = slab_of(view, voxels, index, Slab(Projection.MEAN, thickness))
    maximum = slab_of(view, voxels, index, Slab(Projection.MAXIMUM, thickness))
    assert mean.dtype == maximum.dtype == np.int16
    assert np.abs(mean - stack.mean(axis=0)).max() <= 0.5
    assert np.array_equal(maximum, stack.max(axis=0))
