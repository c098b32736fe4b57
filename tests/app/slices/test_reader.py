"""Slices read with their neighbours: the same as slices read one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.slices.planes import Plane, view_of
from app.slices.reader import TOGETHER, SliceReader
from app.slices.slab import Projection, Slab, slab_of
from inference.values.geometry import Geometry
from tests.geometries import geometries

GEOMETRY = Geometry((20, 30, 40), (0.5, 1.0, 2.0))


def numbered(geometry: Geometry) -> np.ndarray:
    return np.arange(np.prod(geometry.shape), dtype=np.int32).reshape(geometry.shape)


@settings(deadline=None)
@given(geometry=geometries(20), plane=st.sampled_from(Plane), data=st.data())
def test_every_slice_is_that_of_the_volume_however_it_is_come_to(
    geometry: Geometry, plane: Plane, data: st.DataObject
) -> None:
    view, voxels = view_of(geometry, plane), numbered(geometry)
    reader = SliceReader(view, voxels)
    for index in data.draw(st.lists(st.integers(0, view.across.size - 1), max_size=30)):
        assert np.array_equal(reader.slice_at(index), view.slice_of(voxels, index))


@pytest.mark.parametrize("plane", Plane)
def test_a_slab_is_read_as_one(plane: Plane) -> None:
    view, voxels, slab = view_of(GEOMETRY, plane), numbered(GEOMETRY), Slab(Projection.MEAN, 6.0)
    read = SliceReader(view, voxels).slice_at(7, slab)
    assert np.array_equal(read, slab_of(view, voxels, 7, slab))


def test_slices_that_lie_between_each_other_in_memory_are_read_once_for_all() -> None:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    reader = SliceReader(view_of(GEOMETRY, Plane.SAGITTAL), voxels)
    reader.slice_at(0)
    reader.slice_at(1)  # scrolled, so the others will be next
    voxels[:] = 1
    assert not any(reader.slice_at(index).any() for index in range(TOGETHER))
    assert reader.slice_at(TOGETHER).all(), "the next ones"


def test_what_is_drawn_again_without_scrolling_is_read_alone() -> None:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    reader = SliceReader(view_of(GEOMETRY, Plane.SAGITTAL), voxels)
    for value in (0, 1, 2):  # a stroke of the brush
        voxels[:] = value
        assert (reader.slice_at(3) == value).all()


def test_after_a_change_the_voxels_are_read_again() -> None:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    reader = SliceReader(view_of(GEOMETRY, Plane.SAGITTAL), voxels)
    reader.slice_at(0)
    reader.slice_at(1)
    voxels[:] = 1
    reader.forget()
    assert reader.slice_at(1).all()
    assert reader.slice_at(2).all()
