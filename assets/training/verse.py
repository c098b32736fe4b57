"""VerSe's CTs with readers' own outlines of the vertebrae, one number per vertebra.

    python -m assets.training.verse ../shared/ct runs/verse

draws a picture of each case's label on its CT, to check before training on it.

Vertebrae cut by the edge of the scan are not labelled. Therefore anything beyond the first and the
last labelled vertebra that may be a vertebra is unknown, except below the last lumbar vertebra,
where the sacrum lies, and above the atlas, where the skull lies.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.label_maps import read_label_map, require_same_place, resample_classes
from assets.training.overlay import draw_case
from assets.training.spine_labels import SPACING_MM, resample_label
from inference import open_ct
from inference.values.geometry import canonical_geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import resample

VERSE_CTS = ("verse006", "verse007", "verse008", "verse014")
"""Cases with a CT."""

ATLAS, LAST_LUMBAR = 1, (24, 25)
"""Numbers of the vertebrae beyond which there is no vertebra: C1, and L5 or L6."""

MAYBE_BONE_HU = 130
"""Between the soft tissue around vertebrae, discs included, and their marrow
(``vertebrae_on_ct.SOFT_HU``)."""

SOFT_WITHIN_MM = 3.0
"""Soft tissue this close to a labelled vertebra is its disc or ligaments, not a vertebra."""


def load_verse(data: Path, name: str, cache: Path) -> TrainingCase:
    """A case at 1 mm in the canonical orientation, made once and cached in ``cache``.

    Raises:
        ValueError: the labels do not lie where the CT does.
    """
    kept = cache / f"{name}_1mm.npz"
    if not kept.exists():
        volume = open_ct(data / f"verse/{name}_ct.nii.gz")
        labels, geometry = read_label_map(data / f"verse/{name}_vertebrae.nii.gz")
        require_same_place(geometry, volume.geometry, name)
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        numbers = resample_classes(labels, geometry, canonical)
        spine = resample_label(labels > 0, geometry, canonical).astype(np.uint8)
        spine[beyond_labels(numbers, hu) & (spine == 0)] = UNKNOWN
        keep(kept, hu=hu, spine=spine)
    with np.load(kept) as arrays:
        return TrainingCase(name, arrays["hu"], None, arrays["spine"])


def beyond_labels(numbers: NDArray[np.uint8], hu: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where an unlabelled vertebra may lie, all z, y, x at 1 mm.

    Args:
        numbers: of the labelled vertebrae, from the head down.
        hu: of the same voxels.

    Raises:
        ValueError: no vertebra is labelled.
    """
    present = [int(number) for number in np.unique(numbers[numbers > 0])]
    if not present:
        raise ValueError("no vertebra is labelled")
    beyond = np.zeros(numbers.shape, dtype=bool)
    if present[0] != ATLAS:
        beyond |= _past_vertebra(numbers, present[0], present[:2], upwards=True)
    if present[-1] not in LAST_LUMBAR:
        beyond |= _past_vertebra(numbers, present[-1], present[-2:], upwards=False)
    maybe_bone = ndimage.gaussian_filter(hu.astype(np.float32), 0.7) >= MAYBE_BONE_HU
    near = ndimage.distance_transform_edt(numbers == 0) <= SOFT_WITHIN_MM
    return np.asarray(beyond & (ndimage.binary_dilation(maybe_bone) | ~near))


def _past_vertebra(
    numbers: NDArray[np.uint8], vertebra: int, pair: list[int], *, upwards: bool
) -> NDArray[np.bool_]:
    """Past the middle of an end vertebra, along the line from its neighbour's middle to its own.

    The articular and spinous processes of an unlabelled neighbour reach that far.
    """
    centre = np.argwhere(numbers == vertebra).mean(axis=0)
    middles = [np.argwhere(numbers == number).mean(axis=0) for number in pair]
    along = middles[0] - middles[-1] if len(pair) > 1 else np.array([1.0, 0.0, 0.0])
    along = along if upwards else -along
    z, y, x = np.ogrid[tuple(slice(0, n) for n in numbers.shape)]
    places = along[0] * (z - centre[0]) + along[1] * (y - centre[1]) + along[2] * (x - centre[2])
    return np.asarray(places > 0)


def main() -> None:
    """Draw every case's label."""
    parser = argparse.ArgumentParser(description="Draw the labels of the VerSe cases.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options = parser.parse_args()
    for name in VERSE_CTS:
        case = load_verse(options.data, name, options.out)
        draw_case(case, options.out / f"{name}.png")
        print(name, flush=True)


if __name__ == "__main__":
    main()
