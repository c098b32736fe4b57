"""Masks as image files, on the grid of the CT."""

import gzip
import struct
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.slabs import slabs

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0])
"""NIfTI counts to the right and to the front, DICOM and ITK to the left and to the back."""

NIFTI_HEADER = struct.Struct("<i34xcx8h3f4h8f3fhcB4f2i80s24s2h6f12f16s4s4x")
"""A nifti_1_header (nifti1.h) with the four bytes behind it that say that nothing follows."""

NIFTI_UINT8 = 2
NIFTI_MILLIMETRES_AND_SECONDS = 2 | 8
NIFTI_SCANNER_PLACES = 1


def write_nifti(mask: Mask, file: BinaryIO) -> None:
    """Write ``mask`` as a compressed NIfTI (``.nii.gz``).

    Spacing is kept in float32, and the direction as a matrix of float32 and as a quaternion; what
    reads back differs from the CT by less than a millionth of itself.

    Raises:
        OSError: the file cannot be written.
    """
    _write_packed(nifti_header(mask.geometry), mask, file)


def write_nrrd(mask: Mask, file: BinaryIO) -> None:
    """Write ``mask`` as a compressed NRRD (``.nrrd``).

    Raises:
        OSError: the file cannot be written.
    """
    file.write(nrrd_header(mask.geometry))
    _write_packed(b"", mask, file)


def nifti_header(geometry: Geometry) -> bytes:
    """What stands before the voxels (uint8) of a NIfTI of this grid."""
    directions = LPS_TO_RAS @ np.reshape(geometry.direction, (3, 3))
    x, y, z = LPS_TO_RAS @ geometry.origin
    rows = directions * geometry.spacing
    # The quaternion tells of a rotation alone; a mirrored grid has its last axis turned (qfac).
    mirrored = -1.0 if np.linalg.det(directions) < 0 else 1.0
    _, b, c, d = _quaternion(directions * (1.0, 1.0, mirrored))
    return NIFTI_HEADER.pack(
        NIFTI_HEADER.size - 4,
        b"r",
        *(3, *geometry.size, 1, 1, 1, 1),
        *(0.0, 0.0, 0.0),
        *(0, NIFTI_UINT8, 8 * np.uint8().itemsize, 0),
        *(mirrored, *geometry.spacing, 0.0, 0.0, 0.0, 0.0),
        *(float(NIFTI_HEADER.size), 1.0, 0.0),
        *(0, b"\0", NIFTI_MILLIMETRES_AND_SECONDS),
        *(0.0, 0.0, 0.0, 0.0),
        *(0, 0),
        *(b"", b""),
        *(NIFTI_SCANNER_PLACES, NIFTI_SCANNER_PLACES),
        *(b, c, d, x, y, z),
        *(*rows[0], x, *rows[1], y, *rows[2], z),
        *(b"", b"n+1"),
    )


def nrrd_header(geometry: Geometry) -> bytes:
    """What stands before the packed voxels (uint8) of an NRRD of this grid (NRRD 4)."""
    columns = np.reshape(geometry.direction, (3, 3)) * geometry.spacing
    lines = (
        "NRRD0004",
        "type: unsigned char",
        "dimension: 3",
        "space: left-posterior-superior",
        f"sizes: {' '.join(str(n) for n in geometry.size)}",
        f"space directions: {' '.join(_vector(column) for column in columns.T)}",
        "kinds: domain domain domain",
        "encoding: gzip",
        f"space origin: {_vector(geometry.origin)}",
    )
    return "\n".join((*lines, "", "")).encode("ascii")


def _write_packed(header: bytes, mask: Mask, file: BinaryIO) -> None:
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
        stream.write(header)
        for _, slab in slabs(mask.voxels):
            stream.write(np.ascontiguousarray(slab).data)


def _vector(values: NDArray[np.float64] | tuple[float, float, float]) -> str:
    return f"({','.join(repr(float(value)) for value in values)})"


def _quaternion(rotation: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unit quaternion a, b, c, d, its a not negative, of a rotation matrix (nifti1.h).

    The products of its parts are sums of the matrix's; those of the largest part are divided by it
    (Shepperd 1978, doi:10.2514/3.55767b).
    """
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = rotation
    products = np.array(
        [
            [1 + xx + yy + zz, zy - yz, xz - zx, yx - xy],
            [zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx],
            [xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy],
            [yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz],
        ]
    )
    largest = products[int(np.argmax(products.diagonal()))]
    unit: NDArray[np.float64] = largest / np.linalg.norm(largest)
    return -unit if unit[0] < 0 else unit
