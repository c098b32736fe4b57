"""Maps of a whole body's structures in TotalSegmentator's classes, with their CT or without.

    python -m assets.training.whole_body ../shared/ct runs/whole_body

draws a picture of each map's label, to be looked at before it is trained on.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.label_maps import read_label_map, require_same_place
from assets.training.overlay import draw_case
from assets.training.spine_labels import SPACING_MM, resample_label
from inference import open_ct
from inference.geometry import canonical_geometry
from inference.resample import resample
from inference.volume import AIR_HU

STRUCTURES_CT = "lidc0001"
"""The map whose CT is there."""

VERTEBRAE = range(27, 51)
"""Classes of L5 to C1 from below; 26 is the first sacral vertebra, and none here."""

CUT_VERTEBRAE = {"lidc0001": (29, 45, 46)}
"""The lowest vertebra of a map and the two highest, which the scan cuts: what a network outlined
there is not trusted. Found by eye."""


def load_structures_ct(data: Path, cache: Path) -> TrainingCase:
    """The chest CT with its structures, at 1 mm, made once and kept in ``cache``.

    Raises:
        ValueError: the map does not lie where the CT does.
    """
    kept = cache / f"{STRUCTURES_CT}_1mm.npz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        volume = open_ct(data / f"whole_body_maps/{STRUCTURES_CT}_ct.nii.gz")
        classes, geometry = read_label_map(
            data / f"whole_body_maps/{STRUCTURES_CT}_structures.nii.gz"
        )
        require_same_place(geometry, volume.geometry, STRUCTURES_CT)
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        spine = resample_label(vertebrae(classes), geometry, canonical).astype(np.uint8)
        cut = np.isin(classes, CUT_VERTEBRAE[STRUCTURES_CT])
        spine[resample_label(cut, geometry, canonical)] = UNKNOWN
        np.savez_compressed(kept, hu=hu, spine=spine)
    with np.load(kept) as arrays:
        return TrainingCase(STRUCTURES_CT, arrays["hu"], None, arrays["spine"])


def vertebrae(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a map shows a vertebra above the sacrum."""
    return np.asarray((classes >= VERTEBRAE.start) & (classes < VERTEBRAE.stop))


def main() -> None:
    """Draw the label."""
    parser = argparse.ArgumentParser(description="Draw the labels of whole-body maps.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    case = load_structures_ct(options.data, options.out)
    draw_case(case, options.out / f"{case.name}.png")


if __name__ == "__main__":
    main()
