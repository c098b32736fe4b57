"""Image files from other programs: read correctly, noted, or refused with the reason."""

import bz2
import gzip
import lzma
import math
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.errors import NoUsableSeriesError, SpineContextError, UnreadableInputError
from inference.read import list_series, open_ct
from inference.values.geometry import Geometry
from inference.values.messages import nameless
from inference.windows.resampling import to_sitk
from tests.geometries import geometries
from tests.read.dicom_factory import head_up_ct
from tests.read.nifti_factory import as_nifti_2, field, nifti, put, turned

GEOMETRY = Geometry((12, 10, 8), (0.75, 0.5, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)


def assert_plain(path: Path, *words: str) -> None:
    """The file is the plain CT in its place, with one note for each word."""
    volume = open_ct(path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.geometry.spacing == pytest.approx(GEOMETRY.spacing, abs=1e-5)
    assert volume.geometry.origin == pytest.approx(GEOMETRY.origin, abs=1e-4)
    assert volume.geometry.direction == pytest.approx(GEOMETRY.direction, abs=1e-6)
    assert len(volume.warnings) == len(words), volume.warnings
    assert all(word in note for word, note in zip(words, volume.warnings, strict=True))
    (series,) = list_series(path)
    assert series.usable
    assert series.warnings == volume.warnings
    assert tuple(map(nameless, volume.warnings)) == volume.warnings


def assert_refused(path: Path, words: str) -> None:
    """The file is refused in a sentence with these words, and ``info`` says so too."""
    with pytest.raises(SpineContextError) as caught:
        open_ct(path)
    assert words in str(caught.value)
    try:
        (series,) = list_series(path)
    except SpineContextError as error:
        assert str(error) == str(caught.value)
    else:
        assert not series.usable
        assert words in nameless(series.problems[0]), "no reason of ours is taken for a name"


@pytest.fixture
def plain(tmp_path: Path) -> bytearray:
    """The plain CT as the bytes of a NIfTI."""
    return nifti(tmp_path, HU, GEOMETRY)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "not at all": bytes,
    "gzip": gzip.compress,
    "gzip twice": lambda content: gzip.compress(gzip.compress(content)),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ["ct.nii", "ct.nii.gz", "CT.NII.GZ", "ct.nrrd", "ct.mha"])
def test_packing_and_format_are_known_by_the_content_not_by_the_name(
    tmp_path: Path, plain: bytearray, name: str, packing: str
) -> None:
    (tmp_path / name).write_bytes(PACKED[packing](bytes(plain)))
    assert_plain(tmp_path / name)


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_other_formats_may_be_packed_as_a_whole_too(
    tmp_path: Path, ending: str, packing: str
) -> None:
    path = tmp_path / f"ct{ending}"
    for pack in (False, True):
        sitk.WriteImage(to_sitk(HU, GEOMETRY), str(path), useCompression=pack)
        path.write_bytes(PACKED[packing](path.read_bytes()))
        assert_plain(path)


@pytest.mark.parametrize("offset", [0.0, -1.0, 1.0, 348.0, 351.0])
@pytest.mark.parametrize("name", ["ct.nii", "ct.nii.gz"])
def test_an_offset_inside_the_header_is_the_least_there_can_be(
    tmp_path: Path, plain: bytearray, name: str, offset: float
) -> None:
    content = bytes(put(plain, "vox_offset", offset))
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert_plain(tmp_path / name)


def test_extensions_before_the_voxels_are_skipped(tmp_path: Path, plain: bytearray) -> None:
    put(plain, "vox_offset", 368.0)
    plain[348] = 1
    plain[352:352] = struct.pack("<2i8s", 16, 6, b"comment")
    (tmp_path / "ct.nii").write_bytes(plain)
    assert_plain(tmp_path / "ct.nii")


NO_NIFTI_OFFSETS = [math.nan, math.inf, 1e9, 384.0]


@pytest.mark.parametrize("offset", NO_NIFTI_OFFSETS)
def test_an_offset_behind_the_voxels_is_refused(
    tmp_path: Path, plain: bytearray, offset: float
) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "vox_offset", offset))
    assert_refused(tmp_path / "ct.nii", "cut short")


@pytest.mark.parametrize("axis", [1, 2, 3])
@pytest.mark.parametrize("side", [0.0, -0.75, math.nan, math.inf, 0.04, 20.1])
def test_a_spacing_that_cannot_be_is_refused_whatever_the_sform_says(
    tmp_path: Path, plain: bytearray, side: float, axis: int
) -> None:
    sides = list(field(plain, "pixdim"))
    sides[axis] = side
    put(plain, "pixdim", *sides)
    for codes in ((1, 1), (1, 0), (0, 1), (0, 0)):
        (tmp_path / "ct.nii").write_bytes(put(plain, "codes", *codes))
        assert_refused(tmp_path / "ct.nii", "implausible")


