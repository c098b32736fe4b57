"""Makes a trunk of any length from a shorter CT, with an unbroken spine."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference import open_ct
from inference.values.geometry import Geometry
from inference.values.volume import Volume

SLICE_MM = 0.8
"""Slice spacing, so that 1000 slices span a trunk."""


def write_trunk(source: Path, target: Path, slices: int) -> None:
    """Write a ``.nii`` of ``slices`` slices: the CT repeated in alternating directions.

    Slices are interpolated linearly to ``SLICE_MM``. Only one at a time is held in memory.
    """
    volume = open_ct(source)
    with target.open("wb") as file:
        width, height, _ = volume.geometry.size
        x_mm, y_mm, _ = volume.geometry.spacing
        file.write(nifti_header(Geometry((width, height, slices), (x_mm, y_mm, SLICE_MM))))
        for index in range(slices):
            file.write(interpolated_slice(volume, index * SLICE_MM).tobytes())


def interpolated_slice(volume: Volume, height_mm: float) -> NDArray[np.int16]:
    """The slice (y, x) at a height above the first; beyond the last slice, the height runs back."""
    last = len(volume.voxels) - 1
    turns, place = divmod(height_mm / volume.geometry.spacing[2], last)
    place = last - place if turns % 2 else place
    below = min(int(place), last - 1)
    share = place - below
    lower, upper = volume.voxels[below : below + 2].astype(np.float32)
    return np.rint((1 - share) * lower + share * upper).astype("<i2")


def nifti_header(geometry: Geometry) -> bytes:
    """NIfTI-1 header (nifti1.h) for int16 with x left, y back, z head; x and y are negated."""
    x_mm, y_mm, z_mm = geometry.spacing
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *geometry.size, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, x_mm, y_mm, z_mm, 1, 1, 1, 1)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    struct.pack_into("<2h", header, 252, 0, 1)
    rows = (-x_mm, 0, 0, 0), (0, -y_mm, 0, 0), (0, 0, z_mm, 0)
    struct.pack_into("<12f", header, 280, *(value for row in rows for value in row))
    struct.pack_into("<4s", header, 344, b"n+1\0")
    return bytes(header)
