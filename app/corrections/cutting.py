"""A cut: removes what a line severs from the rest, such as an attached rib.

The line is drawn in one slice, and the cut extends across the slices: first through what is
connected to the spine under the line, like a knife through a rib; if that severs nothing, through
everything in front of and behind it within ``REACH_MM``.
"""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from app.corrections.correction import (
    IN_MEMORY_BYTES,
    Box,
    Correction,
    planes_at_a_time,
)
from app.corrections.pieces import correction_of
from inference.mask.components import Pieces, find_pieces, labelled_slabs
from inference.system.scratch import new_array
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, release, slabs

REACH_MM = 25.0
"""How far a cut extends in front of and behind the slice: the neck of a rib is 10 to 15 mm high,
and that of the next vertebra at least 20 mm away."""


def cut(
    mask: Mask, start: Voxel, end: Voxel, *, across: int, cancel: CancelCheck = never_cancelled
) -> Correction | None:
    """The removal of the smaller pieces that a line severs, and of what lies under the line.

    Args:
        start, end: of the line; ``end`` lies in the slice of ``start`` whatever its own index says.
        across: the voxel axis across the slice, 0, 1, 2 for x, y, z.

    Returns:
        None if nothing is severed.

    Raises:
        ScratchDiskError: the disk has no room for a copy.
        CancelledError: ``cancel`` said so.
    """
    around = bounding_box(mask.voxels)
    sheet = _sheet(mask, start, end, across)
    if around is None or sheet is None:
        return None
    box, line = sheet
    under = line & (mask.voxels[box] > 0)
    place = start[across] - box[2 - across].start
    for severing in _blades(under, 2 - across, place):
        stop_if(cancel)
        correction = _severed(mask, around, box, severing, cancel)
        if correction is not None:
            return correction
    return None


def _sheet(
    mask: Mask, start: Voxel, end: Voxel, across: int
) -> tuple[Box, NDArray[np.bool_]] | None:
    """The voxels that a line touches within reach of its slice, in the box around them.

    A voxel counts if the line crosses its square, so no path from corner to corner gets through.
    """
    first, second = (axis for axis in range(3) if axis != across)
    line = np.array([end[first] - start[first], end[second] - start[second]], float)
    length = float(np.hypot(*line))
    if not length:
        return None
    reach = int(REACH_MM / mask.geometry.spacing[across])
    parts = []
    for axis in range(3):
        low, high = sorted((start[axis], end[axis]))
        if axis == across:
            low, high = start[axis] - reach, start[axis] + reach
        parts.append(slice(max(0, low), min(mask.geometry.size[axis] - 1, high) + 1))
    along, aside = line / length, np.array([-line[1], line[0]]) / length
    a, b = np.mgrid[parts[first], parts[second]]
    offsets = np.stack([a - start[first], b - start[second]], axis=-1)
    touched = np.abs(offsets @ aside) <= np.abs(aside).sum() / 2
    touched &= (offsets @ along >= -0.5) & (offsets @ along <= length + 0.5)
    box = (parts[2], parts[1], parts[0])
    depth = parts[across].stop - parts[across].start
    by_axis = np.repeat(np.expand_dims(touched, across), depth, axis=across)
    return box, by_axis.transpose(2, 1, 0)


def _blades(under: NDArray[np.bool_], axis: int, place: int) -> Iterator[NDArray[np.bool_]]:
    """The choices of voxels to cut under the line, smallest first.

    Args:
        axis: of the array, across the slice.
        place: of the slice along it.
    """
    labels = sitk.GetArrayFromImage(
        sitk.ConnectedComponent(sitk.GetImageFromArray(under.astype(np.uint8)), True)
    )
    in_slice = np.unique(labels.take(place, axis=axis))
    connected = np.isin(labels, in_slice[in_slice > 0])
    if connected.any():
        yield connected
        if (connected != under).any():
            yield under


def _severed(
    mask: Mask, around: Box, box: Box, blade: NDArray[np.bool_], cancel: CancelCheck
) -> Correction | None:
    """The blade and all pieces it separates but the largest; None if it separates nothing."""
    cutting = Correction.of(box, blade)
    if cutting is None:
        return None
    spine = new_array(mask.voxels.shape, np.uint8, IN_MEMORY_BYTES)
    for part, slab in slabs(mask.voxels):
        stop_if(cancel)
        spine[part] = slab
        release(spine)
    cutting.apply_to(spine)
    left = spine[around]
    found = find_pieces(left, 1, planes_at_a_time(left.shape), cancel)
    parted = _touching(found, left, around, cutting, cancel)
    if len(parted) < 2:
        return None
    smaller = parted[np.argsort(found.sizes[parted])[:-1]]
    return correction_of(smaller, found, left, around, cancel).followed_by(cutting)


def _touching(
    found: Pieces, left: NDArray[np.uint8], around: Box, cutting: Correction, cancel: CancelCheck
) -> NDArray[np.int64]:
    """The remaining pieces that touch the blade by a face, an edge or a corner."""
    near = [
        slice(max(one.start - 1, whole.start), min(one.stop + 1, whole.stop))
        for one, whole in zip(cutting.box, around, strict=True)
    ]
    blade = np.zeros([part.stop - part.start for part in near], np.uint8)
    inside = tuple(
        slice(one.start - part.start, one.stop - part.start)
        for one, part in zip(cutting.box, near, strict=True)
    )
    blade[inside] = cutting.changes()
    grown = sitk.BinaryDilate(sitk.GetImageFromArray(blade), [1, 1, 1], sitk.sitkBox)
    beside = sitk.GetArrayFromImage(grown) > 0
    z, y, x = (
        slice(part.start - whole.start, part.stop - whole.start)
        for part, whole in zip(near, around, strict=True)
    )
    touched: set[int] = set()
    for part, _, labels in labelled_slabs(left, 1, planes_at_a_time(left.shape), cancel):
        if part.start >= z.stop:
            break
        low, high = max(part.start, z.start), min(part.stop, z.stop)
        if low < high:
            here = labels[low - part.start : high - part.start, y, x]
            at = here[beside[low - z.start : high - z.start]]
            touched.update(np.unique(found.of_label[at]).tolist())
    return np.array(sorted(touched - {0}), dtype=np.int64)
