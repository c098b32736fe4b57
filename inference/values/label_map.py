"""Several structures on one grid, one number each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry


@dataclass(frozen=True, eq=False)
class LabelMap:
    """Several structures on the grid of their CT.

    Attributes:
        voxels: uint8, z, y, x; 0 is background.
        geometry: equal to that of the CT.
        names: the name of each number that occurs, in display order.
        corrected: whether a person may have changed what the model found.
    """

    voxels: NDArray[np.uint8]
    geometry: Geometry
    names: Mapping[int, str]
    corrected: bool = False

    def __post_init__(self) -> None:
        """Check that voxels and grid have the same shape."""
        if self.voxels.shape != self.geometry.shape:
            raise ValueError(f"voxels {self.voxels.shape} do not fit grid {self.geometry.shape}")
