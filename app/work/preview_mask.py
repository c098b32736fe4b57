"""The spine so far, while a run goes on: previews painted onto the CT's own grid."""

import numpy as np
from numpy.typing import NDArray

from app.cases.session import Voxel
from inference.geometry import Geometry
from inference.progress import Preview

SPINE_BYTE = 128
"""Previews of at least this much, about one half, are shown as spine."""


def paint_preview(voxels: NDArray[np.uint8], geometry: Geometry, preview: Preview) -> None:
    """Set the voxels inside the preview's box to what it says there, by nearest neighbour.

    Args:
        voxels: the mask so far, z, y, x on ``geometry``; changed in place.
    """
    start, stop = _box_around(preview.geometry, geometry)
    if not np.all(stop > start):
        return
    spine = preview.probability >= SPINE_BYTE
    to_source = np.linalg.inv(preview.geometry.index_to_patient) @ geometry.index_to_patient
    x, y = np.arange(start[0], stop[0]), np.arange(start[1], stop[1])
    for z in range(start[2], stop[2]):
        # The position in the preview's grid of each voxel of this plane, one array an axis.
        indices = [
            np.rint(row[0] * x + (row[1] * y + row[2] * z + row[3])[:, np.newaxis]).astype(np.intp)
            for row in to_source[:3]
        ]
        inside = np.logical_and.reduce(
            [(i >= 0) & (i < n) for i, n in zip(indices, preview.geometry.size, strict=True)]
        )
        plane = voxels[z, start[1] : stop[1], start[0] : stop[0]]
        at_x, at_y, at_z = (index[inside] for index in indices)
        plane[inside] = spine[at_z, at_y, at_x]


def spine_middle(geometry: Geometry, preview: Preview) -> Voxel | None:
    """The voxel of ``geometry`` amid the spine of a preview, in its middle slice; None without one.

    Between the vertebral body and the arch, so that all three planes through it show spine.
    """
    z, y, x = np.nonzero(preview.probability >= SPINE_BYTE)
    if not len(z):
        return None
    middle = np.sort(z)[len(z) // 2]
    here = z == middle
    point = preview.geometry.to_patient(np.array([[x[here].mean(), y[here].mean(), middle]]))
    index = np.clip(np.rint(geometry.to_index(point)[0]), 0, np.array(geometry.size) - 1)
    return int(index[0]), int(index[1]), int(index[2])


def _box_around(box: Geometry, grid: Geometry) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and one past last index x, y, z of the part of ``grid`` that ``box`` can touch."""
    corners = grid.to_index(box.outer_corners())
    low = np.floor(corners.min(axis=0)).astype(np.intp)
    high = np.ceil(corners.max(axis=0)).astype(np.intp) + 1
    return np.maximum(low, 0), np.minimum(high, grid.size)
