"""The published normalisation; exported models contain it."""

from torch import Tensor

LOW_HU, HIGH_HU = -1000.0, 2000.0


def scale_hu(hu: Tensor) -> Tensor:
    """HU clipped to [-1000, 2000] and scaled to [-1, 1] (arXiv 2605.20760)."""
    return (hu.clamp(LOW_HU, HIGH_HU) - LOW_HU) * (2 / (HIGH_HU - LOW_HU)) - 1
