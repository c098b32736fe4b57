"""Draws the README's picture: a sagittal and an axial slice of a chest with the program's result.

python -m tests.benchmarks.picture ../shared/ct assets/pictures
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray

from inference import open_ct, segment
from inference.values.geometry import Geometry

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.axes import Axes

CT = Path("whole_body_maps/lidc0001_ct.nii.gz")
"""Its licence allows a picture with something drawn into it."""

WINDOW_HU = (-200, 600)
"""From black to white: bone without losing the soft tissue."""

TINT = (0.34, 0.71, 0.91)
"""Sky blue of the Okabe–Ito palette, which colour-blind people can distinguish from grey."""

OPACITY = 0.45


def draw_slice(
    axes: Axes, hu: NDArray[np.int16], mask: NDArray[np.uint8], aspect: float, title: str
) -> None:
    """Show a slice (rows run downwards), tinted where ``mask`` is 1."""
    low, high = WINDOW_HU
    grey = np.clip((hu.astype(np.float32) - low) / (high - low), 0, 1)[..., np.newaxis]
    tint = OPACITY * mask[..., np.newaxis]
    axes.imshow((1 - tint) * grey + tint * np.array(TINT), aspect=aspect)
    if mask.any():
        axes.contour(mask, [0.5], colors=[TINT], linewidths=0.8)
    axes.set_title(title, color="white", fontsize=10)
    axes.axis("off")
    axes.set_anchor("N")


def draw(hu: NDArray[np.int16], mask: NDArray[np.uint8], geometry: Geometry, path: Path) -> None:
    """Write the picture for a volume in canonical orientation (z, y, x)."""
    z, _, x = (int(np.median(indices)) for indices in np.nonzero(mask))
    x_mm, y_mm, z_mm = geometry.spacing
    width, height, _ = geometry.size
    ratio = (height * y_mm, width * x_mm)
    figure, (sagittal, axial) = pyplot.subplots(
        1, 2, figsize=(10, 4.6), width_ratios=ratio, facecolor="black", layout="constrained"
    )
    head_up = slice(None, None, -1)
    sagittal_title = "sagittal: front left, head up"
    axial_title = "axial: front up, patient's left on the right"
    draw_slice(sagittal, hu[head_up, :, x], mask[head_up, :, x], z_mm / y_mm, sagittal_title)
    draw_slice(axial, hu[z], mask[z], y_mm / x_mm, axial_title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def main() -> None:
    """Segment the chest and draw it."""
    parser = argparse.ArgumentParser(description="Draw the README's picture.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder of the picture")
    options = parser.parse_args()
    volume = open_ct(options.data / CT)
    mask = segment(volume).mask
    draw(volume.voxels, mask.voxels, volume.geometry, options.out / "chest.png")


if __name__ == "__main__":
    main()
