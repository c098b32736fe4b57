"""How a DICOM file stores its pixels: where, in which bits, and which values are padding."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import pydicom
from pydicom.dataset import FileDataset
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from inference.read.dicom.elements import text_of
from inference.read.voxels.planes import expandable

PIXEL_GROUP = 0x7FE0
"""Group of the elements that hold pixels, which come last."""

PIXEL_DATA = 0x0010
"""Element of that group that holds integers."""

FLOAT_PIXELS = {0x0008: 4, 0x0009: 8}
"""Elements of that group that hold floats, with their bytes (DICOM PS3.3 C.7.6.24, C.7.6.25)."""

UNKNOWN_LENGTH = 0xFFFFFFFF
"""The length given for compressed pixels (DICOM PS3.5 A.4)."""

ITEM_BYTES = 8
"""Tag and length of an item: no compressed frame takes less (DICOM PS3.5 A.4)."""

PLAIN = frozenset({"", ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian})
"""Transfer syntaxes whose pixels lie in the file as they are; files without a preamble say none."""

DECODED = frozenset(
    {
        JPEGBaseline8Bit,
        JPEGExtended12Bit,
        JPEGLossless,
        JPEGLosslessSV1,
        JPEGLSLossless,
        JPEGLSNearLossless,
        JPEG2000Lossless,
        JPEG2000,
        RLELossless,
    }
)
"""Transfer syntaxes whose pixels GDCM decodes."""

OVERLAY_GROUPS = range(0x6000, 0x6020, 2)
OVERLAY_BIT = 0x0102
"""Overlays of old files lie in bits that the pixels do not use (DICOM PS3.3 C.9.2)."""


@dataclass(frozen=True)
class Storage:
    """How a file stores its pixels.

    Attributes:
        syntax: the transfer syntax; empty if the file has none.
        at: byte where the pixels begin, in the file or in the content of a deflated file.
        byte_order: "<" or ">".
        vr: value representation of the pixels' element; empty if it is implicit.
        samples: values per pixel.
        allocated, stored, high: bits per value, how many of them are used, and the highest of these
            (DICOM PS3.5 8.1.1).
        signed: whether values are in two's complement.
        floats: bytes per float value; 0 for integers.
        overlaid: whether bits that the values do not use hold overlays.
        padding: the lowest and the highest padding value, as integers of the allocated bits; None
            if there is none.
        offsets: tables with the offsets and lengths of compressed frames, as stored (DICOM PS3.3
            C.7.6.3.1.8); None if there are none.
        complete: whether the file is long enough for its pixels, as far as any CT is compressed.
        surplus: whether the file holds more pixels than its header says.
    """

    syntax: str
    at: int
    byte_order: str
    vr: str
    samples: int
    allocated: int
    stored: int
    high: int
    signed: bool
    floats: int
    overlaid: bool
    padding: tuple[int, int] | None
    offsets: tuple[bytes, bytes] | None
    complete: bool
    surplus: bool

    @property
    def is_compressed(self) -> bool:
        """Whether the pixels need a decoder."""
        return not (self.syntax in PLAIN or self.is_deflated)

    @property
    def is_deflated(self) -> bool:
        """Whether the whole file is compressed, not only its pixels."""
        return self.syntax == DeflatedExplicitVRLittleEndian

    @property
    def can_be_decoded(self) -> bool:
        """Whether the pixels can be read, however they are stored."""
        return not self.is_compressed or self.syntax in DECODED


def storage_of(dataset: FileDataset, file: BinaryIO, file_bytes: int) -> Storage:
    """The storage of a file with that many bytes that was read up to its pixels."""
    syntax = str(dataset.file_meta.get("TransferSyntaxUID") or "")
    implicit, little = dataset.original_encoding
    order = "<" if little else ">"
    at = file.tell() + (8 if implicit else 12)
    element, vr, length = _pixel_element(file.read(12), bool(implicit), order)
    held = file_bytes - at
    if syntax == DeflatedExplicitVRLittleEndian:
        file.seek(0)
        at, held = 0, len(pydicom.dcmread(file, force=True).get("PixelData") or b"")
        element, length = PIXEL_DATA, held
    floats = FLOAT_PIXELS.get(element, 0)
    allocated = 8 * floats or int(dataset.get("BitsAllocated") or 16)
    stored = int(dataset.get("BitsStored") or allocated)
    signed = bool(dataset.get("PixelRepresentation"))
    line = min(int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)) * allocated // 8
    decoded = syntax not in PLAIN and syntax != DeflatedExplicitVRLittleEndian
    unpacked = _pixel_bytes(dataset, allocated)
    least = _pixel_bytes(dataset, None) if decoded else unpacked
    return Storage(
        syntax=syntax,
        at=at,
        byte_order=order,
        vr=vr,
        samples=int(dataset.get("SamplesPerPixel") or 1),
        allocated=allocated,
        stored=stored,
        high=stored - 1 if dataset.get("HighBit") is None else int(dataset.HighBit),
        signed=signed,
        floats=floats,
        overlaid=any((group, OVERLAY_BIT) in dataset for group in OVERLAY_GROUPS),
        padding=_padding(dataset, allocated, signed),
        offsets=_offsets(dataset),
        complete=held >= least and (not decoded or unpacked <= expandable(file_bytes)),
        # Some programs pad the pixels; anything as long as a row or a column is not padding.
        surplus=not decoded and 0 < line <= length - least and least > 0,
    )


def as_stored(value: int, bits: int, signed: bool) -> int:
    """An integer written as signed or unsigned, read with the sign of the pixels."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def _pixel_element(start: bytes, implicit: bool, order: str) -> tuple[int, str, int]:
    """Number, VR and length of the element beginning with these twelve bytes.

    All are 0 or empty if it holds no pixels; the length is 0 also if it is unknown.
    """
    if len(start) < 12:
        return 0, "", 0
    group, element = struct.unpack(f"{order}HH", start[:4])
    if group != PIXEL_GROUP:
        return 0, "", 0
    (length,) = struct.unpack(f"{order}L", start[4:8] if implicit else start[8:12])
    vr = "" if implicit else start[4:6].decode("latin-1")
    return element, vr, 0 if length == UNKNOWN_LENGTH else length


def _pixel_bytes(dataset: FileDataset, allocated: int | None) -> int:
    """How many bytes the pixels take at least; 0 if there is no image.

    Args:
        allocated: bits of a value; None if the pixels are compressed.
    """
    values = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0)
    frames = int(text_of(dataset, "NumberOfFrames") or 1)
    if allocated is None:
        return ITEM_BYTES * frames if values else 0
    return values * int(dataset.get("SamplesPerPixel") or 1) * frames * allocated // 8


def _padding(dataset: FileDataset, allocated: int, signed: bool) -> tuple[int, int] | None:
    """The range of padding values (DICOM PS3.3 C.7.5.1.1.2).

    Programs write it as signed or unsigned: 63536 is -2000 if pixels are signed.
    """
    ends = [dataset.get(keyword) for keyword in ("PixelPaddingValue", "PixelPaddingRangeLimit")]
    values = [as_stored(int(end), allocated, signed) for end in ends if end not in (None, "")]
    if ends[0] in (None, ""):
        return None
    return min(values), max(values)


def _offsets(dataset: FileDataset) -> tuple[bytes, bytes] | None:
    tables = dataset.get("ExtendedOffsetTable"), dataset.get("ExtendedOffsetTableLengths")
    return tables if tables[0] and tables[1] else None