@pytest.mark.parametrize(("code", "millimetres"), [(0, 1.0), (1, 1000.0), (2, 1.0), (3, 0.001)])
def test_lengths_are_read_in_their_unit(
    tmp_path: Path, plain: bytearray, code: int, millimetres: float
) -> None:
    put(plain, "pixdim", 1, *(mm / millimetres for mm in GEOMETRY.spacing), 0, 0, 0, 0)
    for name in ("qoffset", "srow"):
        put(plain, name, *(value / millimetres for value in field(plain, name)))
    (tmp_path / "ct.nii").write_bytes(put(plain, "xyzt_units", code | 8))
    assert_plain(tmp_path / "ct.nii")


@pytest.mark.parametrize("slope", [0.0, math.nan, math.inf])
def test_a_slope_that_is_none_scales_nothing(
    tmp_path: Path, plain: bytearray, slope: float
) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "scl", slope, 5.0))
    assert_plain(tmp_path / "ct.nii")


def test_a_negative_slope_is_refused(tmp_path: Path, plain: bytearray) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "scl", -1.0, 0.0))
    assert_refused(tmp_path / "ct.nii", "factor of -1")


def test_either_order_of_bytes_and_either_version_are_read(
    tmp_path: Path, plain: bytearray
) -> None:
    path = tmp_path / "ct.nii"
    for content in (turned(plain), as_nifti_2(plain), as_nifti_2(plain, ">")):
        path.write_bytes(content)
        assert_plain(path)


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("data", ["ct.img", "ct.IMG", "ct.img.gz"])
@pytest.mark.parametrize("chosen", ["header", "data"])
def test_a_pair_of_files_is_read_by_either(
    tmp_path: Path, plain: bytearray, packing: str, data: str, chosen: str
) -> None:
    put(put(plain, "magic", b"ni1"), "vox_offset", 0.0)
    (tmp_path / "ct.hdr").write_bytes(plain[:352])
    (tmp_path / data).write_bytes(PACKED[packing](bytes(plain[352:])))
    assert_plain(tmp_path / ("ct.hdr" if chosen == "header" else data))


def test_half_of_a_pair_names_the_other_half(tmp_path: Path, plain: bytearray) -> None:
    (tmp_path / "ct.hdr").write_bytes(put(plain, "magic", b"ni1")[:352])
    assert_refused(tmp_path / "ct.hdr", "ct.img")


def test_an_analyze_file_is_refused_because_it_has_no_sides(
    tmp_path: Path, plain: bytearray
) -> None:
    (tmp_path / "ct.hdr").write_bytes(put(plain, "magic", b"")[:348])
    (tmp_path / "ct.img").write_bytes(plain[352:])
    assert_refused(tmp_path / "ct.hdr", "left from right")


@pytest.mark.parametrize(
    ("dim", "words"),
    [
        ((2, 12, 10, 8, 1, 1, 1, 1), "flat"),
        ((3, 12, 10, 1, 8, 1, 1, 1), "flat"),
        ((3, 12, 10, 7, 1, 1, 1, 1), "fewer voxels"),
        ((3, 12, 9, 8, 1, 1, 1, 1), "fewer voxels"),
        ((3, 11, 10, 8, 1, 1, 1, 1), "fewer voxels"),
        ((3, 12, 10, 9, 1, 1, 1, 1), "cut short"),
        ((3, 12, 10, 32767, 1, 1, 1, 1), "cut short"),
        ((3, 12, 10, -8, 1, 1, 1, 1), "damaged"),
        ((0, 12, 10, 8, 1, 1, 1, 1), "damaged"),
        ((9, 12, 10, 8, 1, 1, 1, 1), "damaged"),
        ((4, 12, 10, 4, 2, 1, 1, 1), "2 volumes"),
        ((5, 12, 10, 4, 1, 2, 1, 1), "2 volumes"),
    ],
)
def test_axes_that_do_not_fit_the_voxels_are_refused(
    tmp_path: Path, plain: bytearray, dim: tuple[int, ...], words: str
) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "dim", *dim))
    assert_refused(tmp_path / "ct.nii", words)


@pytest.mark.parametrize("axes", [3, 4, 5, 7])
@pytest.mark.parametrize("further", [0, 1])
def test_axes_of_one_are_dropped(tmp_path: Path, plain: bytearray, axes: int, further: int) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "dim", axes, 12, 10, 8, *[further] * 4))
    assert_plain(tmp_path / "ct.nii")


@pytest.mark.parametrize(
    ("datatype", "bits", "words"),
    [
        (128, 24, "colour"),
        (2304, 32, "colour"),
        (32, 64, "several values"),
        (1536, 128, "cannot be read"),
        (1, 1, "cannot be read"),
        (16, 16, "contradicts"),
        (4, 8, "contradicts"),
        (16, 32, "cut short"),
        (2, 8, "fewer voxels"),
    ],
)
def test_types_that_are_no_numbers_or_do_not_fit_are_refused(
    tmp_path: Path, plain: bytearray, datatype: int, bits: int, words: str
) -> None:
    (tmp_path / "ct.nii").write_bytes(put(put(plain, "datatype", datatype), "bitpix", bits))
    assert_refused(tmp_path / "ct.nii", words)


