"""Brush and eraser: a disc in one slice, or a ball across slices."""

import numpy as np
from numpy.typing import NDArray

from app.corrections.correction import Box, Correction
from inference.values.geometry import Geometry, Triple, Voxel
from inference.values.mask import Mask


def paint(
    mask: Mask, start: Voxel, end: Voxel, *, across: int | None, radius_mm: float, erase: bool
) -> Correction | None:
    """What a brush changes when it moves from ``start`` to ``end``.

    Args:
        across: of a disc within one slice, the voxel axis across it, 0, 1, 2 for x, y, z; ``end``
            lies in the slice of ``start`` whatever its own index says. None for a ball.
        radius_mm: of the disc or ball; the voxel under its middle is always included.
        erase: take away instead of adding.
    """
    box, within = swept(mask.geometry, start, end, across, radius_mm)
    return Correction.of(box, within & (mask.voxels[box] == (1 if erase else 0)))


def swept(
    geometry: Geometry, start: Voxel, end: Voxel, across: int | None, radius_mm: float
) -> tuple[Box, NDArray[np.bool_]]:
    """The voxels that a moving brush covers, and the box around them; arguments as in ``paint``."""
    box = _around(geometry, start, end, across, radius_mm)
    within = _distances_mm(geometry.spacing, box, start, end, across) <= radius_mm
    for x, y, z in (start, end):
        place = [z, y, x]
        if across is not None:
            place[2 - across] = box[2 - across].start
        within[tuple(at - part.start for at, part in zip(place, box, strict=True))] = True
    return box, within


def _around(
    geometry: Geometry, start: Voxel, end: Voxel, across: int | None, radius_mm: float
) -> Box:
    """The box of voxels that a brush can reach, clipped to the grid."""
    parts = []
    for axis in range(3):
        if axis == across:
            parts.append(slice(start[axis], start[axis] + 1))
            continue
        reach = int(radius_mm / geometry.spacing[axis])
        first = max(0, min(start[axis], end[axis]) - reach)
        last = min(geometry.size[axis] - 1, max(start[axis], end[axis]) + reach)
        parts.append(slice(first, last + 1))
    x, y, z = parts
    return z, y, x


def _distances_mm(
    spacing: Triple, box: Box, start: Voxel, end: Voxel, across: int | None
) -> NDArray[np.float64]:
    """Millimetres of each voxel of the box from the line between two voxels, along the slice."""
    in_plane = np.array([axis != across for axis in range(3)])
    line = (np.array(end) - start) * spacing * in_plane
    z, y, x = np.mgrid[box]
    offsets = (np.stack([x, y, z], axis=-1) - start) * spacing * in_plane
    along = np.clip(offsets @ line / max(float(line @ line), 1e-12), 0.0, 1.0)
    return np.asarray(np.linalg.norm(offsets - along[..., None] * line, axis=-1))
