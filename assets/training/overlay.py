"""Pictures of a training case: its label on its CT, to check before training on it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.synthesis import draw_ct

WINDOW_HU = (-200, 800)
AXIAL_SECTIONS = 6
OUTLINES = {1: "orange", UNKNOWN: "cyan"}


def draw_case(case: TrainingCase, target: Path) -> None:
    """Draw the outlines of spine and of what is unknown: sagittal, coronal and axial sections.

    Raises:
        ValueError: the case has no CT to draw on.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    if case.hu is None:
        raise ValueError(f"{case.name} has no CT to draw on")
    figure, axes = pyplot.subplots(3, 4, figsize=(20, 15), layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for axis, section in zip(axes.flat, _sections(case.spine), strict=True):
        axis.imshow(case.hu[section], cmap="gray", vmin=WINDOW_HU[0], vmax=WINDOW_HU[1])
        for value, colour in OUTLINES.items():
            marked = case.spine[section] == value
            if marked.any():
                axis.contour(marked, [0.5], colors=colour, linewidths=0.8)
    figure.savefig(target, dpi=55)
    pyplot.close(figure)


def draw_on_drawn_ct(case: TrainingCase, target: Path) -> None:
    """Draw a case on a CT that is itself drawn from the case's classes.

    Raises:
        ValueError: the case has no classes.
    """
    if case.classes is None:
        raise ValueError(f"{case.name} has no classes to draw a CT from")
    hu = draw_ct(case.classes, np.random.default_rng(1)).astype(np.int16)
    draw_case(replace(case, hu=hu), target)


def _sections(spine: NDArray[np.uint8]) -> list[tuple[slice | int, slice | int, slice | int]]:
    """Four sagittal sections and two coronal ones, head up, then axial ones, feet to head.

    They go through the spine, or through the middle if there is none.
    """
    places = np.argwhere(spine == 1)
    if not len(places):
        places = np.array([(0, 0, 0), np.array(spine.shape) - 1])
    _, y, x = (int(middle) for middle in np.median(places, axis=0))
    low, high = int(places[:, 0].min()), int(places[:, 0].max())
    head_up, every = slice(None, None, -1), slice(None)
    width = spine.shape[2] - 1
    sagittal = [(head_up, every, int(np.clip(x + aside, 0, width))) for aside in (-18, -8, 0, 10)]
    coronal = [(head_up, max(0, y - ahead), every) for ahead in (15, 0)]
    planes = np.linspace(low, high, AXIAL_SECTIONS + 2).astype(int)[1:-1]
    return [*sagittal, *coronal, *((int(plane), every, every) for plane in planes)]
