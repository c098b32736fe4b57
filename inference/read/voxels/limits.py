"""What the grid of a CT can be like, in whatever file it is."""

from collections.abc import Sequence

from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import sentence

MIN_SLICES = 4
"""Fewer make no volume to speak of."""

SPACING_LIMITS_MM = (0.05, 20.0)
"""Voxels outside these sides are slips of the header, or no CT for a spine."""

EVEN_MM = 0.1
"""How far a slice may lie from its place in an even stack to be taken as lying there: headers that
round positions to 0.1 mm move it by half of this, and its neighbours' ends by the other half."""

EVEN_SHARE = 0.02
"""The same as a share of the step, for thick slices."""


def check_spacing(spacing: Sequence[float]) -> None:
    """See that voxels of this size, x, y, z, can be those of a CT.

    Raises:
        UnfitImageError: they cannot.
    """
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in spacing):
        raise UnfitImageError(
            sentence(
                "its voxels have an implausible stated size of {0:g} by {1:g} by {2:g} mm", *spacing
            )
        )
