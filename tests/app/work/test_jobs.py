"""Work off the GUI thread."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError, UnreadableInputError
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if


def test_a_job_works_on_another_thread_and_hands_its_result_back(jobs: Jobs, qtbot: QtBot) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> int:  # noqa: ARG001
        progress(Progress("read", 1, 2))
        return threading.get_ident()

    job = Job(work)
    seen: list[Progress] = []
    job.progressed.connect(seen.append)
    with qtbot.waitSignal(job.succeeded) as signal:
        jobs.start(job)
    assert signal.args != [threading.get_ident()]
    qtbot.waitUntil(lambda: seen == [Progress("read", 1, 2)])


def test_a_cancelled_job_says_so(jobs: Jobs, qtbot: QtBot) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        while True:
            stop_if(cancel)

    job = Job(work)
    with qtbot.waitSignals([job.cancelled, job.finished], timeout=1000):
        jobs.start(job)
        job.cancel()


@pytest.mark.parametrize(
    ("error", "message", "has_details"),
    [
        (UnreadableInputError("The file is damaged. Copy it again."), "Copy it again", False),
        (MemoryError(), "Close other programs", True),
        (OSError(28, "No space left on device"), "No space left on device", True),
        (ZeroDivisionError("by zero"), "Unexpected error", True),
    ],
    ids=["expected", "memory", "disk", "slip"],
)
def test_whatever_goes_wrong_arrives_as_a_sentence(
    jobs: Jobs, qtbot: QtBot, error: Exception, message: str, has_details: bool
) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        raise error

    job = Job(work)
    with qtbot.waitSignal(job.failed) as signal:
        jobs.start(job)
    (failure,) = signal.args
    assert isinstance(failure, SpineContextError)
    assert message in str(failure)
    assert bool(failure.details) == has_details


def test_a_finished_job_is_freed_with_all_that_it_held(jobs: Jobs, qtbot: QtBot) -> None:
    held = np.zeros(1000)
    gone = weakref.ref(held)

    def begin(held: np.ndarray) -> Job:
        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> float:  # noqa: ARG001
            return float(held.sum())

        return Job(work)

    with qtbot.waitSignal(jobs.ended):
        jobs.start(begin(held))
    del held
    qtbot.waitUntil(lambda: not jobs.findChildren(Job))
    gc.collect()
    assert gone() is None


def test_a_job_that_is_over_and_freed_can_be_cancelled_without_harm(
    jobs: Jobs, qtbot: QtBot
) -> None:
    job = Job(lambda *, progress, cancel: None)  # noqa: ARG005
    jobs.start(job)
    qtbot.waitUntil(lambda: not jobs.live)
    qtbot.waitUntil(lambda: not shiboken6.isValid(job))
    job.cancel()
    assert job.asked_to_stop()


def test_closing_cancels_all_and_tells_when_it_is_over(jobs: Jobs, qtbot: QtBot) -> None:
    ended = []

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        try:
            while True:
                stop_if(cancel)
        finally:
            ended.append(threading.current_thread())

    for _ in range(3):
        jobs.start(Job(work))
    with qtbot.waitSignal(jobs.ended):
        jobs.close()
    assert len(ended) == 3
    assert not any(thread.is_alive() for thread in ended)
    assert not jobs.live


def test_a_stuck_job_is_given_up_and_those_that_end_are_not(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.jobs.STUCK_SECONDS", 0.5)
    until = threading.Event()

    def stuck(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        until.wait(30)

    def heeding(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        while True:
            stop_if(cancel)

    hangs, ends = Job(stuck), Job(heeding)
    jobs.start(hangs)
    jobs.start(ends)
    begun = time.monotonic()
    with qtbot.waitSignal(jobs.ended):
        jobs.finish()
    assert 0.5 <= time.monotonic() - begun < 5
    assert jobs.hanging == (hangs,)
    assert not jobs.live
    until.set()
    qtbot.waitUntil(lambda: not jobs.hanging)


def test_what_begins_after_closing_ends_without_having_worked(jobs: Jobs, qtbot: QtBot) -> None:
    worked = []

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        worked.append(True)

    jobs.close()
    job = Job(work)
    with qtbot.waitSignals([job.cancelled, jobs.ended]):
        jobs.start(job)
    assert worked == []


def test_an_application_that_quits_cancels_all_and_waits_for_every_thread(
    jobs: Jobs, qapp: QApplication
) -> None:
    ended = threading.Event()

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        while not cancel():
            pass
        time.sleep(0.1)  # as in a call that cannot be left at once
        ended.set()

    jobs.start(Job(work))
    qapp.aboutToQuit.emit()
    assert jobs.closed
    jobs.finish()
    assert ended.is_set()


def test_a_failure_that_nobody_listens_for_is_told_by_the_owner(jobs: Jobs, qtbot: QtBot) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        raise UnreadableInputError("It is gone.")

    heard: list[SpineContextError] = []
    unheard: list[SpineContextError] = []
    jobs.failed.connect(unheard.append)
    listened_to = Job(work)
    listened_to.failed.connect(heard.append)
    for job in (listened_to, Job(work)):
        with qtbot.waitSignal(jobs.ended):
            jobs.start(job)
    assert [error.fact for error in (*heard, *unheard)] == ["It is gone."] * 2
