"""What the convolutional networks share: encoder, bottleneck, decoder with skips."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

Block = Callable[[int, int], nn.Module]
"""From input and output channels to a block that keeps the size."""


def conv3(inputs: int, outputs: int, dilation: int = 1) -> nn.Conv3d:
    """A 3×3×3 convolution that keeps the size."""
    return nn.Conv3d(inputs, outputs, 3, padding=dilation, dilation=dilation)


class UShape(nn.Module):
    """Blocks of ``widths`` channels, halved by max pooling, doubled by transposed convolution.

    Args:
        block: makes the encoder's and the decoder's blocks.
        widths: channels from the first level down to the last above the bottleneck.
        bottleneck: from the last of ``widths`` to ``bottleneck_width`` channels.
    """

    def __init__(
        self, block: Block, widths: Sequence[int], bottleneck: nn.Module, bottleneck_width: int
    ) -> None:
        super().__init__()
        upwards = tuple(reversed(widths))
        self.encoder = nn.ModuleList(map(block, (1, *widths[:-1]), widths))
        self.pool = nn.MaxPool3d(2)
        self.bottleneck = bottleneck
        self.ups = nn.ModuleList(
            nn.ConvTranspose3d(below, width, 2, stride=2)
            for below, width in zip((bottleneck_width, *upwards[:-1]), upwards, strict=True)
        )
        self.decoder = nn.ModuleList(block(2 * width, width) for width in upwards)
        self.head = nn.Conv3d(widths[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of scaled HU, both N×1×D×H×W."""
        skips = []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, block, skip in zip(self.ups, self.decoder, reversed(skips), strict=True):
            x = block(torch.cat([up(x), skip], dim=1))
        return self.head(x)
