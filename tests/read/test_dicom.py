"""DICOM series: grouped, ordered, checked and read."""

import errno
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.fileset import FileSet
from pydicom.uid import RLELossless, generate_uid

from inference.errors import (
    NoUsableSeriesError,
    ScratchDiskError,
    SpineContextError,
    UnreadableInputError,
)
from inference.read import Series, input_files, list_series, middle_slice, open_ct, recommend
from inference.read.dicom.headers import PREAMBLE_BYTES
from inference.read.voxels.hounsfield import LOWEST_HU
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from tests.geometries import geometries
from tests.read.dicom_factory import SeriesSettings, head_up_ct, make_slice, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)


def refusal(path: Path, kind: type[SpineContextError] = NoUsableSeriesError) -> str:
    with pytest.raises(kind) as caught:
        open_ct(path)
    message = str(caught.value)
    assert "Secret" not in message
    assert "ID-" not in message
    return message


def assert_same_place(found: Geometry, expected: Geometry) -> None:
    assert found.size == expected.size
    for name in ("spacing", "origin", "direction"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-5)


def test_slices_are_ordered_by_position_whatever_their_names(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert_same_place(volume.geometry, GEOMETRY)
    assert volume.warnings == ()
    assert volume.name == tmp_path.name


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=geometries(most_voxels=8).filter(lambda g: np.linalg.det(_matrix(g)) > 0))
def test_any_orientation_is_kept(geometry: Geometry, tmp_path: Path) -> None:
    folder = tmp_path / "series"
    shutil.rmtree(folder, ignore_errors=True)
    hu = head_up_ct(geometry)
    write_series(folder, hu, geometry)
    volume = open_ct(folder)
    assert np.array_equal(volume.voxels, hu)
    assert_same_place(volume.geometry, geometry)


def _matrix(geometry: Geometry) -> NDArray[np.float64]:
    return np.reshape(geometry.direction, (3, 3))


def test_slope_and_intercept_of_each_slice_are_applied(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, slices=range(6))
    other = SeriesSettings().but(RescaleSlope=0.5, RescaleIntercept=-512)
    write_series(tmp_path, HU, GEOMETRY, other, slices=range(6, 12))
    voxels = open_ct(tmp_path).voxels
    assert np.array_equal(voxels[:6], HU[:6])
    # HU + 1024 is stored; half of that minus 512 is half the HU.
    assert np.abs(voxels[6:] - HU[6:] / 2).max() <= 0.5


def test_what_lies_outside_the_field_of_view_is_air(tmp_path: Path) -> None:
    hu = HU.copy()
    hu[:, :3] += 2000
    write_series(tmp_path, hu, GEOMETRY, SeriesSettings().but(RescaleIntercept=-3024))
    voxels = open_ct(tmp_path).voxels
    assert np.array_equal(voxels, np.where(hu - 2000 < LOWEST_HU, AIR_HU, hu - 2000))


def test_a_missing_slice_in_the_middle_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, slices=[i for i in range(12) if i != 5])
    assert "a slice is missing" in refusal(tmp_path)


def test_copies_of_slices_are_left_out_with_a_warning(tmp_path: Path) -> None:
    first, *_ = write_series(tmp_path, HU, GEOMETRY)
    shutil.copy(first, tmp_path / "copy of a slice")
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert "Duplicate slices were left out: 1" in volume.warnings[0]


def test_different_slices_in_one_place_are_refused(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU + 1, GEOMETRY, slices=[3])
    assert "same place" in refusal(tmp_path)


def test_two_acquisitions_in_one_series_are_two_stacks(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU + 1, GEOMETRY, SeriesSettings(acquisition=2))
    series = list_series(tmp_path)
    assert [one.uid for one in series] == ["1.2.3.4/1", "1.2.3.4/2"]
    assert np.array_equal(open_ct(tmp_path, series_uid="1.2.3.4/2").voxels, HU + 1)


def test_two_patients_are_refused_until_a_series_is_chosen(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU + 1, GEOMETRY, SeriesSettings("B", "1.2.3.9"))
    assert "2 patients" in refusal(tmp_path)
    assert np.array_equal(open_ct(tmp_path, series_uid="1.2.3.9").voxels, HU + 1)


