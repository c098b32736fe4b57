"""How well two masks agree."""

import numpy as np
from numpy.typing import NDArray


def dice(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Dice's coefficient 2|A∩B| / (|A| + |B|) of two masks of one shape; 1 if both are empty."""
    both = int(np.count_nonzero(a)) + int(np.count_nonzero(b))
    return 2 * int(np.count_nonzero(np.logical_and(a, b))) / both if both else 1.0
