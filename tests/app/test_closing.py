"""The window or its engine is ended during a task: in order, with nothing left behind."""

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
sys.exit(run_until_closed(application, window, window.jobs))
"""


def test_a_job_that_begins_while_the_program_ends_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-c", ENDING_WITH_A_LATE_JOB], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "1 at the end\n"), run.stderr