def test_an_intent_changes_nothing(tmp_path: Path, plain: bytearray) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "intent_code", 1002))
    assert_plain(tmp_path / "ct.nii")


@pytest.mark.parametrize("codes", [(1, 0), (0, 1), (1, 2), (2, 1), (3, 4)])
def test_one_of_two_geometries_that_agree_is_enough(
    tmp_path: Path, plain: bytearray, codes: tuple[int, int]
) -> None:
    qform, sform = codes
    put(plain, "codes", *codes)
    if not qform:
        put(plain, "quatern", 0.5, 0.5, 0.5)
    if not sform:
        put(plain, "srow", *range(12))
    (tmp_path / "ct.nii").write_bytes(plain)
    assert_plain(tmp_path / "ct.nii")


def mirrored(plain: bytearray) -> bytearray:
    x, *rest = field(plain, "srow")
    return put(plain, "srow", -x, *rest)


def scaled(plain: bytearray) -> bytearray:
    return put(plain, "srow", *(1.1 * value for value in field(plain, "srow")))


def elsewhere(plain: bytearray) -> bytearray:
    rows = list(field(plain, "srow"))
    rows[3] += 100
    return put(plain, "srow", *rows)


def skewed(plain: bytearray) -> bytearray:
    rows = list(field(plain, "srow"))
    rows[6] += 0.5
    return put(plain, "srow", *rows)


@pytest.mark.parametrize("change", [mirrored, scaled, elsewhere, skewed])
def test_of_two_geometries_that_disagree_the_qform_is_used_with_a_note(
    tmp_path: Path, plain: bytearray, change: Callable[[bytearray], bytearray]
) -> None:
    (tmp_path / "ct.nii").write_bytes(change(plain))
    assert_plain(tmp_path / "ct.nii", "qform was used")


def test_rounding_is_no_disagreement(tmp_path: Path, plain: bytearray) -> None:
    rows = list(field(plain, "srow"))
    voxel = min(GEOMETRY.spacing)
    rows[3] += 0.495 * voxel
    (tmp_path / "ct.nii").write_bytes(put(plain, "srow", *rows))
    assert open_ct(tmp_path / "ct.nii").warnings == ()
    rows[3] += 0.01 * voxel
    (tmp_path / "ct.nii").write_bytes(put(plain, "srow", *rows))
    assert "qform was used" in open_ct(tmp_path / "ct.nii").warnings[0]


def test_a_qform_that_is_no_rotation_gives_way_to_the_sform(
    tmp_path: Path, plain: bytearray
) -> None:
    for void in ((1.0, 1.0, 0.0), (math.nan, 0.0, 0.0)):
        (tmp_path / "ct.nii").write_bytes(put(plain, "quatern", *void))
        assert_plain(tmp_path / "ct.nii", "impossible (qform)")


def test_a_void_sform_gives_way_to_the_qform(tmp_path: Path, plain: bytearray) -> None:
    for void in ([0.0] * 12, [math.nan] * 12):
        (tmp_path / "ct.nii").write_bytes(put(plain, "srow", *void))
        assert_plain(tmp_path / "ct.nii", "impossible (sform)")


@pytest.mark.parametrize("qfac", [-1.0, -3.0])
def test_qfac_turns_the_last_axis(tmp_path: Path, plain: bytearray, qfac: float) -> None:
    put(put(plain, "codes", 1, 0), "pixdim", qfac, *field(plain, "pixdim")[1:])
    (tmp_path / "ct.nii").write_bytes(plain)
    assert open_ct(tmp_path / "ct.nii").geometry.direction[8] == pytest.approx(-1.0)


@pytest.mark.parametrize("qfac", [0.0, 1.0, math.nan])
def test_no_qfac_turns_nothing(tmp_path: Path, plain: bytearray, qfac: float) -> None:
    put(put(plain, "codes", 1, 0), "pixdim", qfac, *field(plain, "pixdim")[1:])
    (tmp_path / "ct.nii").write_bytes(plain)
    assert_plain(tmp_path / "ct.nii")


def test_a_spacing_that_the_sform_contradicts_is_told(tmp_path: Path, plain: bytearray) -> None:
    rows, sides = field(plain, "srow"), field(plain, "pixdim")
    put(plain, "codes", 0, 1)
    for factor, told in ((0.0099, False), (0.0101, True)):
        put(plain, "pixdim", *(side / (1 + factor) for side in sides))
        (tmp_path / "ct.nii").write_bytes(plain)
        notes = ("pixdim and sform",) if told else ()
        assert_plain(tmp_path / "ct.nii", *notes)
    assert field(plain, "srow") == rows


def test_a_file_that_does_not_say_where_it_lies_is_used_with_a_note(
    tmp_path: Path, plain: bytearray
) -> None:
    (tmp_path / "ct.nii").write_bytes(put(plain, "codes", 0, 0))
    volume = open_ct(tmp_path / "ct.nii")
    assert volume.geometry == Geometry(GEOMETRY.size, GEOMETRY.spacing)
    assert "left and right" in volume.warnings[0]


