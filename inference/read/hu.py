"""From the numbers in a file to int16 HU."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.volume import AIR_HU

LOWEST_HU = -1024
"""Nothing that a scanner measures lies below; it is the usual floor of 12-bit CT. Lower values
are padding outside the scanner's field of view (-1500, -2000, -3024, …) and become air."""


def to_hu(values: NDArray[Any]) -> NDArray[np.int16]:
    """HU as int16: rounded, clipped to the type, padding and what is not finite made air.

    Args:
        values: HU of any real type and shape; NaN and infinity allowed.
    """
    if np.issubdtype(values.dtype, np.floating):
        finite = np.where(np.isfinite(values), values, AIR_HU)
        values = np.rint(finite)
    limits = np.iinfo(np.int16)
    hu = np.clip(values, limits.min, limits.max).astype(np.int16)
    hu[hu < LOWEST_HU] = AIR_HU
    return hu
