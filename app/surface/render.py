"""Renders a surface at any angle: triangles to grey levels, without a graphics card.

A ward PC or a remote desktop may lack a graphics driver, and a spine is small: a few hundred
thousand triangles of a millimetre, each covering a few pixels. So numpy fills them, one pixel of
the triangles' boxes at a time for all triangles at once, and keeps the nearest.

The projection is orthographic. Camera space is x right, y down, z towards the viewer, with its
origin at the middle of the surface.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.surface import Surface
from inference.values.geometry import Triple, as_triple

Floats = NDArray[np.float32]

TO_LIGHT = np.array([-0.35, -0.5, 0.8], dtype=np.float32)
"""Direction to the light in camera space: over the viewer's left shoulder."""

AMBIENT = 0.2
"""Brightness, 0 to 1, of what faces away from the light."""

NUMBERS = 128
"""How many parts of a surface can be told apart."""

GREYS = 256

DEPTH_LEVELS = (1 << 17) - 1
"""Depth levels in the upper bits of a pixel's key, about a hundredth of a millimetre each for a
spine. The lower bits hold the part's number and the grey level, so that the greatest key is the
nearest point and carries both."""

COARSE_MM = (2.0, 4.0)
"""Cells of the coarse surfaces drawn during turning; the whole one has vertices every 1 mm."""

MOST_CELL_PIXELS = 4.0
"""Largest cell on the screen; a whole spine in a small view needs no finer ones."""

CUT_GREY = 120
"""Grey level of the cut face: flat, and darker than the surface in full light."""

LEAST_AREA = 1e-6
"""Square pixels; avoids division by zero for triangles seen edge-on."""


@dataclass(frozen=True)
class Camera:
    """How the surface is turned and how large it is.

    Attributes:
        azimuth: degrees; 0 looks at the patient's front, 90 at the left side, 180 at the back.
        elevation: degrees above the horizon, within ±90; 90 looks down on the head.
        pixels_per_mm: scale.
        shift: pixels right and down from the middle of the picture to that of the surface.
    """

    azimuth: float = 0.0
    elevation: float = 0.0
    pixels_per_mm: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def rotation(self) -> Floats:
        """3×3 matrix from LPS to camera space; its rows are right, down and towards the viewer."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        right = (math.cos(a), math.sin(a), 0.0)
        viewer = (math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e))
        down = np.cross(right, viewer)
        return np.array([right, down, viewer], dtype=np.float32)


@dataclass(frozen=True)
class Cut:
    """A plane that cuts away a part of a surface to show the inside of the rest.

    Attributes:
        towards: unit LPS vector from the part that stays to the part that is cut away.
        place_mm: LPS millimetres along it; everything beyond is cut away.
    """

    towards: Triple
    place_mm: float

    @classmethod
    def across(cls, solid: "Solid", towards: Triple, share: float) -> "Cut":
        """The plane that cuts away this share, 0 to 1, of a surface's length along a vector."""
        along = solid.vertices @ np.array(towards, np.float32)
        low, high = float(along.min()), float(along.max())
        middle = float(np.dot(solid.middle, towards))
        return cls(towards, middle + high - share * (high - low))

    def beyond_mm(self, solid: "Solid") -> Floats:
        """How far each vertex lies beyond the plane; negative on the side that stays."""
        towards = np.array(self.towards)
        place = np.float32(self.place_mm - np.dot(solid.middle, towards))
        return np.asarray(solid.vertices @ towards.astype(np.float32) - place, dtype=np.float32)


