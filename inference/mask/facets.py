"""Where the border of two vertebrae lies beside the canal: at the joints of their arches."""

import numpy as np
from numpy.typing import NDArray

FACETS_FROM_MM = 3.0
"""How far to the side the joints of the arches begin to count against the gap between them."""

FACET_ACROSS_MM = (6.0, 10.0, 14.0, 18.0, 22.0, 26.0)
FACET_BEHIND_MM = (-12.0, -8.0, -4.0, 0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0)
THORACIC, THORACOLUMBAR, LUMBAR = 0.0, 1.0, 2.0
"""Regions of the spine: T1 to T11, T12 to L2 and L3 to L5; others lie between."""

FACET_RISES_MM = np.array(
    [
        [
            [0.0, 0.0, 0.0, 5.0, 6.0, 2.0, -2.5, -6.0, -10.0, -12.0],
            [0.0, 0.0, 0.5, 5.0, 4.0, -3.0, -8.5, -16.5, -22.0, -22.0],
            [0.0, 0.0, 1.5, 6.0, 4.5, -0.5, -4.5, -7.0, -7.0, -7.0],
            [0.0, -1.0, 1.0, 5.5, 3.5, 1.5, 0.5, 0.0, 0.0, 0.0],
            [0.0, -1.0, -0.5, 3.0, 2.0, 1.0, 1.0, 0.5, 0.0, 0.0],
            [0.0, -1.0, -1.0, 1.5, 1.5, 1.0, 1.5, 0.5, 0.0, 0.0],
        ],
        [
            [1.0, 1.0, 0.5, 3.5, 4.0, -2.0, -8.0, -11.0, -11.5, -11.0],
            [1.0, 1.5, 1.0, 6.5, 8.0, 2.0, -9.0, -13.5, -16.0, -13.5],
            [0.5, 1.0, 1.5, 6.0, 9.0, 8.0, 4.0, -4.0, -13.0, -1.0],
            [0.5, 0.5, 1.5, 6.5, 9.0, 10.0, 10.0, 9.5, 11.0, 11.0],
            [-0.5, 0.0, 5.0, 6.5, 6.0, 8.0, 10.0, 10.5, 10.0, 10.5],
            [-4.0, 0.5, 6.0, 8.0, 6.5, 5.0, 4.5, 5.0, 7.5, 9.0],
        ],
        [
            [0.5, 1.0, 0.0, 0.0, 1.0, -4.5, -5.5, -6.0, -5.5, -3.5],
            [0.5, 1.0, 1.0, 6.5, 2.5, -8.0, -8.5, -8.5, -7.0, -5.0],
            [0.5, 1.0, 1.0, 9.0, 6.0, -6.0, -9.0, -9.5, -5.0, -5.0],
            [0.0, 0.5, 4.5, 9.5, 9.0, 0.5, -5.0, -6.0, 3.0, 3.0],
            [-0.5, -0.5, 5.0, 8.5, 9.5, 10.0, 8.0, 10.5, 3.0, 3.0],
            [0.0, 0.5, 4.5, 4.5, 7.0, 6.5, 9.0, 4.0, 1.0, 1.0],
        ],
    ]
)
"""How high above the disc the border lies to the side (rows) and behind the canal's middle
(columns), from region to region: the lower vertebra's joint reaches up in front, the upper one's
down behind it. In the lumbar spine that joint lies behind the pedicle, and its processes are long.
Medians of 93 borders in eight readers' label maps of ``../shared/ct``; borders scatter by 1 to 2 mm
about them in the thoracic spine and by 3 to 5 in the lumbar one."""

NECK_CANAL_MM, TRUNK_CANAL_MM = 13.0, 16.0
"""How far the canal lies behind the line in a neck, and from the upper thorax down: 14.3 and 18.2
to 24 mm on average there. A neck's joints lie level, and so its borders have no such rises."""


def facet_share(aside: NDArray[np.floating], canal: float) -> NDArray[np.floating]:
    """How much the joints count at places to the side, 0 to 1.

    Args:
        canal: how far its middle lies behind the line, in millimetres.
    """
    trunk = np.interp(canal, (NECK_CANAL_MM, TRUNK_CANAL_MM), (0.0, 1.0))
    share = trunk * np.interp(aside, (FACETS_FROM_MM, FACET_ACROSS_MM[0]), (0.0, 1.0))
    return np.asarray(share)


def facet_rise(
    aside: NDArray[np.floating], behind_canal: NDArray[np.floating], region: float
) -> NDArray[np.floating]:
    """``FACET_RISES_MM`` between its regions, rows and columns, linear."""
    upper = min(int(region), len(FACET_RISES_MM) - 2)
    down = region - upper
    table = FACET_RISES_MM[upper] * (1 - down) + FACET_RISES_MM[upper + 1] * down
    row = np.interp(aside, FACET_ACROSS_MM, np.arange(len(FACET_ACROSS_MM)))
    column = np.interp(behind_canal, FACET_BEHIND_MM, np.arange(len(FACET_BEHIND_MM)))
    above = np.minimum(row.astype(np.intp), len(FACET_ACROSS_MM) - 2)
    left = np.minimum(column.astype(np.intp), len(FACET_BEHIND_MM) - 2)
    out, back = row - above, column - left
    first = table[above, left] * (1 - back) + table[above, left + 1] * back
    second = table[above + 1, left] * (1 - back) + table[above + 1, left + 1] * back
    return np.asarray(first * (1 - out) + second * out)
