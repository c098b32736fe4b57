"""The single-file installer with the real program, for a user who may not become root."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.installer.linux.calls import socket_families, stray_files
from tests.installer.linux.machine import Machine
from tests.installer.linux.window import open_and_close, window_environment

USER = 1000
HOME = "/home/Jörg Müller"
INSTALLER = "/opt/installer.run"
PROGRAM = f"{HOME}/.local/opt/spinecontext"

DISK = f'"$0{HOME}"'
"""The home as a disk of its own, for ``prepare``."""

AFTERWARDS = f'sleep 5; {INSTALLER}; "{PROGRAM}/uninstall"; kill $!'
"""Shell that tries to replace and to remove a program while it runs, then ends it."""

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
    """A user of a desktop, with the installer at hand; the files that were there before."""
    machine.run("apt-get", "update", network=True)
    options = ("apt-get", "install", "--yes", "--no-install-recommends")
    machine.run(
        *options, *DESKTOP_HAS, network=True, environment={"DEBIAN_FRONTEND": "noninteractive"}
    )
    machine.run("useradd", "--create-home", "--home-dir", HOME, "--uid", str(USER), "jm")
    target = machine.root / INSTALLER.lstrip("/")
    target.write_bytes(home_installer.read_bytes())
    target.chmod(0o755)
    return machine.files()


def refused(machine: Machine, installer: str) -> str:
    """What an installer says that must not install."""
    done = machine.run(installer, user=USER, environment={"HOME": HOME}, check=False)
    assert done.returncode == 1
    return done.stderr


def as_user(machine: Machine, *command: str, trace: Path | None = None) -> str:
    return machine.run(*command, user=USER, environment={"HOME": HOME}, trace=trace).stdout


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (f"mount -t tmpfs -o size=8m,uid={USER} none {DISK}", "not enough free space"),
        (f"mount -t tmpfs -o size=2g,nr_inodes=99,uid={USER} none {DISK}", "the disk became full"),
        (f"mount --bind {DISK} {DISK}; mount -o remount,bind,ro {DISK}", "cannot be written to"),
        (f"mount --bind {DISK} {DISK}; mount -o remount,bind,noexec {DISK}", "may not be started"),
    ],
    ids=["too small", "full while unpacking", "read-only", "no programs"],
)
def test_a_home_that_will_not_do_is_said_and_nothing_is_left_in_it(
    machine: Machine, prepare: str, sentence: str
) -> None:
    script = f'{INSTALLER}; code=$?; ls -A "$HOME" | grep -v "^[.]bash\\|^[.]profile"; exit $code'
    done = machine.run(
        *("sh", "-c", script), user=USER, environment={"HOME": HOME}, prepare=prepare, check=False
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_damaged_installer_is_said_and_installs_nothing(machine: Machine) -> None:
    installer = machine.root / INSTALLER.lstrip("/")
    content = bytearray(installer.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged = installer.with_name("damaged.run")
    damaged.write_bytes(content)
    damaged.chmod(0o755)
    assert "This installer is damaged" in refused(machine, f"/opt/{damaged.name}")
    damaged.unlink()
    assert not (machine.root / HOME.lstrip("/") / ".local").exists()


def test_it_installs_under_the_home(machine: Machine) -> None:
    assert "is installed" in as_user(machine, INSTALLER)
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


def test_it_is_neither_replaced_nor_removed_while_it_runs(machine: Machine, display: str) -> None:
    command = machine.command(
        *("sh", "-c", f'"{PROGRAM}/spinecontext-app" & {AFTERWARDS}'),
        user=USER,
        environment=window_environment(display, HOME),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.count("SpineContext is running. Please close it") == 2
    assert "as it was built" in as_user(machine, f"{PROGRAM}/spinecontext", "--check-installation")


def test_a_newer_version_stays_and_an_older_one_is_replaced(machine: Machine) -> None:
    facts = machine.root / PROGRAM.lstrip("/") / "_internal/assets/build.json"
    own = facts.read_text()
    facts.write_text(re.sub(r'"version": "[^"]*"', '"version": "99.0.0"', own))
    assert "newer version of SpineContext (99.0.0)" in refused(machine, INSTALLER)
    assert "99.0.0" in facts.read_text()
    facts.write_text(re.sub(r'"version": "[^"]*"', '"version": "0.0.1"', own))
    assert "is installed" in as_user(machine, INSTALLER)
    assert facts.read_text() == own
    assert [path.name for path in facts.parents[3].iterdir()] == ["spinecontext"]


def test_it_leaves_nothing_but_the_users_own_files(machine: Machine, before: set[str]) -> None:
    as_user(machine, f"{HOME}/.local/opt/spinecontext/uninstall")
    home = HOME.lstrip("/")
    left = machine.files() - before
    own = (f"{home}/Ergebnisse", f"{home}/.config", f"{home}/.cache")
    assert {name for name in left if not name.startswith(own)} == set()
    assert f"{home}/Ergebnisse" in left