def test_a_place_that_no_table_reaches_is_refused(tmp_path: Path) -> None:
    for origin, refused in ((10_000.0, False), (10_001.0, True), (math.nan, True)):
        text = nrrd("(0.75,0,0) (0,0.5,0) (0,0,2.5)", origin=f"({origin},0,0)")
        (tmp_path / "ct.nrrd").write_bytes(text)
        if refused and math.isfinite(origin):
            assert_refused(tmp_path / "ct.nrrd", "away from the scanner")
        else:
            assert open_ct(tmp_path / "ct.nrrd").geometry.origin[0] == (
                10_000.0 if math.isfinite(origin) else 0.0
            )


# NRRD


def nrrd(
    directions: str,
    sizes: str = "12 10 8",
    space: str = "left-posterior-superior",
    origin: str = "(-100.5,20.25,-640)",
    more: str = "",
    encoding: str = "raw",
    voxels: bytes | None = None,
) -> bytes:
    lines = (
        "NRRD0005\n# by hand\ntype: short\n"
        f"dimension: {len(sizes.split())}\nspace: {space}\nsizes: {sizes}\n"
        f"space directions: {directions}\nendian: little\nencoding: {encoding}\n"
        f"space origin: {origin}\n{more}Study:=anything: else\n\n"
    )
    return lines.encode() + (HU.astype("<i2").tobytes() if voxels is None else voxels)


STEPS = "(0.75,0,0) (0,0.5,0) (0,0,2.5)"

GOOD_NRRD = {
    "plain": nrrd(STEPS),
    "blanks in vectors": nrrd("( 0.75 , 0, 0) ( 0, 0.5, 0 ) (0, 0, 2.5 )"),
    "short name of the space": nrrd(STEPS, space="LPS"),
    "RAS": nrrd("(-0.75,0,0) (0,-0.5,0) (0,0,2.5)", space="RAS", origin="(100.5,-20.25,-640)"),
    "LAS": nrrd(
        "(0.75,0,0) (0,-0.5,0) (0,0,2.5)",
        space="left-anterior-superior",
        origin="(-100.5,-20.25,-640)",
    ),
    "RAS with time": nrrd(
        "(-0.75,0,0,0) (0,-0.5,0,0) (0,0,2.5,0) (0,0,0,1)",
        sizes="12 10 8 1",
        space="right-anterior-superior-time",
        origin="(100.5,-20.25,-640,0)",
    ),
    "vector of one": nrrd(
        f"none {STEPS}", sizes="1 12 10 8", more="kinds: vector domain domain domain\n"
    ),
    "list of one": nrrd(
        f"{STEPS} none", sizes="12 10 8 1", more="kinds: domain domain domain list\n"
    ),
    "axis of one with a void vector": nrrd(f"{STEPS} (nan,nan,nan)", sizes="12 10 8 1"),
    "two axes of one": nrrd(f"none {STEPS} none", sizes="1 12 10 8 1"),
    "millimetres": nrrd(STEPS, more='space units: "mm" "mm" "mm"\n'),
    "centimetres": nrrd(
        "(0.075,0,0) (0,0.05,0) (0,0,0.25)",
        origin="(-10.05,2.025,-64)",
        more='space units: "cm" "cm" "cm"\n',
    ),
    "micrometres": nrrd(
        "(750,0,0) (0,500,0) (0,0,2500)",
        origin="(-100500,20250,-640000)",
        more='space units: "um" "um" "um"\n',
    ),
    "gzip": nrrd(STEPS, encoding="gzip", voxels=gzip.compress(HU.tobytes())),
    "said to be gzip": nrrd(STEPS, encoding="gzip"),
    "said to be raw": nrrd(STEPS, voxels=gzip.compress(HU.tobytes())),
    "bzip2": nrrd(STEPS, encoding="bz2", voxels=bz2.compress(HU.tobytes())),
    "hex": nrrd(STEPS, encoding="hex", voxels=HU.tobytes().hex("\n", 40).upper().encode() + b"\n"),
    "text": nrrd(
        STEPS, encoding="ASCII", voxels=" ".join(str(hu) for hu in HU.ravel()).encode() + b"\n"
    ),
    "text in columns": nrrd(
        STEPS, encoding="txt", voxels="\r\n".join(f"{hu}, " for hu in HU.ravel()).encode()
    ),
    "line skip": nrrd(STEPS, more="line skip: 2\n", voxels=b"one\ntwo\n" + HU.tobytes()),
    "byte skip": nrrd(STEPS, more="byte skip: 3\n", voxels=b"123" + HU.tobytes()),
    "byte skip from the end": nrrd(STEPS, more="byteskip: -1\n", voxels=b"123" + HU.tobytes()),
    "line skip before gzip": nrrd(
        STEPS,
        more="line skip: 1\nbyte skip: 2\n",
        encoding="gz",
        voxels=b"one\n" + gzip.compress(b"12" + HU.tobytes()),
    ),
    "Windows' line ends": nrrd(STEPS, voxels=b"").replace(b"\n", b"\r\n") + HU.tobytes(),
    "a line end behind the voxels": nrrd(STEPS) + b"\n",
    "no blank behind a colon": nrrd(STEPS).replace(b"sizes: ", b"sizes:"),
}


