"""The spine found so far during a run: previews painted onto the CT's own grid."""

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Geometry, Voxel
from inference.values.progress import CancelCheck, Preview, never_cancelled, stop_if

SPINE_BYTE = 128
"""Preview values from here on, about one half, are shown as spine."""

STRAIGHT_VOXELS = 1e-7
"""How far an axis may deviate from the preview's over the whole scan and still be straight."""

Box = tuple[NDArray[np.intp], NDArray[np.intp]]
"""First and one past last index x, y, z."""


def paint_preview(
    voxels: NDArray[np.uint8],
    geometry: Geometry,
    preview: Preview,
    cancel: CancelCheck = never_cancelled,
) -> None:
    """Set the voxels inside the preview's box to its values, by nearest neighbour.

    Args:
        voxels: the mask so far, z, y, x on ``geometry``; changed in place.

    Raises:
        CancelledError: ``cancel`` said so between two slices.
    """
    spine = preview.probability >= SPINE_BYTE
    box = _box_to_paint(voxels, spine, _box_around(preview.geometry, geometry), preview, geometry)
    if box is None:
        return
    to_source = np.linalg.inv(preview.geometry.index_to_patient) @ geometry.index_to_patient
    paint = _paint_straight if _is_straight(to_source, geometry) else _paint_oblique
    paint(voxels, spine, to_source, box, cancel)


def _box_to_paint(
    voxels: NDArray[np.uint8],
    spine: NDArray[np.bool_],
    within: Box,
    preview: Preview,
    geometry: Geometry,
) -> Box | None:
    """The part of ``within`` with spine in the preview or painted before; None if there is none.

    A preview of a whole body is mostly air, and painting it all would delay the run.
    """
    from inference.values.slabs import bounding_box  # imported here because it is slow to load

    boxes = []
    start, stop = within
    before = bounding_box(voxels[tuple(map(slice, start[::-1], stop[::-1]))])
    if before is not None:
        low = start + [part.start for part in before[::-1]]
        boxes.append((low, start + [part.stop for part in before[::-1]]))
    now = bounding_box(spine)
    if now is not None:
        boxes.append(_box_around(preview.geometry.part(*now), geometry))
    if not boxes:
        return None
    low = np.maximum(start, np.min([box[0] for box in boxes], axis=0))
    high = np.minimum(stop, np.max([box[1] for box in boxes], axis=0))
    return (low, high) if np.all(high > low) else None


def _is_straight(to_source: NDArray[np.float64], geometry: Geometry) -> bool:
    """Whether every axis of the CT is parallel to one of the preview, as in most scans."""
    moved = np.abs(to_source[:3, :3]) * geometry.size
    turns = moved > STRAIGHT_VOXELS
    return bool((turns.sum(axis=0) == 1).all() and (turns.sum(axis=1) == 1).all())


def _paint_straight(
    voxels: NDArray[np.uint8],
    spine: NDArray[np.bool_],
    to_source: NDArray[np.float64],
    box: Box,
    cancel: CancelCheck,
) -> None:
    """Paint by looking up each axis separately, which is six times as fast."""
    sources = np.argmax(np.abs(to_source[:3, :3]), axis=0)  # for x, y, z of the CT
    inside, at = [], []
    for axis, (first, last, source) in enumerate(zip(*box, sources, strict=True)):
        place = to_source[source, axis] * np.arange(first, last) + to_source[source, 3]
        index = np.rint(place).astype(np.intp)
        held = np.flatnonzero((index >= 0) & (index < spine.shape[2 - source]))
        if not len(held):
            return
        inside.append(slice(first + held[0], first + held[-1] + 1))
        at.append(index[held])
    by_axis = spine.transpose(2, 1, 0).transpose(sources)
    for z, at_z in zip(range(inside[2].start, inside[2].stop), at[2], strict=True):
        stop_if(cancel)
        voxels[z, inside[1], inside[0]] = by_axis[:, :, at_z][np.ix_(at[0], at[1])].T


def _paint_oblique(
    voxels: NDArray[np.uint8],
    spine: NDArray[np.bool_],
    to_source: NDArray[np.float64],
    box: Box,
    cancel: CancelCheck,
) -> None:
    start, stop = box
    x, y = np.arange(start[0], stop[0]), np.arange(start[1], stop[1])
    for z in range(start[2], stop[2]):
        stop_if(cancel)
        # The position in the preview's grid of each voxel of this plane, one array per axis.
        indices = [
            np.rint(row[0] * x + (row[1] * y + row[2] * z + row[3])[:, np.newaxis]).astype(np.intp)
            for row in to_source[:3]
        ]
        inside = np.logical_and.reduce(
            [(i >= 0) & (i < n) for i, n in zip(indices, spine.shape[::-1], strict=True)]
        )
        plane = voxels[z, start[1] : stop[1], start[0] : stop[0]]
        at_x, at_y, at_z = (index[inside] for index in indices)
        plane[inside] = spine[at_z, at_y, at_x]


def spine_middle(geometry: Geometry, preview: Preview) -> Voxel | None:
    """The voxel of ``geometry`` in the middle of a preview's spine; None if there is no spine.

    It is between the vertebral body and the arch, so that all three planes through it show spine.
    """
    z, y, x = np.nonzero(preview.probability >= SPINE_BYTE)
    if not len(z):
        return None
    middle = np.sort(z)[len(z) // 2]
    here = z == middle
    point = preview.geometry.to_patient(np.array([[x[here].mean(), y[here].mean(), middle]]))
    index = np.clip(np.rint(geometry.to_index(point)[0]), 0, np.array(geometry.size) - 1)
    return int(index[0]), int(index[1]), int(index[2])


def _box_around(box: Geometry, grid: Geometry) -> Box:
    """First and one past last index x, y, z of the part of ``grid`` that ``box`` can touch."""
    corners = grid.to_index(box.outer_corners())
    low = np.floor(corners.min(axis=0)).astype(np.intp)
    high = np.ceil(corners.max(axis=0)).astype(np.intp) + 1
    return np.maximum(low, 0), np.minimum(high, grid.size)
