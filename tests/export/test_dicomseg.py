"""Masks as DICOM segmentations: read back, they lie where the CT lies."""

import dataclasses
import warnings
import zipfile
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference import open_ct
from inference.__main__ import main
from inference.errors import OutputError, UnreadableInputError, UsageError
from inference.export import check_formats, staged_folder, write_mask
from inference.model.loading import load_model
from inference.system.budget import needed_bytes
from inference.values.geometry import Geometry, as_direction
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.geometries import reordered, rotation, stored_orders
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, write_series
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
IRCAD = Path(__file__).parents[3] / "shared/ct/ircad/ircad01_dicom.zip"


def block(geometry: Geometry) -> NDArray[np.uint8]:
    """A block away from every middle, so that no flip goes unnoticed."""
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[2:7, 3:9, 5:20] = 1
    voxels[8, 4, 6] = 1
    return voxels


def export(volume: Volume, mask: Mask, folder: Path) -> highdicom.seg.Segmentation:
    with staged_folder(folder) as stage:
        write_mask(mask, ["dicomseg"], stage, "case", volume.source)
    return highdicom.seg.segread(folder / "case_spine.dcm")


def assert_reads_back(found: highdicom.seg.Segmentation, mask: Mask) -> None:
    """Every voxel of the mask, and nothing else, is set at its place in the patient."""
    expected = mask.geometry.to_patient(np.argwhere(mask.voxels)[:, ::-1].astype(float))
    stack = found.get_volume(combine_segments=True)
    indices = np.argwhere(stack.array).astype(float)
    places = indices @ stack.affine[:3, :3].T + stack.affine[:3, 3]
    assert len(places) == len(expected)
    order = np.lexsort(np.round(places, 1).T)
    expected_order = np.lexsort(np.round(expected, 1).T)
    assert places[order] == pytest.approx(expected[expected_order], abs=2e-3)


def test_every_frame_covers_the_slice_it_refers_to(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    mask = Mask(block(volume.geometry), volume.geometry)
    found = export(volume, mask, tmp_path)
    assert_reads_back(found, mask)
    slices = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, (tmp_path / "ct").iterdir())}
    for frame, pixels in zip(
        found.PerFrameFunctionalGroupsSequence, found.pixel_array, strict=True
    ):
        reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
        covered = slices[reference.ReferencedSOPInstanceUID]
        position = frame.PlanePositionSequence[0].ImagePositionPatient
        assert position == covered.ImagePositionPatient
        z = round((float(position[2]) - GEOMETRY.origin[2]) / GEOMETRY.spacing[2])
        assert np.array_equal(pixels, mask.voxels[z])


@settings(
    deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stored=st.sampled_from(list(stored_orders())), lean_mm=st.sampled_from([0.0, 0.3, -0.4]))
def test_it_lies_where_the_ct_lies_however_its_slices_run(
    tmp_path: Path, stored: tuple[tuple[int, ...], tuple[int, ...]], lean_mm: float
) -> None:
    oblique = as_direction(rotation(0.3, -0.2, 0.4))
    grid = dataclasses.replace(GEOMETRY, direction=oblique, spacing=(0.8, 0.7, 1.1))
    folder = tmp_path / f"ct{len(list(tmp_path.iterdir()))}"
    write_series(folder, *reordered(HU, grid, *stored), SeriesSettings(lean_mm=lean_mm))
    volume = open_ct(folder)
    voxels = np.zeros(volume.geometry.shape, np.uint8)
    voxels[2:7, 3:9, 4:] = voxels[8, 4, 0] = 1
    mask = Mask(voxels, volume.geometry)
    assert_reads_back(export(volume, mask, folder / "out"), mask)


@pytest.mark.parametrize("place", [".", "results"])
def test_it_can_lie_in_the_folder_of_its_ct_and_be_written_again(
    place: str, tmp_path: Path
) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    for _ in range(2):
        volume = open_ct(tmp_path)
        assert volume.warnings == ()
        mask = Mask(block(volume.geometry), volume.geometry)
        assert_reads_back(export(volume, mask, tmp_path / place), mask)