@pytest.mark.parametrize("name", GOOD_NRRD)
def test_nrrd_of_every_kind_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "ct.nrrd").write_bytes(GOOD_NRRD[name])
    assert_plain(tmp_path / "ct.nrrd")


BAD_NRRD = {
    "unknown encoding": (nrrd(STEPS, encoding="zstd"), "zstd"),
    "unknown type": (nrrd(STEPS).replace(b"type: short", b"type: block"), "cannot be read (block)"),
    "no order of bytes": (nrrd(STEPS).replace(b"endian: little\n", b""), "order its bytes"),
    "unknown unit": (nrrd(STEPS, more='space units: "in" "in" "in"\n'), "unit"),
    "units that differ": (nrrd(STEPS, more='space units: "mm" "mm" "cm"\n'), "unit"),
    "zero": (nrrd("(0.75,0,0) (0,0,0) (0,0,2.5)"), "size of 0.75 by 0 by 2.5 mm"),
    "colour": (nrrd(f"none {STEPS}", sizes="3 12 10 8"), "colour"),
    "volumes": (nrrd(f"{STEPS} none", sizes="12 10 8 5"), "5 volumes"),
    "flat": (nrrd("(0.75,0,0) (0,0.5,0)", sizes="12 10", space="left-posterior"), "flat"),
    "more axes than sizes": (nrrd(STEPS).replace(b"dimension: 3", b"dimension: 4"), "damaged"),
    "fewer directions than axes": (nrrd("(0.75,0,0) (0,0.5,0)"), "damaged"),
    "no size": (nrrd(STEPS).replace(b"sizes: 12 10 8", b"sizes: 12 10 -8"), "damaged"),
    "packed from the end": (
        nrrd(STEPS, more="byte skip: -1\n", encoding="gzip", voxels=gzip.compress(HU.tobytes())),
        "contradicts",
    ),
    "too much": (nrrd(STEPS) + b"12", "fewer voxels"),
    "too much, packed": (
        nrrd(STEPS, encoding="gzip", voxels=gzip.compress(HU.tobytes() + b"12")),
        "fewer voxels",
    ),
    "too little": (nrrd(STEPS)[:-1], "cut short"),
    "too little text": (nrrd(STEPS, encoding="text", voxels=b"1 2 3"), "cut short"),
    "no text": (nrrd(STEPS, encoding="text", voxels=b"Dear colleague, "), "damaged"),
    "no hex": (nrrd(STEPS, encoding="hex", voxels=b"Dear colleague, "), "damaged"),
    "two sizes": (nrrd(STEPS, more="sizes: 12 10 7\n"), "says twice"),
    "no spacing": (nrrd(STEPS).replace(b"space directions", b"old directions"), "how large"),
}


@pytest.mark.parametrize("name", BAD_NRRD)
def test_nrrd_that_cannot_be_read_is_refused_by_its_reason(tmp_path: Path, name: str) -> None:
    content, words = BAD_NRRD[name]
    (tmp_path / "ct.nrrd").write_bytes(content)
    assert_refused(tmp_path / "ct.nrrd", words)


@pytest.mark.parametrize("space", ["", "3D-right-handed", "scanner-xyz"])
def test_an_nrrd_that_does_not_tell_left_from_right_is_used_with_a_note(
    tmp_path: Path, space: str
) -> None:
    (tmp_path / "ct.nrrd").write_bytes(nrrd(STEPS, space=space))
    assert_plain(tmp_path / "ct.nrrd", "left and right")


def test_spacings_alone_are_enough_with_a_note(tmp_path: Path) -> None:
    for sizes, spacings, more in (
        ("12 10 8", "0.75 0.5 2.5", ""),
        ("1 12 10 8", "nan 0.75 0.5 2.5", ""),
        ("1 12 10 8", "1 0.75 0.5 2.5", ""),
        ("12 10 8 1", "0.75 0.5 2.5 1", "kinds: domain domain domain time\n"),
    ):
        content = nrrd(STEPS, sizes=sizes, more=more)
        content = content.replace(
            f"space directions: {STEPS}".encode(), f"spacings: {spacings}".encode()
        )
        (tmp_path / "ct.nrrd").write_bytes(content)
        volume = open_ct(tmp_path / "ct.nrrd")
        assert np.array_equal(volume.voxels, HU)
        assert volume.geometry.spacing == GEOMETRY.spacing
        assert "left and right" in volume.warnings[0]


def detached(folder: Path, data: str, encoding: str = "raw", more: str = "") -> Path:
    header = nrrd(STEPS, encoding=encoding, voxels=b"", more=more).rstrip(b"\n")
    path = folder / "ct.nhdr"
    path.write_bytes(header + f"\ndata file: {data}\n".encode())
    return path


