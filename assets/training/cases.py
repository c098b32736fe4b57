"""The patients that training knows, at 1 mm in the canonical orientation.

Reading and separating a patient takes seconds, so it is done once and cached as a compressed array
beside the run.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.phantom.make_phantom import PhantomSettings, make_phantom
from assets.training.cached import keep
from assets.training.spine_labels import (
    BODY,
    BONE,
    SPACING_MM,
    read_labels,
    require_same_grid,
    resample_label,
)
from assets.training.synthesis import COMPACT
from assets.training.vertebrae import UNKNOWN as UNKNOWN
from assets.training.vertebrae import Separation, separate_vertebrae
from assets.training.vertebrae_on_ct import separate_vertebrae_on_ct
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample

NEEDED_CLASSES = ("body", "bone")

LAST_VERTEBRA_MM = {3: (0, 16), 12: (22, 30)}
"""Patients whose maps reach the sacrum, which the bone class does not separate from the last
vertebra. Below the first height above the map's lowest slice nothing is spine; up to the second it
is unknown. Found by eye in sagittal pictures."""

HIDDEN_DISCS_MM = {
    2: ((108, 300),),
    5: ((182, 300),),
    6: ((132, 300),),
    13: ((98, 300),),
    14: ((70, 93),),
    15: ((38, 66), (102, 130)),
    16: ((14, 26), (178, 300)),
}
"""Patients whose maps mark some discs as bone, or have slits in bodies. Between these heights above
the map's lowest slice it is unknown which part of the column is a body. Found by eye in sagittal
pictures."""

SHOULDER_MM = 140
"""From the upper end of a trunk down: shoulder blade, head of the humerus and collar bone."""

SHOULDER_ROOM_MM = 12
"""Between the spine and what is taken for the side of a trunk."""

CORTEX_HU = 250
"""Bone in a CT without organ labels, from where patches are to be drawn."""


@dataclass(frozen=True, eq=False)
class TrainingCase:
    """One patient.

    Attributes:
        name: of the patient in the data set.
        hu: int16, z, y, x; None if only the labels exist.
        classes: organ labels, z, y, x; None if only the CT exists.
        spine: 1 on vertebrae, ``UNKNOWN`` where that is unknown, z, y, x.
    """

    name: str
    hu: NDArray[np.int16] | None
    classes: NDArray[np.uint8] | None
    spine: NDArray[np.uint8]

    def __post_init__(self) -> None:
        """Check that all arrays have one shape, and that a CT exists or can be drawn."""
        present = [voxels for voxels in (self.hu, self.classes) if voxels is not None]
        if not present or any(voxels.shape != self.spine.shape for voxels in present):
            raise ValueError(f"{self.name} needs a CT or organ labels of its spine label's shape")

    @property
    def other_bone(self) -> NDArray[np.bool_]:
        """Known bone that is not spine, z, y, x."""
        if self.classes is not None:
            bone = (self.classes == BONE) | (self.classes == COMPACT)
        else:
            assert self.hu is not None
            bone = self.hu >= CORTEX_HU
        return np.asarray(bone & (self.spine == 0))


def label_patients(data: Path) -> tuple[int, ...]:
    """The patients that have labels, by number.

    Raises:
        ValueError: a patient lacks a class that training needs.
    """
    index = json.loads((data / "ircad/labels/index.json").read_text(encoding="utf-8"))
    for number, facts in index["cases"].items():
        missing = [name for name in NEEDED_CLASSES if name not in facts["classes"]]
        if missing:
            raise ValueError(f"the labels of patient {number} lack {', '.join(missing)}")
    return tuple(sorted(int(number) for number in index["cases"]))


def case_name(number: int) -> str:
    """What a patient's case is called."""
    return f"ircad{number:02d}"


def load_case(
    data: Path, number: int, cache: Path, read_ct: Callable[[], Volume] | None = None
) -> TrainingCase:
    """One patient's labels, with the CT that ``read_ct`` reads if it is given.

    Raises:
        ValueError: the labels do not fit the CT voxel for voxel.
    """
    kept = cache / f"{case_name(number)}.npz"
    if not kept.exists():
        keep(kept, **_prepare(data, number, read_ct() if read_ct else None))
    with np.load(kept) as arrays:
        hu = arrays.get("hu", None)
        return TrainingCase(case_name(number), hu, arrays["classes"], arrays["spine"])


def phantom_case(seed: int) -> TrainingCase:
    """A body drawn from formulas, with its CT and its spine, and without organ labels."""
    hu, spine, geometry = make_phantom(PhantomSettings(seed=seed))
    canonical = canonical_geometry(geometry, SPACING_MM)
    return TrainingCase(
        name=f"phantom {seed}",
        hu=resample(hu, geometry, canonical, AIR_HU),
        classes=None,
        spine=resample_label(spine > 0, geometry, canonical).astype(np.uint8),
    )


