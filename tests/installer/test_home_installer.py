"""The single-file installer for Linux, with a payload of a few bytes in place of the program."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installer.build_info import BuildInfo
from installer.linux.home import write_home_installer

TOOLS = ("gcc", "ar", "dpkg-deb", "xz")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, TOOLS)),
    reason=f"needs Linux with {', '.join(TOOLS)}",
)

needs_mounts = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode
    != 0,
    reason="needs the right to mount a disk",
)

NOBODY = 65534
UNPACKED = 1_000_000

PROGRAM = """#!/bin/sh
[ "${1:-}" != --check-installation ] || exit 0
echo "spinecontext from $0"
"""

Make = Callable[[str], Path]


@pytest.fixture
def make_installer(tmp_path: Path) -> Make:
    """A function that writes an installer of a given version."""

    def make(version: str) -> Path:
        root = tmp_path / f"tree-{version}"
        program = root / "usr/lib/spinecontext"
        assets = program / "_internal/assets"
        assets.mkdir(parents=True)
        BuildInfo(version, "0123456789", 0).write(assets / "build.json")
        for name in ("spinecontext", "spinecontext-app"):
            (program / name).write_text(PROGRAM)
            (program / name).chmod(0o755)
        shutil.copyfile("/bin/sleep", program / "sleeper")
        (program / "sleeper").chmod(0o755)
        share = root / "usr/share"
        for name in ("icons/hicolor/48x48/apps/spinecontext.png", "mime/packages/spinecontext.xml"):
            (share / name).parent.mkdir(parents=True)
            (share / name).write_text("<mime-info/>")
        (share / "applications").mkdir()
        (share / "applications/spinecontext.desktop").write_text(
            "[Desktop Entry]\nType=Application\nName=SpineContext\nExec=spinecontext-app %F\n"
        )
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(
            f"Package: spinecontext\nVersion: {version}\nArchitecture: amd64\n"
            "Maintainer: nobody <nobody@example.org>\nDescription: a test\n"
        )
        deb = tmp_path / f"{version}.deb"
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(deb)],
            check=True,
            capture_output=True,
        )
        target = tmp_path / f"SpineContext {version}.run"
        write_home_installer(deb, UNPACKED, target, BuildInfo(version, "0123456789", 0))
        return target

    return make


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "Größe & Maß's home"
    folder.mkdir()
    (folder / "own file.txt").write_text("mine")
    return folder


def run(
    command: Path, home: Path, *arguments: str, path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run an installer as a file manager does, without a terminal, in a user's home."""
    search = os.pathsep.join(part for part in (path, "/usr/bin", "/bin") if part)
    return subprocess.run(
        [str(command), *arguments],
        env={"HOME": str(home), "PATH": search, "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def run_on_disk(command: Path, home: Path, options: str) -> subprocess.CompletedProcess[str]:
    """Run an installer in a home that is a small disk of its own, mounted with ``options``.

    Afterwards the output lists the files in the home, one per line; the disk ends with the command.
    """
    script = (
        'mount -t tmpfs none "$HOME" && mount -o "remount,$0" "$HOME" && "$1"; code=$?; '
        'cd "$HOME" && find . -mindepth 1; exit $code'
    )
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, options, str(command)],
        env={"HOME": str(home), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_it_installs_under_a_home_of_any_name_and_uninstalls_without_a_trace(
    make_installer: Make, home: Path
) -> None:
    before = tree(home)
    done = run(make_installer("1.0.0"), home)
    assert done.returncode == 0, done.stderr
    assert "1.0.0 is installed" in done.stdout
    command = home / ".local/bin/spinecontext"
    assert run(command, home).stdout == f"spinecontext from {command}\n"
    entry = (home / ".local/share/applications/spinecontext.desktop").read_text()
    assert f'Exec="{home}/.local/opt/spinecontext/spinecontext-app" %F' in entry
    assert (home / ".local/share/mime/packages/spinecontext.xml").exists()

    done = run(home / ".local/opt/spinecontext/uninstall", home)
    assert done.returncode == 0, done.stderr
    assert "removed" in done.stdout
    assert tree(home) == before


def test_what_others_keep_beside_it_stays_when_it_is_removed(
    make_installer: Make, home: Path
) -> None:
    theirs = home / ".local/share/mime/packages/theirs.xml"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("<mime-info/>")
    run(make_installer("1.0.0"), home)
    run(home / ".local/opt/spinecontext/uninstall", home)
    assert theirs.exists()
    assert not (home / ".local/opt").exists()


def test_an_older_version_is_replaced_and_leaves_nothing_behind(
    make_installer: Make, home: Path
) -> None:
    before = tree(home)
    run(make_installer("1.0.0"), home)
    stale = home / ".local/opt/spinecontext/of the old version"
    stale.write_text("")
    done = run(make_installer("1.10.0"), home)
    assert done.returncode == 0, done.stderr
    assert not stale.exists()
    assert '"1.10.0"' in installed_build(home)
    assert [path.name for path in (home / ".local/opt").iterdir()] == ["spinecontext"]
    run(home / ".local/opt/spinecontext/uninstall", home)
    assert tree(home) == before


def test_a_newer_version_stays(make_installer: Make, home: Path) -> None:
    run(make_installer("1.10.0"), home)
    before = tree(home)
    done = run(make_installer("1.9.0"), home)
    assert done.returncode == 1
    assert "newer version of SpineContext (1.10.0)" in done.stderr
    assert tree(home) == before


@pytest.mark.parametrize("cut", [1, 500])
def test_a_damaged_installer_installs_nothing(make_installer: Make, home: Path, cut: int) -> None:
    installer = make_installer("1.0.0")
    content = bytearray(installer.read_bytes())
    content[-cut] ^= 0xFF
    installer.write_bytes(content)
    before = tree(home)
    done = run(installer, home)
    assert done.returncode == 1
    assert "This installer is damaged" in done.stderr
    assert tree(home) == before


def test_an_installer_that_was_cut_short_installs_nothing(make_installer: Make, home: Path) -> None:
    installer = make_installer("1.0.0")
    installer.write_bytes(installer.read_bytes()[:-1000])
    before = tree(home)
    done = run(installer, home)
    assert "This installer is damaged" in done.stderr
    assert tree(home) == before


@pytest.fixture
def running(make_installer: Make, home: Path) -> Iterator[None]:
    """An installed copy with a program running."""
    run(make_installer("1.0.0"), home)
    with subprocess.Popen([str(home / ".local/opt/spinecontext/sleeper"), "60"]) as process:
        yield
        process.kill()


@pytest.mark.usefixtures("running")
def test_a_running_copy_is_neither_replaced_nor_removed(make_installer: Make, home: Path) -> None:
    before = tree(home)
    for command in (make_installer("2.0.0"), home / ".local/opt/spinecontext/uninstall"):
        done = run(command, home)
        assert done.returncode == 1
        assert "SpineContext is running. Please close it" in done.stderr
        assert tree(home) == before


def test_too_small_a_disk_is_said_before_anything_is_written(
    make_installer: Make, home: Path, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "df").write_text("#!/bin/sh\necho 'Filesystem'\necho '/dev/x 1000 900 100 90% /'\n")
    (tools / "df").chmod(0o755)
    before = tree(home)
    done = run(make_installer("1.0.0"), home, path=str(tools))
    assert done.returncode == 1
    assert "not enough free space" in done.stderr
    assert tree(home) == before


def test_a_disk_that_becomes_full_while_unpacking_leaves_nothing(
    make_installer: Make, home: Path, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "tar").write_text(
        '#!/bin/sh\nmkdir -p "$3/usr/lib"\necho half > "$3/usr/lib/half"\nexit 2\n'
    )
    (tools / "tar").chmod(0o755)
    before = tree(home)
    done = run(make_installer("1.0.0"), home, path=str(tools))
    assert done.returncode == 1
    assert "could not be unpacked" in done.stderr
    assert tree(home) == before


def test_a_disk_that_becomes_full_after_unpacking_leaves_the_old_version_whole(
    make_installer: Make, home: Path, tmp_path: Path
) -> None:
    run(make_installer("1.0.0"), home)
    before = contents(home)
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "cp").write_text("#!/bin/sh\nexit 1\n")
    (tools / "cp").chmod(0o755)
    done = run(make_installer("2.0.0"), home, path=str(tools))
    assert done.returncode == 1
    assert "could not be written whole" in done.stderr
    assert contents(home) == before


@needs_mounts
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("size=500k", "not enough free space: SpineContext needs 1 MB and 0 MB are free"),
        ("size=64m,nr_inodes=25", "probably the disk became full. Nothing was installed"),
        ("ro", "cannot be written to"),
        ("noexec", "Programs may not be started from"),
    ],
    ids=["too small", "full while unpacking", "read-only", "no programs"],
)
def test_a_disk_that_will_not_do_is_said_and_nothing_is_left_on_it(
    make_installer: Make, home: Path, options: str, sentence: str
) -> None:
    done = run_on_disk(make_installer("1.0.0"), home, options)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@needs_mounts
