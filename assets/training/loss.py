"""The published loss."""

import torch
from torch import Tensor
from torch.nn import functional

from assets.training.cases import UNKNOWN

SMOOTH = 1000.0
"""Voxels. Keeps the Dice of patches without spine finite, and near 1 where little is marked. With
the published 1, the last ten voxels marked in such a patch cost as much as a whole spine that is
missed, and networks learn to mark too little."""

GAP_MM = 9
"""Anything lower than this between two pieces of spine is a disc, a joint or the space between
processes. Discs of the neck and the upper thorax are 3 to 5 mm high."""

GAP_WEIGHT = 4.0
"""How much more a voxel in a gap counts. Thin discs are one voxel in a hundred of a patch, so
without this a network fills them and loses almost nothing."""


def bce_dice(logits: Tensor, spine: Tensor, gap_weight: float = GAP_WEIGHT) -> Tensor:
    """Binary cross-entropy plus one minus soft Dice, both N×1×D×H×W (arXiv 2605.20760).

    ``UNKNOWN`` voxels do not count. Unlike in the published loss, those in ``gaps`` count
    ``gap_weight`` times in the first part.
    """
    known = (spine != UNKNOWN).float()
    spine = spine * known
    each = functional.binary_cross_entropy_with_logits(logits, spine, reduction="none")
    weight = known * (1 + (gap_weight - 1) * gaps(spine))
    cross_entropy = (each * weight).sum() / weight.sum().clamp(min=1)
    probability = torch.sigmoid(logits) * known
    both = (probability * spine).sum()
    dice = (2 * both + SMOOTH) / (probability.sum() + spine.sum() + SMOOTH)
    return cross_entropy + 1 - dice


def gaps(spine: Tensor) -> Tensor:
    """1 between pieces of spine less than ``GAP_MM`` apart from head to feet, both N×1×D×H×W."""
    reach = GAP_MM // 2
    # Beyond the ends of a patch nothing is spine, so no gap is closed against them.
    room = functional.pad(spine, (0, 0, 0, 0, reach, reach))
    grown = functional.max_pool3d(room, (GAP_MM, 1, 1), 1, (reach, 0, 0))
    closed = -functional.max_pool3d(-grown, (GAP_MM, 1, 1), 1, 0)
    return closed - spine
