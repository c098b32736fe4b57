"""A quick test of the built Linux packages here, as a user without rights in a new home.

``make linux-installer-smoke`` names the folder of the packages in ``INSTALLERS``. The tests build
on each other: each starts from the home that the previous one left.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from installer.manifest import LIST_NAME
from tests.installer.linux.window import open_and_close, window_environment

pytestmark = pytest.mark.skipif(
    "INSTALLERS" not in os.environ, reason="needs the built packages: make linux-installer-smoke"
)

NOBODY = 65534


@dataclass(frozen=True)
class User:
    """A user who cannot become root, with a home."""

    home: Path
    uid: int

    def command(self, *command: str, **environment: str) -> list[str]:
        """The command that runs a command as this user."""
        drop = ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]
        variables = {
            **{"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(self.home)},
            **environment,
        }
        return [
            *(drop if os.geteuid() == 0 else []),
            *("env", "-i", f"--chdir={self.home}"),
            *(f"{name}={value}" for name, value in variables.items()),
            *command,
        ]

    def run(self, *command: str) -> str:
        """The output of a command, which must succeed."""
        done = subprocess.run(
            self.command(*command),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"{command} gave {done.returncode}: {done.stderr}"
        return done.stdout

    def files(self) -> set[str]:
        """All files in the home."""
        return {path.relative_to(self.home).as_posix() for path in self.home.rglob("*")}


@pytest.fixture(scope="module")
def user() -> Iterator[User]:
    with tempfile.TemporaryDirectory() as folder:
        uid = NOBODY if os.geteuid() == 0 else os.geteuid()
        home = Path(folder) / "Jörg Müller"
        home.mkdir()
        for path in (home.parent, home):
            os.chown(path, uid, -1)
        yield User(home, uid)


@pytest.fixture
def program(user: User) -> str:
    return str(user.home / ".local/bin/spinecontext")


def test_it_installs_under_the_home(user: User, home_installer: Path) -> None:
    copy = Path(shutil.copy(home_installer, user.home.parent))
    copy.chmod(0o755)
    assert "is installed" in user.run(str(copy))
    copy.unlink()


def test_every_file_is_as_it_was_built(user: User, program: str) -> None:
    assert "as it was built" in user.run(program, "--check-installation")


def test_the_version_names_the_build(user: User, program: str) -> None:
    said = user.run(program, "--version")
    assert re.fullmatch(r"\d+\.\d+\.\d+ \(build [0-9a-f]{10}\+? of \d{4}-\d\d-\d\d\)\n", said)


def test_the_demo_is_segmented_and_exported(user: User, program: str) -> None:
    user.run(program, "demo", "--out", "Ergebnisse")
    results = user.home / "Ergebnisse"
    assert {path.suffix for path in results.iterdir()} == {".gz", ".stl", ".json"}
    (report,) = results.glob("*.json")
    assert json.loads(report.read_text())["spine_volume_ml"] > 0


@pytest.mark.skipif(
    not shutil.which("Xvfb") or not shutil.which("xdotool"), reason="needs Xvfb and xdotool"
)
def test_the_window_opens(user: User, display: str) -> None:
    window = str(user.home / ".local/bin/spinecontext-app")
    open_and_close(user.command(window, **window_environment(display, str(user.home))), display)


def test_the_deb_holds_the_same_files(user: User, deb: Path) -> None:
    installed = user.home / ".local/opt/spinecontext" / LIST_NAME
    script = 'dpkg-deb --fsys-tarfile "$0" | tar --extract --to-stdout "$1"'
    packed = subprocess.run(
        ["sh", "-c", script, str(deb), f"./usr/lib/spinecontext/{LIST_NAME}"],
        capture_output=True,
        check=True,
    )
    assert packed.stdout == installed.read_bytes()


def test_it_is_removed_but_for_the_users_own_files(user: User) -> None:
    user.run(str(user.home / ".local/opt/spinecontext/uninstall"))
    assert "Ergebnisse" in user.files()
    own = ("Ergebnisse", ".config", ".cache", ".local/state")  # results, settings, log
    left = {name for name in user.files() if not name.startswith(own)}
    assert left <= {".local"}
