"""The header of a MetaImage, attached (``.mha``) or detached (``.mhd``)."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

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
from inference.read.voxels.limits import check_spacing
from inference.read.voxels.planes import Packing, Place, UnfitImageError, open_content
from inference.values.geometry import as_triple
from inference.values.messages import sentence

TRUE = "true"

TYPES = {
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG": "i4",
    "MET_ULONG": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
"""NumPy's names of the types (from MetaIO's documentation, like all names here)."""

MODALITIES = ("MET_MOD_CT", "MET_MOD_OTHER", "MET_MOD_UNKNOWN", "")
"""Modalities of what may be a CT."""

UNIT_TOLERANCE = 1e-2
"""How far the vectors of a TransformMatrix may be from unit length, because headers round."""

FROM_SIDES = ("RL", "AP", "IS")
"""Letters of AnatomicalOrientation as written by ITK: the side from which an axis of LPS comes,
forwards and backwards."""

TO_SIDES = ("LR", "PA", "SI")
"""The same as written by other programs: the side to which it goes."""

UNKNOWN = "???"


def looks_like_metaimage(start: bytes) -> bool:
    """Whether a file with this start is a MetaImage."""
    first = start.split(b"=")[0].strip().lower()
    return b"=" in start and first in (b"objecttype", b"ndims", b"comment", b"objectsubtype")


def metaimage_header(path: Path) -> ImageHeader:
    """The header of a MetaImage.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is damaged or not a MetaImage.
        UnfitImageError: it is not a CT volume, or contradicts itself.
    """
    with open_content(path) as file:
        facts = _facts(file)
        header_bytes = file.tell()
        listed = file.read(LINE_BYTES * 16) if facts["elementdatafile"].startswith("LIST") else b""
    sizes = [int(text) for text in facts["dimsize"].split()]
    axes_count = int(facts["ndims"])
    if len(sizes) != axes_count or min(sizes) < 1:
        raise ValueError(f"{sizes} of {axes_count} axes")
    if axes_count < SPACE_AXES:
        raise UnfitImageError(FLAT)
    _check_modality(facts.get("modality", "").upper())
    text = not _is(facts, "binarydata")
    number = np.dtype("f8") if text else _number(facts)
    directions, notes = _directions(facts, axes_count)
    steps = directions * _spacing(facts, axes_count)
    unit = _millimetres(facts)
    origin = _numbers(facts, "offset", "origin", "position")
    if not origin:
        origin, notes = [0.0] * axes_count, (*notes, UNKNOWN_ORIGIN)
    paths = _data_files(path, facts["elementdatafile"], listed)
    share = math.prod(sizes) * number.itemsize // max(1, len(paths))
    packing: Packing = "text" if text else "zlib" if _is(facts, "compresseddata") else "none"
    skip = int(facts.get("headersize", "0"))
    start = skip if paths or skip > 0 else header_bytes
    places = tuple(_place(one, start, packing, share) for one in paths or (path,))
    return ImageHeader(
        axes=tuple(
            Axis(count, as_triple(steps[:SPACE_AXES, index] * unit) if index < SPACE_AXES else None)
            for index, count in enumerate(sizes)
        ),
        origin=as_triple(np.array(origin[:SPACE_AXES]) * unit),
        places=places,
        type=number,
        slope=float(facts.get("elementtointensityfunctionslope", "1")),
        intercept=float(facts.get("elementtointensityfunctionoffset", "0")),
        notes=notes,
    )


def _facts(file: BinaryIO) -> dict[str, str]:
    """The fields by their names in lower case; the last one names the file with the voxels."""
    facts: dict[str, str] = {}
    while "elementdatafile" not in facts:
        line = file.readline(LINE_BYTES)
        key, found, value = line.decode("utf-8", "surrogateescape").partition("=")
        if not found:
            raise ValueError("no field of a MetaImage")
        note_field(facts, key.strip().lower(), value.strip())
    return facts


def _check_modality(modality: str) -> None:
    if modality not in MODALITIES:
        kind = sentence("of the kind {0}", term(modality.removeprefix("MET_MOD_")))
        raise UnfitImageError(sentence("it is {0}, not a CT", kind))


def _is(facts: dict[str, str], key: str) -> bool:
    return facts.get(key, "").lower() in (TRUE, "t", "1", "yes")


def _numbers(facts: dict[str, str], *keys: str) -> list[float]:
    """The numbers of a field that has several names; none if it is absent.

    Raises:
        UnfitImageError: it is there under two names with different numbers.
    """
    found = [[float(text) for text in facts[key].split()] for key in keys if key in facts]
    if any(numbers != found[0] for numbers in found):
        raise UnfitImageError(
            sentence("its header contradicts itself: it says twice what {0} is", term(keys[0]))
        )
    return found[0] if found else []


def _number(facts: dict[str, str]) -> np.dtype[np.generic]:
    name = facts["elementtype"].upper()
    if int(facts.get("elementnumberofchannels", "1")) != 1 or name.endswith("_ARRAY"):
        raise UnfitImageError(
            sentence("it is in colour or has several values per voxel, and a CT has one")
        )
    if name not in TYPES:
        raise UnfitImageError(
            sentence("its voxels have a type that cannot be read ({0})", term(name))
        )
    high_first = _is(facts, "binarydatabyteordermsb") or _is(facts, "elementbyteordermsb")
    return np.dtype(TYPES[name]).newbyteorder(">" if high_first else "<")


def _spacing(facts: dict[str, str], axes: int) -> NDArray[np.float64]:
    spacing = _numbers(facts, "elementspacing") or _numbers(facts, "elementsize")
    if not spacing:
        raise UnfitImageError(sentence("it does not say how large its voxels are"))
    if len(spacing) != axes:
        raise ValueError(f"{len(spacing)} spacings of {axes} axes")
    check_spacing(spacing[:SPACE_AXES])
    return np.array(spacing)


def _directions(facts: dict[str, str], axes: int) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Directions of the axes as columns, and notes. The file lists one vector after another."""
    numbers = _numbers(facts, "transformmatrix", "rotation", "orientation")
    letters = facts.get("anatomicalorientation", UNKNOWN).upper()
    if not numbers:
        return np.eye(axes), (UNKNOWN_DIRECTIONS,)
    matrix = np.reshape(numbers, (axes, axes)).T
    lengths = np.linalg.norm(matrix[:, :SPACE_AXES], axis=0)
    if not np.abs(lengths - 1).max() <= UNIT_TOLERANCE:
        raise UnfitImageError(
            sentence(
                "its header contradicts itself: the directions of its axes are not of length 1"
            )
        )
    matrix[:, :SPACE_AXES] /= lengths
    if letters == UNKNOWN or letters in _letters(matrix[:SPACE_AXES, :SPACE_AXES]):
        return matrix, ()
    return matrix, (
        sentence(
            "The file says in two ways how its axes run, which disagree (TransformMatrix and "
            "AnatomicalOrientation {0}); the matrix was used. Check left and right.",
            term(letters),
        ),
    )


