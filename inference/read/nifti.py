"""Whether a NIfTI file is whole.

ITK fills one that is cut short with zeros and says nothing, so that half a patient would pass for
a whole one.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

HEADER_BYTES = 540
"""Of NIfTI-2, the longer of the two."""

CHUNK_BYTES = 2**22

GZIP_MODULUS = 2**32
"""A gzip file ends with the length of its content modulo this (RFC 1952)."""


def is_whole(path: Path) -> bool:
    """Whether a ``.nii`` or ``.nii.gz`` holds as many bytes as its header announces.

    Raises:
        OSError: the file cannot be read.
    """
    packed = path.name.lower().endswith(".gz")
    try:
        with _open(path, packed) as file:
            needed = _announced_bytes(file.read(HEADER_BYTES))
        if not packed:
            return path.stat().st_size >= needed
        return _told_length(path) == needed % GZIP_MODULUS or _unpacked_bytes(path) >= needed
    except (EOFError, zlib.error, gzip.BadGzipFile, struct.error):
        return False


def _open(path: Path, packed: bool) -> BinaryIO:
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]


def _announced_bytes(header: bytes) -> int:
    """Where the voxels begin, plus their bytes (nifti1.h, nifti2.h)."""
    for order in "<>":
        if struct.unpack_from(f"{order}i", header)[0] == 348:
            dimensions = struct.unpack_from(f"{order}8h", header, 40)
            (bits,) = struct.unpack_from(f"{order}h", header, 72)
            (offset,) = struct.unpack_from(f"{order}f", header, 108)
            return _bytes(dimensions, bits, int(offset))
        if struct.unpack_from(f"{order}i", header)[0] == 540:
            dimensions = struct.unpack_from(f"{order}8q", header, 16)
            (bits,) = struct.unpack_from(f"{order}h", header, 14)
            (offset,) = struct.unpack_from(f"{order}q", header, 168)
            return _bytes(dimensions, bits, offset)
    return 0


def _bytes(dimensions: tuple[int, ...], bits: int, offset: int) -> int:
    voxels = math.prod(max(1, n) for n in dimensions[1 : dimensions[0] + 1])
    return offset + voxels * bits // 8


def _told_length(path: Path) -> int:
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int(struct.unpack("<I", file.read(4))[0])


def _unpacked_bytes(path: Path) -> int:
    with gzip.open(path) as file:
        return sum(len(chunk) for chunk in iter(lambda: file.read(CHUNK_BYTES), b""))