def test_a_disk_with_room_will_do(make_installer: Make, home: Path) -> None:
    done = run_on_disk(make_installer("1.0.0"), home, "size=64m,nr_inodes=200")
    assert done.returncode == 0, done.stderr
    assert "./.local/bin/spinecontext" in done.stdout.splitlines()


def test_a_second_double_click_waits_for_the_first(make_installer: Make, home: Path) -> None:
    installer = make_installer("1.0.0")
    before = tree(home)
    with subprocess.Popen(["flock", "--no-fork", str(home), "sleep", "60"]) as first:
        while run(Path("/usr/bin/flock"), home, "--nonblock", str(home), "true").returncode == 0:
            time.sleep(0.01)
        done = run(installer, home)
        first.kill()
    assert done.returncode == 1
    assert "being installed already" in done.stderr
    assert tree(home) == before


def test_what_a_killed_run_left_goes_with_the_next(make_installer: Make, home: Path) -> None:
    half = home / ".local/opt/.spinecontext.aB3dE6/usr/lib"
    half.mkdir(parents=True)
    (half / "half").write_text("")
    run(make_installer("1.0.0"), home)
    assert [path.name for path in (home / ".local/opt").iterdir()] == ["spinecontext"]


def test_a_program_of_the_same_name_from_elsewhere_stays(make_installer: Make, home: Path) -> None:
    theirs = home / ".local/bin/spinecontext"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    run(make_installer("1.0.0"), home)
    assert theirs.read_text() == "theirs"
    run(home / ".local/opt/spinecontext/uninstall", home)
    assert theirs.read_text() == "theirs"
    assert tree(home / ".local") == ["bin", "bin/spinecontext"]


