"""Who goes first when the window and its work both need the processor."""

import os
import subprocess
import sys
import threading
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.work.jobs import Job, Jobs
from app.work.keeping import Keeping
from app.work.priority import CHILDRENS_NICENESS, THREADS_NICENESS
from inference.values.progress import CancelCheck, ProgressCallback

NICEST = 19
"""No thread can be nicer."""

AS_CHILD = """
import os
from app.work.priority import give_way_as_child
give_way_as_child()
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def niceness(thread: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, thread)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the niceness of threads")
def test_a_job_gives_way_to_the_window_and_so_do_the_threads_it_starts(
    jobs: Jobs, qtbot: QtBot
) -> None:
    seen = []

    def tell() -> None:
        seen.append(niceness(threading.get_native_id()))

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
        tell()
        helper = threading.Thread(target=tell)
        helper.start()
        helper.join()

    before, job = niceness(threading.get_native_id()), Job(work)
    with qtbot.waitSignal(job.finished):
        jobs.start(job)
    assert seen == [min(NICEST, before + THREADS_NICENESS)] * 2
    assert niceness(threading.get_native_id()) == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the niceness of threads")
def test_what_is_remembered_is_written_as_politely_whoever_asks_for_it(
    jobs: Jobs, qtbot: QtBot
) -> None:
    def of_keeping() -> int:
        return Keeping().do(lambda: niceness(threading.get_native_id())).result()

    def work(*, progress: ProgressCallback, cancel: CancelCheck) -> int:  # noqa: ARG001
        return of_keeping()

    polite = min(NICEST, niceness(threading.get_native_id()) + THREADS_NICENESS)
    job = Job(work)
    with qtbot.waitSignal(job.succeeded) as told:
        jobs.start(job)
    assert (of_keeping(), told.args) == (polite, [polite])


def test_a_child_gives_way_to_threads_too() -> None:
    assert CHILDRENS_NICENESS > THREADS_NICENESS > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority")
@pytest.mark.parametrize("inherited", [0, THREADS_NICENESS])
def test_a_child_gives_way_once_whether_or_not_the_thread_that_started_it_did(
    inherited: int,
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", AS_CHILD],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=partial(os.nice, inherited),  # as a thread that gave way would start it
    )
    assert int(told.stdout) == min(NICEST, niceness(os.getpid()) + CHILDRENS_NICENESS)
