"""Start the installed window on a display, look at it, and close it."""

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.installer.linux.machine import Machine

PATIENCE_S = 240
"""How long a window may take on a machine that is busy with other things, under strace."""


def open_and_close(
    machine: Machine,
    *command: str,
    display: str,
    user: int = 0,
    home: str = "/root",
    trace: Path | None = None,
    picture: Path | None = None,
) -> float:
    """Wait until the window is on the display, close it as the session's end would.

    Returns:
        Seconds from the start to the window.
    """
    environment = {"DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": "/tmp"}
    started = time.monotonic()
    with subprocess.Popen(
        machine.command(*command, user=user, environment=environment, trace=trace),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            while not _is_shown(display):
                if process.poll() is not None:
                    assert process.stdout is not None
                    raise AssertionError(
                        f"it ended with {process.returncode}: {process.stdout.read()}"
                    )
                assert time.monotonic() - started < PATIENCE_S, "no window was shown"
                time.sleep(0.05)
            took = time.monotonic() - started
            time.sleep(2)
            if picture:
                subprocess.run(
                    ["import", "-display", display, "-window", "root", str(picture)], check=False
                )
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    return took


def _is_shown(display: str) -> bool:
    """Whether the display has a visible window of ours."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "SpineContext"],
        env={"DISPLAY": display, "PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )
    return found.returncode == 0 and bool(found.stdout.strip())
