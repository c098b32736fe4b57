"""Requests of the system to end."""

import signal
import subprocess
import sys
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
