"""Labels of the two test patients, corrected by eye.

    python -m assets.training.corrected_labels ../shared/ct runs/corrected

draws them. The expert's map of patient 7 lies a voxel outside the cortex and marks discs as bone;
that of patient 1 has holes in its marrow. Here the outline is moved back to where readers see the
edge of bone (``reader_edge.py``), small holes are filled, discs found by eye are removed, and bone
beside a rib, which the map does not tell from a process, is unknown. No network was involved.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cases import UNKNOWN
from assets.training.finder.spine_lines import around_line
from assets.training.reader_edge import edge_hu, without_soft_surface
from assets.training.series_discs import settle_discs
from assets.training.spine_labels import (
    BONE,
    SPACING_MM,
    draw_label,
    read_labels,
    resample_label,
    spine_label,
)
from inference import open_ct
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample

CORRECTIONS = Path(__file__).with_name("corrected_labels.json")
"""By patient: a line along the bodies as in ``spine_lines.json``, and the discs' end plates along
it as in ``series_discs.json``, both seen in sections of 1 mm."""

OUTSIDE_VOXELS = 2
"""How far the expert's outline lies outside the cortex at most, in voxels of 1 mm."""

HOLE_MM2 = 60
"""Largest hole in an axial section that is marrow; the spinal canal takes 200 and more."""

JOINT_MM = 6
"""Distance from rib bone: as far as a costal joint reaches into a process."""


def corrected_label(name: str, labels: Path, ct: Volume) -> tuple[NDArray[np.uint8], Geometry]:
    """1 on vertebrae, 0 on background, ``UNKNOWN`` between; z, y, x at 1 mm, and its grid.

    Args:
        name: of the patient in ``corrected_labels.json``.
        labels: the expert's map.

    Raises:
        KeyError: the patient's labels were never corrected.
        ValueError: the map does not fit the CT.
    """
    correction = json.loads(CORRECTIONS.read_text(encoding="utf-8"))[name]
    grid = canonical_geometry(ct.geometry, SPACING_MM)
    hu = resample(ct.voxels, ct.geometry, grid, AIR_HU)
    classes, source = read_labels(labels)
    bone = resample_label(classes == BONE, source, grid)
    rough = resample_label(spine_label(labels, ct) == 1, ct.geometry, grid)
    cortex = without_soft_surface(rough, hu, edge_hu(hu), OUTSIDE_VOXELS)
    label = fill_marrow(cortex).astype(np.uint8)
    if correction["discs"]:
        around = around_line(np.asarray(correction["line"], dtype=float), grid)
        smooth = ndimage.gaussian_filter(hu.astype(np.float32), 0.7)
        label = settle_discs(label, smooth, around, correction["discs"])
    label[beside_ribs(bone, rough)] = UNKNOWN
    return label, grid


def fill_marrow(label: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The label (z, y, x, 1 mm) with holes of axial sections that are too small to be the canal."""
    filled = label.copy()
    for plane in filled:
        holes, _ = ndimage.label(ndimage.binary_fill_holes(plane) & ~plane)
        small = np.bincount(holes.ravel()) <= HOLE_MM2
        small[0] = False
        plane |= small[holes]
    return filled


def beside_ribs(bone: NDArray[np.bool_], label: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voxels near both the label and bone outside it, of either (z, y, x, 1 mm)."""
    other = ndimage.binary_opening(bone & ~ndimage.binary_dilation(label))
    near_other = ndimage.distance_transform_edt(~other) <= JOINT_MM
    near_label = ndimage.distance_transform_edt(~label) <= JOINT_MM
    return np.asarray(near_other & near_label)


def main() -> None:
    """Draw both."""
    from tests.benchmarks.model_quality import LABELLED

    parser = argparse.ArgumentParser(description="Draw the corrected labels.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (ct, labels) in LABELLED.items():
        label, _ = corrected_label(name, options.data / labels, open_ct(options.data / ct))
        draw_label(label > 0, label == 1, options.out / f"{name}.png")


if __name__ == "__main__":
    main()
