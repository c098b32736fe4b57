"""Reads voxels plane by plane from files, however they are compressed, and checks their number.

ITK would hold the whole volume in memory, in the file's own type. It would also silently fill a
truncated NIfTI with zeros, so that half a patient would pass for a whole one.
"""

import bz2
import gzip
import io
import lzma
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Shape
from inference.values.messages import sentence

Packing = Literal["none", "gzip", "bzip2", "zlib", "text", "hex"]
ByteOrder = Literal["<", ">"]

DAMAGE = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    struct.error,
    KeyError,
    IndexError,
    ValueError,
    OverflowError,
)
"""Exceptions raised while reading a truncated or damaged file."""

CHUNK_BYTES = 2**16

MOST_LAYERS = 3
"""Files compressed twice by mistake do occur; more layers are a trap."""

MAX_EXPANSION = 200
"""How many times its own size a file may unpack to; a CT compresses two- to fourfold, an empty mask
perhaps a hundredfold, and a zip bomb a thousandfold."""

SMALL_BYTES = 64 * 2**20
"""Content up to this size is harmless, whatever its compression ratio."""

DEFLATE_MOST = 1032
"""How many times its own size a stream of gzip or zlib can unpack to (zlib.net/zlib_tech.html)."""

LINE_ENDS = b"\r\n"
"""May follow the voxels if the header is text; anything else contradicts the header."""

EITHER_HEADER = 32
"""Added to the window size, it makes zlib accept both its own header and gzip's (zlib.h)."""

GZIP, BZIP2, XZ = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0"
"""First bytes of compressed files (RFC 1952, bzip2 manual, xz file format)."""


