"""Signals to end."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CT = Path(__file__).parents[2] / "assets" / "phantom" / "phantom_ct.nii.gz"

SAYING_WHEN_OPEN = """
import sys
import app.window.main_window as window
from app.__main__ import main
show = window.MainWindow._show_case
def show_and_say(self):
    show(self)
    if self.session.case:
        print("open", flush=True)
window.MainWindow._show_case = show_and_say
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to a window")
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_window_that_is_asked_to_end_quits_at_once_and_in_order(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    window = subprocess.Popen(
        [sys.executable, "-c", SAYING_WHEN_OPEN, CT], stdout=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    assert window.stdout.readline() == "open\n"
    window.send_signal(getattr(signal, ending))
    assert window.wait(timeout=60) == 0
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == []


ENDING_SLOWLY = """
import os, sys, time
import app.window.main_window as window
from app.__main__ import main
class Last:
    # It goes when Python takes its modules apart, and has given signals back before.
    def __del__(self, say=os.write, wait=time.sleep):
        say(1, b"ending\\n")
        wait(1)
last = Last()
load = window.MainWindow.load_engine
def load_and_close(self):
    load(self)
    self.close()
window.MainWindow.load_engine = load_and_close
sys.exit(main([]))
"""

BEFORE_THE_FIRST_EVENT = """
import os, signal, sys
import app.window.main_window as window
from app.__main__ import main
show = window.MainWindow.show
def show_and_be_asked(self):
    show(self)
    os.kill(os.getpid(), signal.SIGTERM)
window.MainWindow.show = show_and_be_asked
sys.exit(main([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to a window")
def test_those_that_come_while_the_program_ends_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    window = subprocess.Popen(
        [sys.executable, "-c", ENDING_SLOWLY], stdout=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    assert window.stdout.readline() == "ending\n"
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        window.send_signal(ending)
        time.sleep(0.1)  # one after the other: signals that wait together are one
    assert window.wait(timeout=60) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to a window")
def test_one_that_comes_before_the_window_waits_for_events_ends_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    run = subprocess.run([sys.executable, "-c", BEFORE_THE_FIRST_EVENT], timeout=120, check=False)
    assert run.returncode == 0
