"""Changes one header field at a time in DICOM, NIfTI, NRRD and MHA files of one small CT."""

import gzip
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import FileDataset

from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, make_slice
from tests.read.nifti_factory import FIELDS, nifti

Words = Sequence[str]


@dataclass(frozen=True, eq=False)
class SmallCt:
    """The CT for which headers are changed.

    Attributes:
        hu: int16, z, y, x.
    """

    hu: NDArray[np.int16]
    geometry: Geometry


@dataclass(frozen=True)
class Change:
    """A file or folder with one field of its header changed.

    Attributes:
        format: "DICOM", "NIfTI", "NRRD" or "MHA".
        field: its name in the standard of that format.
        what: how it was changed.
        path: the file or folder to open.
    """

    format: str
    field: str
    what: str
    path: Path


NUMBERS: Mapping[str, Callable[[float], float]] = {
    "zero": lambda _: 0.0,
    "one": lambda _: 1.0,
    "negated": lambda value: -value,
    "one more": lambda value: value + 1,
    "one less": lambda value: value - 1,
    "doubled": lambda value: 2 * value,
    "halved": lambda value: value / 2,
    "ten times": lambda value: 10 * value,
    "a tenth": lambda value: value / 10,
    "a hundredth more": lambda value: 1.01 * value,
    "half a one more": lambda value: value + 0.5,
    "huge": lambda _: 1e30,
    "not a number": lambda _: math.nan,
    "infinite": lambda _: math.inf,
}
"""Possible changes of a number."""

NIFTI_MORE_FIELDS = {
    "dim_info": ("b", 39),
    "intent_p": ("3f", 56),
    "slice_start": ("h", 74),
    "slice_end": ("h", 120),
    "slice_code": ("b", 122),
    "cal": ("2f", 124),
    "slice_duration": ("f", 132),
    "toffset": ("f", 136),
    "glmax": ("2i", 140),
    "extension": ("4b", 348),
}
"""Fields that do not affect voxels or position (nifti1.h)."""

NRRD_WORDS: Mapping[str, Words] = {
    "type": ("unsigned short", "float", "int", "uchar", "double", "block", "void"),
    "encoding": ("raw", "bzip2", "hex", "text", "zrl", ""),
    "endian": ("big", "middle", ""),
    "space": ("right-anterior-superior", "left-anterior-superior", "LPS", "scanner-xyz", ""),
    "kinds": ("domain domain", "list domain domain", "vector domain domain", "domain domain time"),
    "content": ("other", ""),
    "space units": ('"mm" "mm" "mm"', '"cm" "cm" "cm"', '"in" "in" "in"', "mm mm mm"),
    "measurement frame": ("(1,0,0) (0,1,0) (0,0,-1)",),
    "line skip": ("0", "1", "-1"),
    "byte skip": ("0", "1", "-1", "7"),
    "data file": ("absent.raw", "LIST", "%d.raw 1 3 1"),
}
"""Possible values of text fields in an NRRD."""

MHA_WORDS: Mapping[str, Words] = {
    "ElementType": ("MET_USHORT", "MET_FLOAT", "MET_INT", "MET_UCHAR", "MET_OTHER", "short"),
    "BinaryData": ("False", ""),
    "BinaryDataByteOrderMSB": ("True", "maybe"),
    "ElementByteOrderMSB": ("True", "maybe"),
    "CompressedData": ("True", "False", "maybe"),
    "AnatomicalOrientation": ("LPS", "RAI", "LAS", "ASR", "???", ""),
    "ElementDataFile": ("absent.raw", "LIST", "%d.raw 1 3 1", ""),
    "ElementNumberOfChannels": ("1", "3", "0"),
    "DistanceUnits": ("mm", "cm", "um", "in"),
    "HeaderSize": ("0", "1", "-1", "7"),
    "ObjectType": ("Mesh", ""),
    "Comment": ("other",),
}
"""Possible values of text fields in a MetaImage."""

DICOM_WORDS: Mapping[str, Words] = {
    "Modality": ("MR", "PT", "OT", ""),
    "ImageType": ("ORIGINAL\\PRIMARY\\LOCALIZER", "DERIVED\\SECONDARY\\OTHER", ""),
    "SOPClassUID": ("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.7", "1.2.3", ""),
    "SOPInstanceUID": ("1.2.3.4.5", ""),
    "SeriesInstanceUID": ("1.2.3.4.5", ""),
    "StudyInstanceUID": ("1.2.3.4.5", ""),
    "FrameOfReferenceUID": ("1.2.3.4.5", ""),
    "PhotometricInterpretation": ("MONOCHROME1", "RGB", "PALETTE COLOR", ""),
    "PatientID": ("other", ""),
    "PatientName": ("Other", "secret^a", ""),
    "PatientBirthDate": ("19800101", ""),
    "PatientPosition": ("FFS", "HFP", ""),
    "ConvolutionKernel": ("B70f", ""),
    "RescaleType": ("US", "HU_MOD", ""),
    "SeriesDescription": ("other", ""),
    "StudyDate": ("20210101", "yesterday"),
    "SpecificCharacterSet": ("ISO_IR 192", "ISO 2022 IR 87", "none"),
}
"""Possible values of text elements."""

