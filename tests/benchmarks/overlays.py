"""Pictures of a mask over its CT, for somebody to look at: sagittal, coronal and axial."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from inference.values.geometry import Triple, canonical_geometry
from inference.values.mask import Mask
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample
from tests.benchmarks.picture import draw_slice

matplotlib.use("Agg")
from matplotlib import pyplot

SPACING_MM: Triple = (1.0, 1.0, 1.0)
"""Spacing of the drawn grid, one pixel per voxel."""


AXIAL_SECTIONS = 4


def draw_overlay(volume: Volume, mask: Mask, path: Path) -> None:
    """Write sections through the middle of the mask, or of the CT if the mask is empty.

    There are a sagittal and a coronal section, and axial ones from feet to head.
    """
    canonical = canonical_geometry(volume.geometry, SPACING_MM)
    hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
    spine = resample(mask.voxels, mask.geometry, canonical, fill=0)
    shown = spine if spine.any() else np.ones_like(spine)
    places = np.nonzero(shown)
    planes, middle_y, middle_x = np.unique(places[0]), *(int(np.median(p)) for p in places[1:])
    head_up = slice(None, None, -1)
    sections: dict[str, Any] = {
        "sagittal": np.s_[head_up, :, middle_x],
        "coronal": np.s_[head_up, middle_y, :],
    }
    for z in np.quantile(planes, np.linspace(0, 1, AXIAL_SECTIONS + 2)[1:-1]).astype(int):
        sections[f"axial, plane {z}"] = np.s_[z, :, :]
    figure, axes = pyplot.subplots(2, 3, figsize=(18, 13), facecolor="black", layout="constrained")
    for panel, (title, section) in zip(axes.flat, sections.items(), strict=True):
        draw_slice(panel, hu[section], spine[section], 1.0, title)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=60)
    pyplot.close(figure)
