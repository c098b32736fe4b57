"""Start the installed window on a display, look at it, and close it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 240
"""How long a window may take on a machine that is busy with other things, under strace."""


def window_environment(display: str, home: str) -> dict[str, str]:
    """What a window finds in its environment, besides a search path."""
    return {"DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": "/tmp"}


def open_and_close(command: Sequence[str], display: str, picture: Path | None = None) -> float:
    """Wait until the window is on the display, close it as the session's end would.

    Args:
        command: starts the program, with ``window_environment``.
        picture: file for a picture of the display.

    Returns:
        Seconds from the start to the window.
    """
    started = time.monotonic()
    with subprocess.Popen(
        command,
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
            assert process.poll() is None, "the window closed by itself"
            if picture:
                subprocess.run(
                    ["import", "-display", display, "-window", "root", str(picture)], check=False
                )
        finally:
            with contextlib.suppress(ProcessLookupError):
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
