"""Measurements of a spine mask."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.bone import WORK_MM, bone_of
from inference.mask.centre_line import find_centre_line
from inference.mask.curve import Floats, sample_along
from inference.values.geometry import Geometry, Slices, Triple, Voxel, nearest_axes
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, release, slabs
from inference.values.volume import Volume

CORE_MM = 7.0
"""Half-width and half-depth of the core around the centre line. It lies within any vertebral body;
the smallest, in the neck, are 15 mm deep and wide (M. M. Panjabi et al., Cervical human vertebrae,
Spine 16, 1991)."""

CORE_SHARE = 0.5
"""A point of the line counts as spine if at least this share of the core across it is mask. One
half finds an end plate, even an oblique one; discs between two bodies do not matter."""

MOST_LINE_ML = 40_000.0
"""Largest box around a mask in which a line is searched: 20 × 20 cm across and 1 m along, more than
any spine. A larger mask is of something else, and the memory for its line would be unbounded."""


@dataclass(frozen=True)
class MaskFigures:
    """The size of a spine and its HU.

    Attributes:
        volume_ml: millilitres.
        length_mm: millimetres along the line through the middle of the vertebral bodies, from the
            first to the last body in the mask; None if there is no such line.
        extent_mm: millimetres left to right, front to back, head to foot, along the scan's axes.
        mean_hu: mean over all voxels of the mask; None if there are none.
        deviation_hu: their standard deviation, as of a whole population rather than a sample; None
            if there are none.
        middle: the middle x, y, z of the mask in the axial slice nearest to half its height; None
            if it is empty.
        slices: voxel indices along x, y, z of the slices that show most of it: those with half of
            its line on either side, or half of its voxels if there is no line; None if it is empty.
    """

    volume_ml: float
    length_mm: float | None
    extent_mm: Triple
    mean_hu: float | None
    deviation_hu: float | None
    middle: Voxel | None = None
    slices: Voxel | None = None


def measure(mask: Mask, volume: Volume, cancel: CancelCheck = never_cancelled) -> MaskFigures:
    """Measure a mask slab by slab; this takes longer than a frame, so windows do it on a thread.

    Args:
        volume: the CT on whose grid the mask lies.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    box = bounding_box(mask.voxels)
    stop_if(cancel)
    if box is None:
        return MaskFigures(0.0, None, (0.0, 0.0, 0.0), None, None)
    count, mean, deviation = _hu(mask.voxels, volume.voxels, box, cancel)
    line = _line(mask, box, cancel)
    return MaskFigures(
        volume_ml=count * mask.geometry.voxel_volume_ml,
        length_mm=None if line is None else len(line) * WORK_MM[2],
        extent_mm=_extent_mm(mask.geometry, box),
        mean_hu=mean,
        deviation_hu=deviation,
        middle=_middle(mask, box),
        slices=_median_voxel(mask, box) if line is None else _median_of(line, mask.geometry),
    )


def _hu(
    mask: NDArray[np.uint8], voxels: NDArray[np.int16], box: Slices, cancel: CancelCheck
) -> tuple[int, float, float]:
    """The number of voxels in the mask, and mean and standard deviation of their HU.

    The sums are integers, so that the slabs and their order do not change a digit.
    """
    count = total = squares = 0
    for planes, slab in slabs(mask[box]):
        stop_if(cancel)
        hu = voxels[box][planes][slab > 0].astype(np.int64)
        release(voxels)
        count += len(hu)
        total += int(hu.sum())
        squares += int((hu * hu).sum())
    return count, total / count, math.sqrt(squares * count - total * total) / count


def _extent_mm(geometry: Geometry, box: Slices) -> Triple:
    z, y, x = (side.stop - side.start for side in box)
    along = [n * mm for n, mm in zip((x, y, z), geometry.spacing, strict=True)]
    left, back, head = nearest_axes(np.reshape(geometry.direction, (3, 3)))
    return along[left], along[back], along[head]


def _line(mask: Mask, box: Slices, cancel: CancelCheck) -> Floats | None:
    """The points of the centre line from the first to the last body on it, N×3, LPS millimetres.

    They lie ``WORK_MM`` apart.
    """
    if math.prod(mask.geometry.part(*box).size) * mask.geometry.voxel_volume_ml > MOST_LINE_ML:
        return None
    bone, grid = bone_of(mask, box, cancel)
    stop_if(cancel)
    line = find_centre_line(bone, grid)
    if line is None:
        return None
    core = np.arange(-CORE_MM, CORE_MM + 1)
    sampled = sample_along(bone, grid, line.curve, core, core, fill=0)
    bodies = np.flatnonzero((sampled > 0).mean(axis=(1, 2)) >= CORE_SHARE)
    return line.curve.points[bodies[0] : bodies[-1] + 1] if len(bodies) else None


def _median_of(points: Floats, geometry: Geometry) -> Voxel:
    """The voxel at the medians of the points' coordinates along the axes of the grid."""
    places = np.rint(np.median(geometry.to_index(points), axis=0))
    x, y, z = (int(i) for i in np.clip(places, 0, np.array(geometry.size) - 1))
    return x, y, z


def _median_voxel(mask: Mask, box: Slices) -> Voxel:
    """The same for the voxels of a mask, which must not be empty."""
    flat = np.zeros(mask.voxels[box].shape[1:], np.int64)
    planes = []
    for _, slab in slabs(mask.voxels[box]):
        flat += (slab > 0).sum(axis=0)
        planes.append((slab > 0).sum(axis=(1, 2)))
    profiles = (flat.sum(axis=0), flat.sum(axis=1), np.concatenate(planes))
    x, y, z = (
        side.start + int(np.searchsorted(np.cumsum(profile), profile.sum() / 2))
        for side, profile in zip(box[::-1], profiles, strict=True)
    )
    return x, y, z


def _middle(mask: Mask, box: Slices) -> Voxel:
    """The mean position of a mask, not empty, in the slice across the patient nearest to its
    middle."""
    upright = nearest_axes(np.reshape(mask.geometry.direction, (3, 3)))[2]
    spine = mask.voxels[box].transpose(2, 1, 0)
    slices = np.moveaxis(spine, upright, 0)
    by_distance = sorted(range(len(slices)), key=lambda at: abs(2 * at - len(slices) + 1))
    place = next(at for at in by_distance if slices[at].any())
    middle = [float(part.mean()) for part in np.nonzero(slices[place])]
    middle.insert(upright, place)
    x, y, z = (side.start + round(at) for side, at in zip(box[::-1], middle, strict=True))
    return x, y, z