class Solid:
    """A surface prepared for drawing.

    Attributes:
        vertices: N×3 millimetres about the middle.
        normals: N×3 outward, of unit length.
        triangles: M×3 vertex numbers, counter-clockwise seen from outside.
        numbers: M, the number of each triangle's part; 0 for none.
        last_number: the greatest of them.
        middle: LPS millimetres.
        facing: M×3 outward normals of the triangles, of any length.
        size_mm: extent along L, P and S.
        radius_mm: of the smallest ball around the middle that contains it.
        longest_mm: the longest side of a triangle.
    """

    def __init__(self, surface: Surface, numbers: NDArray[np.uint8] | None = None) -> None:
        """Prepare a surface that has triangles; a spine takes about a tenth of a second.

        Args:
            numbers: of each triangle's part.
        """
        low, high = surface.vertices.min(axis=0), surface.vertices.max(axis=0)
        left, back, head = (float(mm) for mm in high - low)
        self.size_mm = left, back, head
        self.middle = as_triple((low + high) / 2)
        self.vertices: Floats = (surface.vertices - self.middle).astype(np.float32)
        self.triangles = surface.triangles.astype(np.int32)
        self.numbers = np.zeros(len(self.triangles), np.uint8) if numbers is None else numbers
        a, b, c = (self.vertices[self.triangles[:, corner]] for corner in range(3))
        self.facing: Floats = np.cross(b - a, c - a)
        self.normals = _vertex_normals(self.triangles, self.facing, len(self.vertices))
        sides = (np.einsum("ij,ij->i", side, side).max() for side in (b - a, c - b, a - c))
        self.longest_mm = math.sqrt(max(map(float, sides)))
        self.last_number = int(self.numbers.max(initial=0))
        self.radius_mm = float(np.linalg.norm(self.vertices, axis=1).max())


@dataclass(frozen=True, eq=False)
class DrawableSurface:
    """A surface for a view: the whole one at rest, coarse ones while it turns.

    Attributes:
        coarse: keyed by their cell size in millimetres, finest first.
    """

    whole: Solid
    coarse: Mapping[float, Solid]

    @classmethod
    def of(cls, surface: Surface) -> "DrawableSurface | None":
        """Prepare ``surface``, off the GUI thread; None if it has no triangles."""
        if not len(surface.triangles):
            return None
        return cls(Solid(surface), {mm: Solid(coarser(surface, mm)) for mm in COARSE_MM})

    @classmethod
    def of_parts(cls, parts: Mapping[int, Surface]) -> "DrawableSurface | None":
        """Prepare several surfaces as one with numbered parts, off the GUI thread."""
        seen = {number: part for number, part in parts.items() if len(part.triangles)}
        if not seen:
            return None
        coarse = {
            mm: _joined({number: coarser(part, mm) for number, part in seen.items()})
            for mm in COARSE_MM
        }
        return cls(_joined(seen), coarse)

    def turning(self, pixels_per_mm: float) -> Solid:
        """The coarsest surface whose cells look small at this scale, or else the finest."""
        small = [mm for mm in self.coarse if mm * pixels_per_mm <= MOST_CELL_PIXELS]
        return self.coarse[max(small, default=min(self.coarse))]


def _joined(parts: Mapping[int, Surface]) -> Solid:
    """Several surfaces as one."""
    starts = np.cumsum([0, *(len(part.vertices) for part in parts.values())])
    vertices = np.concatenate([part.vertices for part in parts.values()])
    triangles = np.concatenate(
        [part.triangles + start for part, start in zip(parts.values(), starts, strict=False)]
    )
    counts = [len(part.triangles) for part in parts.values()]
    return Solid(Surface(vertices, triangles), np.repeat(list(parts), counts).astype(np.uint8))


def coarser(surface: Surface, cell_mm: float) -> Surface:
    """The surface with all vertices in a cubic cell merged into one.

    Cells of twice the vertex distance leave about a quarter of the triangles.
    """
    cells = np.floor((surface.vertices - surface.vertices.min(axis=0)) / cell_mm).astype(np.int64)
    width, depth, _ = cells.max(axis=0) + 1
    keys = (cells[:, 2] * depth + cells[:, 1]) * width + cells[:, 0]
    _, cell_of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = [np.bincount(cell_of, surface.vertices[:, axis]) for axis in range(3)]
    triangles = cell_of[surface.triangles]
    a, b, c = triangles.T
    return Surface(
        np.stack(sums, axis=1) / counts[:, None], triangles[(a != b) & (b != c) & (c != a)]
    )


def _vertex_normals(triangles: NDArray[np.int32], facing: Floats, count: int) -> Floats:
    """Unit normals at the vertices: the adjacent triangles' normals, weighted by area."""
    corners = triangles.ravel()
    sums = [np.bincount(corners, np.repeat(facing[:, axis], 3), count) for axis in range(3)]
    normals = np.stack(sums, axis=1)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(lengths, 1e-12), dtype=np.float32)


def draw(solid: Solid, camera: Camera, width: int, height: int) -> NDArray[np.uint8]:
    """Grey levels, height × width: 0 for background, else 1 (dark) to 255 (lit)."""
    return (draw_parts(solid, camera, width, height) % GREYS).astype(np.uint8)