@pytest.mark.parametrize("encoding", ["raw", "gzip"])
@pytest.mark.parametrize("name", ["ct.raw", "sub/ct.raw", "sub\\ct.raw", "./sub/ct.raw"])
def test_voxels_of_a_detached_nrrd_are_found(tmp_path: Path, name: str, encoding: str) -> None:
    data = tmp_path / name.replace("\\", "/")
    data.parent.mkdir(exist_ok=True)
    data.write_bytes(gzip.compress(HU.tobytes()) if encoding == "gzip" else HU.tobytes())
    assert_plain(detached(tmp_path, name, encoding))


def test_voxels_in_many_files_are_put_together(tmp_path: Path) -> None:
    for number, plane in enumerate(HU, start=1):
        (tmp_path / f"{number:03d}.raw").write_bytes(plane.tobytes())
    listed = "\n".join(f"{number:03d}.raw" for number in range(1, 9))
    for data in ("%03d.raw 1 8 1", "%03d.raw 1 8 1 2", f"LIST\n{listed}", f"LIST 2\n{listed}"):
        assert_plain(detached(tmp_path, data))
        header = metaimage(data.replace("LIST 2", "LIST 2D"), b"")
        (tmp_path / "ct.mhd").write_bytes(header)
        assert_plain(tmp_path / "ct.mhd")


def test_a_file_of_many_that_is_gone_is_named(tmp_path: Path) -> None:
    for number, plane in enumerate(HU[:-1], start=1):
        (tmp_path / f"{number:03d}.raw").write_bytes(plane.tobytes())
    assert_refused(detached(tmp_path, "%03d.raw 1 8 1"), "008.raw")
    assert_refused(detached(tmp_path, "%03d.raw 1 7 1"), "cut short")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
@pytest.mark.parametrize("data", ["pipe", "/dev/zero", "."])
def test_voxels_that_are_said_to_be_in_no_file_are_not_waited_for(
    tmp_path: Path, data: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for more in ("", "line skip: 1\n", "byte skip: -1\n"):
        assert_refused(detached(tmp_path, data, more=more), "which is no file")
    for listed in (data, f"LIST\n{data}"):
        (tmp_path / "ct.mhd").write_bytes(metaimage(listed, b""))
        assert_refused(tmp_path / "ct.mhd", "which is no file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_in_place_of_one_half_of_a_nifti_is_not_waited_for(
    tmp_path: Path, plain: bytearray
) -> None:
    (tmp_path / "ct.hdr").write_bytes(put(plain, "magic", b"ni1")[:352])
    os.mkfifo(tmp_path / "ct.img")
    assert_refused(tmp_path / "ct.hdr", "which is no file")
    os.mkfifo(tmp_path / "other.hdr")
    (tmp_path / "other.img").write_bytes(bytes(100))
    assert_refused(tmp_path / "other.img", "not an image")


# MetaImage

AXES = "TransformMatrix = 1 0 0 0 1 0 0 0 1\n"


def metaimage(data: str, voxels: bytes, axes: str = AXES, more: str = "") -> bytes:
    return (
        f"ObjectType = Image\nNDims = 3\nBinaryData = True\n{axes}{more}"
        "Offset = -100.5 20.25 -640\nElementSpacing = 0.75 0.5 2.5\nDimSize = 12 10 8\n"
        f"ElementType = MET_SHORT\nElementDataFile = {data}\n"
    ).encode() + voxels


RAW = HU.astype("<i2").tobytes()

GOOD_META = {
    "plain": metaimage("LOCAL", RAW),
    "packed": metaimage("LOCAL", gzip.zlib.compress(RAW), more="CompressedData = True\n"),
    "other bytes first": metaimage(
        "LOCAL", HU.astype(">i2").tobytes(), more="ElementByteOrderMSB = True\n"
    ),
    "text": metaimage("LOCAL", " ".join(map(str, HU.ravel())).encode()).replace(
        b"BinaryData = True", b"BinaryData = False"
    ),
    "letters": metaimage("LOCAL", RAW, more="AnatomicalOrientation = RAI\n"),
    "letters the other way": metaimage("LOCAL", RAW, more="AnatomicalOrientation = LPS\n"),
    "rounded directions": metaimage(
        "LOCAL", RAW, axes="TransformMatrix = 1 0 0 0 0.995 0 0 0 1.005\n"
    ),
    "no letters": metaimage("LOCAL", RAW, more="AnatomicalOrientation = ???\n"),
    "line end behind": metaimage("LOCAL", RAW + b"\n"),
    "element size": metaimage("LOCAL", RAW).replace(b"ElementSpacing", b"ElementSize"),
    "said to be CT": metaimage("LOCAL", RAW, more="Modality = MET_MOD_CT\n"),
    "of no known modality": metaimage("LOCAL", RAW, more="Modality = MET_MOD_UNKNOWN\n"),
    "the same under two names": metaimage(
        "LOCAL", RAW, more="Position = -100.50 20.25 -640\nRotation = 1 0 0 0 1.0 0 0 0 1\n"
    ),
    "scaled": metaimage(
        "LOCAL",
        (2 * HU + 10).astype("<i2").tobytes(),
        more="ElementToIntensityFunctionSlope = 0.5\nElementToIntensityFunctionOffset = -5\n",
    ),
}


@pytest.mark.parametrize("name", GOOD_META)
def test_metaimages_of_every_kind_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "ct.mha").write_bytes(GOOD_META[name])
    assert_plain(tmp_path / "ct.mha")


