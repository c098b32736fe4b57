"""NIfTI voxels plane by plane, and never fewer than the header announces.

ITK would hold the whole volume in memory, in the file's own type; and one that is cut short it
fills with zeros and says nothing, so that half a patient would pass for a whole one.
"""

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

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

DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, struct.error, KeyError, ValueError)
"""What is raised on the way through a file that is cut short or damaged."""


@dataclass(frozen=True)
class Layout:
    """How voxels lie in the file (nifti1.h, nifti2.h).

    Attributes:
        shape: z, y, x.
        type: of the stored numbers.
        offset: bytes before the first voxel.
        slope: what stored numbers are multiplied by.
        intercept: what is added then.
    """

    shape: tuple[int, int, int]
    type: np.dtype[np.generic]
    offset: int
    slope: float
    intercept: float


def read_planes(path: Path) -> Iterator[NDArray[np.generic]]:
    """Scaled planes (y, x) of a ``.nii`` or ``.nii.gz``, in ascending z.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is cut short, damaged, or of a type that is no single number.
    """
    packed = path.name.lower().endswith(".gz")
    with _open(path, packed) as file:
        layout = _layout(file.read(HEADER_BYTES))
        file.seek(layout.offset)
        depth, height, width = layout.shape
        size = height * width * layout.type.itemsize
        for _ in range(depth):
            content = file.read(size)
            if len(content) < size:
                raise EOFError(f"{path.name} ends before its last plane")
            plane = np.frombuffer(content, layout.type).reshape(height, width)
            scaled = (layout.slope, layout.intercept) != (1.0, 0.0)
            yield plane * layout.slope + layout.intercept if scaled else plane
        file.read(1)  # at its very end, gzip compares the checksum


def _open(path: Path, packed: bool) -> BinaryIO:
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _layout(header: bytes) -> Layout:
    orders: tuple[Literal["<"], Literal[">"]] = ("<", ">")
    for order in orders:
        if struct.unpack_from(f"{order}i", header)[0] == 348:
            dimensions = struct.unpack_from(f"{order}8h", header, 40)
            (kind,) = struct.unpack_from(f"{order}h", header, 70)
            offset, slope, intercept = struct.unpack_from(f"{order}3f", header, 108)
            return _checked_layout(order, dimensions, kind, int(offset), slope, intercept)
        if struct.unpack_from(f"{order}i", header)[0] == 540:
            dimensions = struct.unpack_from(f"{order}8q", header, 16)
            (kind,) = struct.unpack_from(f"{order}h", header, 12)
            offset, slope, intercept = struct.unpack_from(f"{order}q2d", header, 168)
            return _checked_layout(order, dimensions, kind, offset, slope, intercept)
    raise ValueError("no NIfTI header")


def _checked_layout(
    order: Literal["<", ">"],
    dimensions: tuple[int, ...],
    kind: int,
    offset: int,
    slope: float,
    intercept: float,
) -> Layout:
    width, height, depth = (max(1, n) for n in dimensions[1:4])
    # A slope of 0 means that nothing is scaled.
    if not slope or not math.isfinite(slope) or not math.isfinite(intercept):
        slope, intercept = 1.0, 0.0
    number = np.dtype(TYPES[kind]).newbyteorder(order)
    return Layout((depth, height, width), number, offset, float(slope), float(intercept))
