"""Draws the picture of known failures: where mask and labels of a chest disagree most.

The licence of this CT allows a picture with something drawn into it.

python -m tests.benchmarks.failures ../shared/ct assets/pictures
"""

import argparse
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.reader_scores import read_structures
from inference import segment
from inference.values.volume import Volume
from tests.benchmarks.picture import WINDOW_HU

matplotlib.use("Agg")
from matplotlib import pyplot

PLACES = 2
"""Drawn of each kind."""

WRONG, MISSED = (0.84, 0.37, 0.0), (0.94, 0.89, 0.26)
"""Vermilion and yellow of the Okabe–Ito palette."""

OPACITY = 0.55
HALF_WIDTH = 64
"""Voxels shown on each side of the middle of a disagreement."""

RIM = 1
"""Disagreements of at most this many voxels on each side are edges, not failures."""


def worst_places(disagreement: NDArray[np.bool_], count: int) -> list[tuple[int, int, int]]:
    """The middles (z, y, x) of the largest pieces that are more than an edge, the largest first."""
    pieces, _ = ndimage.label(ndimage.binary_opening(disagreement, iterations=RIM))
    largest = 1 + np.argsort(np.bincount(pieces.ravel())[1:])[::-1][:count]
    boxes = ndimage.find_objects(pieces)
    return [_middle(pieces[boxes[piece - 1]] == piece, boxes[piece - 1]) for piece in largest]


def _middle(piece: NDArray[np.bool_], box: tuple[slice, ...]) -> tuple[int, int, int]:
    z, y, x = (
        side.start + int(np.median(indices))
        for side, indices in zip(box, np.nonzero(piece), strict=True)
    )
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
    """Segment the chest and draw the worst places."""
    parser = argparse.ArgumentParser(description="Draw known failures.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder of the picture")
    options = parser.parse_args()
    ct = read_structures(options.data)
    label = ct.numbers > 0
    found = segment(ct.volume).mask.voxels == 1
    wrong, missed = found & ~label & ~ct.unknown, label & ~found & ~ct.unknown
    figure, axes = pyplot.subplots(
        1, 2 * PLACES, figsize=(14, 4), facecolor="black", layout="constrained"
    )
    panels = iter(axes)
    for what, disagreement in (("wrongly marked", wrong), ("missed", missed)):
        for place in worst_places(disagreement, PLACES):
            panel = next(panels)
            draw_place(panel, ct.volume, wrong, missed, place)
            panel.set_title(what, color="white", fontsize=10)
    options.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out / "failures.png", dpi=80)


if __name__ == "__main__":
    main()
