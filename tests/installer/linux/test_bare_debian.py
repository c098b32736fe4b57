"""The ``.deb`` on a Debian 12 that has nothing but what the package declares, and no network."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.installer.linux.calls import socket_families, started_programs, stray_files
from tests.installer.linux.machine import Machine
from tests.installer.linux.window import open_and_close, window_environment

PROGRAM = "/usr/lib/spinecontext/"


@pytest.fixture(scope="module", autouse=True)
def before(machine: Machine, deb: Path) -> set[str]:
    """Install the package with what it declares, and keep what was there before it."""
    machine.run("apt-get", "update", network=True)
    declared = subprocess.run(
        ["dpkg-deb", "--field", str(deb), "Depends"], capture_output=True, text=True, check=True
    )
    names = [re.split(r"[ (|]", part.strip())[0] for part in declared.stdout.split(",")]
    options = ("apt-get", "install", "--yes", "--no-install-recommends")
    machine.run(*options, *names, network=True, environment={"DEBIAN_FRONTEND": "noninteractive"})
    files = machine.files()
    (machine.root / "tmp" / deb.name).write_bytes(deb.read_bytes())
    machine.run("dpkg", "--install", f"/tmp/{deb.name}")
    (machine.root / "tmp" / deb.name).unlink()
    return files


def test_lintian_has_no_errors(deb: Path) -> None:
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error", str(deb)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_file_is_as_it_was_built(machine: Machine) -> None:
    assert "as it was built" in machine.run("spinecontext", "--check-installation").stdout


def test_the_version_names_the_build(machine: Machine) -> None:
    said = machine.run("spinecontext", "--version").stdout
    assert re.fullmatch(r"\d+\.\d+\.\d+ \(build [0-9a-f]{10}\+? of \d{4}-\d\d-\d\d\)\n", said)


def test_the_demo_is_segmented_and_exported_without_a_network(
    machine: Machine, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    machine.run(
        *("spinecontext", "demo", "--out", "/root/results", "--format", "nifti,stl,nrrd"),
        trace=trace,
    )
    results = machine.root / "root/results"
    assert {path.suffix for path in results.iterdir()} == {".gz", ".stl", ".nrrd", ".json"}
    (report,) = results.glob("*.json")
    assert json.loads(report.read_text())["spine_volume_ml"] > 0
    assert socket_families(trace) <= {"AF_UNIX"}
    assert stray_files(trace, PROGRAM) == set()


def test_the_window_opens_without_a_network_and_loads_nothing_from_outside(
    machine: Machine, display: str, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    picture = Path("build/tests/window-deb.png").resolve()
    picture.parent.mkdir(parents=True, exist_ok=True)
    command = machine.command(
        "spinecontext-app", environment=window_environment(display, "/root"), trace=trace
    )
    open_and_close(command, display, picture)
    assert socket_families(trace) <= {"AF_UNIX"}
    assert stray_files(trace, PROGRAM) == set()
    tools = {"/usr/sbin/chroot", "/usr/bin/env", "/usr/bin/spinecontext-app"}
    assert {
        path for path in started_programs(trace) - tools if not path.startswith(PROGRAM)
    } == set()


def test_a_damaged_file_is_said_at_the_start(machine: Machine) -> None:
    model = next((machine.root / "usr/lib/spinecontext").rglob("spinecontext_resunet.onnx"))
    content = model.read_bytes()
    model.write_bytes(content[:-1])
    done = machine.run("spinecontext", "demo", "--out", "/root/none", check=False)
    model.write_bytes(content)
    assert done.returncode == 8
    assert "This installation of SpineContext is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_is_not_replaced_while_it_runs(machine: Machine, deb: Path, display: str) -> None:
    (machine.root / "tmp" / deb.name).write_bytes(deb.read_bytes())
    script = 'spinecontext-app & sleep 3; dpkg --install "$0"; status=$?; kill $!; exit $status'
    environment = {"DISPLAY": display, "HOME": "/root"}
    done = machine.run(
        *("sh", "-c", script, f"/tmp/{deb.name}"), environment=environment, check=False
    )
    assert done.returncode != 0
    assert "SpineContext is running. Please close it" in done.stderr
    assert "as it was built" in machine.run("spinecontext", "--check-installation").stdout


def test_it_leaves_nothing_but_the_users_own_files(machine: Machine, before: set[str]) -> None:
    machine.run("dpkg", "--purge", "spinecontext")
    left = {
        name for name in machine.files() - before if not name.startswith(("root/", "var/lib/dpkg/"))
    }
    assert left == set()
    assert (machine.root / "root/results").exists()


def test_a_full_disk_leaves_no_half_package(machine: Machine, deb: Path) -> None:
    (machine.root / "tmp" / deb.name).write_bytes(deb.read_bytes())
    folder = '"$0/usr/lib/spinecontext"'
    done = machine.run(
        *("dpkg", "--install", f"/tmp/{deb.name}"),
        prepare=f"mkdir {folder}; mount -t tmpfs -o size=8m none {folder}",
        check=False,
    )
    assert done.returncode != 0
    assert "No space left on device" in done.stderr
    status = machine.run(
        "dpkg-query", "--show", "--showformat=${Status}", "spinecontext", check=False
    )
    assert not status.stdout.endswith(" installed")
    for place in ("usr/lib/spinecontext", "usr/share/doc/spinecontext"):
        assert not any((machine.root / place).glob("*"))
    assert not (machine.root / "usr/bin/spinecontext").is_symlink()