def below_spine(case: TrainingCase) -> TrainingCase:
    """The planes of a CT below its lowest vertebra, which hold no spine: sacrum, hips and legs.

    Raises:
        ValueError: the case has no CT, or its spine reaches its lowest plane.
    """
    planes = int(np.nonzero((case.spine == 1).any(axis=(1, 2)))[0][0])
    if case.hu is None or not planes:
        raise ValueError(f"{case.name} shows nothing below its spine")
    return TrainingCase(f"{case.name} below", case.hu[:planes], None, case.spine[:planes])


def shoulders(case: TrainingCase) -> tuple[TrainingCase, ...]:
    """Both sides of the upper end of a trunk, which hold no spine: the right one, then the left.

    Raises:
        ValueError: the case has no spine near its upper end, or reaches no further than it.
    """
    top = slice(max(0, len(case.spine) - SHOULDER_MM), None)
    columns = np.flatnonzero((case.spine[top] > 0).any(axis=(0, 1)))
    if not len(columns):
        raise ValueError(f"{case.name} shows no spine at its upper end")
    right = slice(0, max(0, int(columns[0]) - SHOULDER_ROOM_MM))
    left = slice(int(columns[-1]) + 1 + SHOULDER_ROOM_MM, None)
    sides = tuple(_side(case, top, x, name) for name, x in (("right", right), ("left", left)))
    if not all(side.spine.size for side in sides):
        raise ValueError(f"{case.name} shows nothing beside its spine")
    return sides


def _side(case: TrainingCase, z: slice, x: slice, name: str) -> TrainingCase:
    hu = None if case.hu is None else case.hu[z, :, x]
    classes = None if case.classes is None else case.classes[z, :, x]
    return TrainingCase(f"{case.name} {name} shoulder", hu, classes, case.spine[z, :, x])


def _prepare(data: Path, number: int, ct: Volume | None) -> dict[str, Any]:
    labels, geometry = read_labels(data / f"ircad/labels/ircad{number:02d}_labels.nii.gz")
    if ct is not None:
        require_same_grid(geometry, ct.geometry, f"patient {number}")
    canonical = canonical_geometry(geometry, SPACING_MM)
    classes = _nearest(labels, geometry, canonical)
    bone = resample_label(labels == BONE, geometry, canonical)
    hu = None if ct is None else resample(ct.voxels, geometry, canonical, AIR_HU)
    found = separate_vertebrae(bone) if hu is None else separate_vertebrae_on_ct(bone, hu)
    spine = without_hidden_discs(found, HIDDEN_DISCS_MM.get(number, ()))
    sacrum, last_vertebra = LAST_VERTEBRA_MM.get(number, (0, 0))
    spine[:last_vertebra][spine[:last_vertebra] == 1] = UNKNOWN
    spine[:sacrum] = 0
    # Marrow that the separation filled is bone too; a canal or disc in the expert's bone is drawn
    # as the soft tissue it is.
    classes = np.where(bone | (found.spine == 1), BONE, classes)
    classes[found.no_bone] = BODY
    arrays: dict[str, NDArray[np.generic]] = {
        "classes": classes.astype(np.uint8),
        "spine": spine,
    }
    if hu is not None:
        arrays["hu"] = hu
    return arrays


def without_hidden_discs(
    found: Separation, heights: Iterable[tuple[int, int]]
) -> NDArray[np.uint8]:
    """The spine label with bodies and discs unknown between heights: planes from, and up to."""
    spine = found.spine.copy()
    for low, high in heights:
        between = np.zeros_like(found.column)
        between[low:high] = found.column[low:high]
        spine[between & (spine == 1)] = UNKNOWN
    return spine


def _nearest(
    labels: NDArray[np.uint8], geometry: Geometry, canonical: Geometry
) -> NDArray[np.uint8]:
    """The labels on the canonical grid; both grids are axis-aligned."""
    indices = [
        np.clip(np.rint(geometry.to_index(_axis_points(canonical, axis))[:, axis]), 0, n - 1)
        for axis, n in enumerate(geometry.size)
    ]
    x, y, z = (i.astype(int) for i in indices)
    return labels[np.ix_(z, y, x)]


def _axis_points(geometry: Geometry, axis: int) -> NDArray[np.float64]:
    indices = np.zeros((geometry.size[axis], 3))
    indices[:, axis] = np.arange(geometry.size[axis])
    return geometry.to_patient(indices)