def draw_parts(
    solid: Solid,
    camera: Camera,
    width: int,
    height: int,
    hidden: Collection[int] = (),
    cut: Cut | None = None,
) -> NDArray[np.uint32]:
    """Grey levels with the numbers of parts, height × width: ``GREYS`` × number + grey level.

    Args:
        hidden: parts that are left out.
        cut: cuts a part away; the cut face is ``CUT_GREY``.
    """
    rotation = camera.rotation
    points, left = _projected(solid, camera, width, height, hidden, cut)
    points[:, 2] *= DEPTH_LEVELS / (2 * solid.radius_mm)
    light = TO_LIGHT / np.linalg.norm(TO_LIGHT)
    lit = np.maximum(solid.normals @ (light @ rotation), 0.0)
    grey = 1.0 + 254.0 * (AMBIENT + (1.0 - AMBIENT) * lit)
    keys = np.zeros(width * height, dtype=np.uint32)
    towards_viewer = solid.facing @ rotation[2]
    marks = solid.numbers.astype(np.uint32) * GREYS
    seen = left & (towards_viewer > 0)
    _fill(points, grey.astype(np.float32), solid.triangles[seen], marks[seen], keys, width)
    if cut is not None:
        # Where the nearest point is on the inside of the surface, the cut face is seen.
        seen = left & (towards_viewer < 0)
        flat = np.full(len(grey), CUT_GREY, np.float32)
        _fill(points, flat, solid.triangles[seen][:, ::-1], marks[seen], keys, width)
    return (keys % (NUMBERS * GREYS)).reshape(height, width)


def point_under(
    solid: Solid,
    camera: Camera,
    width: int,
    height: int,
    pixel: tuple[float, float],
    hidden: Collection[int] = (),
    cut: Cut | None = None,
) -> Triple | None:
    """LPS millimetres of what a ``draw_parts`` picture shows at a pixel; None for background.

    Args:
        pixel: column and row.
    """
    points, left = _projected(solid, camera, width, height, hidden, cut)
    column, row = pixel
    # The corners of a triangle over the pixel are no further away than its longest side.
    reach = solid.longest_mm * camera.pixels_per_mm
    near = (np.abs(points[:, 0] - column) <= reach) & (np.abs(points[:, 1] - row) <= reach)
    triangles = solid.triangles[left & near[solid.triangles[:, 0]]]
    a, b, c = (points[triangles[:, corner]] for corner in range(3))
    (ux, uy, _), (vx, vy, _) = (b - a).T, (c - a).T
    area = ux * vy - uy * vx
    area = np.where(np.abs(area) < LEAST_AREA, LEAST_AREA, area)
    at_x, at_y = column - a[:, 0], row - a[:, 1]
    second, third = (at_x * vy - at_y * vx) / area, (at_y * ux - at_x * uy) / area
    inside = (second >= 0) & (third >= 0) & (second + third <= 1)
    if not inside.any():
        return None
    depth = a[:, 2] + second * (b[:, 2] - a[:, 2]) + third * (c[:, 2] - a[:, 2])
    nearest = int(np.argmax(np.where(inside, depth, -np.inf)))
    shown = np.array([column, row, depth[nearest]]) - _middle(solid, camera, width, height)
    place = (shown / _scale(camera)) @ camera.rotation + np.array(solid.middle)
    if cut is not None and area[nearest] > 0:
        place = _on_cut(place, camera, cut)
    return as_triple(place)


def _on_cut(place: NDArray[np.float64], camera: Camera, cut: Cut) -> NDArray[np.float64]:
    """The point on the cut face in front of a place on the inside of the surface."""
    viewer, towards = camera.rotation[2].astype(float), np.array(cut.towards)
    facing = float(viewer @ towards)
    if facing <= LEAST_AREA:
        return place
    way = (cut.place_mm - float(place @ towards)) / facing
    return np.asarray(place + max(way, 0.0) * viewer)


def place_of(
    solid: Solid, camera: Camera, width: int, height: int, point: Triple
) -> tuple[float, float]:
    """Column and row at which a picture of ``width`` × ``height`` shows a place.

    Args:
        point: LPS millimetres.
    """
    offset = np.array([point], np.float32) - np.asarray(solid.middle, np.float32)
    (place,) = offset @ (camera.rotation.T * _scale(camera)) + _middle(solid, camera, width, height)
    return float(place[0]), float(place[1])