DICOM_NUMBERS = (
    "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness",
    "SpacingBetweenSlices", "SliceLocation", "RescaleSlope", "RescaleIntercept", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "SamplesPerPixel",
    "PlanarConfiguration", "NumberOfFrames", "InstanceNumber", "AcquisitionNumber", "SeriesNumber",
    "GantryDetectorTilt", "PixelPaddingValue", "PixelPaddingRangeLimit", "WindowCenter",
    "WindowWidth", "PixelAspectRatio", "KVP", "ReconstructionDiameter", "SmallestImagePixelValue",
)  # fmt: skip
"""Elements that contain numbers."""

DICOM_VALUES = {
    "SpacingBetweenSlices": 7.5,
    "SliceLocation": 0.0,
    "PlanarConfiguration": 0,
    "NumberOfFrames": 1,
    "GantryDetectorTilt": 0.0,
    "PixelPaddingValue": 0,
    "PixelPaddingRangeLimit": 24,
    "WindowCenter": 40.0,
    "WindowWidth": 400.0,
    "PixelAspectRatio": 1,
    "KVP": 120,
    "ReconstructionDiameter": 300,
    "SmallestImagePixelValue": 0,
}
"""Initial values of elements that the plain slices lack."""


def changed_nifti(ct: SmallCt, folder: Path, random: np.random.Generator) -> Change:
    """A NIfTI, compressed or not, with a qform, an sform, or both."""
    fields = FIELDS | NIFTI_MORE_FIELDS
    codes = [(1, 1), (1, 1), (1, 0), (0, 1)][random.integers(4)]
    content = nifti(folder, ct.hu, ct.geometry)
    struct.pack_into("<2h", content, 252, *codes)
    name = str(random.choice(list(fields)))
    form, place = fields[name]
    values = list(struct.unpack_from(f"<{form}", content, place))
    index = int(random.integers(len(values)))
    if isinstance(values[index], bytes):
        values[index], what = [(b"ni1", "ni1"), (b"\0", "empty"), (b"n+3", "n+3")][
            random.integers(3)
        ]
    else:
        values[index], what = _number(float(values[index]), form[-1], random)
    struct.pack_into(f"<{form}", content, place, *values)
    packed = bool(random.integers(2))
    path = folder / ("ct.nii.gz" if packed else "ct.nii")
    path.write_bytes(gzip.compress(bytes(content), 1) if packed else content)
    which = {(1, 1): "", (1, 0): ", qform alone", (0, 1): ", sform alone"}[codes]
    part = f"[{index}]" if len(values) > 1 else ""
    return Change("NIfTI", f"{name}{part}", f"{what}{which}", path)


def changed_nrrd(ct: SmallCt, folder: Path, random: np.random.Generator) -> Change:
    """An NRRD, compressed or not."""
    return _changed_text("NRRD", "ct.nrrd", ": ", b"\n\n", NRRD_WORDS, ct, folder, random)


def changed_mha(ct: SmallCt, folder: Path, random: np.random.Generator) -> Change:
    """A MetaImage, compressed or not."""
    return _changed_text("MHA", "ct.mha", " = ", b"LOCAL\n", MHA_WORDS, ct, folder, random)


