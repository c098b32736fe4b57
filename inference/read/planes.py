"""Voxels plane by plane from where they lie in a file, packed or not, and never fewer than there
should be.

ITK would hold the whole volume in memory, in the file's own type; and a NIfTI that is cut short it
fills with zeros and says nothing, so that half a patient would pass for a whole one.
"""

import gzip
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Shape

Packing = Literal["none", "gzip", "zlib"]
ByteOrder = Literal["<", ">"]

DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, struct.error, KeyError, ValueError)
"""What is raised on the way through a file that is cut short or damaged."""

CHUNK_BYTES = 2**16

IN_MANY_FILES = ("LIST", "%")
"""Marks of a data file's name in a header where each slice has a file of its own."""

EITHER_HEADER = 32
"""Added to the window's size, it makes zlib take its own header or gzip's (zlib.h)."""


@dataclass(frozen=True)
class Place:
    """Where the bytes of all voxels begin.

    Attributes:
        path: the file that holds them.
        start: bytes of the file before them, or before the packed stream that holds them.
        packing: of the stream; "zlib" may be gzip of one member too.
        skip: bytes of an unpacked gzip stream before them.
        order: of the bytes of one number.
    """

    path: Path
    start: int
    packing: Packing
    skip: int
    order: ByteOrder


@dataclass(frozen=True)
class StoredVoxels:
    """How voxels lie in a file.

    Attributes:
        shape: z, y, x; x changes fastest.
        type: of the stored numbers.
        slope: what stored numbers are multiplied by.
        intercept: what is added then.
    """

    place: Place
    shape: Shape
    type: np.dtype[np.generic]
    slope: float = 1.0
    intercept: float = 0.0


def read_planes(stored: StoredVoxels) -> Iterator[NDArray[np.generic]]:
    """Scaled planes (y, x), in ascending z.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is cut short or damaged.
    """
    depth, height, width = stored.shape
    size = height * width * stored.type.itemsize
    scaled = (stored.slope, stored.intercept) != (1.0, 0.0)
    with unpacked_stream(stored.place) as file:
        for _ in range(depth):
            content = file.read(size)
            if len(content) < size:
                raise EOFError(f"{stored.place.path.name} ends before its last plane")
            plane = np.frombuffer(content, stored.type).reshape(height, width)
            yield plane * stored.slope + stored.intercept if scaled else plane
        file.read(1)  # at its very end, a packed stream compares the checksum


@contextmanager
def unpacked_stream(place: Place) -> Iterator[BinaryIO]:
    """The bytes at ``place``, unpacked as they are read."""
    with place.path.open("rb") as file:
        file.seek(place.start)
        match place.packing:
            case "none":
                stream: BinaryIO = file
            case "gzip":
                stream = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
            case "zlib":
                stream = io.BufferedReader(_ZlibReader(file))
        if place.skip:
            stream.seek(place.skip)
        yield stream


class _ZlibReader(io.RawIOBase):
    """The bytes of a stream with a header of zlib or gzip, unpacked as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        """Unpack from where ``file`` is."""
        self._file = file
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | EITHER_HEADER)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Fill some of ``buffer``; 0 bytes at the end of the stream.

        Raises:
            EOFError: the file ends before the stream does.
        """
        while not self._zlib.eof:
            packed = self._zlib.unconsumed_tail or self._file.read(CHUNK_BYTES)
            content = self._zlib.decompress(packed, len(buffer))
            if content:
                buffer[: len(content)] = content
                return len(content)
            if not packed:
                raise EOFError("the packed stream is cut short")
        return 0