def test_it_is_filed_with_the_patient_and_the_study_of_the_ct(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    found = export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)
    assert (found.PatientID, found.StudyInstanceUID) == ("ID-A", "1.2.3.65")
    assert found.FrameOfReferenceUID == "1.2.3.5"
    assert found.Modality == "SEG"
    assert found.ContentDescription == "Research use, not for diagnosis"


@pytest.mark.parametrize(("corrected", "kind"), [(False, "AUTOMATIC"), (True, "SEMIAUTOMATIC")])
def test_it_says_whether_a_person_corrected_it(corrected: bool, kind: str, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    mask = Mask(block(volume.geometry), volume.geometry, corrected)
    assert export(volume, mask, tmp_path).SegmentSequence[0].SegmentAlgorithmType == kind


def test_the_mask_of_a_tilted_gantry_keeps_its_own_places(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY, SeriesSettings(lean_mm=0.5))
    volume = open_ct(tmp_path / "ct")
    assert volume.geometry.size != GEOMETRY.size
    mask = Mask(block(volume.geometry), volume.geometry)
    found = export(volume, mask, tmp_path)
    assert_reads_back(found, mask)
    assert found.FrameOfReferenceUID == "1.2.3.5"


def test_the_mask_of_an_uneven_stack_keeps_its_own_places(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "ct", HU, GEOMETRY)
    x, y, z = pydicom.dcmread(paths[1]).ImagePositionPatient
    edit(paths[1], ImagePositionPatient=[x, y, float(z) + 0.4 * GEOMETRY.spacing[2]])
    volume = open_ct(tmp_path / "ct")
    assert "mm apart" in volume.warnings[0]
    mask = Mask(block(volume.geometry), volume.geometry)
    assert_reads_back(export(volume, mask, tmp_path), mask)


def test_a_mask_without_spine_is_written_empty(tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    empty = Mask(np.zeros(volume.geometry.shape, np.uint8), volume.geometry)
    assert not export(volume, empty, tmp_path).pixel_array.any()


def test_an_archive_is_opened_again_for_it(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "ct", HU, GEOMETRY)
    with zipfile.ZipFile(tmp_path / "ct.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
            path.unlink()
    volume = open_ct(tmp_path / "ct.zip")
    mask = Mask(block(volume.geometry), volume.geometry)
    assert_reads_back(export(volume, mask, tmp_path), mask)


def test_headers_of_an_anonymised_ct_that_lack_the_patient_serve(tmp_path: Path) -> None:
    nobody = SeriesSettings().but(
        PatientName=None, PatientID=None, PatientBirthDate=None, StudyDate=None, StudyID=None
    )
    write_series(tmp_path / "ct", HU, GEOMETRY, nobody)
    volume = open_ct(tmp_path / "ct")
    found = export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)
    assert not found.PatientID


def test_odd_names_of_patients_get_into_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = SeriesSettings().but(PatientName="Secret")
    write_series(tmp_path / "ct", HU, GEOMETRY, settings)
    volume = open_ct(tmp_path / "ct")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)
    told = "".join(str(warning.message) for warning in caught) + capsys.readouterr().err
    assert "Secret" not in told


def test_slices_without_a_frame_of_reference_get_one_and_the_same(tmp_path: Path) -> None:
    settings = SeriesSettings().but(FrameOfReferenceUID=None)
    write_series(tmp_path / "ct", HU, GEOMETRY, settings)
    volume = open_ct(tmp_path / "ct")
    mask = Mask(block(volume.geometry), volume.geometry)
    found = export(volume, mask, tmp_path)
    assert_reads_back(found, mask)
    assert found.FrameOfReferenceUID == export(volume, mask, tmp_path).FrameOfReferenceUID


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_headers_that_cannot_be_referred_to_are_refused(keyword: str, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY, SeriesSettings().but(**{keyword: None}))
    volume = open_ct(tmp_path / "ct")
    with pytest.raises(OutputError, match=keyword):
        export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)


