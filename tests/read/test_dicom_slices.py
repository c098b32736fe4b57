"""Whatever is checked for the first slice is checked for every slice."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from inference.errors import NoUsableSeriesError
from inference.read import list_series, open_ct
from inference.values.geometry import Geometry
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, misspell, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
ANYWHERE = pytest.mark.parametrize("index", [0, 5, 11], ids=["first", "middle", "last"])


def refusal(folder: Path) -> str:
    with pytest.raises(NoUsableSeriesError) as caught:
        open_ct(folder)
    return str(caught.value)


@ANYWHERE
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"RescaleSlope": None, "RescaleIntercept": None}, "how its values are converted to HU"),
        ({"RescaleSlope": None}, "how its values are converted to HU"),
        ({"RescaleIntercept": None}, "how its values are converted to HU"),
        ({"RescaleSlope": 0}, "how its values are converted to HU"),
        ({"NumberOfFrames": 0}, 'its NumberOfFrames is "0"'),
        ({"NumberOfFrames": -201}, 'its NumberOfFrames is "-201"'),
        ({"RescaleType": "ED"}, 'its values are "ED", not HU'),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "inverted"),
        ({"ImagePositionPatient": None}, "where in the patient"),
        ({"ImageOrientationPatient": None}, "where in the patient"),
        ({"ImageOrientationPatient": [1, 0, 0, 0.1, 1, 0]}, "skewed"),
        ({"PixelSpacing": None}, "states no pixel size"),
        ({"PixelSpacing": [0, 0.8]}, "0.8 by 0 mm"),
        ({"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, "more pixels than its header says"),
        ({"Rows": 19}, "more pixels than its header says"),
        ({"Rows": 40}, "cut short"),
        ({"PixelSpacing": [1.4, 0.8]}, "0.8 by 0.7 and 0.8 by 1.4 mm"),
        ({"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}, "turned against each other"),
        ({"PatientID": "another"}, "different patients"),
        ({"SeriesInstanceUID": "1.2.3.9"}, "different series identifiers"),
        ({"BitsStored": 20}, "20 bits of 16"),
        ({"HighBit": 11}, "up to bit 11"),
        ({"Modality": "MR"}, "an MR scan"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, "of the kind MR Image Storage, not a CT"),
        ({"Modality": None, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.2"}, "RT Dose Storage"),
        ({"ImageType": ["DERIVED", "PRIMARY", "MINIP"]}, "computed from a CT (MINIP)"),
        ({"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "ELECTRON_DENSITY"]}, "computed from a CT"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "a scout"),
        ({"PhotometricInterpretation": "RGB"}, "in colour"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_one_slice_that_cannot_be_used_is_named_wherever_it_stands(
    tmp_path: Path, changes: dict[str, object], reason: str, index: int
) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    edit(paths[index], **changes)
    message = refusal(tmp_path)
    assert reason in message
    assert paths[index].name in message


@pytest.mark.parametrize("beside", [False, True])
def test_values_that_a_table_converts_are_refused(tmp_path: Path, beside: bool) -> None:
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [4, 0, 16], "HU"
    table.add_new("LUTData", "OW", np.arange(4, dtype="<u2").tobytes())
    rescale = {} if beside else {"RescaleSlope": None, "RescaleIntercept": None}
    settings = SeriesSettings().but(ModalityLUTSequence=[table], **rescale)
    write_series(tmp_path, HU, GEOMETRY, settings)
    assert "converted by a table (Modality LUT), which is not read" in refusal(tmp_path)


@ANYWHERE
def test_a_slice_of_another_size_is_named_with_both_sizes(tmp_path: Path, index: int) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    edit(paths[index], Rows=10, Columns=12, PixelData=bytes(2 * 10 * 12))
    message = refusal(tmp_path)
    assert "24 by 20 and 12 by 10 pixels" in message
    assert paths[index].name in message


def test_half_of_the_slices_without_a_rescale_are_counted(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[6:]:
        edit(path, RescaleSlope=None, RescaleIntercept=None)
    assert "how its values are converted to HU (6 of 12 slices, such as the file" in refusal(
        tmp_path
    )


def test_half_of_the_slices_of_another_size_are_not_read_alone(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[6:]:
        edit(path, Rows=10, Columns=12, PixelData=bytes(2 * 10 * 12))
    assert "pixels (" in refusal(tmp_path)


def test_every_second_slice_of_another_size_is_not_left_out(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[::2]:
        edit(path, PixelSpacing=[0.9, 1.0])
    assert "pixels are not of one size" in refusal(tmp_path)


NO_SLICES = {
    "localizer": {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
    "scout named in words": {"ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "SCOUT VIEW"]},
    "secondary capture": {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"},
    "screenshot": {"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]},
    "dose report": {"ImageType": ["DERIVED", "SECONDARY", "DOSE_INFO"]},
    "colour": {"PhotometricInterpretation": "RGB"},
    "another modality": {"Modality": "SR"},
    "another kind": {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.128"},
    "projection": {"ImageType": ["DERIVED", "SECONDARY", "AXIAL", "MIP"]},
    "iodine map": {"ImageType": ["DERIVED", "SECONDARY", "AXIAL", "IODINE_NO_WATER"]},
    "map of a material": {"ImageType": ["DERIVED", "PRIMARY", "VOLUME", "MAT_SPECIFIC"]},
    "projection without iodine": {"ImageType": ["DERIVED", "PRIMARY", "MIP", "IODINE REMOVED"]},
}


@ANYWHERE
@pytest.mark.parametrize("changes", NO_SLICES.values(), ids=NO_SLICES.keys())
def test_an_image_that_is_no_slice_is_left_out_wherever_it_stands(
    tmp_path: Path, changes: dict[str, object], index: int
) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    extra = SeriesSettings().but(
        ImageOrientationPatient=[1, 0, 0, 0, 0, -1], InstanceNumber=index, **changes
    )
    (path,) = write_series(tmp_path / "extra", HU, GEOMETRY, extra, slices=[index])
    path.rename(tmp_path / ["0 before all", "zz after all"][index > 0])
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    (note,) = volume.warnings
    assert note.startswith("Images left out of this series: 1 (it is ")


def test_a_scout_that_does_not_say_so_is_left_out_with_a_note(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    scout = SeriesSettings().but(
        ImageOrientationPatient=[1, 0, 0, 0, 0, -1], ImagePositionPatient=[-200, 0, 0]
    )
    write_series(tmp_path / "scout", HU, GEOMETRY, scout, slices=[0])
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == (
        "Images left out of this series: 1 (of another size, plane or place).",
    )


def test_what_was_left_out_is_told_where_a_slice_is_missing(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    paths[5].unlink()
    scout = SeriesSettings().but(
        ImageOrientationPatient=[1, 0, 0, 0, 0, -1],
        ImagePositionPatient=[-200, 0, 0],
        ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"],
    )
    write_series(tmp_path / "scout", HU, GEOMETRY, scout, slices=[0])
    message = refusal(tmp_path)
    assert "a slice is missing" in message
    assert "scout" in message


@pytest.mark.parametrize(
    "changes",
    [
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.2"},
        {"SOPClassUID": "1.3.46.670589.5.0.1"},
        {"SOPClassUID": ""},
        {"Modality": ""},
        {"ImageType": ["DERIVED", "SECONDARY", "MPR", "AVERAGE"]},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "VMI"]},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "IODINE REMOVED"]},
        {"ImageType": ["DERIVED", "PRIMARY", "VOLUME", "MAT_REMOVED"]},
    ],
    ids=str,
)
def test_what_may_be_a_ct_is_one(tmp_path: Path, changes: dict[str, object]) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(**changes))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("PixelSpacing", "0,7\\0,8"),
        ("ImagePositionPatient", "-100,5\\20,25\\-640"),
        ("ImageOrientationPatient", "1,0\\0\\0\\0\\1,0\\0"),
        ("RescaleSlope", "1,0"),
        ("RescaleIntercept", "-1024,0"),
        ("PixelSpacing", "nan\\nan"),
        ("ImagePositionPatient", "1\\2"),
    ],
)
def test_a_number_that_is_none_is_quoted(tmp_path: Path, keyword: str, text: str) -> None:
    paths = write_series(tmp_path / "all", HU, GEOMETRY)
    for path in paths:
        misspell(path, keyword, text)
    assert f'its {keyword} is "{text}"' in refusal(tmp_path / "all")
    one = write_series(tmp_path / "one", HU, GEOMETRY)[7]
    misspell(one, keyword, text)
    message = refusal(tmp_path / "one")
    assert f'its {keyword} is "{text}"' in message
    assert one.name in message


def test_a_number_that_is_not_needed_may_be_none(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        misspell(path, "SliceThickness", "2,5")
        misspell(path, "AcquisitionNumber", "1.5")
        misspell(path, "InstanceNumber", "one")
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


def test_without_instance_numbers_slices_are_read(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(InstanceNumber=None))
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


@pytest.mark.parametrize(("skew", "usable"), [(0.018, True), (0.024, False)])
def test_cosines_may_be_skewed_as_far_as_rounding_to_two_digits_makes_them(
    skew: float, usable: bool, tmp_path: Path
) -> None:
    skewed = SeriesSettings().but(ImageOrientationPatient=[1, 0, 0, f"{skew:.6f}", 1, 0])
    write_series(tmp_path, HU, GEOMETRY, skewed)
    (series,) = list_series(tmp_path)
    assert series.usable == usable
