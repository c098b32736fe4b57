"""Resampling slab by slab."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings

from inference.errors import CancelledError
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.progress import Progress
from inference.values.slabs import SLAB_PLANES
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample, resample_slabs, to_sitk
from tests.geometries import geometries


def ramp_hu(geometry: Geometry) -> np.ndarray:
    """HU that grow linearly in patient space, so that interpolation must be exact."""
    z, y, x = np.indices(geometry.shape)
    points = geometry.to_patient(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float))
    ramp = (points - points.mean(axis=0)) @ np.array([1.0, 2.0, -3.0])
    return np.rint(ramp).astype(np.int16).reshape(geometry.shape)


@settings(deadline=None, max_examples=40)
@given(geometries())
def test_a_volume_keeps_its_place_on_the_canonical_grid(geometry: Geometry) -> None:
    canonical = canonical_geometry(geometry, (1.0, 1.0, 1.0))
    hu = ramp_hu(geometry)
    resampled = resample(hu, geometry, canonical, fill=AIR_HU)
    # One call of SimpleITK on the whole volume is the reference for the slabs.
    whole = sitk.Resample(
        to_sitk(hu.astype(np.float32), geometry),
        to_sitk(np.zeros(canonical.shape, np.float32), canonical),
        sitk.Transform(),
        sitk.sitkLinear,
        float(AIR_HU),
    )
    difference = np.abs(resampled - sitk.GetArrayFromImage(whole))
    # At the very border, rounding may decide differently whether a voxel is still inside.
    assert np.mean(difference > 0.51) < 0.01


def test_a_cosine_that_is_all_but_zero_changes_nothing() -> None:
    tiny = 3e-301
    turned = Geometry(
        (15, 4, 4), (0.4, 2.0, 2.0), direction=(1.0, -tiny, 0.0, tiny, 1.0, 0.0, 0.0, 0.0, 1.0)
    )
    straight = Geometry(turned.size, turned.spacing)
    hu = ramp_hu(straight)
    assert np.array_equal(resample(hu, turned, straight, fill=AIR_HU), hu)


def test_slabs_leave_no_seam_between_them() -> None:
    geometry = Geometry((9, 8, SLAB_PLANES), (1.0, 1.0, 3.0), (0.0, 0.0, -40.0))
    canonical = canonical_geometry(geometry, (1.0, 1.0, 1.0))
    assert canonical.size[2] > 2 * SLAB_PLANES
    hu = np.broadcast_to(np.arange(SLAB_PLANES, dtype=np.int16)[:, None, None] * 3, geometry.shape)
    column = resample(hu, geometry, canonical, fill=AIR_HU)[:, 4, 4]
    inner = column[2:-2].astype(int)
    assert set(np.diff(inner)) == {1}


def test_what_lies_outside_is_filled() -> None:
    geometry = Geometry((8, 8, 8), (1.0, 1.0, 1.0))
    beyond = Geometry((8, 8, 8), (1.0, 1.0, 1.0), (0.0, 0.0, 100.0))
    resampled = resample(np.zeros(geometry.shape, np.int16), geometry, beyond, fill=AIR_HU)
    assert (resampled == AIR_HU).all()


def test_values_are_rounded_not_cut() -> None:
    geometry = Geometry((2, 2, 2), (1.0, 1.0, 1.0))
    between = Geometry((1, 2, 2), (1.0, 1.0, 1.0), (0.75, 0.0, 0.0))
    voxels = np.zeros(geometry.shape, np.int16)
    voxels[..., 1] = -101
    assert (resample(voxels, geometry, between, fill=0) == -76).all()


def test_progress_ends_at_the_last_plane_and_cancel_stops_between_slabs() -> None:
    geometry = Geometry((4, 4, 3 * SLAB_PLANES), (1.0, 1.0, 1.0))
    voxels = np.zeros(geometry.shape, np.int16)
    seen: list[Progress] = []
    list(resample_slabs(voxels, geometry, geometry, fill=0, progress=seen.append))
    assert seen[-1] == Progress("resample", 3 * SLAB_PLANES, 3 * SLAB_PLANES)
    with pytest.raises(CancelledError):
        resample(voxels, geometry, geometry, fill=0, cancel=lambda: len(seen) > 0)
