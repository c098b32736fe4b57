"""Where NIfTI voxels lie in their file."""

import math
import struct
from pathlib import Path

import numpy as np

from inference.read.planes import ByteOrder, Place, StoredVoxels, unpacked_stream

HEADER_BYTES = 540
"""Of NIfTI-2, the longer of the two."""

TYPES = {
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
    1024: "i8",
    1280: "u8",
}
"""NumPy's names of the data types of one number a voxel (nifti1.h)."""


def nifti_voxels(path: Path) -> StoredVoxels:
    """The voxels of a ``.nii`` or ``.nii.gz``.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is damaged, or of a type that is no single number.
    """
    packed = path.name.lower().endswith(".gz")
    whole = Place(path, 0, "gzip" if packed else "none", 0, "<")
    with unpacked_stream(whole) as file:
        header = file.read(HEADER_BYTES)
    orders: tuple[ByteOrder, ...] = ("<", ">")
    for order in orders:
        if struct.unpack_from(f"{order}i", header)[0] == 348:
            dimensions = struct.unpack_from(f"{order}8h", header, 40)
            (kind,) = struct.unpack_from(f"{order}h", header, 70)
            offset, slope, intercept = struct.unpack_from(f"{order}3f", header, 108)
            offset = int(offset)
        elif struct.unpack_from(f"{order}i", header)[0] == 540:
            dimensions = struct.unpack_from(f"{order}8q", header, 16)
            (kind,) = struct.unpack_from(f"{order}h", header, 12)
            offset, slope, intercept = struct.unpack_from(f"{order}q2d", header, 168)
        else:
            continue
        start, skip = (0, offset) if packed else (offset, 0)
        place = Place(path, start, whole.packing, skip, order)
        return _checked(place, dimensions, kind, slope, intercept)
    raise ValueError("no NIfTI header")


def _checked(
    place: Place, dimensions: tuple[int, ...], kind: int, slope: float, intercept: float
) -> StoredVoxels:
    width, height, depth = (max(1, n) for n in dimensions[1:4])
    # A slope of 0 means that nothing is scaled.
    if not slope or not math.isfinite(slope) or not math.isfinite(intercept):
        slope, intercept = 1.0, 0.0
    number = np.dtype(TYPES[kind]).newbyteorder(place.order)
    return StoredVoxels(place, (depth, height, width), number, float(slope), float(intercept))
