"""A Windows to try the installer on, as far as Debian's Wine is one."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.installer.windows.wine_crt import write_patched

WINE = Path("/usr/lib/wine/wine64")
"""The 64-bit Wine alone, as the package wine64 has it."""


@dataclass(frozen=True)
class Wine:
    """A folder with a Windows in it."""

    prefix: Path

    @property
    def drive(self) -> Path:
        """What Windows calls ``C:``."""
        return self.prefix / "drive_c"

    @property
    def local_data(self) -> Path:
        """What Windows calls ``%LOCALAPPDATA%``."""
        (user,) = (f for f in (self.drive / "users").iterdir() if f.name != "Public")
        return user / "AppData/Local"

    def environment(self, **more: str) -> Mapping[str, str]:
        """The variables under which Wine runs in this folder, without words of its own."""
        return {
            **os.environ,
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # Our C runtime; and nothing of this Windows in the menus of the desktop around it.
            "WINEDLLOVERRIDES": "ucrtbase=n;winemenubuilder.exe=d",
            "LC_ALL": "C.UTF-8",
            **more,
        }

    def prepare(self) -> None:
        """Make the folder, say Windows 10, and add what numpy and Qt need."""
        self.prefix.mkdir(parents=True)
        # Our C runtime is not there yet; what starts now may take Wine's.
        started = self.run("wineboot", "--init", WINEDLLOVERRIDES="winemenubuilder.exe=d")
        assert started == 0, "Wine does not start"
        subprocess.run(
            [str(WINE.with_name("wineserver")), "--wait"], env=self.environment(), check=True
        )
        key = r"HKEY_CURRENT_USER\Software\Wine"
        self.run("reg", "add", key, "/v", "Version", "/d", "win10", "/f")
        libraries = self.drive / "windows/system32"
        write_patched(libraries / "ucrtbase.dll")
        source = Path(__file__).with_name("wine_icu.c")
        compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-o", str(libraries / "icuuc.dll")]
        subprocess.run([*compiler, str(source)], check=True)

    def run(self, *command: str, **environment: str) -> int:
        """Run a program without a console and return its exit code."""
        return subprocess.run(
            [str(WINE), *command],
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        ).returncode

    def run_in_console(self, *command: str, **environment: str) -> tuple[int, str]:
        """Run a program in a terminal, which Wine's Python needs, and return what it says there."""
        done = subprocess.run(
            self._in_terminal(*command),
            env=self.environment(TERM="dumb", **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout

    def open_in_console(self, *command: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a program in a terminal and go on."""
        return subprocess.Popen(
            self._in_terminal(*command),
            env=self.environment(TERM="dumb", **environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def _in_terminal(self, *command: str) -> list[str]:
        quoted = " ".join(f"'{part}'" for part in (str(WINE), *command))
        return ["script", "--quiet", "--return", "--command", quoted, "/dev/null"]

    def stop(self) -> None:
        """End all that runs in this Windows."""
        subprocess.run(
            [str(WINE.with_name("wineserver")), "--kill"], env=self.environment(), check=False
        )

    def registry(self) -> str:
        """All of the user's registry that is ours."""
        self.run("reg", "export", r"HKCU\Software", r"C:\export.reg", "/y")
        exported = self.drive / "export.reg"
        text = exported.read_text(encoding="utf-16", errors="replace")
        exported.unlink()
        return "\n".join(line for line in text.splitlines() if "spinecontext" in line.lower())
