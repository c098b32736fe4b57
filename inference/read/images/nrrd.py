"""The header of an NRRD, attached (``.nrrd``) or detached (``.nhdr``)."""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from inference.read.images.grids import (
    FLAT,
    MILLIMETRES,
    SPACE_AXES,
    UNKNOWN_DIRECTIONS,
    UNKNOWN_ORIGIN,
    Axis,
    ImageHeader,
)
from inference.read.images.textheaders import (
    IN_MANY_FILES,
    LINE_BYTES,
    NO_UNIT_OF_LENGTH,
    beside,
    note_field,
    numbered_files,
    term,
)
from inference.read.voxels.planes import Packing, Place, UnfitImageError, open_content
from inference.values.geometry import Triple
from inference.values.messages import sentence

MAGIC = b"NRRD"

PACKINGS: dict[str, Packing] = {
    "raw": "none",
    "gzip": "gzip",
    "gz": "gzip",
    "bzip2": "bzip2",
    "bz2": "bzip2",
    "text": "text",
    "txt": "text",
    "ascii": "text",
    "hex": "hex",
}
"""Packings by the names of encodings (teem.sourceforge.net/nrrd/format.html, like all names
here)."""

TYPES = {
    name: number
    for number, names in {
        "i1": "signed char, int8, int8_t",
        "u1": "uchar, unsigned char, uint8, uint8_t",
        "i2": "short, short int, signed short, signed short int, int16, int16_t",
        "u2": "ushort, unsigned short, unsigned short int, uint16, uint16_t",
        "i4": "int, signed int, int32, int32_t",
        "u4": "uint, unsigned int, uint32, uint32_t",
        "i8": "longlong, long long, long long int, signed long long, signed long long int, "
        "int64, int64_t",
        "u8": "ulonglong, unsigned long long, unsigned long long int, uint64, uint64_t",
        "f4": "float",
        "f8": "double",
    }.items()
    for name in names.split(", ")
}
"""NumPy's names of the types."""

SPACES: dict[str, tuple[float, float, float]] = {
    "left-posterior-superior": (1.0, 1.0, 1.0),
    "lps": (1.0, 1.0, 1.0),
    "right-anterior-superior": (-1.0, -1.0, 1.0),
    "ras": (-1.0, -1.0, 1.0),
    "left-anterior-superior": (1.0, -1.0, 1.0),
    "las": (1.0, -1.0, 1.0),
}
"""Signs that turn coordinates of a space into LPS."""

TIME = ("-time", "t")
"""Endings of the names of spaces with an additional time axis."""

OF_SPACE = frozenset({"domain", "space", "???", "none"})
"""Kinds of axes that may be spatial."""

VECTOR = re.compile(r"none|\(([^)]*)\)")

LINE_OF_FIELD = re.compile(rb"([^:#][^:]*):(?!=) *(.*)")


def nrrd_header(path: Path) -> ImageHeader:
    """The header of an NRRD.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is damaged or not an NRRD.
        UnfitImageError: it is not a CT volume, or contradicts itself.
    """
    with open_content(path) as file:
        facts, listed = _facts(file)
        header_bytes = file.tell()
    sizes = [int(count) for count in facts["sizes"].split()]
    if len(sizes) != int(facts["dimension"]) or min(sizes) < 1:
        raise ValueError(f"{sizes} of {facts['dimension']} axes")
    if len(sizes) < SPACE_AXES:
        raise UnfitImageError(FLAT)
    packing, number = _packing(facts), _number(facts)
    axes, notes = _axes(facts, sizes)
    origin, more = _origin(facts)
    paths = _data_files(path, facts, listed)
    share = math.prod(sizes) * number.itemsize // max(1, len(paths))
    places = tuple(_place(one, 0, facts, packing, share) for one in paths) or (
        _place(path, header_bytes, facts, packing, share),
    )
    return ImageHeader(axes, origin, places, number, notes=(*notes, *more))


def _facts(file: BinaryIO) -> tuple[dict[str, str], list[str]]:
    """The fields by their names in lower case without blanks, and the listed files."""
    if not file.readline(LINE_BYTES).startswith(MAGIC):
        raise ValueError("no NRRD")
    facts: dict[str, str] = {}
    while line := file.readline(LINE_BYTES).rstrip(b"\r\n"):
        field = LINE_OF_FIELD.match(line)
        if field:
            key = field[1].decode("latin-1").lower().replace(" ", "")
            note_field(facts, key, field[2].decode("utf-8", "surrogateescape").strip())
            if key == "datafile" and facts[key].startswith("LIST"):
                return facts, _listed(file)
    return facts, []


def _listed(file: BinaryIO) -> list[str]:
    lines = file.read(LINE_BYTES * 16).decode("utf-8", "surrogateescape").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _data_files(path: Path, facts: dict[str, str], listed: Sequence[str]) -> tuple[Path, ...]:
    """The files that hold the voxels; none if the header's file holds them."""
    data = facts.get("datafile")
    if listed:
        return tuple(beside(path, name) for name in listed)
    if data is None:
        return ()
    return numbered_files(path, data) if IN_MANY_FILES.match(data) else (beside(path, data),)


