"""Numbers of any type that represent HU, as int16."""

import numpy as np
from numpy.typing import NDArray

from inference.values.slabs import slabs
from inference.values.volume import AIR_HU

LOWEST_HU = -1024
"""No tissue is lower; scanners mark the region outside their field of view with lower values."""

HIGHEST_HU = 32767
"""The largest int16; metal reaches 30,000 on the extended scale."""

VOID_HU = -32768
"""Marks padding, NaN and infinities until they become air."""


def to_hu(values: NDArray[np.generic], offset: float = 0.0) -> NDArray[np.int16]:
    """HU rounded to int16; NaN and infinities become ``VOID_HU``, too large values ``HIGHEST_HU``.

    Args:
        offset: added to all values first.
    """
    if offset:
        values = values.astype(np.float64) + offset
    if np.issubdtype(values.dtype, np.floating):
        values = np.nan_to_num(np.rint(values), nan=VOID_HU, posinf=VOID_HU, neginf=VOID_HU)
    hu: NDArray[np.int16] = np.clip(values, VOID_HU, HIGHEST_HU).astype(np.int16)
    return hu


def with_air(hu: NDArray[np.int16]) -> NDArray[np.int16]:
    """The HU with air in place of voids and of values lower than any tissue."""
    return np.where(hu < LOWEST_HU, np.int16(AIR_HU), hu)


def shift_hu(voxels: NDArray[np.int16], shift: int) -> None:
    """Add ``shift`` to all HU of a volume, z, y, x, in place."""
    for _, slab in slabs(voxels):
        for plane in slab:
            plane[:] = with_air(to_hu(plane, shift))
