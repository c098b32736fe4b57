"""How well two masks agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.surface_gap import hd95_mm
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import slabs


@dataclass(frozen=True)
class Agreement:
    """How far two masks of one image agree.

    Attributes:
        dice: Dice's coefficient, 0 to 1.
        volume_ml: volume of the first mask in millilitres.
        other_volume_ml: volume of the second.
        only_ml: volume in the first alone.
        other_only_ml: volume in the second alone.
        hd95_mm: distance within which 95 % of their surfaces have each other, in millimetres;
            None where it is too long (``surface_gap.hd95_mm``).
    """

    dice: float
    volume_ml: float
    other_volume_ml: float
    only_ml: float
    other_only_ml: float
    hd95_mm: float | None

    @property
    def any_empty(self) -> bool:
        """Whether a mask has no surface that could be compared."""
        return not (self.volume_ml and self.other_volume_ml)


def dice(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Dice's coefficient 2|A∩B| / (|A| + |B|) of two masks of one shape; 1 if both are empty."""
    return _dice(*_counts(a, b, never_cancelled))


def agreement(mask: Mask, other: Mask, cancel: CancelCheck = never_cancelled) -> Agreement:
    """How far two masks on one grid agree, computed slab by slab.

    Raises:
        ValueError: they have different shapes.
        CancelledError: ``cancel`` said so.
    """
    ours, theirs, shared = _counts(mask.voxels, other.voxels, cancel)
    ml = mask.geometry.voxel_volume_ml
    return Agreement(
        dice=_dice(ours, theirs, shared),
        volume_ml=ours * ml,
        other_volume_ml=theirs * ml,
        only_ml=(ours - shared) * ml,
        other_only_ml=(theirs - shared) * ml,
        hd95_mm=hd95_mm(mask.voxels, other.voxels, mask.geometry.spacing, cancel),
    )


def _counts(
    a: NDArray[np.uint8], b: NDArray[np.uint8], cancel: CancelCheck
) -> tuple[int, int, int]:
    """How many voxels are in the first, in the second, and in both."""
    if a.shape != b.shape:
        raise ValueError(f"masks of {a.shape} and {b.shape} voxels")
    ours = theirs = shared = 0
    for (_, one), (_, other) in zip(slabs(a), slabs(b), strict=True):
        stop_if(cancel)
        ours += int(np.count_nonzero(one))
        theirs += int(np.count_nonzero(other))
        shared += int(np.count_nonzero(np.logical_and(one, other)))
    return ours, theirs, shared


def _dice(ours: int, theirs: int, shared: int) -> float:
    return 2 * shared / (ours + theirs) if ours + theirs else 1.0