def test_a_ct_that_changed_since_it_was_opened_is_refused(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "ct", HU, GEOMETRY)
    volume = open_ct(tmp_path / "ct")
    highest = max(paths, key=lambda path: pydicom.dcmread(path).ImagePositionPatient[2])
    highest.unlink()
    with pytest.raises(OutputError, match="has changed"):
        export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)


def test_a_ct_that_is_gone_is_told(tmp_path: Path) -> None:
    (folder := tmp_path / "ct").mkdir()
    write_series(folder, HU, GEOMETRY)
    volume = open_ct(folder)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UnreadableInputError, match="nothing at"):
        export(volume, Mask(block(volume.geometry), volume.geometry), tmp_path)


def test_an_input_that_is_no_dicom_is_refused_before_the_run(tmp_path: Path) -> None:
    volume = Volume(HU, GEOMETRY, "phantom")
    with pytest.raises(UsageError, match="no DICOM"):
        check_formats(["nifti", "dicomseg"], volume)
    with pytest.raises(UsageError, match="no DICOM"), staged_folder(tmp_path) as stage:
        write_mask(Mask(block(GEOMETRY), GEOMETRY), ["dicomseg"], stage, "case")
    assert not list(tmp_path.iterdir())


def test_the_command_line_writes_it(tmp_path: Path) -> None:
    bone = np.full(GEOMETRY.shape, 0, np.int16)
    bone[3:10, 5:15, 5:20] = 700
    write_series(tmp_path / "ct", bone, GEOMETRY)
    model = write_threshold_model(tmp_path / "threshold.onnx")
    arguments = ["--format", "dicomseg", "--model", str(model)]
    assert main(["segment", str(tmp_path / "ct"), "--out", str(tmp_path), *arguments]) == 0
    assert highdicom.seg.segread(tmp_path / "ct_spine.dcm").Modality == "SEG"


def test_where_no_spine_was_found_vertebrae_have_no_segmentation_and_an_older_one_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / "ct", np.clip(HU, -1000, 100), GEOMETRY)
    model = write_threshold_model(tmp_path / "threshold.onnx")
    (tmp_path / "ct_vertebrae.dcm").write_bytes(b"of another run")
    arguments = ["--format", "dicomseg,nifti", "--model", str(model), "--vertebrae"]
    assert main(["segment", str(tmp_path / "ct"), "--out", str(tmp_path), *arguments]) == 0
    assert not highdicom.seg.segread(tmp_path / "ct_spine.dcm").pixel_array.any()
    assert (tmp_path / "ct_vertebrae.nii.gz").exists()
    assert not (tmp_path / "ct_vertebrae.dcm").exists()
    assert "0 vertebrae" not in capsys.readouterr().out


@pytest.mark.skipif(not IRCAD.exists(), reason="../shared/ct is not here")
def test_a_real_ct_reads_back_voxel_for_voxel(tmp_path: Path) -> None:
    volume = open_ct(IRCAD)
    mask = Mask((volume.voxels > 300).view(np.uint8), volume.geometry)
    found = export(volume, mask, tmp_path)
    assert len(found.pixel_array) == np.count_nonzero(mask.voxels.any(axis=(1, 2)))
    positions = [
        frame.PlanePositionSequence[0].ImagePositionPatient
        for frame in found.PerFrameFunctionalGroupsSequence
    ]
    indices = volume.geometry.to_index(np.array(positions, dtype=float))
    assert indices[:, :2] == pytest.approx(0, abs=1e-3)
    assert np.array_equal(found.pixel_array, mask.voxels[np.rint(indices[:, 2]).astype(int)])


def test_a_segmentation_that_needs_more_memory_than_allowed_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / "ct", HU, GEOMETRY)
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")))
    least = needed_bytes(model.card.patch, model.card.patch)
    run = ["segment", str(tmp_path / "ct"), "--out", str(tmp_path / "out"), "--mode", "full"]
    options = ["--model", str(tmp_path / "m.onnx"), "--format", "dicomseg", "--max-ram"]
    assert main([*run, *options, str(least)]) == 5
    said = capsys.readouterr().err
    assert "GiB of memory" in said
    assert "Outlining" not in said
    assert not (tmp_path / "out").exists()
