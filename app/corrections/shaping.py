"""A mask grown or shrunk by a voxel, everywhere or under the brush, and its holes filled."""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from app.corrections.brush import swept
from app.corrections.correction import (
    IN_MEMORY_BYTES,
    Box,
    Correction,
    packed,
    planes_at_a_time,
)
from inference.system.scratch import new_array
from inference.values.geometry import Triple, Voxel, nearest_axes
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, release, slabs, voxels_in

FAR = 1.5
"""Along an axis whose voxels are longer than this many times the shortest, a mask neither grows nor
shrinks: the step should be about a millimetre, not the 3 or 5 mm between slices."""

HOLE_MM = 40.0
"""The tallest hole that is filled, from head to feet, to the nearest voxel. A vertebral body is 15
to 35 mm high; a taller void is not its marrow."""

OVERLAPS = 4
"""Holes are searched for in stacks that begin this often within ``HOLE_MM``. More stacks are lower
and take less memory, but more time."""


def grown(mask: Mask, cancel: CancelCheck = never_cancelled) -> Correction | None:
    """The addition of one voxel all around, along the axes of short voxels.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    return _everywhere(mask, 1, cancel)


def shrunk(mask: Mask, cancel: CancelCheck = never_cancelled) -> Correction | None:
    """The removal of one voxel all around, along the axes of short voxels.

    Where the edge of the scan cuts the mask, nothing is removed.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    return _everywhere(mask, 0, cancel)


def grown_at(mask: Mask, voxel: Voxel, across: int | None, radius_mm: float) -> Correction | None:
    """The same as ``grown``, but only under the brush; arguments as in ``paint``."""
    return _under_brush(mask, voxel, across, radius_mm, 1)


def shrunk_at(mask: Mask, voxel: Voxel, across: int | None, radius_mm: float) -> Correction | None:
    """The same as ``shrunk``, but only under the brush."""
    return _under_brush(mask, voxel, across, radius_mm, 0)


def holes_filled(mask: Mask, cancel: CancelCheck = never_cancelled) -> Correction | None:
    """The filling of all voids that the mask encloses on every side, up to ``HOLE_MM`` high.

    The spinal canal stays open, because it leads out between the arches.

    Raises:
        ScratchDiskError: the disk has no room for a copy.
        CancelledError: ``cancel`` said so between two slabs.
    """
    around = bounding_box(mask.voxels)
    if around is None:
        return None
    upright = nearest_axes(np.reshape(mask.geometry.direction, (3, 3)))[2]
    tall = max(1, round(HOLE_MM / mask.geometry.spacing[upright]))
    spine = mask.voxels[around]
    fillings = new_array(spine.shape, np.uint8, IN_MEMORY_BYTES)
    solid, filled = (np.moveaxis(array, 2 - upright, 0) for array in (spine, fillings))
    step = max(1, tall // OVERLAPS)
    # Every hole that is no taller lies completely in one of these, with what covers it.
    for first in range(0, len(solid), step):
        stop_if(cancel)
        part = slice(first, first + tall + step + 2)
        _fill_holes(solid[part], tall, filled[part])
        release(mask.voxels)
        release(fillings)
    rows = [packed(slab > 0) for _, slab in slabs(fillings)]
    return _trimmed(Correction(around, np.concatenate(rows)))


def _fill_holes(solid: NDArray[np.uint8], tall: int, filled: NDArray[np.uint8]) -> None:
    """Mark in ``filled`` the voids in ``solid``, up to ``tall`` voxels along the first axis."""
    # A void that reaches the edge is open.
    full = sitk.BinaryFillhole(sitk.GetImageFromArray(np.pad((solid > 0).view(np.uint8), 1)))
    void = sitk.GetArrayViewFromImage(full)[1:-1, 1:-1, 1:-1] > solid
    box = bounding_box(void)
    if box is None:
        return
    image = sitk.ConnectedComponent(sitk.GetImageFromArray(void[box].view(np.uint8)))
    pieces = sitk.GetArrayViewFromImage(image)
    places = voxels_in(pieces)
    numbers = pieces[places]
    top, bottom = np.zeros(numbers.max() + 1, np.intp), np.full(numbers.max() + 1, len(solid))
    np.maximum.at(top, numbers, places[0])
    np.minimum.at(bottom, numbers, places[0])
    low = top - bottom < tall
    inner = filled[box]
    inner[places] |= low[numbers]


def _everywhere(mask: Mask, side: int, cancel: CancelCheck) -> Correction | None:
    around = bounding_box(mask.voxels)
    if around is None:
        return None
    box = _wider(around, mask.voxels.shape)
    rows = []
    for part in _parts(box, planes_at_a_time(mask.voxels[box].shape)):
        stop_if(cancel)
        rows.append(packed(_changes(mask, part, side)))
        release(mask.voxels)
    return _trimmed(Correction(box, np.concatenate(rows)))


def _under_brush(
    mask: Mask, voxel: Voxel, across: int | None, radius_mm: float, side: int
) -> Correction | None:
    box, within = swept(mask.geometry, voxel, voxel, across, radius_mm)
    return Correction.of(box, within & _changes(mask, box, side))


def _changes(mask: Mask, box: Box, side: int) -> NDArray[np.bool_]:
    """The voxels of a box that become ``side``, 1 or 0, because a neighbour is."""
    wide = _wider(box, mask.voxels.shape)
    there = mask.voxels[wide] == side
    # Nothing spreads from beyond the grid.
    lead = [
        (1 - (b.start - w.start), 1 - (w.stop - b.stop)) for b, w in zip(box, wide, strict=True)
    ]
    there = np.pad(there, lead)
    inner = tuple(slice(1, -1) for _ in range(3))
    beside = np.zeros(there[inner].shape, np.bool_)
    for axis in _short_axes(mask.geometry.spacing):
        for shift in (0, 2):
            at = list(inner)
            at[axis] = slice(shift, there.shape[axis] - 2 + shift)
            beside |= there[tuple(at)]
    return np.asarray(beside & ~there[inner])


def _short_axes(spacing: Triple) -> tuple[int, ...]:
    """Axes of the array z, y, x along which voxels are short."""
    return tuple(2 - axis for axis in range(3) if spacing[axis] <= FAR * min(spacing))


def _wider(box: Box, shape: tuple[int, ...]) -> Box:
    """A box with one more voxel on each side, as far as the grid goes."""
    z, y, x = (
        slice(max(0, part.start - 1), min(count, part.stop + 1))
        for part, count in zip(box, shape, strict=True)
    )
    return z, y, x


def _parts(box: Box, planes: int) -> Iterator[Box]:
    z, y, x = box
    for first in range(z.start, z.stop, planes):
        yield slice(first, min(first + planes, z.stop)), y, x


def _trimmed(correction: Correction) -> Correction | None:
    """The correction without the unchanged planes at either end."""
    planes = np.flatnonzero(correction.flips.any(axis=1))
    if not len(planes):
        return None
    z, y, x = correction.box
    first, last = int(planes[0]), int(planes[-1]) + 1
    return Correction((slice(z.start + first, z.start + last), y, x), correction.flips[first:last])
