"""The built installers, and a screen.

The make targets name the folder of the installers in ``INSTALLERS``.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

DISPLAY = ":97"
DISPLAY_SOCKETS = Path("/tmp/.X11-unix")


def built(pattern: str) -> Path:
    (found,) = Path(os.environ["INSTALLERS"]).resolve().glob(pattern)
    return found


@pytest.fixture(scope="session")
def deb() -> Path:
    return built("*.deb")


@pytest.fixture(scope="session")
def home_installer() -> Path:
    return built("*.run")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server that draws nowhere."""
    command = ["Xvfb", DISPLAY, "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        socket = DISPLAY_SOCKETS / f"X{DISPLAY.removeprefix(':')}"
        for _ in range(100):
            if socket.exists():
                break
            time.sleep(0.1)
        yield DISPLAY
        server.terminate()