BAD_META = {
    "several values": (metaimage("LOCAL", RAW, more="ElementNumberOfChannels = 3\n"), "colour"),
    "unknown type": (metaimage("LOCAL", RAW).replace(b"MET_SHORT", b"MET_OTHER"), "MET_OTHER"),
    "no unit vectors": (
        metaimage("LOCAL", RAW, axes="TransformMatrix = 1 0 0 0 2 0 0 0 1\n"),
        "not of length 1",
    ),
    "negative spacing": (
        metaimage("LOCAL", RAW).replace(b"0.75 0.5 2.5", b"0.75 -0.5 2.5"),
        "implausible",
    ),
    "no spacing": (metaimage("LOCAL", RAW).replace(b"ElementSpacing", b"Spacing"), "how large"),
    "unknown unit": (metaimage("LOCAL", RAW, more="DistanceUnits = inch\n"), "unit"),
    "too much": (metaimage("LOCAL", RAW + b"12"), "fewer voxels"),
    "too little": (metaimage("LOCAL", RAW[:-1]), "cut short"),
    "two spacings": (metaimage("LOCAL", RAW, more="ElementSpacing = 1 1 1\n"), "says twice"),
    "two origins": (metaimage("LOCAL", RAW, more="Position = 0 0 0\n"), "what offset is"),
    "two directions": (
        metaimage("LOCAL", RAW, more="Rotation = -1 0 0 0 -1 0 0 0 1\n"),
        "what transformmatrix is",
    ),
    "axes in one plane": (
        metaimage("LOCAL", RAW, axes="TransformMatrix = 1 0 0 1 0 0 0 0 1\n"),
        "skewed by 90",
    ),
    "an MR scan": (metaimage("LOCAL", RAW, more="Modality = MET_MOD_MR\n"), "kind MR, not a CT"),
    "no packed data": (metaimage("LOCAL", RAW, more="CompressedData = True\n"), "damaged"),
    "flat": (
        metaimage("LOCAL", RAW)
        .replace(b"NDims = 3", b"NDims = 2")
        .replace(b"DimSize = 12 10 8", b"DimSize = 12 80"),
        "flat",
    ),
}


@pytest.mark.parametrize("name", BAD_META)
def test_metaimages_that_cannot_be_read_are_refused_by_their_reason(
    tmp_path: Path, name: str
) -> None:
    content, words = BAD_META[name]
    (tmp_path / "ct.mha").write_bytes(content)
    assert_refused(tmp_path / "ct.mha", words)


@pytest.mark.parametrize(
    ("axes", "word"),
    [
        ("", "left and right"),
        ("AnatomicalOrientation = LAS\n", "left and right"),
        ("AnatomicalOrientation = RAI\n", "left and right"),
        (AXES + "AnatomicalOrientation = LAS\n", "matrix was used"),
    ],
)
def test_a_metaimage_whose_sides_are_not_sure_is_used_with_a_note(
    tmp_path: Path, axes: str, word: str
) -> None:
    (tmp_path / "ct.mha").write_bytes(metaimage("LOCAL", RAW, axes=axes))
    assert_plain(tmp_path / "ct.mha", word)


def test_an_image_without_an_origin_is_used_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "ct.mha").write_bytes(metaimage("LOCAL", RAW).replace(b"Offset", b"Comment"))
    (tmp_path / "ct.nrrd").write_bytes(nrrd(STEPS, origin="none"))
    for name in ("ct.mha", "ct.nrrd"):
        volume = open_ct(tmp_path / name)
        assert volume.geometry.origin == (0.0, 0.0, 0.0)
        assert "where in the scanner" in volume.warnings[0]


# Geometry of all formats


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(geometry=geometries(most_voxels=8), ending=st.sampled_from([".nii", ".nrrd", ".mha"]))
def test_any_orientation_is_read_as_itk_reads_it(
    geometry: Geometry, ending: str, tmp_path: Path
) -> None:
    hu = head_up_ct(geometry)
    path = tmp_path / f"a{ending}"
    sitk.WriteImage(to_sitk(hu, geometry), str(path))
    volume, by_itk = open_ct(path), sitk.ReadImage(str(path))
    assert np.array_equal(volume.voxels, sitk.GetArrayFromImage(by_itk))
    assert volume.geometry.spacing == pytest.approx(by_itk.GetSpacing(), rel=1e-6)
    assert volume.geometry.origin == pytest.approx(by_itk.GetOrigin(), abs=1e-3)
    assert volume.geometry.direction == pytest.approx(by_itk.GetDirection(), abs=1e-5)
    assert not any("skewed" in note for note in volume.warnings)