def _projected(
    solid: Solid,
    camera: Camera,
    width: int,
    height: int,
    hidden: Collection[int],
    cut: Cut | None,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Column, row and depth in millimetres of each vertex, and which triangles remain.

    Vertices beyond the cut are moved back onto it, so that the rest ends in a plane.
    """
    vertices = solid.vertices
    left = np.ones(len(solid.triangles), np.bool_)
    if hidden:
        left &= ~np.isin(solid.numbers, list(hidden))
    if cut is not None:
        beyond = cut.beyond_mm(solid)
        left &= (beyond[solid.triangles] < 0).any(axis=1)
        back = np.maximum(beyond, 0)[:, None] * np.array(cut.towards, np.float32)
        vertices = vertices - back
    middle = _middle(solid, camera, width, height)
    return vertices @ (camera.rotation.T * _scale(camera)) + middle, left


def _scale(camera: Camera) -> Floats:
    return np.array([camera.pixels_per_mm, camera.pixels_per_mm, 1.0], dtype=np.float32)


def _middle(solid: Solid, camera: Camera, width: int, height: int) -> Floats:
    """Column and row of the surface's middle, and the offset that makes depths positive."""
    column, row = (width - 1) / 2 + camera.shift[0], (height - 1) / 2 + camera.shift[1]
    return np.array([column, row, solid.radius_mm], dtype=np.float32)


def _fill(
    points: Floats,
    grey: Floats,
    triangles: NDArray[np.int32],
    marks: NDArray[np.uint32],
    keys: NDArray[np.uint32],
    width: int,
) -> None:
    """Raise ``keys`` to the triangles' wherever these are nearer.

    Args:
        points: N×3: column, row, and depth, which increases towards the viewer.
        grey: N.
        marks: of the triangles, added to their grey.
        keys: of the pixels, row by row.
    """
    height = len(keys) // width
    x, y = points[:, 0][triangles].T, points[:, 1][triangles].T
    left, right = _pixels_between(x, width)
    top, bottom = _pixels_between(y, height)
    seen = np.flatnonzero((left <= right) & (top <= bottom))
    x, y, triangles, marks = x[:, seen], y[:, seen], triangles[seen], marks[seen]
    left, top = left[seen], top[seen]
    columns, rows = right[seen] - left + 1, bottom[seen] - top + 1
    # Barycentric weights of the second and third corner at the upper left pixel of each box, and
    # their change per column and per row.
    ux, uy, vx, vy = x[1] - x[0], y[1] - y[0], x[2] - x[0], y[2] - y[0]
    share = 1.0 / np.minimum(ux * vy - uy * vx, -LEAST_AREA)  # front faces turn this way because y
    # is down
    by_column, by_row = (vy * share, -uy * share), (-vx * share, ux * share)
    at_x, at_y = left - x[0], top - y[0]
    weights = (
        at_x * by_column[0] + at_y * by_row[0],
        at_x * by_column[1] + at_y * by_row[1],
    )
    depth, shade = points[:, 2][triangles].T, grey[triangles].T
    pixels = top * width + left
    for row in range(int(rows.max(initial=0))):
        in_row = np.flatnonzero(rows > row)
        for column in range(int(columns[in_row].max(initial=0))):
            on = in_row[columns[in_row] > column]
            second = weights[0][on] + column * by_column[0][on] + row * by_row[0][on]
            third = weights[1][on] + column * by_column[1][on] + row * by_row[1][on]
            inside = (second >= 0) & (third >= 0) & (second + third <= 1)
            on, second, third = on[inside], second[inside], third[inside]
            first = 1 - second - third
            deep = first * depth[0][on] + second * depth[1][on] + third * depth[2][on]
            pale = first * shade[0][on] + second * shade[1][on] + third * shade[2][on]
            nearer = deep.astype(np.uint32) * np.uint32(NUMBERS * GREYS)
            nearer |= marks[on] | pale.astype(np.uint32)
            np.maximum.at(keys, pixels[on] + (row * width + column), nearer)


def _pixels_between(corners: Floats, count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """First and last of ``count`` pixels whose centres lie between the corners, 3×M."""
    one, two, three = corners  # pairs are many times faster than numpy's loop over three values
    first = np.ceil(np.minimum(np.minimum(one, two), three)).clip(0, count)
    last = np.floor(np.maximum(np.maximum(one, two), three)).clip(-1, count - 1)
    return first.astype(np.int32), last.astype(np.int32)
