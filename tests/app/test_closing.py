"""The window or its engine is ended during a task: in order, with nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.survival.places import a_place
from tests.benchmarks.survival.window import closed, engine_killed, told_to_end


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("step", ["load", "run", "result", "export", "queue writes"])
def test_a_window_that_is_closed_ends_in_order_and_leaves_nothing(step: str) -> None:
    with a_place() as place:
        assert closed(place, step, 0.01) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after", [0.0, 0.05])
def test_a_window_that_the_system_ends_asks_nothing_and_waits_for_no_dialog(after: float) -> None:
    with a_place() as place:
        assert told_to_end(place, "export", after) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("step", ["run", "queue writes"])
def test_a_window_outlives_its_engine_says_so_and_goes_on_with_another(step: str) -> None:
    with a_place() as place:
        assert engine_killed(place, step, 0.0) == []


ENDING_WITH_A_LATE_JOB = """
import sys, threading, time
from PySide6.QtCore import QTimer
from app.application import create_application, run_until_closed
from app.window.main_window import MainWindow
from app.work.jobs import Job

class LateJob(Job):
    def _outcome(self, work):
        time.sleep(0.5)  # as on a busy machine
        return super()._outcome(work)

application = create_application()
window = MainWindow()
window.show()
# Connected after the window's own jobs were: they have heard by then that the program ends.
application.aboutToQuit.connect(lambda: window.jobs.start(LateJob(print)))
window.destroyed.connect(lambda: print(threading.active_count(), "at the end"))
QTimer.singleShot(0, lambda: application.exit(0))
sys.exit(run_until_closed(application, window, window.jobs, window.keeping))
"""


def test_a_job_that_begins_while_the_program_ends_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-c", ENDING_WITH_A_LATE_JOB], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "1 at the end\n"), run.stderr


ENDING_WITH_A_STUCK_JOB = """
import os, sys, threading
from PySide6.QtCore import QTimer
from app.work import jobs
jobs.STUCK_SECONDS = 2.0
from app.application import create_application, run_until_closed
from app.window.main_window import MainWindow
from app.work.jobs import Job

pipe, end = sys.argv[1:]
begun = threading.Event()

def read(*, progress, cancel):
    begun.set()
    open(pipe).read()  # nobody will ever write into it

application = create_application()
window = MainWindow()
window.show()
window.jobs.start(Job(read))
begun.wait()
ends = {"close": window.close, "signal": lambda: application.exit(0)}
QTimer.singleShot(0, ends[end])
QTimer.singleShot(1500, lambda: print(window.message.text))
sys.exit(run_until_closed(application, window, window.jobs, window.keeping))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no named pipes in its file system")
@pytest.mark.parametrize("end", ["close", "signal"])
def test_a_job_stuck_on_a_drive_that_is_gone_delays_the_end_only_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    run = subprocess.run(
        [sys.executable, "-c", ENDING_WITH_A_STUCK_JOB, str(tmp_path / "pipe"), end],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    if end == "close":
        assert run.stdout == (
            "Cancelling what is still running. The window then closes by itself, "
            "within 2 seconds at most.\n"
        )
