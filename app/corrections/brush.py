"""Brush and eraser: a disc in one slice, or a ball across slices."""

import numpy as np
from numpy.typing import NDArray

from app.corrections.correction import Box, Correction
from inference.values.geometry import Geometry, Triple, Voxel
from inference.values.mask import Mask
from inference.values.slabs import slabs

AT_ONCE_VOXELS = 2**15
"""How many distances are calculated at a time: so few that they stay in the processor's cache."""


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
    z, y, x = box
    within = np.empty([part.stop - part.start for part in box], np.bool_)
    for part, slab in slabs(within, max(1, AT_ONCE_VOXELS // within[0].size)):
        planes = slice(z.start + part.start, z.start + part.stop)
        distances = _distances_mm(geometry.spacing, (planes, y, x), start, end, across)
        np.less_equal(distances, radius_mm, out=slab)
    for voxel in (start, end):
        place = list(reversed(voxel))
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
    line = [
        0.0 if axis == across else (end[axis] - start[axis]) * spacing[axis] for axis in range(3)
    ]
    # Open grids: whole ones of three coordinates would take most of the time.
    z, y, x = np.ogrid[box]
    offsets = [
        (grid - start[axis]) * (0.0 if axis == across else spacing[axis])
        for axis, grid in enumerate((x, y, z))
    ]
    way = sum(offset * part for offset, part in zip(offsets, line, strict=True))
    along = np.clip(way / max(sum(part * part for part in line), 1e-12), 0.0, 1.0)
    squares = ((offset - along * part) ** 2 for offset, part in zip(offsets, line, strict=True))
    return np.asarray(np.sqrt(sum(squares)))
