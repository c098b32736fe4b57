"""Measurements of each vertebra."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.centre_line import CentreLine
from inference.mask.curve import Floats, sample_along
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Geometry, Triple, as_triple
from inference.values.slabs import slabs

HEIGHT_AT = 0.75
"""Where the heights in front and behind are measured, as a share of the body's half-depth: inside
the rim, where bone spurs grow."""

HEIGHT_HALF_WIDTH_MM = 5.0
"""Half-width of the strip in the midline whose median is the height."""

INNER_RADIUS, INNER_HEIGHT = 0.6, 0.5
"""Share of a body's half-width and half-depth, and of its height, in which HU are measured: spongy
bone without the cortex and the end plates."""

BODY_MM = 30.0
"""Half-width and half-depth of the samples around the line: more than any body's."""


@dataclass(frozen=True)
class VertebraFacts:
    """One vertebra; measurements of the body are None if too little of it is in the mask.

    Attributes:
        volume_ml: volume of the whole vertebra.
        height_front_mm, height_middle_mm, height_back_mm: heights of the body in the midline.
        mean_hu: mean HU of the body's inner part.
        position_mm: the middle of the body, in LPS.
        confidence: how sure its borders are, 0 to 1.
        cut: whether it reaches an edge of the scan, on any side.
    """

    volume_ml: float
    height_front_mm: float | None
    height_middle_mm: float | None
    height_back_mm: float | None
    mean_hu: float | None
    position_mm: Triple | None
    confidence: float
    cut: bool


def vertebra_table(
    found: Vertebrae, hu: NDArray[np.int16], geometry: Geometry
) -> tuple[VertebraFacts, ...]:
    """The measurements of all vertebrae, from the head down.

    Args:
        hu: HU of the CT, z, y, x on ``geometry``.
    """
    sizes, cut = _sizes_and_cuts(found.labels)
    bodies = dict(_bodies(found, hu, geometry))
    nothing = _Body(None, None, None, None, None)
    return tuple(
        VertebraFacts(
            volume_ml=float(sizes[number]) * found.geometry.voxel_volume_ml,
            height_front_mm=body.front,
            height_middle_mm=body.middle,
            height_back_mm=body.back,
            mean_hu=body.mean_hu,
            position_mm=body.position,
            confidence=found.confidence(number),
            cut=bool(cut[number]),
        )
        for number in range(1, found.count + 1)
        for body in [bodies.get(number, nothing)]
    )


def _sizes_and_cuts(
    labels: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each label the number of its voxels, and whether it lies on a face of the array."""
    sizes, cut = np.zeros(256, np.int64), np.zeros(256, np.bool_)
    for part, slab in slabs(labels):
        sizes += np.bincount(slab.ravel(), minlength=256)
        for face in (slab[:, 0], slab[:, -1], slab[:, :, 0], slab[:, :, -1]):
            cut[face] = True
        if part.start == 0:
            cut[slab[0]] = True
        if part.stop == len(labels):
            cut[slab[-1]] = True
    return sizes, cut


@dataclass(frozen=True)
class _Body:
    front: float | None
    middle: float | None
    back: float | None
    mean_hu: float | None
    position: Triple | None


def _bodies(
    found: Vertebrae, hu: NDArray[np.int16], geometry: Geometry
) -> Iterator[tuple[int, _Body]]:
    line = found.line
    if line is None:
        return
    places = np.arange(-BODY_MM, BODY_MM + 1)
    labels = sample_along(found.labels, found.geometry, line.curve, places, places, 0)
    density = sample_along(hu, geometry, line.curve, places, places, 0)
    strip = np.abs(places) <= HEIGHT_HALF_WIDTH_MM
    core = labels[:, strip][:, :, strip]
    for number in range(1, found.count + 1):
        here = np.flatnonzero((core == number).mean(axis=(1, 2)) >= 0.5)
        if not len(here):
            continue
        middle = (int(here[0]) + int(here[-1])) // 2
        aside = HEIGHT_AT * line.half_depth[middle]
        front, centre, back = (
            _height(labels == number, line, places, strip, behind)
            for behind in (-aside, 0.0, aside)
        )
        yield (
            number,
            _Body(
                front,
                centre,
                back,
                _inner_hu(labels == number, density, line, places, here, middle),
                as_triple(line.curve.points[middle]),
            ),
        )


def _height(
    vertebra: NDArray[np.bool_],
    line: CentreLine,
    places: Floats,
    strip: NDArray[np.bool_],
    behind: float,
) -> float | None:
    """Median height, in millimetres of the patient, of columns in the midline."""
    row = int(np.abs(places - behind).argmin())
    heights = []
    for across, column in zip(places[strip], vertebra[:, row, strip].T, strict=True):
        inside = np.flatnonzero(column)
        if len(inside):
            ends = np.array([inside[0] - 0.5, inside[-1] + 0.5])
            low, high = np.floor(ends), np.ceil(ends)
            aside, back = np.full(2, across), np.full(2, places[row])
            outer = line.curve.at(np.array([low[0], high[1]]), aside, back)
            inner = line.curve.at(np.array([high[0], low[1]]), aside, back)
            heights.append(float(np.linalg.norm(np.diff((outer + inner) / 2, axis=0))))
    return float(np.median(heights)) if heights else None


def _inner_hu(
    vertebra: NDArray[np.bool_],
    density: NDArray[np.int16],
    line: CentreLine,
    places: Floats,
    here: NDArray[np.intp],
    middle: int,
) -> float | None:
    reach = INNER_HEIGHT * (here[-1] - here[0]) / 2
    rows = slice(max(0, round(middle - reach)), round(middle + reach) + 1)
    wide = INNER_RADIUS * max(float(line.half_width[middle]), 1.0)
    deep = INNER_RADIUS * max(float(line.half_depth[middle]), 1.0)
    inner = (places[None, :] / wide) ** 2 + (places[:, None] / deep) ** 2 <= 1
    inside = vertebra[rows] & inner
    return float(density[rows][inside].mean()) if inside.any() else None
