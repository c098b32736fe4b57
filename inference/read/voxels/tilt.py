"""Moves slices from a tilted gantry into a straight stack."""

import numpy as np
from numpy.typing import NDArray

from inference.values.volume import AIR_HU

LEAN_PIXELS = 0.5
"""A stack that leans by less than this from its first to its last slice is straight, because
headers round positions."""

MAX_TILT_DEGREES = 35.0
"""Gantries tilt by up to 30°; beyond this the header is more likely wrong than right."""


def shifted(hu: NDArray[np.int16], shift: float, rows: int) -> NDArray[np.int16]:
    """A slice moved down by ``shift`` ≥ 0 rows into a slice of ``rows``, with air around it."""
    whole, share = int(shift), shift - int(shift)
    if not share and not whole and rows == len(hu):
        return hu
    lower = np.full((rows + 1, hu.shape[1]), AIR_HU, dtype=np.float32)
    lower[whole + 1 : whole + 1 + len(hu)] = hu
    return np.rint((1 - share) * lower[1:] + share * lower[:-1]).astype(np.int16)
