"""The bones: vertebrae along a curve, and the ribs attached to the thoracic ones.

Sizes are those of a slim adult at scale 1, in millimetres, chosen by eye between lumbar and
thoracic shape. In a vertebra's own frame u points left, v back and w to the head, and the origin
is the middle of the body.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.phantom.shapes import Field, Grid, Points, capsule, ellipsoid, far, in_frame
from inference.values.geometry import Triple

LUMBAR_LEVELS = 4
"""L4 to L1, from the bottom of the field of view upward; thoracic ones follow."""

LEVELS = 11
"""L4 to T7: those above the field of view still send their ribs into it."""

JOINT_MM = 0.9
"""Gap at a joint between the bones of two vertebrae."""

RIB_END_DEGREES = (80.0, 115.0, 140.0, 150.0)
"""How far ribs 12, 11, 10 and all above reach around the chest, from the midline of the back."""

RIB_DROP_MM = 26.0
"""How far a rib falls for each radian around the chest."""

REACH_MM = (50.0, 75.0, 50.0)
"""Half of the box, x, y, z, that contains a whole vertebra."""


@dataclass(frozen=True)
class Curve:
    """The line through the middle of the vertebral bodies, as a function of z, in millimetres.

    Attributes:
        y: of the line where lordosis turns into kyphosis, at z = 0.
        sagittal: amplitude of lordosis and kyphosis.
        lateral: amplitude of a slight scoliosis.
    """

    y: float
    sagittal: float
    lateral: float

    def at(self, z: float) -> tuple[Triple, NDArray[np.float64]]:
        """A point of the line, and the frame there: unit vectors left, back and along the line."""
        turn = 2 * np.pi / 420.0
        x, y = self.lateral * np.sin(turn * z + 0.8), self.y + self.sagittal * np.sin(turn * z)
        slope = (
            self.lateral * turn * np.cos(turn * z + 0.8),
            self.sagittal * turn * np.cos(turn * z),
            1.0,
        )
        along = np.asarray(slope) / np.linalg.norm(slope)
        back = np.array([0.0, 1.0, 0.0]) - along[1] * along
        back /= np.linalg.norm(back)
        return (float(x), float(y), z), np.stack([np.cross(back, along), back, along])


@dataclass(frozen=True, eq=False)
class Vertebra:
    """One vertebra's place and size.

    Attributes:
        centre: of the body, LPS millimetres.
        axes: rows are the unit vectors u, v, w.
        thoracic: 0 for a lumbar shape to 1 for a thoracic one.
        scale: of all its lengths.
        half_width, half_depth, half_height: of the body.
        disc: height of the disc below.
        ribs: whether it carries a pair of ribs.
    """

    centre: Triple
    axes: NDArray[np.float64]
    thoracic: float
    scale: float
    half_width: float
    half_depth: float
    half_height: float
    disc: float
    ribs: bool

    @property
    def canal(self) -> tuple[float, float, float]:
        """The canal's middle along v, and its half-width and half-depth."""
        half_depth = 8.0 * self.scale
        return self.half_depth + 0.75 * half_depth, 10.5 * self.scale, half_depth


def place_vertebrae(
    curve: Curve, z_bottom: float, scale: float, rng: np.random.Generator
) -> list[Vertebra]:
    """Stack vertebrae along the curve, the lowest one's lower end plate at ``z_bottom``."""
    vertebrae = []
    z = z_bottom
    for level in range(LEVELS):
        thoracic = float(np.clip((level - 2) / 5, 0, 1))
        size = scale * rng.uniform(0.97, 1.03) * (1 - 0.008 * level)
        half_height = size * (13.8 - 2.2 * thoracic)
        disc = scale * (9.0 - 4.0 * thoracic)
        centre, axes = curve.at(z + half_height)
        vertebrae.append(
            Vertebra(
                centre=centre,
                axes=axes,
                thoracic=thoracic,
                scale=scale,
                half_width=size * (24.5 - 6.0 * thoracic),
                half_depth=size * (17.5 - 1.0 * thoracic),
                half_height=half_height,
                disc=disc,
                ribs=level >= LUMBAR_LEVELS,
            )
        )
        z += 2 * half_height + scale * (8.6 - 4.0 * thoracic)
    return vertebrae


def spine_distance(grid: Grid, vertebrae: list[Vertebra]) -> Field:
    """Signed distance to the vertebrae with all their processes, z, y, x."""
    distance = far(grid)
    for vertebra in vertebrae:
        box = grid.box(np.subtract(vertebra.centre, REACH_MM), np.add(vertebra.centre, REACH_MM))
        local = in_frame(grid.points(box), vertebra.centre, vertebra.axes)
        apart = np.maximum(_vertebra(local, vertebra), np.float32(JOINT_MM) - distance[box])
        distance[box] = np.minimum(distance[box], apart)
    return distance


def disc_distance(grid: Grid, vertebrae: list[Vertebra]) -> Field:
    """Signed distance to the discs, which reach a little into the bodies, z, y, x."""
    distance = far(grid)
    for vertebra in vertebrae:
        box = grid.box(np.subtract(vertebra.centre, REACH_MM), np.add(vertebra.centre, REACH_MM))
        u, v, w = in_frame(grid.points(box), vertebra.centre, vertebra.axes)
        column = ellipsoid((u, v), (0, 0), (vertebra.half_width, vertebra.half_depth))
        middle = vertebra.half_height + vertebra.disc / 2
        disc = np.maximum(column, np.abs(w + middle) - vertebra.disc / 2 - 1.0)
        distance[box] = np.minimum(distance[box], disc)
    return distance


