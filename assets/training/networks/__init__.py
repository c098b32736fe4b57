"""The four published networks (arXiv 2605.20760) and the finder: scaled HU in, logits out.

Input and output are N×1×D×H×W (z, y, x); every side must be a multiple of ``SIDE_MULTIPLE``.
"""

from collections.abc import Callable, Mapping

from torch import nn

from assets.training.networks.resunet import (
    ResUNet,
    SpineContextResUNet,
    spine_finder,
)
from assets.training.networks.swin_unetr import swin_unetr
from assets.training.networks.unet import UNet3D

SIDE_MULTIPLE = 32
"""SwinUNETR halves five times; the others fewer."""

NETWORKS: Mapping[str, Callable[[], nn.Module]] = {
    "SpineContextResUNet": SpineContextResUNet,
    "ResUNet": ResUNet,
    "UNet3D": UNet3D,
    "SwinUNETR": swin_unetr,
    "SpineFinder": spine_finder,
}


def count_parameters(network: nn.Module) -> int:
    """Number of trained weights."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
