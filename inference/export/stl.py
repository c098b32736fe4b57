"""Surfaces as binary STL."""

import struct
from collections.abc import Iterable
from typing import BinaryIO

import numpy as np

from inference.mask.surface import Surface

HEADER = b"SpineContext Desktop; LPS, millimetres; research use, not for diagnosis"
"""At most ``HEADER_BYTES``, and not beginning with "solid", which would mean a text file."""

HEADER_BYTES = 80

TRIANGLE = np.dtype(
    [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attributes", "<u2")],
)
"""One triangle: 50 bytes, little-endian (the format is specified only by its use)."""


def write_stl(parts: Iterable[Surface], file: BinaryIO) -> None:
    """Write the parts of a surface in the order given, in patient millimetres (LPS).

    Raises:
        OSError: the file cannot be written.
    """
    file.write(HEADER.ljust(HEADER_BYTES))
    file.write(_count(0))
    written = 0
    for part in parts:
        records = np.zeros(len(part.triangles), dtype=TRIANGLE)
        records["corners"] = part.vertices[part.triangles]
        records["normal"] = part.normals
        file.write(records.tobytes())
        written += len(records)
    file.seek(HEADER_BYTES)
    file.write(_count(written))


def _count(triangles: int) -> bytes:
    return struct.pack("<I", triangles)
