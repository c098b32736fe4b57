"""Heads from free data, which show almost no spine: a real one, and one of plastic.

    python -m assets.training.heads ../shared/ct runs/heads

draws a picture of each, to check before training on it.
"""

import argparse
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.overlay import draw_case
from assets.training.spine_labels import SPACING_MM
from inference import open_ct
from inference.values.geometry import canonical_geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

ARCHIVE = "dicom_cases.zip"


@dataclass(frozen=True)
class AtlasBox:
    """Where the first two vertebrae, which are not outlined, lie in a head.

    Attributes:
        right_mm, left_mm: their extent along x, LPS.
        below_mm: the z, LPS, above which there is only skull.
    """

    right_mm: float
    left_mm: float
    below_mm: float


HEADS: Mapping[str, AtlasBox | None] = {
    "head_gantry_tilt": AtlasBox(-48.0, 42.0, -28.0),
    "head_study_multi_series": None,
}
"""Folders of the archive. The second has a tube in place of a neck. Found by eye."""


def load_head(data: Path, name: str, cache: Path) -> TrainingCase:
    """A head at 1 mm, made once and cached in ``cache``."""
    kept = cache / f"{name}_1mm.npz"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(data / ARCHIVE) as archive:
                members = [m for m in archive.namelist() if m.startswith(f"{name}/")]
                archive.extractall(folder, members)
            volume = open_ct(Path(folder) / name)
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        spine = np.zeros(hu.shape, np.uint8)
        atlas = HEADS[name]
        if atlas is not None:
            low = canonical.to_index(np.array([atlas.right_mm, 0.0, 0.0]))[0]
            high = canonical.to_index(np.array([atlas.left_mm, 0.0, atlas.below_mm]))
            spine[: round(high[2]), :, round(low) : round(high[0])] = UNKNOWN
        keep(kept, hu=hu, spine=spine)
    with np.load(kept) as arrays:
        return TrainingCase(name, arrays["hu"], None, arrays["spine"])


def main() -> None:
    """Draw every head."""
    parser = argparse.ArgumentParser(description="Draw the heads that are learned from.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for heads and pictures")
    options = parser.parse_args()
    for name in HEADS:
        draw_case(load_head(options.data, name, options.out), options.out / f"{name}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
