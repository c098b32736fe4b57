"""Separates vertebrae from all other bone, by image processing alone.

The result is vertebrae with all their processes, without ribs, other bone, discs and canal, and
with filled bodies, because some labels are thresholds with holes in the marrow. The canal is
found first, then the bodies in front of it; ribs are bone that is closer, along bone, to the
far side than to the bodies. All lengths are millimetres, at a spacing of 1 mm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.canal import Canal, filled_canal, find_canal

UNKNOWN = 2
"""In a spine label: not known, so the loss ignores it."""

MARROW_HOLE_LIMIT_MM2 = 1500
"""Larger holes of a sagittal or coronal slice are not marrow."""

PORE_LIMIT_MM2 = 60
"""Larger holes of an axial slice may be the canal, which has 150 mm² and more."""

GAP_MM = 1
"""Closed before holes are filled: pores in the cortical shell of a thresholded label."""

DISC_HEIGHT_MM = 12
"""A lower hole than this between two end plates is a disc and stays open."""

BODY_MARGIN_MM = 4
"""What lies further to the side of a body than this, and in front of the canal, is a rib head."""

CANAL_MIDDLE_MM = 6
"""From the bodies' rear wall to the middle of the canal."""

REAR_WALL_WITHIN_MM, LEAST_TO_REAR_WALL_MM = 16, 3
"""In front of the canal's middle: closer bone fills the canal, and bone further away is not its
wall."""

BODY_AHEAD_MM = (25, 6)
"""From the rear wall to the rows where a body's width is measured."""

LEAST_BODY_WIDTH_MM = 15
"""A narrower patch is part of a body's rim."""

BODY_HALF_WIDTH_MM = 20
"""Used where none can be measured."""

FRONT_MM, REAR_MM, SIDE_MM = 45, 75, 75
"""How far vertebrae reach from the bodies' rear wall and middle, with room to spare."""

RIB_FROM_MM = 40
"""From this distance to the side, bone that reaches ``RIB_REACHES_MM`` is a rib."""

RIB_REACHES_MM = 58
"""Further to the side than any transverse process."""

SPINE_WITHIN_MM = 16
"""Bone this close to the midline is spine: bodies, laminae, spinous processes."""


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

    def side(self, columns: int) -> NDArray[np.float64]:
        """How far each column lies to the side of the middle, z, 1, x."""
        return np.asarray(np.abs(np.arange(columns) - self.x[:, None, None]))


