"""Who goes first when the window and its work both need the processor."""

import os
import subprocess
import sys
import threading
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.work.jobs import Job, Jobs
from app.work.priority import NICENESS
from inference.values.progress import CancelCheck, ProgressCallback

AS_CHILD = """
import os
from app.work.priority import give_way_as_child
give_way_as_child()
print(os.getpriority(os.PRIO_PROCESS, 0) - os.getpriority(os.PRIO_PROCESS, os.getppid()))
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
    assert seen == [before + NICENESS] * 2
    assert niceness(threading.get_native_id()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority")
@pytest.mark.parametrize("inherited", [0, NICENESS])
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
    assert int(told.stdout) == NICENESS
