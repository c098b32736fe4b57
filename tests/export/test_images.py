"""Masks as image files: ITK reads from our headers what we mean."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings

from inference.export.images import nifti_header, write_nifti, write_nrrd
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.windows.resampling import to_sitk
from tests.geometries import geometries

WRITERS = {".nii.gz": write_nifti, ".nrrd": write_nrrd}


def some_mask(geometry: Geometry) -> Mask:
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[1:3, 2:4, :3] = 1
    return Mask(voxels, geometry)


@pytest.mark.parametrize("ending", WRITERS)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=geometries())
def test_a_mask_reads_back_voxel_for_voxel_in_its_place(
    ending: str, geometry: Geometry, tmp_path: Path
) -> None:
    mask = some_mask(geometry)
    path = tmp_path / f"mask{ending}"
    with path.open("wb") as file:
        WRITERS[ending](mask, file)
    image = sitk.ReadImage(str(path))
    assert image.GetSize() == geometry.size
    assert image.GetSpacing() == pytest.approx(geometry.spacing, rel=1e-6)
    assert image.GetOrigin() == pytest.approx(geometry.origin, rel=1e-6, abs=1e-5)
    assert image.GetDirection() == pytest.approx(geometry.direction, abs=2e-6)
    assert np.array_equal(sitk.GetArrayFromImage(image), mask.voxels)


def test_the_header_of_a_nifti_is_what_itk_writes(tmp_path: Path) -> None:
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0].ravel().tolist()
    geometry = Geometry((6, 5, 4), (0.7, 0.9, 0.8), (-131.7, 220.3, -1040.9), tuple(turn))
    path = tmp_path / "itk.nii"
    sitk.WriteImage(to_sitk(np.zeros(geometry.shape, np.uint8), geometry), str(path))
    itk, ours = path.read_bytes()[:352], nifti_header(geometry)
    for start, stop, kind in ((0, 76, "b"), (76, 120, "f"), (120, 256, "b"), (328, 352, "b")):
        count = (stop - start) // struct.calcsize(kind)
        values = [struct.unpack(f"<{count}{kind}", header[start:stop]) for header in (itk, ours)]
        assert values[0] == pytest.approx(values[1], rel=1e-6)
    floats = [struct.unpack("<18f", header[256:328]) for header in (itk, ours)]
    assert floats[0] == pytest.approx(floats[1], abs=2e-6, rel=1e-6)


@pytest.mark.parametrize("write", WRITERS.values())
def test_the_same_mask_is_the_same_bytes(write: object) -> None:
    mask = some_mask(Geometry((8, 8, 8), (1.0, 1.0, 1.0)))
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write(mask, file)  # type: ignore[operator]
    assert files[0].getvalue() == files[1].getvalue()
