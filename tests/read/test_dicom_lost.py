"""No slice is lost in silence: each file that may be one is read, or refused by its name."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.fileset import FileSet
from pydicom.uid import (
    MPEG2MPML,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    RLELossless,
    generate_uid,
)

from inference.errors import NoUsableSeriesError, UnreadableInputError
from inference.read import list_series, open_ct
from inference.read.dicom.headers import PREAMBLE_BYTES, looks_like_dicom
from inference.read.names import pattern_of
from tests.read.dicom_factory import SeriesSettings, edit, write_series
from tests.read.test_dicom import GEOMETRY, HU, enhanced

THICK = SeriesSettings().but(SliceThickness=7.5)

Damage = Callable[[bytes], bytes]

DAMAGES: dict[str, Damage] = {
    "empty": lambda _: b"",
    "overwritten with zeros": lambda content: bytes(len(content)),
    "cut off before its signature": lambda content: content[: PREAMBLE_BYTES - 5],
    "overwritten with another text": lambda _: b"<html>404 Not Found</html>",
    "cut off within its header": lambda content: content[:600],
}
NAMES = [
    "IM{0:04d}",
    "{0}",
    "I{0:07X}",
    "1.2.840.{0}.7",
    "image_{0}",
    "slice {0} of 12.ima",
    "{0}.dcm",
]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(NAMES),
    damage=st.sampled_from(sorted(DAMAGES)),
    lost=st.sets(st.integers(0, 11), min_size=1, max_size=11),
)
def test_slices_that_a_copy_damaged_are_never_left_out(
    tmp_path: Path, name: str, damage: str, lost: set[int]
) -> None:
    folder = tmp_path / "CT"
    shutil.rmtree(folder, ignore_errors=True)
    for index, path in enumerate(write_series(folder, HU, GEOMETRY)):
        renamed = path.rename(folder / name.format(index + 1))
        if index in lost:
            renamed.write_bytes(DAMAGES[damage](renamed.read_bytes()))
    with pytest.raises(UnreadableInputError, match="damaged or cut short"):
        open_ct(folder)
    with pytest.raises(UnreadableInputError, match="damaged or cut short"):
        list_series(folder)


def test_a_slice_is_not_read_without_its_damaged_neighbours(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    paths[-1].write_bytes(b"")
    with pytest.raises(UnreadableInputError) as caught:
        open_ct(paths[0])
    assert paths[-1].name in str(caught.value)


def test_files_that_are_named_otherwise_are_no_slices(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    for name in ("README", "VERSION", "viewer.exe", "autorun.inf", "7.txt", "log_0001.txt"):
        (tmp_path / name).write_text("Welcome.")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "40001").write_text("Of another folder.")
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("IM0001", "IM0040", True),
        ("0A1B2C3D", "FF00AB12", True),
        ("1.2.840.10008.5", "1.2.840.10008.14", True),
        ("1.2.840.5.dcm", "1.2.840.5.6.dcm", True),
        ("CT.1.2.3", "MR.1.2.3", False),
        ("IM0001", "IM0001.txt", False),
        ("IM0001", "README", False),
        ("0001", "cafe", False),
    ],
)
def test_names_of_one_export_are_alike(one: str, other: str, alike: bool) -> None:
    assert (pattern_of(one) == pattern_of(other)) == alike


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
@pytest.mark.parametrize("first", ["ImageType", "SOPClassUID", "SOPInstanceUID", "StudyDate"])
def test_without_a_preamble_a_slice_may_begin_with_any_element(
    tmp_path: Path, first: str, syntax: UID
) -> None:
    absent = ["ImageType", "SOPClassUID", "SOPInstanceUID", "StudyDate"]
    absent = absent[: absent.index(first)]
    for path in write_series(tmp_path, HU, GEOMETRY):
        edit(path, **dict.fromkeys(absent))
        strip(path, syntax)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


def test_a_big_endian_slice_may_lack_its_preamble(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        strip(path, ExplicitVRBigEndian)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


def test_a_stack_is_not_cut_where_slices_begin_in_another_way(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[7:]:
        edit(path, ImageType=None)
        strip(path, ExplicitVRLittleEndian)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x08\x00",
        b"\x08\x00\x05\x01CS\x0a\x00ISO_IR 100",  # no element of an image begins a file
        b"\x10\x00\x10\x00PN\x04\x00Doe ",
        b"\x08\x00\x16\x00\xff\xff\xff\xff" + bytes(8),
        b"\x5c\x01\x00\x00" + bytes(344),
        b"Dear colleague, the CT is on the disc.",
    ],
)
def test_what_does_not_begin_with_a_first_element_is_no_dicom(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    assert not looks_like_dicom(tmp_path / "file")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("frames", [10**9, 10**6])
def test_more_frames_than_a_file_can_hold_are_refused_at_once(
    tmp_path: Path, frames: int, packed: bool
) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    if packed:
        dataset = pydicom.dcmread(paths[3])
        dataset.compress(RLELossless)
        dataset.save_as(paths[3])
    edit(paths[3], NumberOfFrames=frames)
    with pytest.raises(NoUsableSeriesError, match="cut short") as caught:
        open_ct(tmp_path)
    assert paths[3].name in str(caught.value)


@pytest.mark.parametrize("index", [0, 5])
def test_a_slice_that_would_unpack_to_gigabytes_is_refused_at_once(
    tmp_path: Path, index: int
) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    for path in paths:
        dataset = pydicom.dcmread(path)
        dataset.compress(RLELossless)
        dataset.save_as(path)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)
    for path in paths if index else paths[:1]:
        edit(path, Rows=65535, Columns=65535)
    assert "cut short" in _refusal(tmp_path)


def test_frames_of_a_file_without_an_image_are_not_counted(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    report = SeriesSettings(modality="SR", series_uid="1.2.3.9").but(NumberOfFrames=10**9, Rows=0)
    write_series(tmp_path, HU, GEOMETRY, report, slices=[0])
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


@pytest.mark.parametrize("syntax", [HTJ2KLossless, MPEG2MPML, UID("1.2.3.4.5")])
def test_a_compression_that_is_not_read_is_named(tmp_path: Path, syntax: UID) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY):
        declare(path, syntax)
    for said in (list_series(tmp_path)[0].problems[0], _refusal(tmp_path)):
        assert f"compressed in a way that cannot be read ({syntax.name})" in said


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.integers(0, 6),
    stride=st.sampled_from([1, 2]),
    backwards=st.booleans(),
    start=st.sampled_from([0, 1]),
)
def test_what_is_missing_where_no_hole_shows_is_told_by_the_numbers(
    tmp_path: Path, first: int, stride: int, backwards: bool, start: int
) -> None:
    folder = tmp_path / "CT"
    shutil.rmtree(folder, ignore_errors=True)
    kept = range(first, 12, stride)[: (12 - first) // stride]
    if len(kept) < 4:
        return
    for index, path in zip(kept, write_series(folder, HU, GEOMETRY, THICK, kept), strict=True):
        edit(path, InstanceNumber=(11 - index if backwards else index) + start)
    notes = open_ct(folder).warnings
    numbers = [(11 - index if backwards else index) + start for index in kept]
    absent = len(set(range(1, max(numbers) + 1)) - set(numbers))
    assert any(f"but {absent} of these numbers are not here" in note for note in notes) == (
        absent > 0
    )


def test_numbers_that_another_reconstruction_uses_are_not_missing(tmp_path: Path) -> None:
    for kernel, start, hu in (("soft", 1, HU), ("bone", 13, HU - 5)):
        named = SeriesSettings().but(ConvolutionKernel=kernel)
        for index, path in enumerate(write_series(tmp_path / kernel, hu, GEOMETRY, named)):
            edit(path, InstanceNumber=start + index)
    assert [series.warnings for series in list_series(tmp_path)] == [(), ()]


def test_fewer_images_than_the_header_speaks_of_are_told(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(ImagesInAcquisition=12), range(9))
    (note,) = open_ct(tmp_path).warnings
    assert note.startswith("Its header speaks of 12 images, but 9 are here.")
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(ImagesInAcquisition=12))
    assert open_ct(tmp_path).warnings == ()


@pytest.mark.parametrize(
    ("stated", "told"), [(2.5, False), (-2.5, False), (1.7, False), (1.6, True)]
)
def test_slices_further_apart_than_stated_are_told(
    tmp_path: Path, stated: float, told: bool
) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(SpacingBetweenSlices=stated))
    notes = open_ct(tmp_path).warnings
    assert any("slices lie 1.60 mm apart, but by their positions" in n for n in notes) == told
    assert len(notes) == told


def disc(folder: Path, paths: list[Path]) -> list[Path]:
    """Write slices to a medium with a DICOMDIR; returns its slices from foot to head."""
    medium = FileSet()
    for path in paths:
        medium.add(path)
    medium.write(folder)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR"]
    return sorted(files, key=lambda path: float(pydicom.dcmread(path).ImagePositionPatient[2]))


@pytest.mark.parametrize("at_end", [True, False])
def test_images_that_a_dicomdir_lists_may_not_be_missing(tmp_path: Path, at_end: bool) -> None:
    slices = disc(tmp_path / "CD", write_series(tmp_path / "CT", HU, GEOMETRY))
    assert np.array_equal(open_ct(tmp_path / "CD").voxels, HU)
    for path in slices[8:] if at_end else slices[:4]:
        path.unlink()
    for place in (tmp_path / "CD", tmp_path / "CD" / "DICOMDIR"):
        assert "its DICOMDIR lists 4 more images than are here" in _refusal(place)


def test_the_dicomdir_of_other_images_says_nothing(tmp_path: Path) -> None:
    for path in disc(tmp_path / "CD", write_series(tmp_path / "CT", HU, GEOMETRY)):
        edit(path, SOPInstanceUID=generate_uid())
    assert open_ct(tmp_path / "CD").warnings == ()


@pytest.mark.parametrize("kept", [0, 100, 400])
def test_slices_beside_a_damaged_dicomdir_are_used_with_a_note(tmp_path: Path, kept: int) -> None:
    disc(tmp_path / "CD", write_series(tmp_path / "CT", HU, GEOMETRY))
    directory = tmp_path / "CD" / "DICOMDIR"
    directory.write_bytes(directory.read_bytes()[:kept])
    for place in (tmp_path / "CD", directory):
        volume = open_ct(place)
        assert np.array_equal(volume.voxels, HU)
        (note,) = volume.warnings
        assert note.startswith("The DICOMDIR is damaged, so that it does not tell whether slices")


def write_parts(folder: Path, parts: Sequence[int]) -> list[Path]:
    """Write these of three files that together store the frames of an enhanced image."""
    paths = []
    for part in parts:
        whole = enhanced(HU, range(12))
        four = slice(4 * part, 4 * part + 4)
        whole.NumberOfFrames = 4
        whole.PixelData = whole.PixelData[len(whole.PixelData) * part // 3 :][: 4 * 2 * HU[0].size]
        whole.PerFrameFunctionalGroupsSequence = whole.PerFrameFunctionalGroupsSequence[four]
        whole.SOPInstanceUID = whole.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        whole.InConcatenationNumber, whole.InConcatenationTotalNumber = part + 1, 3
        folder.mkdir(exist_ok=True)
        whole.save_as(folder / f"part {part}", enforce_file_format=True)
        paths.append(folder / f"part {part}")
    return paths


def test_frames_in_several_files_are_one_stack_and_none_may_be_missing(tmp_path: Path) -> None:
    first, *_ = write_parts(tmp_path / "whole", range(3))
    for place in (tmp_path / "whole", first):
        assert np.array_equal(open_ct(place).voxels, HU)
    write_parts(tmp_path / "torn", [0, 1])
    assert "stored in 3 files, of which 2 are here" in _refusal(tmp_path / "torn")


def _refusal(folder: Path) -> str:
    with pytest.raises(NoUsableSeriesError) as caught:
        open_ct(folder)
    return str(caught.value)


def strip(path: Path, syntax: UID) -> None:
    """Rewrite a file without preamble and without the group that names its syntax."""
    dataset = pydicom.dcmread(path)
    for _ in dataset.iterall():
        pass  # Elements that were never accessed are written as they were read.
    little = syntax != ExplicitVRBigEndian
    if not little:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset.file_meta, dataset.preamble = pydicom.dataset.FileMetaDataset(), None
    pydicom.dcmwrite(
        path,
        dataset,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=little,
        force_encoding=True,
    )


def declare(path: Path, syntax: UID) -> None:
    """Name another transfer syntax in a file, whose content stays."""
    content = path.read_bytes()
    declared = ExplicitVRLittleEndian.encode()
    length = len(declared) + len(declared) % 2
    other = syntax.encode()
    other += b"\0" * (len(other) % 2)
    at = content.index(b"\x02\x00\x10\x00UI")
    group = int.from_bytes(content[140:144], "little") + len(other) - length
    path.write_bytes(
        content[:140]
        + group.to_bytes(4, "little")
        + content[144 : at + 6]
        + len(other).to_bytes(2, "little")
        + other
        + content[at + 8 + length :]
    )
