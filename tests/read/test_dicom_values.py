"""HU of DICOM slices: each frame's own rescale, padding and odd bits, in any transfer syntax."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from inference.errors import UnreadableInputError
from inference.read import list_series, open_ct
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, write_series
from tests.read.test_dicom import enhanced

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
VALUES = "PixelValueTransformationSequence"
NATIVE = [
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
]
PACKED = [RLELossless, JPEGLSLossless]
names = pytest.mark.parametrize("syntax", [*NATIVE, *PACKED], ids=lambda uid: uid.name[:30])


def store(path: Path, syntax: str) -> None:
    """Rewrite a file in another transfer syntax."""
    dataset = pydicom.dcmread(path)
    if syntax in PACKED:
        dataset.compress(syntax)
        dataset.save_as(path)
        return
    for _ in dataset.iterall():
        pass  # Elements that were never accessed are written as they were read.
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
        dataset["PixelData"].VR = "OW"
    dataset.file_meta.TransferSyntaxUID = syntax
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    pydicom.dcmwrite(
        path,
        dataset,
        implicit_vr=implicit,
        little_endian=little,
        force_encoding=True,
    )


@names
def test_slices_in_any_transfer_syntax_hold_the_same_hu(tmp_path: Path, syntax: str) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        store(path, syntax)
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


@names
def test_each_frame_has_its_own_intercept_in_any_transfer_syntax(
    tmp_path: Path, syntax: str
) -> None:
    order = [5, 3, 0, 1, 2, 4, 11, 10, 9, 8, 7, 6]
    whole = enhanced(HU, order, [1.0] * 12)
    stored = np.frombuffer(whole.PixelData, "<u2").reshape(12, 20, 24).astype(np.int32)
    for number, group in enumerate(whole.PerFrameFunctionalGroupsSequence):
        if number % 2:
            group[VALUES].value[0].RescaleIntercept = -2048
            stored[number] += 1024
    whole.PixelData = stored.astype("<u2").tobytes()
    path = tmp_path / "enhanced.dcm"
    whole.save_as(path, enforce_file_format=True)
    store(path, syntax)
    assert np.array_equal(open_ct(path).voxels, HU)


def test_signed_values_are_read_in_any_transfer_syntax(tmp_path: Path) -> None:
    for syntax in (*NATIVE, *PACKED):
        folder = tmp_path / syntax
        signed = SeriesSettings().but(PixelRepresentation=1, RescaleIntercept=0)
        for path, hu in zip(write_series(folder, HU, GEOMETRY, signed), HU, strict=True):
            edit(path, PixelData=hu.astype("<i2").tobytes())
            store(path, syntax)
        assert np.array_equal(open_ct(folder).voxels, HU)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless])
def test_eight_bits_are_read(tmp_path: Path, syntax: str) -> None:
    bits = SeriesSettings().but(
        BitsAllocated=8, BitsStored=8, HighBit=7, RescaleSlope=8, RescaleIntercept=-1024
    )
    stored = np.minimum((HU.astype(np.int32) + 1024) // 8, 255).astype(np.uint8)
    for path, one in zip(write_series(tmp_path, HU, GEOMETRY, bits), stored, strict=True):
        dataset = pydicom.dcmread(path)
        dataset.PixelData = one.tobytes()
        dataset["PixelData"].VR = "OB"
        dataset.save_as(path)
        store(path, syntax)
    assert np.array_equal(open_ct(tmp_path).voxels, stored.astype(np.int32) * 8 - 1024)


def test_one_slice_of_eight_bits_among_sixteen_is_read_by_its_own_header(tmp_path: Path) -> None:
    path = write_series(tmp_path, HU, GEOMETRY)[4]
    stored = ((HU[4].astype(np.int32) + 1024) // 8).astype(np.uint8)
    edit(
        path,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        RescaleSlope=8,
        PixelData=stored.tobytes(),
    )
    volume = open_ct(tmp_path)
    assert np.abs(volume.voxels - HU).max() < 8
    assert "differ in how their values are converted to HU" in volume.warnings[0]


@pytest.mark.parametrize("lifted", [[5], [11], range(6), range(1, 12, 2)], ids=str)
def test_an_intercept_that_is_lost_in_some_slices_is_refused(
    tmp_path: Path, lifted: list[int]
) -> None:
    paths = write_series(tmp_path, np.maximum(HU - 500, -1024).astype(np.int16), GEOMETRY)
    for index in lifted:
        edit(paths[index], RescaleIntercept=0)
    with pytest.raises(UnreadableInputError, match=f"{len(lifted)} of 12 slices"):
        open_ct(tmp_path)


def test_the_extended_scale_is_kept(tmp_path: Path) -> None:
    hu = HU.copy()
    hu[:, 5, 5] = 30_000
    write_series(tmp_path, hu, GEOMETRY)
    assert np.array_equal(open_ct(tmp_path).voxels, hu)


def corners(hu: NDArray[np.int16]) -> NDArray[np.bool_]:
    """What lies outside a round field of view."""
    y, x = np.indices(hu.shape[1:])
    return np.broadcast_to((y - 9.5) ** 2 + (x - 11.5) ** 2 > 120, hu.shape)


PADDINGS = {
    "63536, unsigned": (False, -1024, 63536, None, 63536),
    "-2000, signed": (True, 0, -2000, None, -2000),
    "-2000 written as 63536": (True, 0, 63536, None, -2000),
    "63536 written as -2000": (False, -1024, -2000, None, 63536),
    "a range, signed": (True, 0, -2000, -1500, -1700),
    "a range, the other way round": (True, 0, -1500, -2000, -1700),
    "a range, unsigned": (False, -1024, 60000, 65535, 61000),
    "in the middle of tissue": (False, -1024, 1024, None, 1024),
    "white": (False, -1024, 4095, None, 4095),
    "the lowest number": (True, -1024, -32768, None, -32768),
}


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless])
@pytest.mark.parametrize("padding", PADDINGS.values(), ids=PADDINGS.keys())
def test_padding_becomes_air(
    tmp_path: Path, padding: tuple[bool, int, int, int | None, int], syntax: str
) -> None:
    signed, intercept, value, limit, stored = padding
    outside = corners(HU)
    expected = np.where(HU == 0, 1, HU)  # Inside, no voxel has the padding value.
    cells = np.where(outside, stored, expected.astype(np.int32) - intercept)
    for path, one in zip(write_series(tmp_path, HU, GEOMETRY), cells, strict=True):
        dataset = pydicom.dcmread(path)
        dataset.PixelRepresentation, dataset.RescaleIntercept = int(signed), intercept
        dataset.PixelData = (one & 0xFFFF).astype("<u2").tobytes()
        dataset.add_new("PixelPaddingValue", "SS" if value < 0 else "US", value)
        if limit is not None:
            dataset.add_new("PixelPaddingRangeLimit", "SS" if limit < 0 else "US", limit)
        dataset.save_as(path)
        store(path, syntax)
    voxels = open_ct(tmp_path).voxels
    assert (voxels[outside] == AIR_HU).all()
    assert np.array_equal(voxels[~outside], expected[~outside])


def test_tissue_that_happens_to_have_the_value_of_padding_stays(tmp_path: Path) -> None:
    hu = HU.copy()
    hu[:, 8:12, 8:12] = 0
    write_series(tmp_path, hu, GEOMETRY, SeriesSettings().but(PixelPaddingValue=1024))
    voxels = open_ct(tmp_path).voxels
    assert (voxels[:, 8:12, 8:12] == 0).all()


@pytest.mark.parametrize("overlaid", [True, False])
def test_numbers_beyond_the_stored_bits_are_overlays_or_refused(
    tmp_path: Path, overlaid: bool
) -> None:
    twelve = SeriesSettings().but(BitsStored=12, HighBit=11)
    for path in write_series(tmp_path, HU, GEOMETRY, twelve):
        dataset = pydicom.dcmread(path)
        cells = np.frombuffer(dataset.PixelData, "<u2").copy()
        cells[50:90] |= 0x1000
        dataset.PixelData = cells.tobytes()
        if overlaid:
            dataset.add_new(0x60000102, "US", 12)
        dataset.save_as(path)
    if overlaid:
        assert np.array_equal(open_ct(tmp_path).voxels, HU)
    else:
        with pytest.raises(UnreadableInputError, match="larger numbers than its header allows"):
            open_ct(tmp_path)


@pytest.mark.parametrize("extended", [True, False])
def test_a_negative_number_of_twelve_bits_may_fill_all_sixteen_or_not(
    tmp_path: Path, extended: bool
) -> None:
    twelve = SeriesSettings().but(
        BitsStored=12, HighBit=11, PixelRepresentation=1, RescaleIntercept=0
    )
    bits = 0xFFFF if extended else 0x0FFF
    for path, hu in zip(write_series(tmp_path, HU, GEOMETRY, twelve), HU, strict=True):
        edit(path, PixelData=(hu.astype(np.int32) & bits).astype("<u2").tobytes())
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


def test_a_sign_that_is_lost_is_refused(tmp_path: Path) -> None:
    for path, hu in zip(write_series(tmp_path, HU, GEOMETRY), HU, strict=True):
        edit(path, RescaleIntercept=0, PixelData=hu.astype("<i2").tobytes())
    with pytest.raises(UnreadableInputError, match="HU, which no CT has"):
        open_ct(tmp_path)


def test_jpeg_2000_and_jpeg_are_decoded_one_frame_at_a_time(tmp_path: Path) -> None:
    """GDCM writes lossless JPEG 2000 and JPEG, which pydicom cannot without further packages."""
    order = list(range(12))
    for kind, suffix in (("JPEG2000", "j2k"), ("JPEG", "jpg")):
        frames = [compressed(hu, kind, tmp_path / suffix) for hu in HU]
        whole = enhanced(HU, order, [1.0] * 12)
        whole.PixelData = encapsulate([frame for frame, _ in frames])
        whole["PixelData"].VR = "OB"
        whole.file_meta.TransferSyntaxUID = frames[0][1]
        whole.PerFrameFunctionalGroupsSequence[7][VALUES].value[0].RescaleIntercept = -1000
        whole.save_as(tmp_path / f"{suffix}.dcm", enforce_file_format=True)
        expected = HU.copy()
        expected[7] += 24
        assert np.array_equal(open_ct(tmp_path / f"{suffix}.dcm").voxels, expected)


def compressed(hu: NDArray[np.int16], kind: str, folder: Path) -> tuple[bytes, str]:
    """The stored values of a slice as GDCM compresses them, and the transfer syntax."""
    folder.mkdir(exist_ok=True)
    image = sitk.GetImageFromArray((hu.astype(np.int32) + 1024).astype(np.uint16))
    writer = sitk.ImageFileWriter()
    writer.SetImageIO("GDCMImageIO")
    writer.SetFileName(str(folder / "one.dcm"))
    writer.UseCompressionOn()
    writer.SetCompressor(kind)
    writer.Execute(image)
    dataset = pydicom.dcmread(folder / "one.dcm")
    (frame,) = pydicom.encaps.generate_frames(dataset.PixelData, number_of_frames=1)
    return frame, dataset.file_meta.TransferSyntaxUID


def test_a_series_says_what_it_is_whatever_its_compression(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        store(path, DeflatedExplicitVRLittleEndian)
    (series,) = list_series(tmp_path)
    assert series.usable
    assert series.size == (24, 20, 12)
