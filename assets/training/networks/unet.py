"""The plain 3D U-Net baseline."""

from torch import nn

from assets.training.networks.u_shape import UShape, conv3

WIDTHS = (9, 18, 36, 72)
BOTTLENECK_WIDTH = 144


class DoubleConvolution(nn.Sequential):
    """Convolution, norm, ReLU, twice."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            conv3(inputs, outputs),
            nn.BatchNorm3d(outputs),
            nn.ReLU(inplace=True),
            conv3(outputs, outputs),
            nn.BatchNorm3d(outputs),
            nn.ReLU(inplace=True),
        )


class UNet3D(UShape):
    """Double convolutions, base width 9, four poolings: 1,788,274 parameters."""

    def __init__(self) -> None:
        bottleneck = DoubleConvolution(WIDTHS[-1], BOTTLENECK_WIDTH)
        super().__init__(DoubleConvolution, WIDTHS, bottleneck, BOTTLENECK_WIDTH)
