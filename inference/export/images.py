"""Masks as image files, on the grid of the CT."""

import gzip
import struct
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from inference.errors import OutputError
from inference.system.scratch import private_folder
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.slabs import slabs
from inference.windows.resampling import to_sitk

NIFTI_HEADER_BYTES = 352

NIFTI_PLANES_AT = 46
"""Where dim[3], the number of planes, lies in the header: two bytes, little-endian (nifti1.h)."""


def write_image(mask: Mask, path: Path) -> None:
    """Write ``mask``, compressed, in the format of the path's ending (``.nii.gz`` or ``.nrrd``).

    ITK makes the header alone, for it would hold the whole mask in memory, twice. NIfTI keeps
    spacing in float32 and the direction as a matrix of float32 (and a quaternion); what reads back
    differs from the CT by less than a millionth of itself.

    Raises:
        OutputError: the file cannot be written.
        OSError: the same, as the system says it.
    """
    try:
        if path.suffix == ".nrrd":
            plain, packed = _nrrd_header(mask.geometry), b""
        else:
            plain, packed = b"", _nifti_header(mask.geometry)
    except RuntimeError as error:
        raise OutputError(
            sentence(
                "{0} cannot be written. Check that the disk has room, or choose another folder.",
                path.name,
            )
        ) from error
    with path.open("wb") as file:
        file.write(plain)
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
            stream.write(packed)
            for _, slab in slabs(mask.voxels):
                stream.write(np.ascontiguousarray(slab).data)


def _nifti_header(geometry: Geometry) -> bytes:
    header = bytearray(_one_plane(geometry, ".nii")[:NIFTI_HEADER_BYTES])
    struct.pack_into("<h", header, NIFTI_PLANES_AT, geometry.size[2])
    return bytes(header)


def _nrrd_header(geometry: Geometry) -> bytes:
    header, _, _ = _one_plane(geometry, ".nrrd").partition(b"\n\n")
    width, height, depth = geometry.size
    return (
        header.replace(b"encoding: raw", b"encoding: gzip").replace(
            b"sizes: %d %d 1" % (width, height), b"sizes: %d %d %d" % (width, height, depth)
        )
        + b"\n\n"
    )


def _one_plane(geometry: Geometry, ending: str) -> bytes:
    """The file that ITK makes of the first plane alone of an empty mask."""
    plane = geometry.part(slice(0, 1), *(slice(0, n) for n in geometry.shape[1:]))
    with private_folder() as folder:
        path = folder / f"plane{ending}"
        sitk.WriteImage(to_sitk(np.zeros(plane.shape, np.uint8), plane), str(path))
        return path.read_bytes()