def test_a_running_copy_is_seen_in_a_home_that_is_a_link(
    make_installer: Make, home: Path, tmp_path: Path
) -> None:
    before = tree(home)
    link = tmp_path / "link"
    link.symlink_to(home)
    assert run(make_installer("1.0.0"), link).returncode == 0
    with subprocess.Popen([str(link / ".local/opt/spinecontext/sleeper"), "60"]) as process:
        done = run(make_installer("2.0.0"), link)
        process.kill()
    assert "SpineContext is running. Please close it" in done.stderr
    run(link / ".local/opt/spinecontext/uninstall", link)
    assert tree(home) == before


def test_no_home_directory_is_said(make_installer: Make, tmp_path: Path) -> None:
    done = run(make_installer("1.0.0"), tmp_path / "none")
    assert done.returncode == 1
    assert done.stderr == "There is no home directory to install into.\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_home_that_cannot_be_written_to_is_said(make_installer: Make) -> None:
    """Run as another user than the home's owner, as root may write anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        installer = Path(shutil.copy(make_installer("1.0.0"), home))
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        done = subprocess.run(
            [*drop, str(installer)],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "cannot be written to" in done.stderr
        assert tree(home) == [installer.name]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def installed_build(home: Path) -> str:
    return (home / ".local/opt/spinecontext/_internal/assets/build.json").read_text()
