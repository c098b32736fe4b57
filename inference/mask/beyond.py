"""What lies beyond the ends of a spine: a skull, a pelvis, or neither."""

import numpy as np
from numpy.typing import NDArray

from inference.mask.centre_line import CentreLine
from inference.mask.curve import sample_along, sample_at, upright
from inference.values.geometry import Geometry

BEYOND_MM = 50
"""How far beyond the last vertebra the skull or sacrum is searched."""

CLEAR_MM = 8
"""Anything nearer to a vertebra may be a remainder of it."""

PELVIS_ACROSS_MM, PELVIS_BEHIND_MM = (25.0, 60.0), (-10.0, 45.0)
"""Beside and behind the line: the wings of sacrum and ilium, where lumbar vertebrae have muscle."""

SKULL_ACROSS_MM, SKULL_BEHIND_MM = (15.0, 55.0), (-30.0, 60.0)
"""The same for the base of the skull, where cervical vertebrae have muscle and air."""

BONE_HU = 150
"""Spongy bone of the pelvis, and anything denser."""

PELVIS_SHARE, SKULL_SHARE = 0.14, 0.14
"""The lowest share of bone there. In the series of ``../shared/ct`` it is 0.19 to 0.30 at two
pelvises, 0.20 to 0.25 at three skulls, and at most 0.09 beside lumbar vertebrae."""

SACRUM_ALONG_MM, SACRUM_ACROSS_MM, SACRUM_BEHIND_MM = (-15.0, 15.0), (-18.0, 18.0), (6.0, 42.0)
"""About the lower end of the line: a sacrum begins behind the last vertebra, so that it is in view
where a scan ends with L5 or has been cropped to the spine."""

SACRUM_SHARE = 0.12
"""The lowest share of bone there that no vertebra holds. In the series of ``../shared/ct`` it is
0.16 to 0.61 at five sacra, and at most 0.06 at ten other ends."""

LEAST_SEEN = 0.2
"""Less than this share of a place within the scan says nothing about it: 0.30 and 0.35 of it are
there at the two sacra that are cropped most."""


def bone_beyond(line: CentreLine, hu: NDArray[np.int16], geometry: Geometry, *, up: bool) -> float:
    """Share of bone beside the line beyond its upper or lower end; 0 if the scan ends before.

    Args:
        hu: of the CT, z, y, x on ``geometry``.
        up: beyond the upper end.
    """
    curve = upright(line.curve.points[-1 if up else 0], BEYOND_MM, up=up)
    nearest, furthest = SKULL_ACROSS_MM if up else PELVIS_ACROSS_MM
    aside = np.arange(nearest, furthest + 1, 3)
    front, rear = SKULL_BEHIND_MM if up else PELVIS_BEHIND_MM
    across, behind = np.concatenate([-aside, aside]), np.arange(front, rear + 1, 3)
    outside = np.iinfo(np.int16).min
    sampled = sample_along(hu, geometry, curve, across, behind, outside)[CLEAR_MM:]
    inside = sampled[sampled != outside]
    if len(inside) < sampled.size / 2:
        return 0.0
    return float((inside >= BONE_HU).mean())


def bone_behind_end(
    line: CentreLine, labels: NDArray[np.uint8], hu: NDArray[np.int16], geometry: Geometry
) -> float:
    """Share of bone, and of no vertebra, behind the line's lower end; 0 if too little is in view.

    Args:
        labels: of the vertebrae, z, y, x on ``geometry``.
        hu: of the CT, z, y, x on ``geometry``.
    """
    along, across, behind = (
        part.ravel()
        for part in np.meshgrid(
            np.arange(SACRUM_ALONG_MM[0], SACRUM_ALONG_MM[1], 2.0),
            np.arange(SACRUM_ACROSS_MM[0], SACRUM_ACROSS_MM[1] + 1, 3.0),
            np.arange(SACRUM_BEHIND_MM[0], SACRUM_BEHIND_MM[1] + 1, 3.0),
        )
    )
    points = line.curve.at(along, across, behind)
    outside = np.iinfo(np.int16).min
    values = sample_at(hu, geometry, points, outside)
    inside = values != outside
    if inside.mean() < LEAST_SEEN:
        return 0.0
    free = sample_at(labels, geometry, points, 0) == 0
    return float((free & (values >= BONE_HU))[inside].mean())