def changed_dicom(ct: SmallCt, folder: Path, random: np.random.Generator) -> Change:
    """A series with an element changed in one, every second, the upper half, or all slices."""
    count = len(ct.hu)
    spread, which = [
        ("one slice", {int(random.integers(count))}),
        ("every second slice", set(range(0, count, 2))),
        ("half of the slices", set(range(count // 2, count))),
        ("all slices", set(range(count))),
    ][random.integers(4)]
    keyword = str(random.choice([*DICOM_NUMBERS, *DICOM_WORDS]))
    seed = int(random.integers(2**32))
    what, part = "", ""
    series = folder / "series"
    series.mkdir()
    for index in range(count):
        dataset = make_slice(ct.hu[index], ct.geometry, index, SeriesSettings())
        if index in which:
            part, what = _change_element(dataset, keyword, np.random.default_rng(seed))
        dataset.save_as(series / f"IM{index:04d}", enforce_file_format=True)
    return Change("DICOM", f"{keyword}{part}", f"{what} in {spread}", series)


FORMATS: Sequence[Callable[[SmallCt, Path, np.random.Generator], Change]] = (
    changed_nifti,
    changed_nrrd,
    changed_mha,
    changed_dicom,
)


def _number(value: float, form: str, random: np.random.Generator) -> tuple[float, str]:
    """A new number that fits a field of this format (of ``struct``), and how it was changed."""
    limits = {"b": 2**7, "h": 2**15, "i": 2**31}
    while True:
        what = str(random.choice([*NUMBERS, "anything"]))
        other = NUMBERS[what](value) if what in NUMBERS else float(random.uniform(-1000, 1000))
        if form in limits:
            if not math.isfinite(other):
                continue
            other = int(max(-limits[form], min(limits[form] - 1, other)))
        if other != value and (form not in "f" or abs(other) < 1e38 or not math.isfinite(other)):
            return other, f"{what} ({value:g} → {other:g})"


def _changed_text(
    name: str,
    file: str,
    between: str,
    end: bytes,
    words: Mapping[str, Words],
    ct: SmallCt,
    folder: Path,
    random: np.random.Generator,
) -> Change:
    path = folder / file
    sitk.WriteImage(to_sitk(ct.hu, ct.geometry), str(path), useCompression=bool(random.integers(2)))
    content = path.read_bytes()
    cut = content.index(end) + len(end)
    lines = content[:cut].decode("latin-1").rstrip("\n").split("\n")
    fields = {
        line.split(between)[0]: number for number, line in enumerate(lines) if between in line
    }
    field = str(random.choice(sorted({*fields, *words})))
    number = fields.get(field)
    value = lines[number].split(between, 1)[1] if number is not None else ""
    numbers = list(re.finditer(r"-?\d+\.?\d*(e[-+]?\d+)?", value))
    if number is not None and random.random() < 0.15:
        what, part = "deleted", ""
        del lines[number]
    elif field in words:
        other = str(random.choice(words[field]))
        what, part = f"{value} → {other}", ""
        line = f"{field}{between}{other}"
        at = number if number is not None else 1
        lines[at : at + (number is not None)] = [line]
    elif numbers and number is not None:
        index = int(random.integers(len(numbers)))
        one = numbers[index]
        whole = one[0].lstrip("-").isdigit() and "size" in field.lower()
        changed, what = _number(float(one[0]), "i" if whole else "d", random)
        lines[number] = f"{field}{between}{value[: one.start()]}{changed!r}{value[one.end() :]}"
        part = f"[{index}]"
    else:
        what, part = "emptied", ""
        lines[fields[field]] = f"{field}{between}"
    header = "\n".join(lines) + ("\n\n" if end == b"\n\n" else "\n")
    path.write_bytes(header.encode("latin-1") + content[cut:])
    return Change(name, f"{field}{part}", what, path)


def _change_element(
    dataset: FileDataset, keyword: str, random: np.random.Generator
) -> tuple[str, str]:
    """Change an element; return which part of its value, and how."""
    tag = tag_for_keyword(keyword)
    representation = dictionary_VR(keyword).split(" ")[0]
    there = keyword in dataset
    if there and random.random() < 0.1:
        delattr(dataset, keyword)
        return "", "deleted"
    if keyword in DICOM_WORDS:
        other: object = str(random.choice(DICOM_WORDS[keyword]))
        what, part = f"→ {other}", ""
    else:
        old = dataset[keyword].value if there else DICOM_VALUES[keyword]
        many = old if isinstance(old, pydicom.multival.MultiValue) else [old]
        values = [float(value) for value in many]
        index = int(random.integers(len(values)))
        form = "d" if representation in ("DS", "FD") else "i"
        changed, what = _number(values[index], form, random)
        part = f"[{index}]" if len(values) > 1 else ""
        if representation in ("DS", "IS"):
            texts = [f"{value:.8g}" for value in values]
            texts[index] = f"{changed:.8g}"
            other = texts if len(texts) > 1 else texts[0]
        else:
            limits = (-(2**15), 2**15 - 1) if representation == "SS" else (0, 2**16 - 1)
            other = int(min(max(changed, limits[0]), limits[1]))
            what = f"{values[index]:g} → {other}"
    assert tag is not None
    ignore = pydicom.config.IGNORE
    dataset[keyword] = DataElement(tag, representation, other, validation_mode=ignore)
    return part, what
