"""The installer for Windows: silent installation, the program, and silent removal, under Wine.

The tests of this module follow each other: each finds the Windows that the one before has left.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.installer.windows.wine import Wine

REFUSED = 2
STAYS_S = 60
"""A window that could not open has ended long before, with an error."""


@pytest.fixture
def installed(wine: Wine) -> Path:
    """Where the installer puts the program if nothing else is asked."""
    return wine.local_data / "Programs/SpineContext"


def program(installed: Path) -> str:
    return str(installed / "spinecontext.exe")


def test_a_damaged_installer_installs_nothing(wine: Wine, installer: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.exe"
    content = bytearray(installer.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    assert wine.run(str(damaged), "/S") != 0
    assert not (wine.local_data / "Programs").exists()


@pytest.fixture
def disk(wine: Wine, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Gives this Windows a small disk ``F:`` with mount options."""
    folder = tmp_path / "disk"
    folder.mkdir()
    drive = wine.prefix / "dosdevices/f:"
    drive.symlink_to(folder)

    def mount(options: str) -> Path:
        subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], check=True)
        subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)
        return folder

    yield mount
    wine.stop()
    subprocess.run(["umount", str(folder)], check=True)
    drive.unlink()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, to mount a disk"
)
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("size=8m", "There is not enough free space"),
        ("size=2g,nr_inodes=99", "probably the disk became full"),
        ("ro", "cannot be written to"),
    ],
    ids=["too small", "full while unpacking", "read-only"],
)
def test_a_disk_that_will_not_do_is_said_and_nothing_is_left_on_it(
    wine: Wine, installer: Path, disk: Callable[[str], Path], options: str, sentence: str
) -> None:
    folder = disk(options)
    assert wine.run(str(installer), "/S", r"/D=F:\SpineContext") == REFUSED
    assert sentence in what_was_said(wine)
    assert list(folder.iterdir()) == []


def what_was_said(wine: Wine) -> str:
    """The sentence of the last silent run that was refused."""
    (log,) = (wine.drive / "users").rglob("SpineContext-install.log")
    return log.read_text(encoding="utf-8")


def test_it_installs_silently_for_one_user(wine: Wine, installer: Path, installed: Path) -> None:
    assert wine.run(str(installer), "/S") == 0
    assert sorted(path.name for path in installed.parent.iterdir()) == ["SpineContext"]
    registry = wine.registry()
    assert r"Uninstall\SpineContext" in registry
    assert "spinecontext-app.exe" in registry
    (shortcut,) = wine.drive.rglob("SpineContext.lnk")
    assert "Start Menu" in str(shortcut)


def test_the_installed_program_names_its_build(wine: Wine, installed: Path) -> None:
    code, said = wine.run_in_console(program(installed), "--version")
    assert code == 0
    assert "(build " in said


def test_every_file_is_as_it_was_built(wine: Wine, installed: Path) -> None:
    code, said = wine.run_in_console(program(installed), "--check-installation")
    assert code == 0
    assert "as it was built" in said


def test_the_demo_is_segmented_and_exported_without_a_socket(wine: Wine, installed: Path) -> None:
    command = (program(installed), "demo", "--out", r"C:\results")
    code, said = wine.run_in_console(*command, WINEDEBUG="-all,+winsock")
    assert code == 0, said
    # Python's socket module makes Windows' own ready, which shows that Wine tells; none is opened.
    assert "WSAStartup" in said
    assert "WSASocket" not in said
    results = wine.drive / "results"
    assert {path.suffix for path in results.iterdir()} == {".gz", ".stl", ".json"}
    report = json.loads((results / "phantom_report.json").read_text(encoding="utf-8"))
    assert report["spine_volume_ml"] > 0


def test_the_window_stays_open_and_the_program_is_not_replaced_meanwhile(
    wine: Wine, installer: Path, installed: Path
) -> None:
    """Without a screen: Wine offers none that Qt's plugin for Windows takes."""
    app = str(installed / "spinecontext-app.exe")
    with wine.open_in_console(app, QT_QPA_PLATFORM="offscreen") as window:
        with pytest.raises(subprocess.TimeoutExpired):
            window.wait(STAYS_S)
        assert wine.run(str(installer), "/S") == REFUSED
        assert "is running" in what_was_said(wine)
        wine.stop()
    assert sorted(path.name for path in installed.parent.iterdir()) == ["SpineContext"]


def test_a_damaged_file_is_said_at_the_start(wine: Wine, installed: Path) -> None:
    model = installed / "lib/assets/models/spinecontext_resunet.onnx"
    content = model.read_bytes()
    model.write_bytes(content[:-1])
    code, said = wine.run_in_console(program(installed), "--version")
    model.write_bytes(content)
    assert code == 8
    assert "damaged" in said


def test_an_older_version_is_replaced_but_what_the_user_put_there_stays(
    wine: Wine, installer: Path, installed: Path
) -> None:
    (installed / "own.txt").write_text("mine")
    pretend_version(wine, "0.0.9")
    assert wine.run(str(installer), "/S") == 0
    assert (installed.parent / "SpineContext.old/own.txt").read_text() == "mine"
    code, _ = wine.run_in_console(program(installed), "--version")
    assert code == 0
    shutil.rmtree(installed.parent / "SpineContext.old")


def test_a_newer_version_stays(wine: Wine, installer: Path) -> None:
    pretend_version(wine, "99.0.0")
    assert wine.run(str(installer), "/S") == REFUSED
    assert "newer version of SpineContext (99.0.0)" in what_was_said(wine)


def pretend_version(wine: Wine, version: str) -> None:
    """Let Windows believe that another version is the one that is installed."""
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\SpineContext"
    wine.run("reg", "add", key, "/v", "DisplayVersion", "/d", version, "/f")


def test_it_uninstalls_silently_and_leaves_nothing(wine: Wine, installed: Path) -> None:
    # Without _?= an uninstaller goes on from a copy of itself and is not waited for.
    windows_path = "C:" + "\\".join(["", *installed.relative_to(wine.drive).parts])
    assert wine.run(str(installed / "uninstall.exe"), "/S", f"_?={windows_path}") == 0
    left = {path.name for path in installed.rglob("*")} if installed.exists() else set()
    assert left <= {"uninstall.exe"}
    assert wine.registry() == ""
    assert list(wine.drive.rglob("SpineContext.lnk")) == []


def test_it_installs_into_a_folder_with_spaces_and_umlauts(wine: Wine, installer: Path) -> None:
    # NSIS wants the folder without quotation marks, which Wine would put around it.
    windows_path = "Z:" + str(installer).replace("/", "\\")
    assert wine.run("cmd", "/c", rf"{windows_path} /S /D=C:\Größe und Maß") == 0
    installed = wine.drive / "Größe und Maß"
    code, said = wine.run_in_console(program(installed), "--version")
    assert code == 0, said
