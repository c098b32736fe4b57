"""Real studies and public hard cases: what happens to each of them.

They are in ``../shared/ct/dicom_cases.zip``, whose README names their sources.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.uid import CTImageStorage

from inference import open_ct
from inference.__main__ import main
from inference.errors import NoUsableSeriesError
from inference.read import list_series, recommend
from inference.windows.resampling import to_sitk

CASES = Path(__file__).parents[3] / "shared/ct/dicom_cases.zip"

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="../shared/ct is not here")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("dicom_cases")
    with zipfile.ZipFile(CASES) as archive:
        archive.extractall(folder)
    yield folder


def test_in_a_head_study_the_scan_is_used_and_scout_and_summary_are_not(cases: Path) -> None:
    study = cases / "head_study_multi_series"
    found = list_series(study)
    assert [series.usable for series in found] == [True, False, False, False, False]
    reasons = sorted(series.problems[0] for series in found[1:])
    assert reasons == [
        "it is a scout, not a volume",
        "it is a screenshot, not a volume",
        "it is a screenshot, not a volume",
        "it is a screenshot, not a volume",
    ]
    volume = open_ct(study)
    assert volume.geometry.size == (512, 512, 28)
    assert volume.geometry.spacing == pytest.approx((0.451, 0.451, 5.0), abs=1e-3)
    assert volume.warnings == ()


def test_a_compressed_thorax_without_a_series_identifier_is_read_in_order(cases: Path) -> None:
    folder = cases / "thorax_20_slices"
    volume = open_ct(folder)
    slices = sorted(
        (pydicom.dcmread(path) for path in folder.iterdir()),
        key=lambda slice_: float(slice_.ImagePositionPatient[2]),
    )
    expected = np.stack(
        [s.pixel_array * float(s.RescaleSlope) + float(s.RescaleIntercept) for s in slices]
    )
    assert np.array_equal(volume.voxels, expected.astype(np.int16))
    assert volume.geometry.spacing[2] == pytest.approx(2.0)
    assert volume.geometry.origin == pytest.approx(tuple(slices[0].ImagePositionPatient))


def test_a_tilted_head_of_two_slice_thicknesses_is_one_straight_and_even_stack(cases: Path) -> None:
    (series,) = list_series(cases / "head_gantry_tilt")
    assert len(series.slices) == 28
    volume = open_ct(cases / "head_gantry_tilt")
    # 14 slices of 4 mm below 14 of 7 mm, the first of which begins 1.1 mm above the last thin one.
    assert volume.geometry.spacing[2] == pytest.approx(4.0, abs=0.01)
    assert (volume.geometry.size[2] - 1) * volume.geometry.spacing[2] == pytest.approx(
        144.1, abs=0.1
    )
    assert "The gantry was tilted by 18.5°" in volume.warnings[0]
    assert "Its slices are 1.1 to 7.0 mm apart" in volume.warnings[1]


def test_a_tilted_gantry_is_straightened_with_a_warning(cases: Path) -> None:
    volume = open_ct(cases / "failing/gantrytilting")
    assert "The gantry was tilted by 14.0°" in volume.warnings[0]
    direction = np.reshape(volume.geometry.direction, (3, 3))
    assert direction.T @ direction == pytest.approx(np.eye(3), abs=1e-6)


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("failing/notavolume", "several of its slices lie in the same place"),
        ("failing/slicecount/001", "it is an MR scan, not a CT"),
        ("failing/sliceincrement/001", "a slice is missing in the middle"),
        ("failing/sliceincrement/002", "a slice is missing in the middle"),
        ("compressed/001", "it is an MR scan, not a CT"),
        ("compressed_j2k/001", "it is an MR scan, not a CT"),
    ],
)
def test_a_case_that_is_no_ct_volume_ends_with_4_and_one_sentence(
    cases: Path, folder: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NoUsableSeriesError, match=reason):
        open_ct(cases / folder)
    assert recommend(list_series(cases / folder)) is None
    out = tmp_path / "out"
    assert main(["segment", str(cases / folder), "--out", str(out)]) == 4
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert reason in line
    assert not out.exists()


@pytest.mark.parametrize("folder", ["compressed", "compressed_j2k"])
def test_compressed_slices_are_decoded_as_their_authors_did(
    cases: Path, folder: str, tmp_path: Path
) -> None:
    for path in (cases / folder / "001").iterdir():
        dataset = pydicom.dcmread(path)
        dataset.Modality, dataset.SOPClassUID = "CT", CTImageStorage
        dataset.RescaleSlope, dataset.RescaleIntercept = 1, 0
        dataset.save_as(tmp_path / path.name)
    volume = open_ct(tmp_path, hu_offset=0)
    truth = sitk.ReadImage(str(cases / folder / "001_ground_truth.nii.gz"))
    grid = to_sitk(volume.voxels, volume.geometry)
    expected = sitk.Resample(truth, grid, sitk.Transform(), sitk.sitkNearestNeighbor, -1.0)
    assert np.array_equal(volume.voxels, sitk.GetArrayFromImage(expected).astype(np.int16))
