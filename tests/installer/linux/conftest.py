"""The built packages and the machine that they are tried on.

``make linux-installer-test`` names the folder of the packages in ``INSTALLERS``; without that,
these tests are skipped.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.linux.machine import (
    DISPLAY_SOCKETS,
    Machine,
    copy_of,
    make_bare,
    scratch_folder,
)

DISPLAY = ":97"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without packages or without the rights to make a machine."""
    if "INSTALLERS" not in os.environ:
        reason = "needs the built packages: make linux-installer-test"
    elif os.geteuid() != 0:
        reason = "needs root, for debootstrap and chroot"
    else:
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def built(pattern: str) -> Path:
    (found,) = Path(os.environ["INSTALLERS"]).resolve().glob(pattern)
    return found


@pytest.fixture(scope="session")
def deb() -> Path:
    return built("*.deb")


@pytest.fixture(scope="session")
def home_installer() -> Path:
    return built("*.run")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """A bare Debian 12 for the tests of one module."""
    bare = Path(os.environ.get("BARE_DEBIAN", "build/tests/bare-debian"))
    make_bare(bare)
    with scratch_folder() as folder:
        yield copy_of(bare, Path(folder) / "root")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server that draws nowhere, outside the machine."""
    command = ["Xvfb", DISPLAY, "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        socket = DISPLAY_SOCKETS / f"X{DISPLAY.removeprefix(':')}"
        for _ in range(100):
            if socket.exists():
                break
            time.sleep(0.1)
        yield DISPLAY
        server.terminate()
