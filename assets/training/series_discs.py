"""Discs of the unlabelled series, found by eye along the drawn lines.

``series_discs.json`` contains, for each series, the end plates above and below each visible disc,
in millimetres below the head end of its line. Within a marked stretch, anything soft between two
end plates is disc, and anything soft elsewhere in a body is marrow; HU alone cannot distinguish
them.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cases import UNKNOWN
from assets.training.finder.spine_lines import STEP_MM, AroundLine

DISCS = Path(__file__).with_name("series_discs.json")

CORE_SHARE = 0.6
"""Share of a body's radius: the core, whose HU along the line show discs and end plates."""

RIM_MM = 2.0
"""How much wider than the body's line says a disc may be."""

TILT_MM = 3.0
"""How far a disc at an angle to the line may reach beyond its end plates. There the darkest part is
disc, and any other soft part may be either."""

VALLEY_MM, DISC_MM = 7, 3
"""A disc's middle is the darkest plane within this distance; with the planes beside it, it is as
thick as the thinnest discs."""

PLATE_MM, PLATE_HU = 5, 50.0
"""How far above and below a disc's middle its end plates are looked for in each column, and how
much brighter the weaker one must be. A disc's rim is brighter than its core, so that a limit from
the core would leave a bridge of bone around it."""

NEXT_DISC_MM = 15.0
"""No other disc is this close above the first or below the last marked one."""

EndPlates = Sequence[tuple[float, float]]


def read_discs() -> dict[str, EndPlates]:
    """End plates above and below each disc, millimetres below the line's head end, by series."""
    discs = json.loads(DISCS.read_text(encoding="utf-8"))
    return {name: [(above, below) for above, below in plates] for name, plates in discs.items()}


def settle_discs(
    label: NDArray[np.uint8], hu: NDArray[np.float32], around: AroundLine, plates: EndPlates
) -> NDArray[np.uint8]:
    """The label, z, y, x, with the marked discs removed and the marrow near them added.

    Args:
        label: 1 on vertebrae, 0 on background, ``UNKNOWN`` between.
        hu: smoothed.
        around: where the voxels lie from the line.
        plates: of the discs; without any, the label stays as it is.
    """
    settled = label.copy()
    if not plates:
        return settled
    from_middle = np.hypot(around.behind, around.aside)
    core = (from_middle < CORE_SHARE * around.radius) & (around.beyond <= STEP_MM)
    body = (from_middle < around.radius + RIM_MM) & (around.beyond <= STEP_MM)
    level = around.below_head
    first, last = plates[0][0] - NEXT_DISC_MM, plates[-1][1] + NEXT_DISC_MM
    marrow = core & (level > first) & (level < last)
    profile = _profile(hu, level, core)
    valley, between_plates = _valley(hu), _between_plates(hu)
    for above, below in plates:
        soft = hu < _between_disc_and_plate(profile, above, below)
        disc = (level > above) & (level < below)
        askew = (level > above - TILT_MM) & (level < below + TILT_MM)
        settled[body & askew & ~disc & soft] = UNKNOWN
        settled[body & (disc | (askew & valley)) & soft] = 0
        settled[body & disc & between_plates] = 0
        marrow &= ~askew
    settled[marrow] = 1
    return settled


def _valley(hu: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The darkest planes from feet to head, as thick as the thinnest discs."""
    darkest = hu <= ndimage.minimum_filter1d(hu, VALLEY_MM, axis=0)
    return np.asarray(ndimage.maximum_filter1d(darkest, DISC_MM, axis=0))


def _between_plates(hu: NDArray[np.float32]) -> NDArray[np.bool_]:
    """What is darker than half-way to the weaker end plate of its own column, from feet to head."""
    reach = PLATE_MM + 1
    above = ndimage.maximum_filter1d(hu, reach, axis=0, origin=-(reach // 2))
    below = ndimage.maximum_filter1d(hu, reach, axis=0, origin=(reach - 1) // 2)
    weaker = np.minimum(above, below)
    darkest = ndimage.minimum_filter1d(hu, VALLEY_MM, axis=0)
    return np.asarray((hu < (weaker + darkest) / 2) & (weaker - darkest > PLATE_HU))


def _profile(
    hu: NDArray[np.float32], level: NDArray[np.float64], core: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The median HU of the core at each step along the line."""
    steps = np.rint(level / STEP_MM).astype(int)
    return np.asarray(ndimage.median(hu[core], steps[core], np.arange(steps.max() + 1)))


def _between_disc_and_plate(profile: NDArray[np.float64], above: float, below: float) -> float:
    """The HU half-way between a disc's middle and the weaker of its end plates."""
    first, last = round(above / STEP_MM), round(below / STEP_MM)
    inside = profile[first : last + 1]
    middle = len(inside) // 2
    plates = (np.nanmax(inside[: middle + 1]), np.nanmax(inside[middle:]))
    return float(np.nanmin(inside) + min(plates)) / 2
