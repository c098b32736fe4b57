"""Where readers see the edge of bone.

    python -m assets.training.reader_edge ../shared/ct

prints how well each rule finds the outlines of VerSe's readers again after they were moved outwards
by a voxel, as those of a coarser label may lie. No network is involved.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.reader_scores import read_verse
from assets.training.spine_labels import SPACING_MM, resample_label
from assets.training.verse import VERSE_CTS
from inference.mask.overlap import dice
from inference.values.geometry import canonical_geometry
from inference.values.slabs import bounding_box
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

SOFT_HU = 60.0
"""Muscle."""

EDGE_SHARE = 0.3
"""The edge lies where HU have risen by this share from muscle to the brightest bone nearby. Of the
shares that this module prints, it has the highest Dice with the outlines of VerSe's readers (the
mean is 0.949; 0.944 at 200 HU everywhere) and as much bone as they have."""

NEARBY_VOXELS = 2
"""Reach of "nearby", in voxels of 1 mm: thick cortex with the blur of a scan."""

NOISE_VOXELS = 0.7
"""Standard deviation of the smoothing before the brightest voxel is looked for, which noise would
make brighter."""

TRIED = (0.2, 0.25, 0.3, 0.35, 0.4)


def edge_hu(hu: NDArray[np.float32], share: float = EDGE_SHARE) -> NDArray[np.float32]:
    """The HU at which bone begins at each voxel, z, y, x at 1 mm."""
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), NOISE_VOXELS)
    brightest = ndimage.maximum_filter(smooth, 2 * NEARBY_VOXELS + 1)
    return np.asarray(SOFT_HU + share * np.maximum(brightest - SOFT_HU, 0))


def without_soft_surface(
    label: NDArray[np.bool_],
    hu: NDArray[np.float32],
    edge: NDArray[np.float32] | float,
    voxels: int,
) -> NDArray[np.bool_]:
    """The label (z, y, x) without what is softer than ``edge`` at its surface, so many deep."""
    soft = label & (hu < edge)
    outside = ndimage.binary_dilation(~label, iterations=voxels, mask=soft | ~label)
    return np.asarray(label & ~outside)


def reader_case(data: Path, name: str) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """The readers' outline of a case of VerSe and its HU; z, y, x at 1 mm, only where they are.

    Raises:
        ValueError: the labels do not lie where the CT does.
    """
    ct = read_verse(data, name)
    grid = canonical_geometry(ct.volume.geometry, SPACING_MM)
    label = resample_label(ct.numbers > 0, ct.volume.geometry, grid)
    hu = resample(ct.volume.voxels, ct.volume.geometry, grid, AIR_HU)
    box = bounding_box(ndimage.binary_dilation(label, iterations=3))
    return label[box], hu[box]


def found_again(
    label: NDArray[np.bool_], hu: NDArray[np.float32], edge: NDArray[np.float32] | float
) -> tuple[float, float]:
    """Dice with an outline that was moved outwards by a voxel and back to ``edge``, and its share
    of the volume."""
    again = without_soft_surface(ndimage.binary_dilation(label), hu, edge, voxels=2)
    overlap = dice(again.astype(np.uint8), label.astype(np.uint8))
    return overlap, float(again.sum() / label.sum())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Find the edge that VerSe's readers see.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    data = parser.parse_args().data
    cases = {name: reader_case(data, name) for name in VERSE_CTS}
    print("| edge | mean Dice | mean volume | " + " | ".join(cases) + " |")
    print("|" + " --- |" * (3 + len(cases)))
    for share in (None, *TRIED):
        found = [
            found_again(label, hu, 200.0 if share is None else edge_hu(hu, share))
            for label, hu in cases.values()
        ]
        means = (f"{np.mean(values):.3f}" for values in zip(*found, strict=True))
        each = (f"{overlap:.3f}" for overlap, _ in found)
        print(f"| {'200 HU' if share is None else share} | {' | '.join((*means, *each))} |")


if __name__ == "__main__":
    main()
