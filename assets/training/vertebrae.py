"""Vertebrae out of all bones, by image processing alone.

What is wanted: vertebrae with all their processes; no ribs, no other bone, no discs, no canal;
bodies filled, because some labels are thresholds with holes in the marrow. The bodies are found
first; ribs are then what lies nearer, along bone, to the far side than to the bodies. All lengths
are millimetres, worked on at 1 mm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

BODY_RADIUS_MM = 5
"""Width of the Gaussian under which only bodies stay dense; ribs and processes are thinner."""

BODY_DENSITY = 0.6
"""Share of bone under that Gaussian from which it is a body."""

LEAST_BODY_MM2 = 120
"""A plane with less of a body than this lies at a disc, and is bridged from its neighbours."""

MARROW_HOLE_LIMIT_MM2 = 1500
"""Larger holes of a sagittal or coronal slice are no marrow."""

PORE_LIMIT_MM2 = 60
"""Larger holes of an axial slice may be the canal, which has 150 mm² and more."""

GAP_MM = 1
"""Closed before holes are filled: pores in the cortical shell of a thresholded label."""

DISC_HEIGHT_MM = 12
"""A hole less high than this between two end plates is a disc, and stays open."""

BODY_MARGIN_MM = 4
"""What lies further to the side of a body than this, and in front of the canal, is a rib head."""

CANAL_MIDDLE_MM = 6
"""From the bodies' rear wall to the middle of the canal."""

FRONT_MM, REAR_MM, SIDE_MM = 45, 75, 75
"""How far vertebrae reach from the bodies' rear wall and middle, with room to spare."""

RIB_FROM_MM = 40
"""From this distance to the side, bone that reaches ``RIB_REACHES_MM`` is a rib."""

RIB_REACHES_MM = 58
"""Further to the side than any transverse process."""

SPINE_WITHIN_MM = 16
"""Bone this near to the midline is spine: bodies, laminae, spinous processes."""


@dataclass(frozen=True, eq=False)
class Column:
    """The row of vertebral bodies, plane by plane.

    Attributes:
        x: middle of the bodies, voxels.
        back: rear wall of the bodies, voxels.
        half_width: of the bodies, voxels.
    """

    x: NDArray[np.float64]
    back: NDArray[np.float64]
    half_width: NDArray[np.float64]

    def behind(self, rows: int) -> NDArray[np.float64]:
        """How far each of so many rows lies behind the rear wall, z, y, 1."""
        return np.asarray(np.arange(rows)[None, :, None] - self.back[:, None, None])

    def side(self, columns: int) -> NDArray[np.float64]:
        """How far each of so many columns lies to the side of the middle, z, 1, x."""
        return np.asarray(np.abs(np.arange(columns) - self.x[:, None, None]))

    def box(self) -> tuple[slice, slice, slice]:
        """Where all vertebrae lie, z, y, x."""
        return (
            slice(None),
            slice(max(0, int(self.back.min()) - FRONT_MM), int(self.back.max()) + REAR_MM),
            slice(max(0, int(self.x.min()) - SIDE_MM), int(self.x.max()) + SIDE_MM),
        )


