"""Residual U-Nets with and without the context block at the bottleneck."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from assets.training.networks.u_shape import UShape, conv3

WIDTHS = (16, 32, 64)
"""Channels of the residual blocks, level by level."""

BOTTLENECK_WIDTH = 128

FINDER_WIDTHS = (6, 12, 24)
FINDER_BOTTLENECK_WIDTH = 48
"""Channels of the finder, which sees a whole trunk at once and must answer within a second."""

DILATIONS = (1, 2, 4, 8)
"""Of the context block's parallel convolutions."""


class ResidualBlock(nn.Module):
    """Two 3×3×3 convolutions with a shortcut, which is 1×1×1 if the widths differ."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv3(inputs, outputs),
            nn.BatchNorm3d(outputs),
            nn.ReLU(inplace=True),
            conv3(outputs, outputs),
            nn.BatchNorm3d(outputs),
        )
        self.shortcut = (
            nn.Identity()
            if inputs == outputs
            else nn.Sequential(nn.Conv3d(inputs, outputs, 1), nn.BatchNorm3d(outputs))
        )

    def forward(self, x: Tensor) -> Tensor:
        """From ``inputs`` to ``outputs`` channels."""
        return torch.relu(self.body(x) + self.shortcut(x))


class ContextBlock(nn.Module):
    """Parallel dilated convolutions, concatenated, normalised and mixed by a 1×1×1 convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(conv3(inputs, outputs, d) for d in DILATIONS)
        wide = outputs * len(DILATIONS)
        self.norm = nn.BatchNorm3d(wide)
        self.mix = nn.Sequential(
            nn.Conv3d(wide, outputs, 1), nn.BatchNorm3d(outputs), nn.ReLU(inplace=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        """From ``inputs`` to ``outputs`` channels."""
        context = torch.cat([branch(x) for branch in self.branches], dim=1)
        return self.mix(torch.relu(self.norm(context)))


class SpineContextResUNet(UShape):
    """The published network, 1,703,841 parameters, if no other widths are given."""

    def __init__(
        self, widths: Sequence[int] = WIDTHS, bottleneck_width: int = BOTTLENECK_WIDTH
    ) -> None:
        context = ContextBlock(widths[-1], bottleneck_width)
        super().__init__(ResidualBlock, widths, context, bottleneck_width)


class ResUNet(UShape):
    """Its baseline without context: 1,424,545 parameters."""

    def __init__(self) -> None:
        plain = ResidualBlock(WIDTHS[-1], BOTTLENECK_WIDTH)
        super().__init__(ResidualBlock, WIDTHS, plain, BOTTLENECK_WIDTH)


def spine_finder() -> SpineContextResUNet:
    """The same network with fewer channels, for coarse volumes: 240,661 parameters."""
    return SpineContextResUNet(FINDER_WIDTHS, FINDER_BOTTLENECK_WIDTH)