def written_with_steps(path: Path, steps: NDArray[np.float64], hu: NDArray[np.int16]) -> Path:
    """A file whose axes make these steps, columns in LPS."""
    origin = np.array([-20.0, 30.0, -40.0])
    depth, height, width = hu.shape
    if path.suffix == ".nrrd":
        directions = " ".join(f"({','.join(map(repr, map(float, step)))})" for step in steps.T)
        path.write_bytes(
            nrrd(
                directions, f"{width} {height} {depth}", origin="(-20,30,-40)", voxels=hu.tobytes()
            )
        )
    elif path.suffix == ".mha":
        lengths = np.linalg.norm(steps, axis=0)
        matrix = " ".join(repr(float(value)) for value in (steps / lengths).T.ravel())
        content = metaimage("LOCAL", hu.tobytes(), axes=f"TransformMatrix = {matrix}\n")
        content = content.replace(b"-100.5 20.25 -640", b"-20 30 -40")
        content = content.replace(b"12 10 8", f"{width} {height} {depth}".encode())
        path.write_bytes(
            content.replace(b"0.75 0.5 2.5", " ".join(map(repr, map(float, lengths))).encode())
        )
    else:
        geometry = Geometry((width, height, depth), (1.0, 1.0, 1.0))
        content = put(put(nifti(path.parent, hu, geometry), "codes", 0, 1), "pixdim",
                      1, *np.linalg.norm(steps, axis=0), 1, 1, 1, 1)  # fmt: skip
        ras = np.hstack([steps, origin[:, None]]) * [[-1], [-1], [1]]
        path.write_bytes(put(content, "srow", *ras.ravel()))
    return path


def ramp(steps: NDArray[np.float64], shape: tuple[int, int, int]) -> NDArray[np.int16]:
    """HU that grow evenly in the patient, so that linear interpolation makes no error."""
    z, y, x = np.indices(shape)
    points = np.stack([x, y, z], axis=-1) @ steps.T
    return np.asarray(np.rint(points @ [12.0, 20.0, 8.0] - 150), dtype=np.int16)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lean=st.tuples(*[st.floats(-0.5, 0.5)] * 3),
    spacing=st.tuples(*[st.floats(0.8, 3.0)] * 3),
    order=st.permutations(range(3)),
    ending=st.sampled_from([".nii", ".nrrd", ".mha"]),
)
def test_whatever_way_axes_are_skewed_every_value_stays_where_the_header_says(
    lean: tuple[float, ...],
    spacing: tuple[float, ...],
    order: list[int],
    ending: str,
    tmp_path: Path,
) -> None:
    straight = np.diag(spacing)
    straight[0, 1], straight[0, 2], straight[1, 2] = lean
    steps = straight[:, order]
    path = written_with_steps(tmp_path / f"a{ending}", steps, ramp(steps, (9, 11, 10)))
    try:
        volume = open_ct(path)
    except NoUsableSeriesError as error:
        assert "more than a gantry can tilt" in str(error)
        return
    z, y, x = np.indices(volume.voxels.shape).reshape(3, -1)
    points = volume.geometry.to_patient(np.stack([x, y, z], axis=1).astype(float))
    inside = (points - [-20.0, 30.0, -40.0]) @ np.linalg.inv(steps).T
    # Rows that are skewed against each other end up to half a voxel apart.
    margin = ((inside >= 1.5) & (inside <= np.array([7.5, 8.5, 6.5]))).all(axis=1)
    assert margin.sum() > 50
    expected = (points - [-20.0, 30.0, -40.0]) @ [12.0, 20.0, 8.0] - 150
    skewed = any("skewed" in note for note in volume.warnings)
    slack = 2 if skewed else 2 + 40 * max(spacing) * 0.5
    assert np.abs(volume.voxels[z, y, x] - expected)[margin].max() <= slack


@pytest.mark.parametrize("ending", [".nii", ".nrrd", ".mha"])
def test_a_tilt_of_more_than_gantries_have_is_refused(tmp_path: Path, ending: str) -> None:
    for degrees, refused in ((34.9, False), (35.1, True)):
        steps = np.diag([1.0, 1.0, 2.0])
        steps[1, 2] = 2 * math.tan(math.radians(degrees))
        path = written_with_steps(tmp_path / f"a{ending}", steps, ramp(steps, (9, 11, 10)))
        if refused:
            assert_refused(path, "more than a gantry can tilt")
        else:
            assert "skewed by 34.9°" in open_ct(path).warnings[0]


def test_a_lean_of_less_than_counts_is_no_tilt(tmp_path: Path) -> None:
    for share, told in ((0.99, False), (1.01, True)):
        steps = np.diag([1.0, 1.0, 2.0])
        steps[1, 2] = share * 0.5 / 8
        path = written_with_steps(tmp_path / "a.nrrd", steps, ramp(steps, (9, 11, 10)))
        volume = open_ct(path)
        assert any("skewed" in note for note in volume.warnings) == told
        columns = np.reshape(volume.geometry.direction, (3, 3))
        assert columns.T @ columns == pytest.approx(np.eye(3), abs=1e-12)


def test_a_file_that_is_no_image_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "ct.hdr").write_bytes(b"ENVI\nsamples = 3\n")
    with pytest.raises(UnreadableInputError, match="no image"):
        open_ct(tmp_path / "ct.hdr")
