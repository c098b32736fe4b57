"""The soft tissues around the bones, and the table below, painted from the outside inward.

Places and sizes are in millimetres in the frame of the field of view: x to the patient's left, y
to the back, z to the head, 0 in the middle.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from assets.phantom.shapes import Field, Grid, Points, capsule, ellipsoid, far, paint
from assets.phantom.skeleton import Vertebra
from inference.values.geometry import Triple

BODY_CENTRE_Y = -3.0
BODY_RADII = (104.0, 72.0)
"""Half-width and half-depth of the trunk at the skin."""

SKIN_MM = 2.0
FAT_MM = 6.0
WALL_MM = 10.0
"""Thickness of the skin, of the fat below it and of the muscle wall, in which the ribs run."""

RIB_RADII = (
    BODY_RADII[0] - SKIN_MM - FAT_MM - WALL_MM / 2,
    BODY_RADII[1] - SKIN_MM - FAT_MM - WALL_MM / 2,
)
"""Half-width and half-depth of the ellipse that the ribs run along."""

TABLE_Y = BODY_CENTRE_Y + BODY_RADII[1] + 2.0
TABLE_TROUGH_MM = 500.0
"""Where the table begins under the back, and the radius of its hollow."""

DOME_Z = 62.0
DOME_MM = 55.0
"""Height of the diaphragm in the middle, and how much lower it starts at the wall."""

SKIN_HU, FAT_HU, LUNG_HU, SHELL_HU, FOAM_HU = 10, -95, -850, -100, -950
MUSCLE_HU, LIVER_HU, SPLEEN_HU, KIDNEY_HU, BOWEL_HU, HEART_HU = 52, 85, 78, 120, 25, 90
DISC_HU, CANAL_HU, CORD_HU = 80, 20, 45


def paint_table(hu: Field, grid: Grid) -> None:
    """A thin shell around foam, hollowed a little for the back."""
    x, y, _ = grid.points()
    depth = y - np.float32(TABLE_Y) + x * x / np.float32(2 * TABLE_TROUGH_MM)
    from_middle = np.abs(depth - np.float32(12.0))
    paint(hu, from_middle - np.float32(12.0), SHELL_HU)
    paint(hu, from_middle - np.float32(10.4), FOAM_HU)


def paint_trunk(hu: Field, grid: Grid, texture: Field) -> None:
    """Skin, fat, the muscle wall, lungs and organs; ``texture`` has a deviation of 1."""
    points = grid.points()
    paint(hu, _trunk(points, 0.0), SKIN_HU)
    paint(hu, _trunk(points, SKIN_MM), FAT_HU)
    paint(hu, _trunk(points, SKIN_MM + FAT_MM), MUSCLE_HU + 7 * texture)
    cavity = _trunk(points, SKIN_MM + FAT_MM + WALL_MM)
    paint(hu, cavity, FAT_HU + 9 * texture)
    dome = _dome(points)
    for centre, radii, value in ORGANS:
        organ = np.maximum(ellipsoid(points, centre, radii), cavity + 1.0)
        paint(hu, np.maximum(organ, -dome), value + 4 * texture)
    paint(hu, np.maximum(cavity, dome), LUNG_HU + 15 * texture)
    paint(hu, ellipsoid(points, *MEDIASTINUM), FAT_HU)
    paint(hu, np.maximum(ellipsoid(points, *HEART), dome), HEART_HU)


ORGANS: Sequence[tuple[Triple, Triple, float]] = (
    ((-48.0, -14.0, 34.0), (58.0, 56.0, 62.0), LIVER_HU),
    ((68.0, 14.0, 30.0), (22.0, 30.0, 40.0), SPLEEN_HU),
    ((38.0, -30.0, 26.0), (34.0, 26.0, 30.0), BOWEL_HU),
    ((49.0, 20.0, -26.0), (19.0, 17.0, 38.0), KIDNEY_HU),
    ((-49.0, 20.0, -36.0), (19.0, 17.0, 38.0), KIDNEY_HU),
    ((52.0, -34.0, -40.0), (20.0, 18.0, 60.0), BOWEL_HU),
    ((-56.0, -30.0, -76.0), (22.0, 20.0, 42.0), BOWEL_HU),
    ((2.0, -40.0, -30.0), (28.0, 16.0, 24.0), BOWEL_HU),
    ((8.0, -36.0, -82.0), (30.0, 18.0, 20.0), BOWEL_HU),
    ((54.0, -38.0, -30.0), (12.0, 9.0, 22.0), -700),
)
"""Centre, radii and HU of liver, spleen, stomach, kidneys and bowel, the last of it gas."""

MEDIASTINUM: tuple[Triple, Triple] = ((0.0, 4.0, 110.0), (30.0, 50.0, 60.0))
HEART: tuple[Triple, Triple] = ((14.0, -32.0, 95.0), (44.0, 28.0, 34.0))
"""Centres and radii; the heart rests on the diaphragm."""


def paint_around_spine(
    hu: Field, grid: Grid, vertebrae: Sequence[Vertebra], vessel_hu: float, texture: Field
) -> None:
    """Tissue along the spine: muscles of the back, psoas, vessels, and tissue on the bodies."""
    lumbar = [vertebra for vertebra in vertebrae if not vertebra.ribs]
    muscle = MUSCLE_HU + 7 * texture
    paint(hu, _along(grid, vertebrae, (0.0, 36.0), 24.0, (1.6, 0.8, 1.0)), FAT_HU)
    for side in (-1, 1):
        paint(hu, _along(grid, vertebrae, (side * 29.0, 38.0), 15.0, (1.2, 0.85, 1.0)), muscle)
        paint(hu, _along(grid, vertebrae, (side * 9.0, 34.0), 9.5), muscle)
        paint(hu, _along(grid, lumbar, (side * 31.0, 2.0), 12.5, (0.9, 1.1, 1.0)), muscle)
    paint(hu, _along(grid, vertebrae, (0.0, 1.0), 19.5, (1.15, 0.95, 1.0)), FAT_HU + 60)
    paint(hu, _along(grid, vertebrae, (8.0, -25.0), 8.5), vessel_hu)
    paint(hu, _along(grid, vertebrae, (-14.0, -24.0), 8.5, (1.2, 0.9, 1.0)), 0.7 * vessel_hu)


def paint_cord(hu: Field, grid: Grid, vertebrae: Sequence[Vertebra]) -> None:
    """The cord, or the dural sac, in the middle of the canal."""
    middle = vertebrae[0].canal[0]
    paint(hu, _along(grid, vertebrae, (0.0, middle), 5.0, (1.2, 1.0, 1.0)), CORD_HU)


def _trunk(points: Points, inset: float) -> Field:
    """The trunk's ellipse, ``inset`` millimetres below the skin."""
    radii = (BODY_RADII[0] - inset, BODY_RADII[1] - inset)
    return ellipsoid(points[:2], (0.0, BODY_CENTRE_Y), radii)


def _dome(points: Points) -> Field:
    """Positive below the diaphragm, negative above it; one half-dome on each side."""
    x, y, z = points
    outward = ((np.abs(x) - 42.0) / 60.0) ** 2 + ((y + 12.0) / 62.0) ** 2
    return np.asarray(np.float32(DOME_Z) - np.float32(DOME_MM) * outward - z, dtype=np.float32)


def _along(
    grid: Grid,
    vertebrae: Sequence[Vertebra],
    offset: tuple[float, float],
    radius: float,
    stretch: Triple = (1.0, 1.0, 1.0),
) -> Field:
    """A rod that follows the spine, ``offset`` to the left and back of the bodies' middle."""
    distance = far(grid)
    places = [np.array([*offset, 0.0]) @ v.axes + v.centre for v in vertebrae]
    places.insert(0, 2 * places[0] - places[1])
    for start, end in itertools.pairwise(places):
        reach = max(stretch) * radius + 3.0
        box = grid.box(np.minimum(start, end) - reach, np.maximum(start, end) + reach)
        rod = capsule(grid.points(box), start, end, radius, stretch)
        distance[box] = np.minimum(distance[box], rod)
    return distance