def canal_distance(grid: Grid, vertebrae: list[Vertebra]) -> Field:
    """Signed distance to the spinal canal, z, y, x."""
    distance = far(grid)
    for vertebra in vertebrae:
        box = grid.box(np.subtract(vertebra.centre, REACH_MM), np.add(vertebra.centre, REACH_MM))
        local = in_frame(grid.points(box), vertebra.centre, vertebra.axes)
        slab = np.abs(local[2]) - vertebra.half_height - vertebra.disc
        distance[box] = np.minimum(distance[box], np.maximum(_canal(local, vertebra), slab))
    return distance


def rib_distance(
    grid: Grid, vertebrae: list[Vertebra], wall_centre_y: float, wall_radii: tuple[float, float]
) -> Field:
    """Signed distance to the ribs, z, y, x.

    Args:
        wall_centre_y: middle of the chest.
        wall_radii: half-width and half-depth of the ellipse that the ribs run along.
    """
    distance = far(grid)
    carriers = [vertebra for vertebra in vertebrae if vertebra.ribs]
    for number, vertebra in enumerate(carriers):
        for side in (-1, 1):
            path = _rib_path(vertebra, side, number, wall_centre_y, wall_radii)
            for start, end in itertools.pairwise(path):
                reach = 9.0
                box = grid.box(np.minimum(start, end) - reach, np.maximum(start, end) + reach)
                rod = capsule(grid.points(box), start, end, 3.1, (1.0, 1.0, 1.7))
                distance[box] = np.minimum(distance[box], rod)
    return distance


def _vertebra(local: Points, vertebra: Vertebra) -> Field:
    bone = np.minimum(_body(local, vertebra), _arch(local, vertebra))
    return np.maximum(bone, -_canal(local, vertebra))


def _canal(local: Points, vertebra: Vertebra) -> Field:
    middle, half_width, half_depth = vertebra.canal
    return ellipsoid(local[:2], (0, middle), (half_width, half_depth))


def _body(local: Points, vertebra: Vertebra) -> Field:
    """A cylinder with a waist and end plates that are slightly hollow."""
    u, v, w = local
    height = w / np.float32(vertebra.half_height)
    waist = 1 - np.float32(0.11) * np.clip(1 - height * height, 0, 1)
    radii = (vertebra.half_width * waist, vertebra.half_depth * waist)
    side = ellipsoid((u, v), (0, 0), radii)
    hollow = np.float32(1.5) * np.clip(1 + side / np.float32(vertebra.half_depth), 0, 1)
    hollow = np.float32(1.5) - hollow
    plate = np.abs(w) - np.float32(vertebra.half_height) + hollow
    return np.maximum(side, plate)


def _arch(local: Points, vertebra: Vertebra) -> Field:
    """Pedicles, laminae and processes; both sides at once, because u is mirrored."""
    u, v, w = local
    points = (np.abs(u), v, w)
    k, t = vertebra.scale, vertebra.thoracic
    h, back = vertebra.half_height, vertebra.half_depth
    middle, canal_width, canal_depth = vertebra.canal
    root = (canal_width + 3.5 * k, middle + 0.2 * canal_depth, 0.3 * h)
    roof = (0.0, middle + canal_depth + 3.0 * k, -0.25 * h)
    lower = (10.5 * k, middle + canal_depth + 1.0 * k, -0.9 * h)
    tip = (0.0, middle + canal_depth + (30.0 - 6.0 * t) * k, -0.35 * h - 16.0 * t * k)
    wing = ((42.0 - 10.0 * t) * k, middle + (2.0 + 14.0 * t) * k, (0.25 + 0.2 * t) * h)
    pedicle = (canal_width + 3.5 * k, 0.7 * back, 0.4 * h)
    parts = (
        capsule(points, pedicle, root, 4.8 * k, (1.0, 1.0, 1.35)),
        capsule(points, root, roof, 3.6 * k, (1.0, 1.0, 2.0 + 0.5 * t)),
        capsule(points, roof, tip, 3.2 * k, (1.0, 1.0, 3.0 - 1.3 * t)),
        capsule(points, root, wing, (3.5 + 0.6 * t) * k, (1.0, 1.0, 1.4)),
        capsule(points, root, (root[0] + 2.5 * k, root[1] + 2.0 * k, 1.15 * h), 4.5 * k),
        capsule(points, (9.0 * k, roof[1] - 2.0 * k, -0.3 * h), lower, 4.2 * k),
        capsule(points, lower, (11.5 * k, lower[1] + 0.5 * k, -1.35 * h), 4.2 * k),
    )
    return np.minimum.reduce(parts)


def _rib_path(
    vertebra: Vertebra,
    side: int,
    number: int,
    wall_centre_y: float,
    wall_radii: tuple[float, float],
) -> NDArray[np.float64]:
    """Points along a rib, N×3: head, tubercle, then around the chest and down.

    Args:
        side: 1 for left, -1 for right.
        number: 0 for the lowest pair, which is short.
    """
    k = vertebra.scale
    head = (side * (vertebra.half_width + 3.5), 0.55 * vertebra.half_depth, 6.0 * k)
    tubercle = (side * 33.0 * k, vertebra.canal[0] + 9.0 * k, 6.0 * k)
    near = np.array([head, tubercle]) @ vertebra.axes + vertebra.centre
    first_angle = np.arcsin(min(1.0, abs(near[1, 0]) / wall_radii[0])) + 0.15
    last_angle = np.radians(RIB_END_DEGREES[min(number, len(RIB_END_DEGREES) - 1)])
    angles = np.linspace(first_angle, last_angle, 16)
    wall = np.stack(
        [
            side * wall_radii[0] * np.sin(angles),
            wall_centre_y + wall_radii[1] * np.cos(angles),
            near[1, 2] - 4.0 - RIB_DROP_MM * (angles - first_angle),
        ],
        axis=1,
    )
    return np.concatenate([near, wall])
