"""CTs with labels of single vertebrae, on their own grids, to compare masks with."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.label_maps import read_label_map, require_same_place, resample_classes
from assets.training.spine_labels import SPACING_MM, resample_label
from assets.training.surface_distance import surface_distance
from assets.training.verse import beyond_labels
from assets.training.whole_body import CUT_VERTEBRAE, STRUCTURES_CT, vertebrae
from inference import open_ct
from inference.mask.overlap import dice
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample

NEAR_MM = 10.0
"""Distance around the labels within which a mask is also scored on its own."""

RIBS = range(92, 116)
SACRUM = (25, 26)


@dataclass(frozen=True, eq=False)
class ReaderCt:
    """A CT whose vertebrae are labelled one by one.

    Attributes:
        volume: the CT.
        numbers: of the vertebrae, one apart for neighbours; 0 for background, z, y, x.
        unknown: where it is unknown whether there is one.
        ribs: with their heads and necks; empty if the labels have none.
        sacrum: likewise.
    """

    volume: Volume
    numbers: NDArray[np.uint8]
    unknown: NDArray[np.bool_]
    ribs: NDArray[np.bool_]
    sacrum: NDArray[np.bool_]


@dataclass(frozen=True)
class ReaderScore:
    """How a mask compares with readers' labels, without the unknown parts.

    Attributes:
        dice: over the whole scan.
        dice_near: within ``NEAR_MM`` of the labels.
        hd95_mm: likewise near the labels.
        mean_mm: the average symmetric surface distance, likewise.
    """

    dice: float
    dice_near: float
    hd95_mm: float
    mean_mm: float


def read_verse(data: Path, name: str) -> ReaderCt:
    """A case of VerSe."""
    volume = open_ct(data / f"verse/{name}_ct.nii.gz")
    numbers, geometry = read_label_map(data / f"verse/{name}_vertebrae.nii.gz")
    require_same_place(geometry, volume.geometry, name)
    canonical = canonical_geometry(geometry, SPACING_MM)
    beyond = beyond_labels(
        resample_classes(numbers, geometry, canonical),
        resample(volume.voxels, volume.geometry, canonical, AIR_HU),
    )
    unknown = resample_label(beyond, canonical, geometry) & (numbers == 0)
    none = np.zeros_like(unknown)
    return ReaderCt(Volume(volume.voxels, geometry, name), numbers, unknown, none, none)


def read_structures(data: Path) -> ReaderCt:
    """The chest with its structures, on the CT's grid."""
    volume = open_ct(data / f"whole_body_maps/{STRUCTURES_CT}_ct.nii.gz")
    classes, geometry = read_label_map(data / f"whole_body_maps/{STRUCTURES_CT}_structures.nii.gz")
    classes = _on_grid(classes, geometry, volume.geometry)
    spine = vertebrae(classes)
    return ReaderCt(
        Volume(volume.voxels, volume.geometry, STRUCTURES_CT),
        np.where(spine, classes, 0).astype(np.uint8),
        np.isin(classes, CUT_VERTEBRAE[STRUCTURES_CT]),
        np.isin(classes, RIBS),
        np.isin(classes, SACRUM),
    )


def _on_grid(classes: NDArray[np.uint8], source: Geometry, target: Geometry) -> NDArray[np.uint8]:
    """Classes on a grid of the same voxels, whose axes may run in opposite directions."""
    corner = source.to_index(target.to_patient(np.array([[0.0, 0.0, 0.0]])))[0]
    backwards = [round(place) > 0 for place in corner]
    flipped = classes[tuple(slice(None, None, -1 if b else 1) for b in reversed(backwards))]
    if flipped.shape != target.shape:
        raise ValueError("the map has other voxels than its CT")
    return flipped


def score(ct: ReaderCt, mask: NDArray[np.uint8]) -> ReaderScore:
    """Compare a mask, z, y, x on the CT's grid, with the labels."""
    spacing = ct.volume.geometry.spacing
    spine = ((ct.numbers > 0) & ~ct.unknown).astype(np.uint8)
    known = np.where(ct.unknown, 0, mask).astype(np.uint8)
    far = ndimage.distance_transform_edt(spine == 0, sampling=spacing[::-1]) > NEAR_MM
    near = np.where(far, 0, known).astype(np.uint8)
    apart = surface_distance(near, spine, spacing)
    return ReaderScore(dice(known, spine), dice(near, spine), apart.hd95_mm, apart.mean_mm)


def marked_ml(ct: ReaderCt, where: NDArray[np.bool_], mask: NDArray[np.uint8]) -> float:
    """How much of a structure a mask marks."""
    return float(np.count_nonzero(where & (mask > 0))) * ct.volume.geometry.voxel_volume_ml