def fill_marrow(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bone with the holes of its bodies filled and the canal open (z, y, x at 1 mm).

    The canal runs from feet to head: it closes no ring in sagittal and coronal slices, and a
    hollow body does.
    """
    closed = ndimage.binary_closing(np.pad(bone, GAP_MM), iterations=GAP_MM)
    inner = (slice(GAP_MM, -GAP_MM),) * 3
    closed = closed[inner]
    holes = np.zeros_like(bone)
    for axis in (1, 2):
        for index in range(bone.shape[axis]):
            plane = (slice(None),) * axis + (index,)
            holes[plane] |= _marrow_of_plane(closed[plane])
    return bone | holes


def _marrow_of_plane(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    holes = ndimage.binary_fill_holes(bone) & ~bone
    labels, _ = ndimage.label(holes)
    for index, box in enumerate(ndimage.find_objects(labels), start=1):
        hole = labels[box] == index
        height, width = hole.shape
        disc = height < DISC_HEIGHT_MM and width > 2 * height
        if disc or hole.sum() > MARROW_HOLE_LIMIT_MM2:
            holes[box][hole] = False
    return holes


def find_column(bone: NDArray[np.bool_]) -> Column:
    """Where the vertebral bodies are, in bone with its marrow filled (z, y, x at 1 mm)."""
    density = ndimage.gaussian_filter(bone.astype(np.float32), BODY_RADIUS_MM)
    quarter = bone.shape[2] // 4
    density[:, :, :quarter] = density[:, :, -quarter:] = 0
    x, back, half_width = (np.full(len(bone), np.nan) for _ in range(3))
    for z, dense in enumerate(density >= BODY_DENSITY):
        body = _foremost(dense)
        if body is not None:
            rows, columns = np.nonzero(ndimage.binary_dilation(body, iterations=BODY_RADIUS_MM))
            x[z] = np.median(columns)
            back[z] = _rear_wall(bone[z], int(np.median(rows)), int(x[z]))
            half_width[z] = (columns.max() - columns.min()) / 2
    if np.isnan(x).all():
        raise ValueError("no vertebral body found in the bone label")
    return Column(*(_smooth(values) for values in (x, back, half_width)))


def _foremost(dense: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The foremost large patch of a plane: the body, with the arch behind it."""
    labels, count = ndimage.label(dense)
    patches = [labels == index for index in range(1, count + 1)]
    large = [patch for patch in patches if patch.sum() >= LEAST_BODY_MM2]
    return min(large, key=lambda patch: np.nonzero(patch)[0].mean(), default=None)


def _rear_wall(plane: NDArray[np.bool_], row: int, column: int) -> float:
    """The last row of bone behind the middle of a body; not a number where there is no end."""
    strip = plane[row:, max(0, column - 3) : column + 4].mean(axis=1) < 0.5
    return row + float(np.argmax(strip)) - 1 if strip.any() else np.nan


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.nonzero(~np.isnan(values))[0]
    full = np.interp(np.arange(len(values)), known, values[known])
    return np.asarray(ndimage.gaussian_filter1d(ndimage.median_filter(full, 25, mode="nearest"), 6))


def separate_vertebrae(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Vertebrae out of all bone, both z, y, x at 1 mm in the canonical orientation."""
    filled, column = fill_along_column(bone)
    box = column.box()
    spine = np.zeros_like(bone)
    spine[box] = _without_ribs(
        filled[box],
        behind=column.behind(bone.shape[1])[:, box[1]],
        side=column.side(bone.shape[2])[:, :, box[2]],
        half_width=column.half_width[:, None, None],
    )
    return spine


def fill_along_column(bone: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Column]:
    """All bone with its bodies filled (z, y, x at 1 mm), and where the bodies are.

    Raises:
        ValueError: there is no vertebral body.
    """
    marrow = fill_marrow(bone)
    # Once more with bodies filled: those cut by the volume's end are hollow in the first round.
    column = find_column(_fill_bodies(marrow, find_column(marrow)))
    # A foramen between two pedicles may look closed from the side: behind the wall only pores fill.
    in_front = marrow & (column.behind(bone.shape[1]) < 0)
    return _fill_bodies(bone | in_front, column) | ndimage.binary_fill_holes(bone), column


def _without_ribs(
    bone: NDArray[np.bool_],
    behind: NDArray[np.float64],
    side: NDArray[np.float64],
    half_width: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Vertebrae out of the bone around the column.

    Args:
        behind: millimetres behind the bodies' rear wall, z, y, 1.
        side: millimetres to the side of the bodies' middle, z, 1, x.
        half_width: of the bodies, z, 1, 1.
    """
    within = (behind > -FRONT_MM) & (behind < REAR_MM)
    rib_head = (side > half_width + BODY_MARGIN_MM) & (behind < CANAL_MIDDLE_MM)
    bone = bone & within & ~rib_head
    spine = bone & ~_ribs(bone, side)
    labels, _ = ndimage.label(spine)
    touching = np.unique(labels[spine & (side < SPINE_WITHIN_MM)])
    return fill_pores(np.isin(labels, touching[touching > 0]))


def fill_pores(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bone with the marrow of arches and processes filled: axial holes smaller than any canal."""
    filled = bone.copy()
    for plane in filled:
        closed = ndimage.binary_closing(np.pad(plane, GAP_MM), iterations=GAP_MM)
        inner = closed[GAP_MM:-GAP_MM, GAP_MM:-GAP_MM]
        labels, _ = ndimage.label(ndimage.binary_fill_holes(inner) & ~plane)
        areas = np.bincount(labels.ravel())
        areas[0] = PORE_LIMIT_MM2
        plane |= (areas < PORE_LIMIT_MM2)[labels]
    return filled


def _fill_bodies(bone: NDArray[np.bool_], column: Column) -> NDArray[np.bool_]:
    """Fill what an axial slice closes in front of the bodies' rear wall, where no canal is."""
    filled = bone.copy()
    for z, plane in enumerate(filled):
        rear = int(column.back[z])
        plane[:rear] |= ndimage.binary_fill_holes(ndimage.binary_closing(plane))[:rear]
    return filled


def _ribs(bone: NDArray[np.bool_], side: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bone that is nearer, along bone, to a rib than to the middle of the spine."""
    ribs = rib_shafts(bone, side)
    spine = bone & (side <= SPINE_WITHIN_MM)
    while True:
        grown_ribs = ndimage.binary_dilation(ribs) & bone & ~spine
        grown_spine = ndimage.binary_dilation(spine) & bone & ~grown_ribs
        if (grown_ribs == ribs).all() and (grown_spine == spine).all():
            return ribs
        ribs, spine = grown_ribs, grown_spine


def rib_shafts(bone: NDArray[np.bool_], side: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bone so far to the side (z, 1, x, mm) that it is a rib, and what it continues in."""
    lateral = bone & (side >= RIB_FROM_MM)
    labels, _ = ndimage.label(lateral)
    reaching = np.unique(labels[lateral & (side >= RIB_REACHES_MM)])
    return np.isin(labels, reaching[reaching > 0])
