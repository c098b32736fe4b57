"""NIfTI files as bytes, for changing field by field."""

import struct
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk

FIELDS = {
    "sizeof_hdr": ("i", 0),
    "dim": ("8h", 40),
    "intent_code": ("h", 68),
    "datatype": ("h", 70),
    "bitpix": ("h", 72),
    "pixdim": ("8f", 76),
    "vox_offset": ("f", 108),
    "scl": ("2f", 112),
    "xyzt_units": ("b", 123),
    "codes": ("2h", 252),
    "quatern": ("3f", 256),
    "qoffset": ("3f", 268),
    "srow": ("12f", 280),
    "magic": ("4s", 344),
}
"""Forms and places of the fields of NIfTI-1 (nifti1.h)."""

FIELDS_2 = {
    "sizeof_hdr": ("i", 0),
    "magic": ("8s", 4),
    "datatype": ("h", 12),
    "bitpix": ("h", 14),
    "dim": ("8q", 16),
    "pixdim": ("8d", 104),
    "vox_offset": ("q", 168),
    "scl": ("2d", 176),
    "codes": ("2i", 344),
    "quatern": ("3d", 352),
    "qoffset": ("3d", 376),
    "srow": ("12d", 400),
    "xyzt_units": ("i", 500),
    "intent_code": ("i", 504),
}
"""Forms and places of the fields of NIfTI-2 (nifti2.h)."""


def nifti(folder: Path, hu: NDArray[np.generic], geometry: Geometry) -> bytearray:
    """A NIfTI-1 of these voxels (z, y, x), little-endian, with equal qform and sform."""
    path = folder / "plain.nii"
    image = sitk.GetImageFromArray(hu)
    image.CopyInformation(to_sitk(np.zeros(geometry.shape, np.uint8), geometry))
    sitk.WriteImage(image, str(path))
    content = bytearray(path.read_bytes())
    path.unlink()
    return content


def field(content: bytes, name: str) -> tuple[float, ...]:
    """The values of a field."""
    form, place = FIELDS[name]
    return struct.unpack_from(f"<{form}", content, place)


def put(content: bytearray, name: str, *values: object) -> bytearray:
    """The content with other values in a field."""
    form, place = FIELDS[name]
    struct.pack_into(f"<{form}", content, place, *values)
    return content


def turned(content: bytes) -> bytes:
    """The same NIfTI-1 of int16 in the other byte order."""
    other = bytearray(content)
    for form, place in FIELDS.values():
        struct.pack_into(f">{form}", other, place, *struct.unpack_from(f"<{form}", content, place))
    other[352:] = np.frombuffer(content[352:], "<i2").astype(">i2").tobytes()
    return bytes(other)


def as_nifti_2(content: bytes, order: str = "<") -> bytes:
    """The same NIfTI-1 of int16 as a NIfTI-2."""
    other = bytearray(544)
    for name, (form, place) in FIELDS_2.items():
        one, at = FIELDS[name]
        values: tuple[object, ...] = struct.unpack_from(f"<{one}", content, at)
        values = {"sizeof_hdr": (540,), "magic": (b"n+2\0\r\n\032\n",), "vox_offset": (544,)}.get(
            name, values
        )
        struct.pack_into(f"{order}{form}", other, place, *values)
    return bytes(other) + np.frombuffer(content[352:], "<i2").astype(f"{order}i2").tobytes()
