"""The single-file installer with the real program, for a user who may not become root."""

from pathlib import Path

import pytest

from tests.installer.linux.calls import socket_families, stray_files
from tests.installer.linux.machine import Machine
from tests.installer.linux.window import open_and_close, window_environment

USER = 1000
HOME = "/home/Jörg Müller"
DESKTOP_HAS = (
    *(
        "libegl1",
        "libgl1",
        "libopengl0",
        "libfontconfig1",
        "libx11-6",
        "libxcb1",
        "fonts-dejavu-core",
    ),
    *("xz-utils", "shared-mime-info", "desktop-file-utils"),
)
"""What every Debian with a desktop has, whichever desktop it is."""


@pytest.fixture(scope="module", autouse=True)
def before(machine: Machine, home_installer: Path) -> set[str]:
    """A user of a desktop, with the installer in the home; the files that were there before."""
    machine.run("apt-get", "update", network=True)
    options = ("apt-get", "install", "--yes", "--no-install-recommends")
    machine.run(
        *options, *DESKTOP_HAS, network=True, environment={"DEBIAN_FRONTEND": "noninteractive"}
    )
    machine.run("useradd", "--create-home", "--home-dir", HOME, "--uid", str(USER), "jm")
    target = machine.root / HOME.lstrip("/") / "installer.run"
    target.write_bytes(home_installer.read_bytes())
    target.chmod(0o755)
    return machine.files()


def as_user(machine: Machine, *command: str, trace: Path | None = None) -> str:
    return machine.run(*command, user=USER, environment={"HOME": HOME}, trace=trace).stdout


def test_it_installs_under_the_home(machine: Machine) -> None:
    assert "is installed" in as_user(machine, f"{HOME}/installer.run")
    assert "as it was built" in as_user(
        machine, f"{HOME}/.local/bin/spinecontext", "--check-installation"
    )


def test_the_demo_is_segmented_and_exported_without_a_network(
    machine: Machine, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    command = (f"{HOME}/.local/bin/spinecontext", "demo", "--out", f"{HOME}/Ergebnisse")
    as_user(machine, *command, trace=trace)
    results = machine.root / HOME.lstrip("/") / "Ergebnisse"
    assert {path.suffix for path in results.iterdir()} == {".gz", ".stl", ".json"}
    assert socket_families(trace) <= {"AF_UNIX"}
    assert stray_files(trace, f"{HOME}/.local/opt/spinecontext/") == set()


def test_the_window_opens(machine: Machine, display: str) -> None:
    picture = Path("build/tests/window-home.png").resolve()
    picture.parent.mkdir(parents=True, exist_ok=True)
    command = machine.command(
        f"{HOME}/.local/bin/spinecontext-app",
        user=USER,
        environment=window_environment(display, HOME),
    )
    open_and_close(command, display, picture)


def test_it_leaves_nothing_but_the_users_own_files(machine: Machine, before: set[str]) -> None:
    as_user(machine, f"{HOME}/.local/opt/spinecontext/uninstall")
    home = HOME.lstrip("/")
    left = machine.files() - before
    own = (f"{home}/Ergebnisse", f"{home}/.config", f"{home}/.cache")
    assert {name for name in left if not name.startswith(own)} == set()
    assert f"{home}/Ergebnisse" in left
