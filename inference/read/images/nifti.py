"""The header of a NIfTI: NIfTI-1 and NIfTI-2, as one file or a pair of files."""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.read.images.grids import SPACE_AXES, UNKNOWN_DIRECTIONS, Axis, ImageHeader
from inference.read.images.textheaders import regular
from inference.read.voxels.limits import check_spacing
from inference.read.voxels.planes import ByteOrder, Place, UnfitImageError, open_content
from inference.values.geometry import as_triple
from inference.values.messages import Term, sentence

HEADER_BYTES = 540
"""The length for NIfTI-2, the longer of the two."""

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
"""NumPy's names of the data types with one number per voxel (nifti1.h)."""

SEVERAL_NUMBERS = frozenset({32, 128, 1792, 2048, 2304})
"""Data types for complex numbers and colours (nifti1.h)."""

UNITS_MM = {1: 1000.0, 3: 0.001}
"""Millimetres per metre and per micrometre, by the units' codes (nifti1.h)."""

UNITS_OF_SPACE = 0x07
"""The spatial bits of xyzt_units (nifti1.h)."""

AGREEING_VOXELS = 0.5
"""Two geometries in one file agree if its corners differ by less than this share of a voxel:
float32 rounds to a thousandth, and converters round to a tenth."""

SCALED_AGREEMENT = 0.01
"""How far, as a share, pixdim and the sform's steps may differ, because headers round."""

UNIT_QUATERNION = 1e-3
"""By how much the sum of squares of a rotation's quaternion may exceed 1, because headers round."""

RAS_TO_LPS = np.array([-1.0, -1.0, 1.0])
"""NIfTI's axes point to the right and the front, those of DICOM and ITK to the left and the
back."""


@dataclass(frozen=True)
class _Layout:
    """Positions and formats of the fields of a version (nifti1.h, nifti2.h)."""

    bytes: int
    magic: int
    fields: dict[str, tuple[str, int]]


VERSIONS = {
    348: _Layout(
        352,
        344,
        {
            "dim": ("8h", 40),
            "datatype": ("h", 70),
            "bitpix": ("h", 72),
            "pixdim": ("8f", 76),
            "vox_offset": ("f", 108),
            "scl": ("2f", 112),
            "units": ("b", 123),
            "codes": ("2h", 252),
            "quatern": ("3f", 256),
            "qoffset": ("3f", 268),
            "srow": ("12f", 280),
        },
    ),
    540: _Layout(
        544,
        4,
        {
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
            "units": ("i", 500),
        },
    ),
}
"""Layouts by the size of the header, which is its first field. ``bytes`` come before the first
voxel in a single file: the header and four that announce extensions."""


def looks_like_nifti(start: bytes) -> bool:
    """Whether a file with this start is a NIfTI, or an Analyze file, which begins the same way."""
    return start[:4] in {struct.pack(f"{order}i", size) for order in "<>" for size in VERSIONS}


def nifti_header(path: Path) -> ImageHeader:
    """The header of a ``.nii``, or of a pair from its ``.hdr``.

    Raises:
        OSError: the file cannot be read.
        DAMAGE: one of these: it is damaged or not a NIfTI.
        UnfitImageError: it is not a CT volume, or contradicts itself.
    """
    with open_content(path) as file:
        start = file.read(HEADER_BYTES)
    order: ByteOrder = "<" if struct.unpack_from("<i", start)[0] in VERSIONS else ">"
    layout = VERSIONS[struct.unpack_from(f"{order}i", start)[0]]
    facts: dict[str, Any] = {
        name: struct.unpack_from(f"{order}{form}", start, place)
        for name, (form, place) in layout.fields.items()
    }
    origin, steps, notes = _geometry(facts)
    slope, intercept = _scaling(*facts["scl"])
    return ImageHeader(
        axes=_axes(facts["dim"], steps),
        origin=as_triple(origin),
        places=(_place(path, start, layout, facts["vox_offset"][0]),),
        type=_number(facts["datatype"][0], facts["bitpix"][0]).newbyteorder(order),
        slope=slope,
        intercept=intercept,
        notes=notes,
    )


def data_file(path: Path) -> Path:
    """The file with the voxels of a pair, given its header.

    Raises:
        UnfitImageError: there is something else of that name.
    """
    for ending in (".img", ".IMG", ".img.gz"):
        beside = path.with_name(path.name[: path.name.lower().index(".hdr")] + ending)
        if beside.exists():
            return regular(beside)
    return path.with_suffix(".img")


def _place(path: Path, start: bytes, layout: _Layout, offset: float) -> Place:
    magic = start[layout.magic : layout.magic + 3]
    if magic in (b"ni1", b"ni2") and ".hdr" in path.name.lower():
        return Place(data_file(path), max(0, int(offset)))
    if magic in (b"n+1", b"n+2"):
        return Place(path, max(layout.bytes, int(offset)))
    raise UnfitImageError(
        sentence(
            "it is an Analyze file, which does not tell left from right, or one half of a pair of "
            "files; convert it to NIfTI"
        )
    )


def _number(code: int, bits: int) -> np.dtype[np.generic]:
    if code in SEVERAL_NUMBERS:
        raise UnfitImageError(
            sentence("it is in colour or has several values per voxel, and a CT has one")
        )
    if code not in TYPES:
        raise UnfitImageError(sentence("its voxels have a type that cannot be read ({0})", code))
    number = np.dtype(TYPES[code])
    if bits not in (0, 8 * number.itemsize):
        raise UnfitImageError(
            sentence(
                "its header contradicts itself: it states {0} bits per voxel, but their type has "
                "{1}",
                bits,
                8 * number.itemsize,
            )
        )
    return number


