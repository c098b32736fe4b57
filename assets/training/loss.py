"""The published loss."""

import torch
from torch import Tensor
from torch.nn import functional

SMOOTH = 1.0
"""Keeps the Dice of patches without spine finite, and near 1 where nothing is marked."""


def bce_dice(logits: Tensor, spine: Tensor) -> Tensor:
    """Binary cross-entropy plus one minus soft Dice, both N×1×D×H×W (arXiv 2605.20760)."""
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, spine)
    probability = torch.sigmoid(logits)
    both = (probability * spine).sum()
    dice = (2 * both + SMOOTH) / (probability.sum() + spine.sum() + SMOOTH)
    return cross_entropy + 1 - dice
