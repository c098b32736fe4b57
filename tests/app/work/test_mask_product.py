"""Products of the mask, made off the GUI thread."""

import threading

import numpy as np
from pytestqt.qtbot import QtBot

from app.work.jobs import Jobs
from app.work.mask_product import REST_MS, MaskProduct
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.progress import CancelCheck

GRID = Geometry((2, 2, 2), (1.0, 1.0, 1.0))


def a_mask(value: int) -> Mask:
    return Mask(np.full(GRID.shape, value, np.uint8), GRID)


def test_of_the_same_mask_it_is_made_once_and_told_again(jobs: Jobs, qtbot: QtBot) -> None:
    made_of: list[Mask] = []

    def make(mask: Mask, cancel: CancelCheck) -> int:  # noqa: ARG001
        made_of.append(mask)
        return int(mask.voxels.max())

    latest = MaskProduct(make, jobs)
    one, two = a_mask(1), a_mask(2)
    told: list[object] = []
    latest.made.connect(told.append)
    for mask in (one, one, two, one):
        with qtbot.waitSignal(latest.made):
            latest.follow(mask)
    assert told == [1, 1, 2, 1]
    assert made_of == [one, two, one]


def test_it_begins_only_once_the_mask_has_stayed_the_same_for_a_while(
    jobs: Jobs, qtbot: QtBot
) -> None:
    made_of: list[Mask] = []

    def make(mask: Mask, cancel: CancelCheck) -> int:  # noqa: ARG001
        made_of.append(mask)
        return 0

    latest = MaskProduct(make, jobs)
    masks = [a_mask(value) for value in range(20)]
    for mask in masks:
        latest.follow(mask)
        qtbot.wait(REST_MS // 10)
    with qtbot.waitSignal(latest.made):
        assert len(made_of) < len(masks) / 2  # a busy machine may be late
    assert made_of[-1] is masks[-1]


def test_what_was_made_of_an_outdated_mask_is_not_told(jobs: Jobs, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def make(mask: Mask, cancel: CancelCheck) -> int:  # noqa: ARG001
        go_on.wait()
        return int(mask.voxels.max())

    latest = MaskProduct(make, jobs)
    told: list[object] = []
    latest.made.connect(told.append)
    for value in (1, 2, 3):
        latest.follow(a_mask(value))
    with qtbot.waitSignal(latest.made):
        go_on.set()
    assert told == [3]


def test_without_a_mask_nothing_is_told(jobs: Jobs, qtbot: QtBot) -> None:
    latest = MaskProduct(lambda *_: 0, jobs)
    told: list[object] = []
    latest.made.connect(told.append)
    latest.follow(a_mask(1))
    latest.follow(None)
    qtbot.wait(3 * REST_MS)
    assert told == []
