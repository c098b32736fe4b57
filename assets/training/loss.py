"""The published loss."""

import torch
from torch import Tensor
from torch.nn import functional

from assets.training.cases import UNKNOWN

SMOOTH = 1.0
"""Keeps the Dice of patches without spine finite, and near 1 where nothing is marked."""


def bce_dice(logits: Tensor, spine: Tensor) -> Tensor:
    """Binary cross-entropy plus one minus soft Dice, both N×1×D×H×W (arXiv 2605.20760).

    Voxels that are ``UNKNOWN`` do not count.
    """
    known = (spine != UNKNOWN).float()
    spine = spine * known
    each = functional.binary_cross_entropy_with_logits(logits, spine, reduction="none")
    cross_entropy = (each * known).sum() / known.sum().clamp(min=1)
    probability = torch.sigmoid(logits) * known
    both = (probability * spine).sum()
    dice = (2 * both + SMOOTH) / (probability.sum() + spine.sum() + SMOOTH)
    return cross_entropy + 1 - dice