def test_of_several_series_the_longest_is_used_and_the_user_is_told(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU[:6], Geometry((24, 20, 6), (0.8, 0.7, 2.5)))
    write_series(tmp_path / "b", HU, GEOMETRY, SeriesSettings(series_uid="1.2.3.9"))
    volume = open_ct(tmp_path)
    assert len(volume.voxels) == 12
    assert "2 usable series" in volume.warnings[0]
    assert open_ct(tmp_path, series_uid="1.2.3.4").warnings == ()


@pytest.mark.parametrize(("thin_mm", "recommended"), [(46, 46), (44, 10)])
def test_more_slices_are_preferred_in_a_series_of_nine_tenths_of_the_length(
    tmp_path: Path, thin_mm: int, recommended: int
) -> None:
    """Ten slices of 5 mm beside thin ones of 1 mm."""
    thick = Geometry((24, 20, 10), (0.8, 0.7, 5.0))
    thin = Geometry((24, 20, thin_mm), (0.8, 0.7, 1.0))
    write_series(tmp_path / "a", head_up_ct(thick), thick)
    hu = np.maximum(head_up_ct(thin), LOWEST_HU).astype(np.int16)
    write_series(tmp_path / "b", hu, thin, SeriesSettings(series_uid="1.2.3.9"))
    best = recommend(list_series(tmp_path))
    assert best is not None
    assert best.size[2] == recommended


def test_a_chooser_sees_the_middle_slices_and_gets_the_series_it_names(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU + 1, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"))
    middles = {}

    def choose(found: Sequence[Series]) -> str:
        middles.update({one.uid: middle_slice(one.slices) for one in found})
        return "1.2.3.5"

    volume = open_ct(tmp_path, choose=choose)
    assert np.array_equal(volume.voxels, HU + 1)
    assert np.array_equal(middles["1.2.3.4"], HU[6])
    assert volume.warnings == ()


def test_there_is_no_middle_slice_in_hu_of_a_series_in_colour(tmp_path: Path) -> None:
    colour = SeriesSettings().but(
        PhotometricInterpretation="RGB",
        SamplesPerPixel=3,
        PlanarConfiguration=0,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelData=bytes(24 * 20 * 3),
    )
    write_series(tmp_path, HU, GEOMETRY, colour)
    (series,) = list_series(tmp_path)
    with pytest.raises(UnreadableInputError):
        middle_slice(series.slices)


def test_an_unknown_series_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    with pytest.raises(NoUsableSeriesError, match="spinecontext info"):
        open_ct(tmp_path, series_uid="9.9")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Modality": "MR"}, "MR scan"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "scout"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "screenshot"),
        ({"PhotometricInterpretation": "RGB"}, "colour"),
        ({"ImagePositionPatient": None}, "where in the patient"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "skewed"),
        ({"PixelSpacing": [0, 0]}, "or one of 0 mm"),
        ({"PixelSpacing": [900, 900]}, "implausible"),
        ({"RescaleSlope": None}, "HU"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_ct_volume_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(**changes))
    assert reason in refusal(tmp_path)
    (series,) = list_series(tmp_path)
    assert not series.usable
    assert recommend([series]) is None


def test_too_few_slices_are_refused(tmp_path: Path) -> None:
    write_series(tmp_path / "three", HU, GEOMETRY, slices=range(3))
    assert "too few slices (3)" in refusal(tmp_path / "three")
    write_series(tmp_path / "four", HU, GEOMETRY, slices=range(4))
    assert len(open_ct(tmp_path / "four").voxels) == 4


def test_slices_too_far_apart_are_refused(tmp_path: Path) -> None:
    sparse = Geometry(GEOMETRY.size, (0.8, 0.7, 50.0))
    write_series(tmp_path, HU, sparse)
    assert "distance of 50 mm" in refusal(tmp_path)


def test_a_tilted_gantry_is_straightened_and_every_voxel_keeps_its_place(tmp_path: Path) -> None:
    geometry = Geometry((30, 60, 20), (0.8, 0.8, 3.0), (5.0, 6.0, 7.0))
    lean_mm = 3.0 * np.tan(np.radians(15.0))
    ball_at = np.array([16.0, 32.0, 36.0])
    z, y, x = np.indices(geometry.shape)
    indices = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float)
    points = geometry.to_patient(indices)
    points[:, 1] += indices[:, 2] * lean_mm
    inside = np.linalg.norm(points - ball_at, axis=1) < 8.0
    hu = np.where(inside.reshape(geometry.shape), 1000, -1000).astype(np.int16)
    write_series(tmp_path, hu, geometry, SeriesSettings(lean_mm=lean_mm))

    volume = open_ct(tmp_path)

    assert "tilted by 15.0°" in volume.warnings[0]
    found = np.argwhere(volume.voxels > 500)[:, ::-1].astype(float)
    assert volume.geometry.to_patient(found).mean(axis=0) == pytest.approx(ball_at, abs=0.4)
    ball_mm3 = len(found) * volume.geometry.voxel_volume_ml * 1000
    assert ball_mm3 == pytest.approx(4 / 3 * np.pi * 8.0**3, rel=0.05)


