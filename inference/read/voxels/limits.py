"""What is plausible for the grid of a CT, in any file format."""

from collections.abc import Sequence

from inference.read.voxels.planes import UnfitImageError
from inference.values.messages import sentence

MIN_SLICES = 4
"""Fewer slices are not a useful volume."""

SPACING_LIMITS_MM = (0.05, 20.0)
"""Voxels with other sizes are errors in the header, or not a CT in which a spine could be found."""

EVEN_MM = 0.1
"""How far a slice may lie from its position in an even stack and still count as lying there:
headers that round positions to 0.1 mm move the slice by half of this, and the ends of the stack by
the other half."""

EVEN_SHARE = 0.02
"""The same as a share of the step, for thick slices."""


def check_spacing(spacing: Sequence[float]) -> None:
    """Check that voxels of this size, x, y, z, are plausible for a CT.

    Raises:
        UnfitImageError: they are not.
    """
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in spacing):
        raise UnfitImageError(
            sentence(
                "its voxels have an implausible stated size of {0:g} by {1:g} by {2:g} mm", *spacing
            )
        )