def _scaling(slope: float, intercept: float) -> tuple[float, float]:
    """Slope and intercept; a slope of 0 means that nothing is scaled (nifti1.h)."""
    if not slope or not math.isfinite(slope) or not math.isfinite(intercept):
        return 1.0, 0.0
    if slope < 0:
        raise UnfitImageError(
            sentence("its values have an implausible scale factor of {0:g}", slope)
        )
    return float(slope), float(intercept)


def _axes(dim: tuple[int, ...], steps: NDArray[np.float64]) -> tuple[Axis, ...]:
    axes, *counts = dim
    if not 1 <= axes <= 7 or min(counts[:axes]) < 0:
        raise ValueError(f"{axes} axes of {counts}")
    return tuple(
        Axis(max(1, count), as_triple(steps[:, number]) if number < SPACE_AXES else None)
        for number, count in enumerate(counts[:axes])
    )


def _geometry(
    facts: dict[str, Any],
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    """LPS millimetres of the first voxel, the steps of the axes as columns, and notes."""
    qform_code, sform_code = facts["codes"]
    pixdim, counts = np.array(facts["pixdim"]), np.array(facts["dim"][1:4])
    spacing = pixdim[1 : 1 + SPACE_AXES]
    unit = UNITS_MM.get(facts["units"][0] & UNITS_OF_SPACE, 1.0)
    if facts["dim"][0] >= SPACE_AXES:
        check_spacing((spacing * unit).tolist())
    qform = _qform(facts) if qform_code > 0 else None
    sform = np.reshape(facts["srow"], (3, 4)) if sform_code > 0 else None
    if sform is not None and not _is_regular(sform):
        sform = None
    chosen, notes = _settled(qform, sform, counts, spacing, unit)
    void = [
        name
        for name, code, form in (("qform", qform_code, qform), ("sform", sform_code, sform))
        if code > 0 and form is None
    ]
    if void:
        notes = (*notes, _void_note(void[0]))
    lps = chosen * RAS_TO_LPS[:, None] * unit
    return lps[:, 3], lps[:, :3], notes


def _qform(facts: dict[str, Any]) -> NDArray[np.float64] | None:
    """RAS rows of the affine given by the quaternion; None if it is not a rotation.

    The formula is that of nifti1.h, method 2.
    """
    b, c, d = facts["quatern"]
    rest = 1.0 - (b * b + c * c + d * d)
    if not (rest > -UNIT_QUATERNION and all(map(math.isfinite, facts["qoffset"]))):
        return None
    a = math.sqrt(max(0.0, rest))
    rotation = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    qfac, *spacing = facts["pixdim"][: 1 + SPACE_AXES]
    steps = rotation * spacing * (1.0, 1.0, -1.0 if qfac < 0 else 1.0)
    return np.hstack([steps, np.reshape(facts["qoffset"], (3, 1))])


def _is_regular(affine: NDArray[np.float64]) -> bool:
    """Whether an affine describes a grid at all."""
    return bool(np.isfinite(affine).all() and np.linalg.norm(affine[:, :3], axis=0).all())


def _settled(
    qform: NDArray[np.float64] | None,
    sform: NDArray[np.float64] | None,
    counts: NDArray[np.int64],
    spacing: NDArray[np.float64],
    unit: float,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """RAS rows of the affine to use, and notes.

    If two disagree, the qform is used: a rotation with the spacing of pixdim, as scanners place an
    image. An sform may refer to an atlas, or be skewed.
    """
    if qform is None and sform is None:
        plain = np.diag(RAS_TO_LPS * spacing)
        return np.hstack([plain, np.zeros((SPACE_AXES, 1))]), (UNKNOWN_DIRECTIONS,)
    if sform is None:
        assert qform is not None
        return qform, ()
    if qform is None:
        return sform, () if _same_lengths(sform, spacing) else (_lengths_note(),)
    apart = _farthest_apart(qform, sform, counts)
    if apart <= AGREEING_VOXELS * spacing.min():
        return sform, ()
    return qform, (
        sentence(
            "The file says in two ways where it lies in the patient, which are up to {0:.0f} mm "
            "apart (qform and sform); the qform was used. Check left and right.",
            math.ceil(apart * unit),
        ),
    )


def _farthest_apart(
    one: NDArray[np.float64], other: NDArray[np.float64], counts: NDArray[np.int64]
) -> float:
    """The largest distance, in the file's unit, between the corners that two affines give."""
    ends = [(x, y, z, 1) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    corners = np.array(ends, dtype=np.float64) * (*(counts - 1), 1)
    return float(np.linalg.norm(corners @ (one - other).T, axis=1).max())


def _same_lengths(sform: NDArray[np.float64], spacing: NDArray[np.float64]) -> bool:
    """Whether the sform's steps, or the distances between its rows and planes, match pixdim."""
    steps = sform[:, :3]
    heights = np.abs(np.linalg.qr(steps)[1].diagonal())
    return any(
        np.abs(lengths / spacing - 1).max() <= SCALED_AGREEMENT
        for lengths in (np.linalg.norm(steps, axis=0), heights)
    )


def _lengths_note() -> str:
    return sentence(
        "The file says in two ways how large its voxels are, which disagree (pixdim and sform); "
        "the sform was used. Check the result."
    )


def _void_note(name: str) -> str:
    return sentence(
        "The file says in two ways where it lies in the patient, one of which is impossible "
        "({0}); the other was used.",
        Term(name),
    )