def fill_marrow(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bone with the holes of its bodies filled and the canal open (z, y, x at 1 mm).

    The canal runs from feet to head, so unlike a hollow body it is not enclosed in sagittal and
    coronal slices.
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


def rear_wall(bone: NDArray[np.bool_], canal: Canal) -> NDArray[np.float64]:
    """Rows of the bodies' rear wall in front of a canal, plane by plane, in bone (z, y, x)."""
    depth = [_to_rear_wall(plane, canal.y[z], canal.x[z]) for z, plane in enumerate(bone)]
    return np.asarray(canal.y - _smooth(np.array(depth), np.full(len(bone), CANAL_MIDDLE_MM)))


def _to_rear_wall(plane: NDArray[np.bool_], row: float, column: float) -> float:
    """From the middle of a canal to the bone in front of it; NaN if there is none."""
    x, y = round(column), round(row)
    strip = plane[max(0, y - REAR_WALL_WITHIN_MM) : y, max(0, x - 3) : x + 4].mean(axis=1) >= 0.5
    distance = int(np.argmax(strip[::-1])) + 1 if strip.any() else 0
    return distance if distance > LEAST_TO_REAR_WALL_MM else np.nan


def find_column(bone: NDArray[np.bool_], back: NDArray[np.float64], canal: Canal) -> Column:
    """The bodies in front of their rear wall, in bone with its marrow filled (z, y, x at 1 mm)."""
    sides = np.array([_sides(plane, back[z], canal.x[z]) for z, plane in enumerate(bone)])
    middle = _smooth(sides.mean(axis=1), canal.x)
    half_width = (sides[:, 1] - sides[:, 0]) / 2
    otherwise = np.full(len(bone), BODY_HALF_WIDTH_MM)
    return Column(middle, back, _smooth(half_width, otherwise, percentile=75))


def _sides(plane: NDArray[np.bool_], back: float, column: float) -> tuple[float, float]:
    """First and last column of the body in front of a rear wall; NaN if there is none."""
    ahead, behind = (max(0, int(back) - mm) for mm in BODY_AHEAD_MM)
    labels, _ = ndimage.label(plane[ahead:behind].mean(axis=0) >= 0.5)
    columns = np.nonzero(labels == labels[round(column)])[0]
    found = labels[round(column)] and len(columns) >= LEAST_BODY_WIDTH_MM
    return (columns[0], columns[-1]) if found else (np.nan, np.nan)


def _smooth(
    values: NDArray[np.float64], otherwise: NDArray[np.float64], percentile: float = 50
) -> NDArray[np.float64]:
    """Values along z without outliers and gaps; ``otherwise`` where there are none at all."""
    known = np.nonzero(~np.isnan(values))[0]
    if not len(known):
        return otherwise.astype(np.float64)
    full = np.interp(np.arange(len(values)), known, values[known])
    full = ndimage.percentile_filter(full, percentile, 25, mode="nearest")
    return np.asarray(ndimage.gaussian_filter1d(full, 6))


@dataclass(frozen=True, eq=False)
class Separation:
    """Vertebrae separated from all bone, z, y, x.

    Attributes:
        spine: 1 on vertebrae, ``UNKNOWN`` where that is not known.
        no_bone: where the bone label is wrong: a filled canal, a disc.
        column: where bodies and the discs between them lie, in front of the canal.
    """

    spine: NDArray[np.uint8]
    no_bone: NDArray[np.bool_]
    column: NDArray[np.bool_]


def separate_vertebrae(bone: NDArray[np.bool_]) -> Separation:
    """Separate vertebrae from all bone, both z, y, x at 1 mm in the canonical orientation.

    Raises:
        ValueError: there is no spinal canal.
    """
    around = around_column(bone)
    vertebrae = _without_ribs(around)
    spine = np.zeros(bone.shape, np.uint8)
    no_bone, column = np.zeros_like(bone), np.zeros_like(bone)
    spine[around.box] = np.where(around.unknown, UNKNOWN, vertebrae)
    no_bone[around.box] = around.canal
    column[around.box] = around.column
    return Separation(spine, no_bone, column)


@dataclass(frozen=True, eq=False)
class AroundColumn:
    """The part of a volume that vertebrae lie in; everything in it is z, y, x at 1 mm.

    Attributes:
        box: where it is in the volume.
        bone: with its bodies filled and its canal open.
        canal: what the bone label had filled of the canal.
        unknown: the edge of ``canal``.
        behind: how far each row lies behind the bodies' rear wall, z, y, 1.
        side: how far each column lies to the side of the bodies' middle, z, 1, x.
        half_width: of the bodies, z, 1, 1.
    """

    box: tuple[slice, slice, slice]
    bone: NDArray[np.bool_]
    canal: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    behind: NDArray[np.float64]
    side: NDArray[np.float64]
    half_width: NDArray[np.float64]

    @property
    def column(self) -> NDArray[np.bool_]:
        """Where bodies and the discs between them lie, in front of the canal."""
        in_front = (self.behind < 0) & (self.behind > -FRONT_MM)
        return np.asarray(in_front & (self.side <= self.half_width + BODY_MARGIN_MM))


def around_column(bone: NDArray[np.bool_]) -> AroundColumn:
    """What lies around the column in all bone (z, y, x at 1 mm), filled.

    Raises:
        ValueError: there is no spinal canal.
    """
    whole = find_canal(bone)
    box = (
        slice(None),
        slice(
            max(0, int(whole.y.min()) - FRONT_MM - REAR_WALL_WITHIN_MM),
            int(whole.y.max()) + REAR_MM,
        ),
        slice(max(0, int(whole.x.min()) - SIDE_MM), int(whole.x.max()) + SIDE_MM),
    )
    bone = bone[box]
    canal = Canal(whole.y - box[1].start, whole.x - box[2].start)
    surely, perhaps = filled_canal(bone, canal)
    bone = bone & ~surely
    back = rear_wall(bone, canal)
    behind = np.arange(bone.shape[1])[None, :, None] - back[:, None, None]
    # A foramen between two pedicles may look closed from the side, so behind the wall only pores
    # are filled.
    in_front = fill_marrow(bone) & (behind < 0)
    filled = _fill_bodies(bone | in_front, back) | ndimage.binary_fill_holes(bone)
    column = find_column(filled, back, canal)
    return AroundColumn(
        box=box,
        bone=filled & ~surely,
        canal=surely,
        unknown=perhaps & ~surely,
        behind=behind,
        side=column.side(bone.shape[2]),
        half_width=column.half_width[:, None, None],
    )


def _without_ribs(around: AroundColumn) -> NDArray[np.bool_]:
    """Vertebrae without the other bone around the column."""
    behind, side = around.behind, around.side
    within = (behind > -FRONT_MM) & (behind < REAR_MM)
    rib_head = (side > around.half_width + BODY_MARGIN_MM) & (behind < CANAL_MIDDLE_MM)
    bone = around.bone & within & ~rib_head
    spine = bone & ~_ribs(bone, side)
    labels, _ = ndimage.label(spine)
    touching = np.unique(labels[spine & (side < SPINE_WITHIN_MM)])
    return fill_pores(np.isin(labels, touching[touching > 0])) & ~around.canal


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


def _fill_bodies(bone: NDArray[np.bool_], back: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Fill what an axial slice encloses in front of the bodies' rear wall, outside the canal."""
    filled = bone.copy()
    for z, plane in enumerate(filled):
        rear = max(0, int(back[z]))
        plane[:rear] |= ndimage.binary_fill_holes(ndimage.binary_closing(plane))[:rear]
    return filled


def _ribs(bone: NDArray[np.bool_], side: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bone that is closer, along bone, to a rib than to the middle of the spine."""
    ribs = rib_shafts(bone, side)
    spine = bone & (side <= SPINE_WITHIN_MM)
    while True:
        grown_ribs = ndimage.binary_dilation(ribs) & bone & ~spine
        grown_spine = ndimage.binary_dilation(spine) & bone & ~grown_ribs
        if (grown_ribs == ribs).all() and (grown_spine == spine).all():
            return ribs
        ribs, spine = grown_ribs, grown_spine


def rib_shafts(bone: NDArray[np.bool_], side: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bone that is far enough to the side (z, 1, x, mm) to be a rib, and its continuation."""
    lateral = bone & (side >= RIB_FROM_MM)
    labels, _ = ndimage.label(lateral)
    reaching = np.unique(labels[lateral & (side >= RIB_REACHES_MM)])
    return np.isin(labels, reaching[reaching > 0])
