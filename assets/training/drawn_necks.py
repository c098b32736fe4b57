"""Bodies made around readers' vertebrae without a CT, to draw a CT from.

    python -m assets.training.drawn_necks ../shared/ct runs/necks

draws a picture of each, with a CT drawn from it, to check before training on it.

The surroundings of the vertebrae are not real anatomy: soft tissue up to a skin, an airway,
arteries. Only the outlines of the vertebrae and the thin discs between them are real.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import TrainingCase
from assets.training.label_maps import read_label_map
from assets.training.overlay import draw_on_drawn_ct
from assets.training.spine_labels import BODY, BONE, SPACING_MM, resample_label
from assets.training.synthesis import AIR, ARTERY
from inference.values.geometry import canonical_geometry
from inference.values.slabs import bounding_box

VERSE_LABELS = ("gl003", "gl108", "verse010")
"""Cases of VerSe without a CT here: two necks with the upper thorax, and a lumbar spine."""

ROOM_MM = 32
"""Around the box of the vertebrae."""

THROAT_MM = 35
"""How far the body reaches in front of the vertebrae before its skin's depth is added."""

SKIN_MM, SIDE_SHARE = 24.0, 0.45
"""Distance from vertebrae to skin, and how much a millimetre to the side counts towards it."""

AIRWAY = (-16, 0, 8)
ARTERIES = ((-8, 24, 4), (-8, -24, 4), (-6, 8, 11))
"""Tubes along the spine: how far behind the foremost bone, how far to the left, radius, all mm. The
last is an aortic arch or an oesophagus, close enough to a body to be mistaken for it."""

SMOOTH_MM = 12
"""Smoothing along the spine, so that tubes do not follow every vertebra's edge, or the spinous
process that alone is left of the last one."""


def load_neck(data: Path, name: str, cache: Path) -> TrainingCase:
    """A case's vertebrae in a body made around them, cached in ``cache``."""
    kept = cache / f"{name}_1mm.npz"
    if not kept.exists():
        labels, geometry = read_label_map(data / f"verse/{name}_vertebrae.nii.gz")
        spine = resample_label(labels > 0, geometry, canonical_geometry(geometry, SPACING_MM))
        spine = np.pad(spine[bounding_box(spine)], ROOM_MM)
        keep(kept, classes=body_around(spine), spine=spine.astype(np.uint8))
    with np.load(kept) as arrays:
        return TrainingCase(name, None, arrays["classes"], arrays["spine"])


def body_around(spine: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Classes of ``synthesis``: a body around vertebrae, both z, y, x at 1 mm."""
    reaching = spine.copy()
    for ahead in range(5, THROAT_MM + 1, 5):
        reaching[:, :-ahead] |= spine[:, ahead:]
    depth = ndimage.distance_transform_edt(~reaching, sampling=(1.0, 1.0, SIDE_SHARE))
    inside = depth <= SKIN_MM
    # The body continues where the vertebrae end.
    first, last = (int(end) for end in np.nonzero(spine.any(axis=(1, 2)))[0][[0, -1]])
    inside[:first], inside[last:] = inside[first], inside[last]
    classes = np.where(inside, BODY, AIR).astype(np.uint8)
    for behind, left, radius in ARTERIES:
        classes[_tube(spine, behind, left, radius) & inside] = ARTERY
    classes[_tube(spine, *AIRWAY)] = AIR
    classes[spine] = BONE
    return classes


def _tube(spine: NDArray[np.bool_], behind: int, left: int, radius: int) -> NDArray[np.bool_]:
    """A tube that follows the front of the spine."""
    _, height, width = spine.shape
    planes = np.nonzero(spine.any(axis=(1, 2)))[0]
    fronts = ndimage.minimum_filter1d(
        [int(np.argmax(spine[z].any(axis=1))) for z in planes], 2 * SMOOTH_MM, mode="nearest"
    )
    middles = [float(np.nonzero(spine[z])[1].mean()) for z in planes]
    every = np.arange(len(spine))
    front = ndimage.gaussian_filter1d(np.interp(every, planes, fronts), SMOOTH_MM)
    middle = ndimage.gaussian_filter1d(np.interp(every, planes, middles), SMOOTH_MM)
    rows = np.arange(height)[None, :, None] - (front + behind)[:, None, None]
    columns = np.arange(width)[None, None, :] - (middle + left)[:, None, None]
    return np.asarray(np.hypot(rows, columns) <= radius)


def main() -> None:
    """Draw every case."""
    parser = argparse.ArgumentParser(description="Draw the bodies made around vertebrae.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    for name in VERSE_LABELS:
        case = load_neck(options.data, name, options.out)
        draw_on_drawn_ct(case, options.out / f"{name}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