def test_a_tilt_the_other_way_is_straightened_too(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(lean_mm=-1.05))
    volume = open_ct(tmp_path)
    # A lean of 1.05 mm is one and a half rows of 0.7 mm for each slice.
    assert volume.geometry.size == (24, 20 + 17, 12)
    assert np.array_equal(volume.voxels[0, -20:], HU[0])
    first_pixel = volume.geometry.to_patient(np.array([[0.0, 17.0, 0.0]]))[0]
    assert first_pixel == pytest.approx(GEOMETRY.origin, abs=1e-5)


def test_a_tilt_no_gantry_has_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(lean_mm=5.0))
    assert "more than a gantry can" in refusal(tmp_path)


def test_a_slice_that_steps_out_of_line_is_refused(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    dataset = pydicom.dcmread(paths[4])
    x, y, z = dataset.ImagePositionPatient
    dataset.ImagePositionPatient = [x + 9, y, z]
    dataset.save_as(paths[4])
    assert "one line" in refusal(tmp_path)


def test_a_single_slice_brings_its_series_along(tmp_path: Path) -> None:
    first, *_ = write_series(tmp_path, HU, GEOMETRY)
    write_series(tmp_path, HU[:8], GEOMETRY, SeriesSettings(series_uid="1.2.3.9"))
    volume = open_ct(first)
    assert np.array_equal(volume.voxels, HU)
    assert "is one file of a series" in volume.warnings[0]


def test_a_cd_with_a_dicomdir_is_read_by_file_and_by_folder(tmp_path: Path) -> None:
    loose = write_series(tmp_path / "loose", HU, GEOMETRY)
    medium = FileSet()
    for path in loose:
        medium.add(path)
    medium.write(tmp_path / "CD")
    for chosen in (tmp_path / "CD", tmp_path / "CD" / "DICOMDIR"):
        volume = open_ct(chosen)
        assert np.array_equal(volume.voxels, HU)
        assert volume.name == "CD"


def enhanced(
    hu: NDArray[np.int16], order: Sequence[int], slopes: Sequence[float] | None = None
) -> FileDataset:
    """One file of many frames in that order, each with its own slope if ``slopes`` are given."""
    frames = [make_slice(hu[i], GEOMETRY, i, SeriesSettings()) for i in range(len(hu))]
    whole = frames[0]
    whole.SOPClassUID = whole.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    whole.NumberOfFrames = len(hu)
    whole.PixelData = b"".join(frames[i].PixelData for i in order)
    whole.SharedFunctionalGroupsSequence = [
        _group(
            PixelMeasuresSequence={"PixelSpacing": [0.7, 0.8], "SliceThickness": 2.5},
            PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
            **({} if slopes else {VALUES: {"RescaleSlope": 1, "RescaleIntercept": -1024}}),
        )
    ]
    whole.PerFrameFunctionalGroupsSequence = [
        _group(
            PlanePositionSequence={"ImagePositionPatient": frames[i].ImagePositionPatient},
            **({VALUES: {"RescaleSlope": slopes[i], "RescaleIntercept": -1024}} if slopes else {}),
        )
        for i in order
    ]
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(whole, keyword)
    return whole


VALUES = "PixelValueTransformationSequence"
ORDER = [5, 3, 0, 1, 2, 4, 11, 10, 9, 8, 7, 6]


def test_an_enhanced_file_of_many_frames_is_a_volume(tmp_path: Path) -> None:
    enhanced(HU, ORDER).save_as(tmp_path / "enhanced.dcm", enforce_file_format=True)
    volume = open_ct(tmp_path / "enhanced.dcm")
    assert np.array_equal(volume.voxels, HU)
    assert_same_place(volume.geometry, GEOMETRY)


def test_of_two_enhanced_files_of_a_series_neither_is_read_alone(tmp_path: Path) -> None:
    for half in (range(6), range(6, 12)):
        whole = enhanced(HU[half.start : half.stop], range(6))
        for index, group in zip(half, whole.PerFrameFunctionalGroupsSequence, strict=True):
            position = make_slice(HU[index], GEOMETRY, index, SeriesSettings()).ImagePositionPatient
            group.PlanePositionSequence[0].ImagePositionPatient = position
        whole.SOPInstanceUID = whole.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        whole.InstanceNumber = half.start + 1
        whole.save_as(tmp_path / f"half {half.start}", enforce_file_format=True)
    for place in (tmp_path, tmp_path / "half 0", tmp_path / "half 6"):
        volume = open_ct(place)
        assert np.array_equal(volume.voxels, HU)
        assert_same_place(volume.geometry, GEOMETRY)
        assert len(input_files(place)) == 2
    assert volume.warnings == (
        "half 6 is one file of a series; the whole series beside it was read.",
    )


def test_of_two_enhanced_files_in_one_place_the_chosen_one_is_read(tmp_path: Path) -> None:
    for name, hu in (("long", HU), ("short", HU[:6] + 9)):
        whole = enhanced(hu, range(len(hu)))
        whole.SOPInstanceUID = whole.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        whole.save_as(tmp_path / name, enforce_file_format=True)
    assert np.array_equal(open_ct(tmp_path / "long").voxels, HU)
    short = open_ct(tmp_path / "short")
    assert np.array_equal(short.voxels, HU[:6] + 9)
    assert short.warnings == (
        "Other stacks of the same series hold more of the patient than this one.",
    )
    assert len(list_series(tmp_path)) == 2


@pytest.mark.parametrize("damaged", [False, True])
def test_an_enhanced_file_that_fits_no_other_is_read_with_a_note(
    tmp_path: Path, damaged: bool
) -> None:
    chosen, other = tmp_path / "1.dcm", tmp_path / "2.dcm"
    enhanced(HU, range(12)).save_as(chosen, enforce_file_format=True)
    assert open_ct(chosen).warnings == ()
    whole = enhanced(HU[:, :-2], range(12))  # as wide, but lower, and where the first one ends
    for index, group in enumerate(whole.PerFrameFunctionalGroupsSequence, start=12):
        position = make_slice(HU[0], GEOMETRY, index, SeriesSettings()).ImagePositionPatient
        group.PlanePositionSequence[0].ImagePositionPatient = position
    whole.save_as(other, enforce_file_format=True)
    if damaged:
        other.write_bytes(other.read_bytes()[:300])
    volume = open_ct(chosen)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings[0].startswith("1.dcm was read alone, because it makes no volume")


def test_a_file_of_a_series_that_another_one_continues_is_not_read_alone(tmp_path: Path) -> None:
    (first, *_) = write_series(tmp_path, HU, GEOMETRY, slices=range(6))
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"), slices=range(6, 12))
    for place in (tmp_path, first):
        with pytest.raises(NoUsableSeriesError, match="The patient is here in parts"):
            open_ct(place)


@pytest.mark.parametrize(("frames", "described"), [(8, 12), (12, 8)])
def test_frames_that_are_not_all_described_or_not_all_there_are_refused(
    tmp_path: Path, frames: int, described: int
) -> None:
    whole = enhanced(HU, range(12))
    whole.NumberOfFrames = frames
    whole.PixelData = whole.PixelData[: frames * HU[0].nbytes]
    groups = whole.PerFrameFunctionalGroupsSequence[:described]
    whole.PerFrameFunctionalGroupsSequence = groups
    whole.save_as(tmp_path / "CT", enforce_file_format=True)
    said = f"speaks of {frames} frames, but describes {described}"
    assert said in refusal(tmp_path, NoUsableSeriesError)


def test_each_frame_of_an_enhanced_file_has_its_own_slope(tmp_path: Path) -> None:
    slopes = [1.0 + 0.25 * i for i in range(12)]
    enhanced(HU, ORDER, slopes).save_as(tmp_path / "enhanced.dcm", enforce_file_format=True)
    expected = (HU + 1024.0) * np.reshape(slopes, (-1, 1, 1)) - 1024
    assert np.array_equal(open_ct(tmp_path / "enhanced.dcm").voxels, np.rint(expected))


READ = """
import sys
from pathlib import Path
from inference.system.memory import peak_rss_bytes
from inference.read import open_ct
open_ct(Path(sys.argv[1]))
before = peak_rss_bytes()
volume = open_ct(Path(sys.argv[2]))
print(volume.voxels.nbytes, peak_rss_bytes() - before)
"""


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_a_large_file_of_many_frames_is_not_held_in_memory(packed: bool, tmp_path: Path) -> None:
    paths = tmp_path / "small.dcm", tmp_path / "large.dcm"
    large = np.zeros((200, 512, 512), np.int16)
    large[100:150] = 300
    for path, hu in zip(paths, (HU, large), strict=True):
        whole = enhanced(hu, range(len(hu)))
        if packed:
            whole.compress(RLELossless)
        whole.save_as(path, enforce_file_format=True)
    run = subprocess.run(
        [sys.executable, "-c", READ, *map(str, paths)], capture_output=True, text=True, check=True
    )
    size, growth = map(int, run.stdout.split())
    assert size == large.nbytes
    assert growth < 50 * 2**20


def _group(**sequences: dict[str, object]) -> pydicom.Dataset:
    group = pydicom.Dataset()
    for keyword, elements in sequences.items():
        item = pydicom.Dataset()
        for element, value in elements.items():
            setattr(item, element, value)
        setattr(group, keyword, [item])
    return group


def test_slices_of_old_archives_without_a_preamble_are_read(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        path.write_bytes(path.read_bytes()[PREAMBLE_BYTES:])
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert_same_place(volume.geometry, GEOMETRY)


def test_a_path_with_spaces_and_umlauts_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "Größe 1" / "Bäume & Söhne"
    write_series(folder, HU, GEOMETRY)
    assert np.array_equal(open_ct(folder).voxels, HU)


def test_an_empty_folder_is_unreadable(tmp_path: Path) -> None:
    assert "empty" in refusal(tmp_path, UnreadableInputError)


def test_a_missing_path_is_unreadable(tmp_path: Path) -> None:
    assert "nothing at" in refusal(tmp_path / "gone", UnreadableInputError)


def test_a_text_file_named_dcm_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "slice.dcm").write_text("Dear colleague,")
    assert "slice.dcm" in refusal(tmp_path / "slice.dcm", UnreadableInputError)
    assert "slice.dcm" in refusal(tmp_path, UnreadableInputError)


def test_a_truncated_slice_is_refused_by_its_name(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    content = paths[3].read_bytes()
    paths[3].write_bytes(content[: len(content) * 2 // 3])
    message = refusal(tmp_path)
    assert "cut short" in message
    assert paths[3].name in message


@pytest.mark.parametrize("kept_bytes", [200, 400, 500, 800])
def test_a_slice_cut_short_within_its_header_is_noticed(tmp_path: Path, kept_bytes: int) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    paths[11].write_bytes(paths[11].read_bytes()[:kept_bytes])
    assert paths[11].name in refusal(tmp_path, SpineContextError)


def test_a_damaged_compressed_slice_is_unreadable(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, slices=range(11))
    last = make_slice(HU[11], GEOMETRY, 11, SeriesSettings())
    last.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.70"
    last.PixelData = pydicom.encaps.encapsulate([b"\xff\xd8" + b"no JPEG at all" * 9])
    last["PixelData"].VR = "OB"
    last.save_as(tmp_path / "last")
    assert "damaged" in refusal(tmp_path, UnreadableInputError)


def test_a_full_scratch_disk_is_not_told_as_a_damaged_slice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = enhanced(HU, range(len(HU)))
    whole.compress(RLELossless)
    whole.save_as(tmp_path / "ct.dcm", enforce_file_format=True)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pydicom.dataset.FileDataset, "save_as", full)
    with pytest.raises(ScratchDiskError, match="no room for temporary files"):
        open_ct(tmp_path / "ct.dcm")


def test_a_series_that_vanishes_while_it_is_read_is_unreadable(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    with pytest.raises(UnreadableInputError, match="gone"):
        open_ct(tmp_path, progress=lambda _: paths[11].unlink(missing_ok=True))


def test_garbage_behind_the_sign_of_dicom_is_unreadable(tmp_path: Path) -> None:
    garbage = np.random.default_rng(3).bytes(4000)
    (tmp_path / "x.dcm").write_bytes(b"\0" * 128 + b"DICM" + struct.pack("<I", 7) + garbage)
    refusal(tmp_path, UnreadableInputError)
