"""Spine labels from the expert organ labels of 3D-IRCADb-01, which have one class for all bone.

    python -m assets.training.spine_labels ../shared/ct/ircad/labels runs/labels

draws a picture of each patient's, to check before training on it.
"""

import argparse
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.training.vertebrae import separate_vertebrae
from assets.training.vertebrae_on_ct import separate_vertebrae_on_ct
from inference.values.geometry import Geometry, Triple, canonical_geometry
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample

BODY, BONE = 1, 2
"""Classes of soft tissue and of every bone in the label maps (index.json)."""

SPACING_MM: Triple = (1.0, 1.0, 1.0)
"""Spacing at which bone is separated and networks are trained."""

SPACING_TOLERANCE_MM = 0.001
"""Allows for spacings that are rounded in the files."""


def read_labels(path: Path) -> tuple[NDArray[np.uint8], Geometry]:
    """The classes of a label map, z, y, x, and its grid.

    The origin and direction in these files are meaningless: x runs to the patient's left, y to the
    back, z to the head.
    """
    image = sitk.ReadImage(str(path))
    return sitk.GetArrayFromImage(image), Geometry(image.GetSize(), image.GetSpacing())


def resample_label(
    label: NDArray[np.bool_], source: Geometry, target: Geometry
) -> NDArray[np.bool_]:
    """A label (z, y, x) on another grid: 1 where its interpolation is at least one half."""
    occupancy = resample(label * np.uint8(255), source, target, fill=0)
    inside: NDArray[np.bool_] = occupancy >= 128
    return inside


def require_same_grid(labels: Geometry, ct: Geometry, name: str) -> None:
    """Check that a label map has the grid of its CT.

    Label maps have no origin or direction, so only sizes and spacings can be compared.

    Raises:
        ValueError: they are not of the same scan; the message contains ``name``.
    """
    if labels.size != ct.size:
        raise ValueError(
            f"the labels of {name} have {labels.size} voxels, its CT {ct.size}: they are not of "
            "the same scan"
        )
    if not np.allclose(labels.spacing, ct.spacing, rtol=0, atol=SPACING_TOLERANCE_MM):
        raise ValueError(
            f"the labels of {name} have a spacing of {_millimetres(labels)}, its CT of "
            f"{_millimetres(ct)}: they are not of the same scan, or one of the files is wrong"
        )


def _millimetres(geometry: Geometry) -> str:
    return "×".join(f"{step:g}" for step in np.round(geometry.spacing, 3)) + " mm"


def spine_label(path: Path, ct: Volume | None = None) -> NDArray[np.uint8]:
    """1 on the vertebrae of a label map, z, y, x on the map's own grid.

    Args:
        ct: what the map was drawn on; without it, discs that the map marks as bone stay in.

    Raises:
        ValueError: the map's bone shows no vertebral body, or the map does not fit the CT.
    """
    labels, geometry = read_labels(path)
    canonical = canonical_geometry(geometry, SPACING_MM)
    bone = resample_label(labels == BONE, geometry, canonical)
    if ct is None:
        found = separate_vertebrae(bone)
    else:
        require_same_grid(geometry, ct.geometry, path.name)
        hu = resample(ct.voxels, geometry, canonical, AIR_HU)
        found = separate_vertebrae_on_ct(bone, hu)
    return resample_label(found.spine == 1, canonical, geometry).astype(np.uint8)


def draw_label(bone: NDArray[np.bool_], spine: NDArray[np.bool_], target: Path) -> None:
    """Draw spine (bright) over bone (dark), all z, y, x: three sections and a row of axial ones."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shade = bone + 2 * spine.astype(np.uint8)
    _, y, x = (int(np.median(indices)) for indices in np.nonzero(spine))
    head_up = slice(None, None, -1)
    axial = [shade[plane] for plane in np.linspace(0, len(shade) - 1, 7).astype(int)[1:-1]]
    sections = [shade[head_up, :, x], shade[head_up, y], shade.max(axis=1)[head_up], *axial]
    figure, axes = pyplot.subplots(2, 4, figsize=(20, 10), layout="constrained")
    for axis, section in zip(axes.flat, sections, strict=True):
        axis.imshow(section, vmin=0, vmax=3, cmap="magma")
        axis.axis("off")
    figure.savefig(target, dpi=60)
    pyplot.close(figure)


def main() -> None:
    """Draw the spine label of every label map in a folder."""
    parser = argparse.ArgumentParser(description="Draw the spine labels of label maps.")
    parser.add_argument("labels", type=Path, help="folder of the label maps")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(options.labels.glob("*.nii.gz")):
        bone = read_labels(path)[0] == BONE
        draw_label(bone, spine_label(path) > 0, options.out / f"{path.name.split('.')[0]}.png")
        print(path.name, flush=True)


if __name__ == "__main__":
    main()
