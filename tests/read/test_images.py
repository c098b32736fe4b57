"""Image files: NIfTI, NRRD and MHA."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings

from inference.errors import (
    NoUsableSeriesError,
    SeveralInputsError,
    SpineContextError,
    UnreadableInputError,
)
from inference.read import input_name, list_series, open_ct
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import to_sitk
from tests.geometries import geometries
from tests.read.dicom_factory import head_up_ct

GEOMETRY = Geometry((12, 10, 8), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
ENDINGS = (".nii", ".nii.gz", ".nrrd", ".mha")


def refusal(path: Path, kind: type[SpineContextError]) -> str:
    with pytest.raises(kind) as caught:
        open_ct(path)
    return str(caught.value)


def write(path: Path, image: sitk.Image) -> Path:
    sitk.WriteImage(image, str(path))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_gives_voxels_and_place(tmp_path: Path, ending: str) -> None:
    volume = open_ct(write(tmp_path / f"CT 1{ending}", to_sitk(HU, GEOMETRY)))
    assert np.array_equal(volume.voxels, HU)
    assert volume.voxels.dtype == np.int16
    assert volume.geometry.origin == pytest.approx(GEOMETRY.origin)
    assert volume.geometry.spacing == pytest.approx(GEOMETRY.spacing)
    assert volume.name == "CT 1"


def test_a_path_may_be_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.nrrd", to_sitk(HU, GEOMETRY))
    assert np.array_equal(open_ct(str(path)).voxels, HU)
    assert len(list_series(str(path))) == 1


def test_detached_data_are_read_through_their_header(tmp_path: Path) -> None:
    for ending in (".mhd", ".nhdr"):
        path = write(tmp_path / f"a{ending}", to_sitk(HU, GEOMETRY))
        assert np.array_equal(open_ct(path).voxels, HU)


@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=geometries(most_voxels=8))
def test_any_orientation_is_kept_left_handed_ones_too(geometry: Geometry, tmp_path: Path) -> None:
    hu = head_up_ct(geometry)
    volume = open_ct(write(tmp_path / "a.nrrd", to_sitk(hu, geometry)))
    assert np.array_equal(volume.voxels, hu)
    for name in ("spacing", "origin", "direction"):
        assert getattr(volume.geometry, name) == pytest.approx(getattr(geometry, name), abs=1e-9)


def test_a_nifti_in_ras_is_read_with_its_place(tmp_path: Path) -> None:
    ras = Geometry(GEOMETRY.size, GEOMETRY.spacing, (9.0, 8.0, 7.0), (-1, 0, 0, 0, -1, 0, 0, 0, 1))
    volume = open_ct(write(tmp_path / "ras.nii.gz", to_sitk(HU, ras)))
    assert volume.geometry.direction == pytest.approx(ras.direction)
    assert volume.geometry.origin == pytest.approx(ras.origin)


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_voxels_that_are_no_numbers_become_air_with_a_warning(tmp_path: Path, ending: str) -> None:
    hu = HU.astype(np.float32)
    hu[0, 0, :3] = np.nan, np.inf, -np.inf
    volume = open_ct(write(tmp_path / f"a{ending}", to_sitk(hu, GEOMETRY)))
    assert (volume.voxels[0, 0, :3] == AIR_HU).all()
    assert np.array_equal(volume.voxels[1:], HU[1:])
    assert "3 voxels are not numbers" in volume.warnings[0]


def test_voxels_of_a_nifti_that_are_no_numbers_are_no_bone(tmp_path: Path) -> None:
    hu = HU.astype(np.float32)
    hu[0, 0, :3] = np.nan, np.inf, -np.inf
    volume = open_ct(write(tmp_path / "a.nii.gz", to_sitk(hu, GEOMETRY)))
    # ITK's NIfTI library sets them to 0 before anybody can see them.
    assert set(volume.voxels[0, 0, :3]) <= {0, AIR_HU}
    assert np.array_equal(volume.voxels[1:], HU[1:])


def test_fractions_are_rounded_and_extremes_fit(tmp_path: Path) -> None:
    hu = HU.astype(np.float64)
    hu[0, 0, :4] = 10.6, -10.6, 1e9, -3000.0
    volume = open_ct(write(tmp_path / "a.nrrd", to_sitk(hu, GEOMETRY)))
    assert volume.voxels[0, 0, :4].tolist() == [11, -11, 32767, AIR_HU]


def test_one_volume_with_a_fourth_axis_is_used(tmp_path: Path) -> None:
    joined = sitk.JoinSeries([to_sitk(HU, GEOMETRY)])
    volume = open_ct(write(tmp_path / "a.nii.gz", joined))
    assert np.array_equal(volume.voxels, HU)


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (sitk.JoinSeries([to_sitk(HU, GEOMETRY)] * 3), "3 volumes"),
        (sitk.Image(32, 32, sitk.sitkInt16), "flat picture"),
        (sitk.Image([32, 32, 1], sitk.sitkInt16), "flat picture"),
        (sitk.Image([8, 8, 8], sitk.sitkVectorUInt8, 3), "colour"),
    ],
    ids=["4D", "2D", "one slice", "RGB"],
)
def test_what_is_no_volume_is_refused(tmp_path: Path, image: sitk.Image, reason: str) -> None:
    path = write(tmp_path / "a.nrrd", image)
    assert reason in refusal(path, NoUsableSeriesError)
    (series,) = list_series(path)
    assert not series.usable


@pytest.mark.parametrize("millimetres", [0.001, 400.0])
def test_an_absurd_spacing_is_refused(tmp_path: Path, millimetres: float) -> None:
    odd = Geometry(GEOMETRY.size, (millimetres, 0.7, 2.5))
    path = write(tmp_path / "a.mha", to_sitk(HU, odd))
    assert "implausible" in refusal(path, NoUsableSeriesError)


@pytest.mark.parametrize(
    ("millimetres", "usable"), [(0.049, False), (0.05, True), (20.0, True), (20.1, False)]
)
def test_voxels_from_a_twentieth_of_a_millimetre_to_two_centimetres_are_plausible(
    tmp_path: Path, millimetres: float, usable: bool
) -> None:
    sized = Geometry(GEOMETRY.size, (millimetres, 0.7, 2.5))
    (series,) = list_series(write(tmp_path / "a.mha", to_sitk(HU, sized)))
    assert series.usable == usable


def test_a_spacing_of_zero_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mha", to_sitk(HU, GEOMETRY))
    header = path.read_bytes().replace(b"ElementSpacing = 0.8", b"ElementSpacing = 0.0")
    path.write_bytes(header)
    refusal(path, SpineContextError)


def test_a_map_of_labels_is_no_ct(tmp_path: Path) -> None:
    labels = (HU > 0).astype(np.uint8)
    path = write(tmp_path / "a.nii.gz", to_sitk(labels, GEOMETRY))
    assert "not those of a CT" in refusal(path, UnreadableInputError)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_truncated_file_is_unreadable(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"a{ending}", to_sitk(HU, GEOMETRY))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert "cut short" in refusal(path, UnreadableInputError)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_text_file_with_the_ending_of_an_image_is_unreadable(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"notes{ending}"
    path.write_text("Dear colleague,")
    assert path.name in refusal(path, UnreadableInputError)


def test_a_folder_with_one_image_is_that_image(tmp_path: Path) -> None:
    write(tmp_path / "a.nii.gz", to_sitk(HU, GEOMETRY))
    (tmp_path / "notes.txt").write_text("hello")
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


def test_a_folder_with_several_images_asks_for_one(tmp_path: Path) -> None:
    for name in ("a.nii.gz", "b.nii.gz"):
        write(tmp_path / name, to_sitk(HU, GEOMETRY))
    with pytest.raises(SeveralInputsError, match="2 images or archives") as caught:
        open_ct(tmp_path)
    assert [path.name for path in caught.value.inputs] == ["a.nii.gz", "b.nii.gz"]


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/CT 1.nii.gz", "CT 1"), ("b.NRRD", "b"), ("c.zip", "c"), ("d/1.2.3", "1.2.3")],
)
def test_results_are_named_after_the_input(path: str, name: str) -> None:
    assert input_name(Path(path)) == name