def _place(path: Path, start: int, facts: dict[str, str], packing: Packing, share: int) -> Place:
    """Where the voxels of one file begin, after lines and bytes to be skipped."""
    lines, skip = int(facts.get("lineskip", "0")), int(facts.get("byteskip", "0"))
    if skip < 0 and packing == "none":
        return Place(path, max(0, path.stat().st_size - share))
    if skip < 0:
        raise UnfitImageError(
            sentence("its header contradicts itself: it counts packed voxels from their end")
        )
    if lines:
        with open_content(path) as file:
            file.seek(start)
            for _ in range(lines):
                file.readline(LINE_BYTES)
            start = file.tell()
    if packing == "none":
        return Place(path, start + skip, packing)
    return Place(path, start, packing, skip)


def _packing(facts: dict[str, str]) -> Packing:
    encoding = facts["encoding"].lower()
    if encoding not in PACKINGS:
        raise UnfitImageError(
            sentence(
                "its voxels are compressed in a way that cannot be read ({0}); save it as raw or "
                "gzip",
                term(encoding),
            )
        )
    return PACKINGS[encoding]


def _number(facts: dict[str, str]) -> np.dtype[np.generic]:
    name = facts["type"].lower()
    if name not in TYPES:
        raise UnfitImageError(
            sentence("its voxels have a type that cannot be read ({0})", term(name))
        )
    number = np.dtype(TYPES[name])
    if _packing(facts) == "text":
        return np.dtype("f8")
    order = facts.get("endian", "").lower()
    if number.itemsize > 1 and order not in ("little", "big"):
        raise UnfitImageError(sentence("its header does not say in which order its bytes are"))
    return number.newbyteorder(">" if order == "big" else "<")


def _axes(facts: dict[str, str], sizes: Sequence[int]) -> tuple[tuple[Axis, ...], tuple[str, ...]]:
    """The axes, and a note if their directions are unknown."""
    turn = _turn(facts)
    note = () if turn else (UNKNOWN_DIRECTIONS,)
    if "spacedirections" in facts:
        vectors = [match[1] for match in VECTOR.finditer(facts["spacedirections"])]
        if len(vectors) != len(sizes):
            raise ValueError(f"{len(vectors)} directions of {len(sizes)} axes")
        steps = [_step(vector, turn or SPACES["lps"], facts) for vector in vectors]
        return tuple(map(Axis, sizes, steps)), note
    kinds = facts.get("kinds", "").lower().split()
    spacings = [float(text) for text in facts.get("spacings", "").split()]
    if not spacings:
        raise UnfitImageError(sentence("it does not say how large its voxels are"))
    if len(spacings) != len(sizes) or len(kinds) not in (0, len(sizes)):
        raise ValueError(f"{len(spacings)} spacings of {len(sizes)} axes")
    spatial = [
        index
        for index, spacing in enumerate(spacings)
        if not math.isnan(spacing) and not (kinds and kinds[index] not in OF_SPACE)
    ]
    while len(spatial) > SPACE_AXES and any(sizes[index] == 1 for index in spatial):
        spatial.remove(next(index for index in spatial if sizes[index] == 1))
    unit = _millimetres(facts, "units")
    plain: list[Triple | None] = [None] * len(sizes)
    for axis, index in enumerate(spatial[:SPACE_AXES]):
        x, y, z = (spacings[index] * unit if axis == one else 0.0 for one in range(SPACE_AXES))
        plain[index] = x, y, z
    return tuple(map(Axis, sizes, plain)), (UNKNOWN_DIRECTIONS,)


def _turn(facts: dict[str, str]) -> tuple[float, float, float] | None:
    """Signs that turn the coordinates of the file's space into LPS; None if it is unknown."""
    space = facts.get("space", "").lower()
    for end in TIME:
        if space.removesuffix(end) in SPACES:
            return SPACES[space.removesuffix(end)]
    return None


def _step(
    vector: str | None, turn: tuple[float, float, float], facts: dict[str, str]
) -> Triple | None:
    """The step of an axis in LPS millimetres; None for an axis that is not spatial."""
    if vector is None:
        return None
    numbers = [float(text) for text in vector.split(",")]
    unit = _millimetres(facts, "spaceunits")
    x, y, z = (number * way * unit for number, way in zip(numbers[:SPACE_AXES], turn, strict=True))
    nowhere = math.isnan(x + y + z) or (len(numbers) > SPACE_AXES and not any((x, y, z)))
    return None if nowhere else (x, y, z)


def _origin(facts: dict[str, str]) -> tuple[Triple, tuple[str, ...]]:
    """LPS millimetres of the first voxel, and a note if the file does not say."""
    match = VECTOR.match(facts.get("spaceorigin", "none"))
    step = _step(match[1], _turn(facts) or SPACES["lps"], facts) if match else None
    if step is not None:
        return step, ()
    if "spacedirections" not in facts:
        return (0.0, 0.0, 0.0), ()
    return (0.0, 0.0, 0.0), (UNKNOWN_ORIGIN,)


def _millimetres(facts: dict[str, str], key: str) -> float:
    """Millimetres per unit of length, which must be the same for all spatial axes."""
    units = [unit.strip('"').lower() for unit in re.findall(r'"[^"]*"|\S+', facts.get(key, ""))]
    lengths = {MILLIMETRES[unit] for unit in units if unit in MILLIMETRES} if units else {1.0}
    if len(lengths) != 1:
        raise UnfitImageError(NO_UNIT_OF_LENGTH)
    return lengths.pop()