def _letters(directions: NDArray[np.float64]) -> tuple[str, str]:
    """AnatomicalOrientation for axes in these directions (columns in LPS), in both conventions."""
    along = np.abs(directions).argmax(axis=0)
    backwards = [int(directions[axis, index] < 0) for index, axis in enumerate(along)]
    first, second = (
        "".join(sides[axis][back] for axis, back in zip(along, backwards, strict=True))
        for sides in (FROM_SIDES, TO_SIDES)
    )
    return first, second


def _millimetres(facts: dict[str, str]) -> float:
    unit = MILLIMETRES.get(facts.get("distanceunits", "").lower())
    if unit is None:
        raise UnfitImageError(NO_UNIT_OF_LENGTH)
    return unit


def _data_files(path: Path, data: str, listed: bytes) -> Sequence[Path]:
    """The files that hold the voxels; none if the header's file holds them."""
    if data.upper() == "LOCAL":
        return ()
    if data.startswith("LIST"):
        lines = listed.decode("utf-8", "surrogateescape").splitlines()
        return tuple(beside(path, line.strip()) for line in lines if line.strip())
    return numbered_files(path, data) if IN_MANY_FILES.match(data) else (beside(path, data),)


def _place(path: Path, start: int, packing: Packing, share: int) -> Place:
    """Where the voxels of one file begin; a negative start counts from the end."""
    if start < 0:
        start = max(0, path.stat().st_size - share)
    return Place(path, start, packing)
