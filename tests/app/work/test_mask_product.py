"""Products of the mask, made off the GUI thread."""

import threading
import time

import numpy as np
from pytestqt.qtbot import QtBot

from app.work.jobs import Jobs
from app.work.mask_product import REST_MS, MaskProduct
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, stop_if

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


def test_while_voxels_change_in_place_nothing_is_made_of_them(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[int] = []

    def make(mask: Mask, cancel: CancelCheck) -> int:
        while seen == [] and not cancel():
            time.sleep(0.001)  # still at work when the voxels begin to change
        seen.append(int(mask.voxels.max()))
        stop_if(cancel)
        return seen[-1]

    latest, mask = MaskProduct(make, jobs), a_mask(1)
    latest.follow(mask)
    qtbot.wait(2 * REST_MS)
    for value in range(2, 12):
        mask.voxels[:] = value
        latest.postpone()
        qtbot.wait(REST_MS // 10)
    with qtbot.waitSignal(latest.made) as told:
        mask.voxels[:] = 99
    assert told.args == [99]
    with qtbot.assertNotEmitted(latest.made, wait=3 * REST_MS):
        latest.postpone()  # the end of the stroke brings another mask


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


def test_nothing_begins_once_all_jobs_are_being_ended(jobs: Jobs, qtbot: QtBot) -> None:
    latest = MaskProduct(lambda *_: 0, jobs)
    latest.follow(a_mask(1))
    jobs.close()
    qtbot.wait(3 * REST_MS)
    assert latest._job is None


def test_without_a_mask_nothing_is_told(jobs: Jobs, qtbot: QtBot) -> None:
    latest = MaskProduct(lambda *_: 0, jobs)
    told: list[object] = []
    latest.made.connect(told.append)
    latest.follow(a_mask(1))
    latest.follow(None)
    qtbot.wait(3 * REST_MS)
    assert told == []
