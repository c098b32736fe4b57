"""Folds batch norm into the convolutions before it, so that exported graphs contain none."""

import copy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from assets.training.networks.resunet import ContextBlock


def fold_norms(network: nn.Module) -> nn.Module:
    """A copy in evaluation mode without batch norm that computes the same."""
    folded = copy.deepcopy(network).eval()
    for module in folded.modules():
        if isinstance(module, ContextBlock):
            _fold_context(module)
        if isinstance(module, nn.Sequential):
            _fold_sequence(module)
    return folded


def _fold_sequence(sequence: nn.Sequential) -> None:
    for index in range(1, len(sequence)):
        before, norm = sequence[index - 1], sequence[index]
        if isinstance(before, nn.Conv3d) and isinstance(norm, nn.BatchNorm3d):
            sequence[index - 1] = fuse_conv_bn_eval(before, norm)
            sequence[index] = nn.Identity()


def _fold_context(block: ContextBlock) -> None:
    """Fold the norm over the concatenation: each branch takes its own channels."""
    if isinstance(block.norm, nn.Identity):
        return
    norms = _split_norm(block.norm, len(block.branches))
    for index, norm in enumerate(norms):
        block.branches[index] = fuse_conv_bn_eval(block.branches[index], norm)
    block.norm = nn.Identity()


def _split_norm(norm: nn.BatchNorm3d, parts: int) -> list[nn.BatchNorm3d]:
    """Norms for equal shares of the channels of ``norm``, in order."""
    width = norm.num_features // parts
    split = []
    for first in range(0, norm.num_features, width):
        part = nn.BatchNorm3d(width, eps=norm.eps).eval()
        channels = slice(first, first + width)
        with torch.no_grad():
            part.weight.copy_(norm.weight[channels])
            part.bias.copy_(norm.bias[channels])
            part.running_mean.copy_(norm.running_mean[channels])
            part.running_var.copy_(norm.running_var[channels])
        split.append(part)
    return split
