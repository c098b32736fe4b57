"""Fills vertebral bodies that a model marked along their walls only.

Soft marrow has the HU of the tissue around a vertebra, so a model may mark the cortex and leave the
core empty. A core is closed in on nearly all sides, but for the holes of veins, and it is tall.
The canal is open above and below and between the arches, and an enclosed disc is flat.
"""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.mask.threshold import FULL_SCALE
from inference.values.geometry import Geometry, Triple
from inference.values.messages import Sentence, sentence
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, release, slabs

ENCLOSED_PLANES = 2
"""A voxel is inside if it is closed in within this many of the three planes through it, along the
axes of the body. The canal is closed in within one, and so is the gap between two arches."""

CORE_MM: Triple = (2.0, 2.0, 7.0)
"""Half-axes x, y, z of an upright ellipsoid that fits into a core, to the nearest voxel. It is
about 15 mm tall, as cores are from the middle of the thorax down. Discs are lower: those of the
thorax, which are closed in by bone in 5 mm slices, are 8 mm tall."""

BODY_MM = 40.0
"""No core of a body is taller than this."""

STACK_BODIES = 4
"""How many times ``BODY_MM`` are looked at together: fewer stacks are faster, lower ones save
memory."""

NOTED_ML = 0.5
"""Least volume filled that is reported: a fiftieth of a small vertebra."""


def fill_hollows(
    probability: NDArray[np.uint8],
    threshold: int,
    grid: Geometry,
    cancel: CancelCheck = never_cancelled,
) -> float:
    """Mark the cores of hollow bodies, in place, as surely spine; returns their millilitres.

    Args:
        probability: bytes, z, y, x.
        threshold: the least byte that is spine.
        grid: of ``probability``, in canonical orientation.

    Raises:
        CancelledError: ``cancel`` said so between two stacks.
    """
    filled = 0
    for stack in _stacks(len(probability), grid.spacing[2]):
        stop_if(cancel)
        spine = probability[stack] >= threshold
        box = bounding_box(spine)
        if box is not None:
            core = _cores(spine[box].view(np.uint8), grid)
            probability[stack][box][core] = FULL_SCALE
            filled += int(np.count_nonzero(core))
        release(probability)
    return filled * grid.voxel_volume_ml


def hollow_notes(filled_ml: float) -> tuple[Sentence, ...]:
    """A plain sentence about what was filled, if it is worth one."""
    if filled_ml < NOTED_ML:
        return ()
    return (
        sentence(
            "The model left {0:.1f} mL inside vertebrae empty; they were filled. Check the scan "
            "there.",
            filled_ml,
        ),
    )


def _stacks(planes: int, plane_mm: float) -> Iterator[slice]:
    """Overlapping stacks of planes, so that each core lies completely in one of them."""
    tall = max(1, round(BODY_MM / plane_mm))
    for first in range(0, max(1, planes - tall), (STACK_BODIES - 1) * tall):
        yield slice(first, first + STACK_BODIES * tall)


def _cores(spine: NDArray[np.uint8], grid: Geometry) -> NDArray[np.bool_]:
    """What is enclosed and tall, z, y, x."""
    inside = (_enclosing_planes(spine) >= ENCLOSED_PLANES).view(np.uint8)
    if not inside.any():
        return inside.view(np.bool_)
    radius = [max(1, round(mm / side)) for mm, side in zip(CORE_MM, grid.spacing, strict=True)]
    image = sitk.GetImageFromArray(inside)
    tall = sitk.BinaryOpeningByReconstruction(image, radius, sitk.sitkBall)
    # Where two planes cross that a vein opens, a line through the core is closed in by one only.
    whole = sitk.BinaryMorphologicalClosing(tall, [1, 1, 1], sitk.sitkBox)
    return np.asarray(sitk.GetArrayFromImage(whole) > spine)


def _enclosing_planes(spine: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """In how many planes through it a voxel that is no spine is closed in, 0 to 3, z, y, x."""
    count = np.zeros_like(spine)
    for axis in range(3):
        planes, counts = np.moveaxis(spine, axis, 0), np.moveaxis(count, axis, 0)
        for part, slab in slabs(planes):
            # Solid planes between them keep them apart, so that one call does for all.
            apart = np.ones((2 * len(slab) + 1, *slab.shape[1:]), np.uint8)
            apart[1::2] = slab
            full = sitk.BinaryFillhole(sitk.GetImageFromArray(apart))
            counts[part] += sitk.GetArrayViewFromImage(full)[1::2] - slab
    return count
