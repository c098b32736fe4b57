"""The spine mask."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry
from inference.values.slabs import slabs


@dataclass(frozen=True, eq=False)
class Mask:
    """The spine on the grid of its CT.

    Attributes:
        voxels: uint8, z, y, x; 1 is spine, 0 is not.
        geometry: equal to that of the CT.
        corrected: whether a person has changed what the model found; None if that is unknown, as of
            a mask from a file.
    """

    voxels: NDArray[np.uint8]
    geometry: Geometry
    corrected: bool | None = False

    def __post_init__(self) -> None:
        """Check that voxels and grid have the same shape."""
        if self.voxels.shape != self.geometry.shape:
            raise ValueError(f"voxels {self.voxels.shape} do not fit grid {self.geometry.shape}")

    @property
    def volume_ml(self) -> float:
        """The spine's volume in millilitres."""
        voxels = sum(int(np.count_nonzero(slab)) for _, slab in slabs(self.voxels))
        return voxels * self.geometry.voxel_volume_ml
