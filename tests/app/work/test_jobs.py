"""Work off the GUI thread."""

import gc
import threading
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.work.jobs import Job
from inference.errors import SpineContextError, UnreadableInputError
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if


def test_a_job_works_on_another_thread_and_hands_its_result_back(qtbot: QtBot) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> int:  # noqa: ARG001
        progress(Progress("read", 1, 2))
        return threading.get_ident()

    job = Job(work)
    seen: list[Progress] = []
    job.progressed.connect(seen.append)
    with qtbot.waitSignal(job.succeeded) as signal:
        job.start()
    assert signal.args != [threading.get_ident()]
    qtbot.waitUntil(lambda: seen == [Progress("read", 1, 2)])


def test_a_cancelled_job_says_so(qtbot: QtBot) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        while True:
            stop_if(cancel)

    job = Job(work)
    with qtbot.waitSignals([job.cancelled, job.finished], timeout=1000):
        job.start()
        job.cancel()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UnreadableInputError("The file is damaged. Copy it again."), "Copy it again"),
        (MemoryError(), "Close other programs"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (ZeroDivisionError("by zero"), "Unexpected error"),
    ],
    ids=["expected", "memory", "disk", "slip"],
)
def test_whatever_goes_wrong_arrives_as_a_sentence(
    qtbot: QtBot, error: Exception, message: str
) -> None:
    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        raise error

    job = Job(work)
    with qtbot.waitSignal(job.failed) as signal:
        job.start()
    (failure,) = signal.args
    assert isinstance(failure, SpineContextError)
    assert message in str(failure)


def test_a_finished_job_is_freed_with_all_that_it_held(qtbot: QtBot) -> None:
    parent = QObject()
    held = np.zeros(1000)
    gone = weakref.ref(held)

    def begin(held: np.ndarray) -> Job:
        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> float:  # noqa: ARG001
            return float(held.sum())

        return Job(work, parent)

    with qtbot.waitSignal(begin(held).finished) as signal:
        parent.findChildren(Job)[0].start()
    del held, signal
    qtbot.waitUntil(lambda: not parent.findChildren(Job))
    gc.collect()
    assert gone() is None