class UnfitImageError(Exception):
    """An image file is not a CT volume, or contradicts itself.

    Attributes:
        reason: a clause that says why, calling the file "it".
    """

    def __init__(self, reason: str) -> None:
        """State ``reason``."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Place:
    """Where the bytes of voxels begin.

    Attributes:
        path: the file that holds them.
        start: bytes of the file's content before them, or before the compressed stream that holds
            them. A file that is compressed as a whole is unpacked before counting.
        packing: compression of the stream according to the header. Because gzip, bzip2 and xz are
            recognised by their first bytes, "none", "gzip" and "bzip2" are interchangeable; "zlib"
            may also be gzip with one member; "text" unpacks to float64.
        skip: bytes of the unpacked stream before them.
    """

    path: Path
    start: int = 0
    packing: Packing = "none"
    skip: int = 0


@dataclass(frozen=True)
class StoredVoxels:
    """How voxels lie in files.

    Attributes:
        places: places that hold equal shares of the voxels, in ascending z.
        shape: z, y, x; x changes fastest.
        type: type of the stored numbers, with their byte order.
        slope: factor for stored numbers.
        intercept: added after that.
    """

    places: tuple[Place, ...]
    shape: Shape
    type: np.dtype[np.generic]
    slope: float = 1.0
    intercept: float = 0.0


def read_planes(stored: StoredVoxels) -> Iterator[NDArray[np.generic]]:
    """Scaled planes (y, x), in ascending z.

    Raises:
        OSError: a file cannot be read.
        DAMAGE: one of these: a file is truncated or damaged.
        UnfitImageError: a file holds more than its voxels.
    """
    depth, height, width = stored.shape
    size = height * width * stored.type.itemsize
    scaled = (stored.slope, stored.intercept) != (1.0, 0.0)
    for place in stored.places:
        with unpacked_stream(place) as file:
            for _ in range(depth // len(stored.places)):
                content = file.read(size)
                if len(content) < size:
                    raise EOFError(f"{place.path.name} ends before its last plane")
                plane = np.frombuffer(content, stored.type).reshape(height, width)
                yield plane * stored.slope + stored.intercept if scaled else plane
            # A compressed stream compares its checksum at the very end.
            if file.read(CHUNK_BYTES).strip(LINE_ENDS):
                raise UnfitImageError(
                    sentence("its header states fewer voxels than the file contains")
                )


def check_length(stored: StoredVoxels) -> None:
    """Check, without reading them, that files are long enough for their voxels.

    Raises:
        OSError: a file cannot be read.
        EOFError: one is too short, however well its voxels are compressed.
    """
    share = math.prod(stored.shape) * stored.type.itemsize // len(stored.places)
    for place in stored.places:
        with place.path.open("rb") as file:
            starts = [_first_bytes(file)]
            file.seek(place.start)
            starts.append(_first_bytes(file))
        if place.packing in ("bzip2", "text", "hex") or _any_begins(starts, BZIP2, XZ):
            continue
        deflated = place.packing in ("gzip", "zlib") or _any_begins(starts, GZIP)
        there = place.path.stat().st_size
        if (there * DEFLATE_MOST if deflated else there - place.start) < share:
            raise EOFError(f"{place.path.name} is too short for its voxels")


@contextmanager
def open_content(path: Path) -> Iterator[BinaryIO]:
    """The content of a file, decompressed while reading if its first bytes call for it."""
    with path.open("rb") as file:
        yield _content(file)


def whole_content(path: Path) -> BinaryIO:
    """The file or, if it is compressed as a whole, its content, held in memory.

    Raises:
        OSError: it cannot be read.
        DAMAGE: one of these: it is truncated or damaged, or unpacks to far more than any CT.
    """
    file = path.open("rb")
    if not _first_bytes(file).startswith((GZIP, BZIP2, XZ)):
        return file
    with file:
        most = most_bytes(path)
        content = _content(file).read(most + 1)
    if len(content) > most:
        raise ValueError(f"{path.name} unpacks to more than any CT")
    return io.BytesIO(content)


def most_bytes(path: Path) -> int:
    """How many bytes a compressed file may unpack to."""
    return expandable(path.stat().st_size)


def expandable(packed: int) -> int:
    """To how many bytes this many compressed ones may unpack."""
    return max(SMALL_BYTES, MAX_EXPANSION * packed)


@contextmanager
def unpacked_stream(place: Place) -> Iterator[BinaryIO]:
    """The bytes at ``place``, decompressed while reading."""
    with open_content(place.path) as file:
        file.seek(place.start)
        match place.packing:
            case "none" | "gzip" | "bzip2":
                stream = _content(file)
            case "zlib":
                stream = _stream(_inflated(file))
            case "text":
                stream = _stream(_numbers(file))
            case "hex":
                stream = _stream(_hex_bytes(file))
        left = place.skip
        while left:
            skipped = len(stream.read(min(left, CHUNK_BYTES)))
            if not skipped:
                raise EOFError(f"{place.path.name} ends before its voxels begin")
            left -= skipped
        yield stream


def _any_begins(starts: Sequence[bytes], *signs: bytes) -> bool:
    return any(start.startswith(signs) for start in starts)


def _first_bytes(file: BinaryIO) -> bytes:
    """The next bytes of ``file``, without moving its position."""
    place = file.tell()
    start = file.read(len(XZ))
    file.seek(place)
    return start


def _content(file: BinaryIO) -> BinaryIO:
    for _ in range(MOST_LAYERS):
        start = _first_bytes(file)
        if start.startswith(GZIP):
            file = cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
        elif start.startswith(BZIP2):
            file = cast(BinaryIO, bz2.BZ2File(file))
        elif start.startswith(XZ):
            file = cast(BinaryIO, lzma.LZMAFile(file))  # noqa: SIM115 - closed with what it lies in
        else:
            break
    return file


def _inflated(file: BinaryIO) -> Iterator[bytes]:
    unpack = zlib.decompressobj(zlib.MAX_WBITS | EITHER_HEADER)
    while not unpack.eof:
        packed = unpack.unconsumed_tail or file.read(CHUNK_BYTES)
        content = unpack.decompress(packed, CHUNK_BYTES)
        if not content and not packed:
            raise EOFError("the packed stream is cut short")
        yield content


def _numbers(file: BinaryIO) -> Iterator[bytes]:
    """Numbers written as text, separated by blanks, line ends or commas, as float64."""
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        words = (rest + chunk).replace(b",", b" ")
        whole = max(words.rfind(mark) for mark in (b" ", b"\n", b"\r", b"\t")) + 1
        rest = words[whole:]
        yield np.array(words[:whole].split(), dtype=np.float64).tobytes()
    yield np.array(rest.split(), dtype=np.float64).tobytes()


def _hex_bytes(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        digits = rest + b"".join(chunk.split())
        whole = len(digits) // 2 * 2
        rest = digits[whole:]
        yield bytes.fromhex(digits[:whole].decode("ascii"))


def _stream(chunks: Iterator[bytes]) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Chunks(chunks)))


class _Chunks(io.RawIOBase):
    """A stream over chunks of bytes that are produced while reading."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Read from ``chunks``."""
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """Fill part of ``buffer``; 0 bytes at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
