"""The straightened view: the line lies in the middle column, and positions map back."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.mask.centre_line import CentreLine
from inference.mask.curve import curve_through, evenly_spaced
from inference.mask.straightened import FRONT_MM, SIDE_MM, Plane, StraightenedView
from inference.values.geometry import Geometry

GRID = Geometry((100, 140, 260), (1.0, 1.0, 1.0), (-50.0, -70.0, -130.0))
PLANES = st.sampled_from(["sagittal", "coronal"])


@functools.cache
def bent_line() -> CentreLine:
    """A spine with a lordosis and a scoliosis."""
    z = np.arange(-100.0, 101.0)
    points, _ = evenly_spaced(np.stack([8 * np.sin(z / 60), -20 * np.cos(z / 70), z], axis=1))
    curve = curve_through(points, np.tile([0.0, 1.0, 0.0], (len(points), 1)), points)
    millimetres = np.full(len(points), 20.0)
    return CentreLine(curve, millimetres, millimetres, millimetres)


@settings(deadline=None)
@given(PLANES, st.floats(-15, 15), st.floats(0.1, 0.9), st.floats(-25, 25))
def test_a_place_in_the_picture_leads_to_the_patient_and_back(
    plane: Plane, offset: float, share: float, aside: float
) -> None:
    view = StraightenedView(bent_line(), plane, offset)
    row = share * (view.shape[0] - 1)
    column = aside - view.columns_mm[0]
    found = view.to_picture(view.to_patient(row, column))
    assert found == pytest.approx((row, column, 0.0), abs=0.75)


@pytest.mark.parametrize("plane", ["sagittal", "coronal"])
def test_a_bent_rod_along_the_line_becomes_straight(plane: Plane) -> None:
    line = bent_line()
    voxels = np.zeros(GRID.shape, np.int16)
    x, y, z = np.rint(GRID.to_index(line.curve.points)).astype(int).T
    for step in (-1, 0, 1):
        voxels[z, y + step, x] = voxels[z, y, x + step] = 1000
    view = StraightenedView(line, plane)
    picture = view.picture(voxels, GRID, fill=-1000)
    middle = int(FRONT_MM if plane == "sagittal" else SIDE_MM)
    assert picture.shape == view.shape
    assert (picture[:, middle] == 1000).mean() > 0.98
    assert (picture[:, middle + 5] == 0).all()


@settings(deadline=None)
@given(PLANES, st.floats(-80, 80))
def test_every_pixel_is_the_nearest_voxel_or_the_fill(plane: Plane, offset: float) -> None:
    view = StraightenedView(bent_line(), plane, offset)
    voxels = np.random.default_rng(0).integers(0, 1000, GRID.shape, dtype=np.int16)
    picture = view.picture(voxels, GRID, fill=-1)
    for row, column in np.ndindex(tuple(length // 20 for length in view.shape)):
        point = view.to_patient(row * 20, column * 20)
        place = np.rint(GRID.to_index(np.array([point]))[0]).astype(int)
        inside = (place >= 0).all() and (place < GRID.size).all()
        x, y, z = place.tolist()
        assert picture[row * 20, column * 20] == (voxels[z, y, x] if inside else -1)


def test_voxels_in_any_order_in_memory_give_the_same_picture() -> None:
    view = StraightenedView(bent_line(), "sagittal", 40.0)
    voxels = np.random.default_rng(0).integers(0, 1000, GRID.shape, dtype=np.int16)
    apart = np.asfortranarray(voxels)
    assert not apart.flags.c_contiguous
    assert np.array_equal(view.picture(apart, GRID, -1), view.picture(voxels, GRID, -1))


def test_rows_run_from_head_to_feet_and_columns_from_front_to_back() -> None:
    view = StraightenedView(bent_line(), "sagittal")
    head, feet = view.to_patient(0, 0), view.to_patient(view.shape[0] - 1, 0)
    front, back = view.to_patient(100, 0), view.to_patient(100, 50)
    assert head[2] > feet[2]
    assert front[1] < back[1]


def test_columns_of_a_coronal_picture_run_from_right_to_left() -> None:
    view = StraightenedView(bent_line(), "coronal")
    assert view.to_patient(100, 0)[0] < view.to_patient(100, 50)[0]
