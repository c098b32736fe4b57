"""Any numbers that stand for HU, as int16."""

import numpy as np
from numpy.typing import NDArray

from inference.values.volume import AIR_HU

LOWEST_HU = -1024
"""No tissue is below it; scanners mark what lies outside their field of view by lower values."""

HIGHEST_HU = 32767
"""The largest int16; metal reaches 30,000 on the extended scale."""


def to_hu(values: NDArray[np.generic]) -> NDArray[np.int16]:
    """HU rounded to int16; padding, NaN and infinities become air, too large values the largest."""
    if np.issubdtype(values.dtype, np.floating):
        values = np.nan_to_num(np.rint(values), nan=AIR_HU, posinf=AIR_HU, neginf=AIR_HU)
    hu: NDArray[np.int16] = np.clip(values, -32768, HIGHEST_HU).astype(np.int16)
    hu[hu < LOWEST_HU] = AIR_HU
    return hu
