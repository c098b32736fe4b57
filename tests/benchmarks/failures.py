"""Draws the picture of known failures: where the model and the expert labels disagree most.

python -m tests.benchmarks.failures ../shared/ct assets/pictures
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.spine_labels import spine_label
from inference import open_ct, segment
from inference.values.volume import Volume
from tests.benchmarks.model_quality import LABELLED
from tests.benchmarks.picture import WINDOW_HU

matplotlib.use("Agg")
from matplotlib import pyplot

WRONG, MISSED = (0.84, 0.37, 0.0), (0.94, 0.89, 0.26)
"""Vermilion and yellow of the Okabe–Ito palette."""

OPACITY = 0.55
HALF_WIDTH = 64
"""Voxels shown on each side of the middle of a disagreement."""

RIM = 1
"""Disagreements of at most this many voxels on each side are edges, not failures."""


def worst_place(disagreement: NDArray[np.bool_]) -> tuple[int, int, int]:
    """The middle (z, y, x) of the largest piece that is more than an edge."""
    pieces, count = ndimage.label(ndimage.binary_opening(disagreement, iterations=RIM))
    if not count:
        pieces, count = ndimage.label(disagreement)
    largest = 1 + int(np.argmax(np.bincount(pieces.ravel())[1:])) if count else 0
    z, y, x = (int(np.median(indices)) for indices in np.nonzero(pieces == largest))
    return z, y, x


def draw_place(
    axes: Axes,
    volume: Volume,
    wrong: NDArray[np.bool_],
    missed: NDArray[np.bool_],
    place: tuple[int, int, int],
) -> None:
    """Show an axial slice around a place (z, y, x) with the voxels marked wrongly or missed."""
    z, y, x = place
    rows = slice(max(0, y - HALF_WIDTH), y + HALF_WIDTH)
    columns = slice(max(0, x - HALF_WIDTH), x + HALF_WIDTH)
    low, high = WINDOW_HU
    section = (z, rows, columns)
    grey = np.clip((volume.voxels[section].astype(np.float32) - low) / (high - low), 0, 1)
    shown = np.repeat(grey[..., np.newaxis], 3, axis=2)
    for where, colour in ((wrong[section], WRONG), (missed[section], MISSED)):
        shown[where] = (1 - OPACITY) * shown[where] + OPACITY * np.array(colour)
    axes.imshow(shown)
    axes.axis("off")


def main() -> None:
    """Segment the labelled CTs and draw the worst places."""
    parser = argparse.ArgumentParser(description="Draw known failures.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder of the picture")
    options = parser.parse_args()
    figure, axes = pyplot.subplots(
        1, 2 * len(LABELLED), figsize=(14, 4), facecolor="black", layout="constrained"
    )
    panels = iter(axes)
    for name, (ct, labels) in LABELLED.items():
        volume = open_ct(options.data / ct)
        label = spine_label(options.data / labels, volume) == 1
        found = segment(volume).mask.voxels == 1
        wrong, missed = found & ~label, label & ~found
        for what, disagreement in (("marked", wrong), ("missed", missed)):
            panel = next(panels)
            draw_place(panel, volume, wrong, missed, worst_place(disagreement))
            panel.set_title(f"{name}: most wrongly {what}", color="white", fontsize=10)
    options.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out / "failures.png", dpi=80)


if __name__ == "__main__":
    main()
