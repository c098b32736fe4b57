"""Limited terminals, closed pipes and full disks cause a sentence at most."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

from inference.cli.streams import Outlet, spelled
from inference.values.geometry import Geometry
from tests.read.dicom_factory import write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
COMMAND = (sys.executable, "-m", "inference")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells and signals of POSIX")


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    path = tmp_path / "Müller × 2.nii.gz"
    hu = np.full(GEOMETRY.shape, -500, np.int16)
    hu[4:8, 5:10, 5:10] = 400
    sitk.WriteImage(sitk.GetImageFromArray(hu), str(path))
    return path


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env={**os.environ, **environment},
    )


def call(*arguments: Path | str) -> str:
    return " ".join(f"'{one}'" for one in (*COMMAND, *arguments))


@pytest.mark.parametrize("command", [["info"], ["--help"], ["info", "--json"]])
def test_a_reader_that_goes_is_no_failure(command: list[str], ct: Path) -> None:
    inputs = [] if "--help" in command else [ct]
    run = shell(f"{call(*command, *inputs)} | true")
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing_in_the_results(
    closed: str, ct: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = shell(
        f"{call('segment', ct, '--out', out, '--mode', 'full', '--format', 'nrrd')} {closed}"
    )
    assert run.returncode == 0
    assert "Traceback" not in run.stderr
    assert sitk.ReadImage(str(out / f"{ct.name.removesuffix('.nii.gz')}_spine.nrrd")).GetSize()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_the_disk_cannot_hold_ends_with_7_in_one_sentence(ct: Path) -> None:
    run = shell(f"{call('info', ct)} > /dev/full")
    assert run.returncode == 7
    assert run.stderr.startswith("Error: The output cannot be written (No space left on device)")
    assert run.stderr.count("\n") == 1
    run = shell(f"{call('info', ct)} 2> /dev/full")
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("environment", "by"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "x"),
        ({"PYTHONIOENCODING": "cp1252"}, "\udcd7"),
        ({"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "x"),
    ],
)
def test_a_terminal_of_few_signs_is_told_all_the_same(
    environment: dict[str, str], by: str, ct: Path
) -> None:
    run = shell(call("info", ct), **environment)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"24 {by} 20" in run.stdout
    run = shell(call("info", ct.parent / "Ä€吉.nii"), **environment)
    assert run.returncode == 3
    assert run.stderr.startswith("Error: There is nothing at")
    run = shell(call("info", ct, "--json"), **environment)
    assert json.loads(run.stdout)["size"] == list(GEOMETRY.size)


def test_signs_that_an_encoding_lacks_are_spelled_out() -> None:
    assert spelled("512 × 512 für 吉", "ascii") == "512 x 512 f\\xfcr \\u5409"
    assert spelled("512 × 512 für", "cp1252") == "512 × 512 für"
    assert spelled("\udcff", None) == "\\udcff"


def test_an_outlet_without_a_stream_takes_all_and_says_nothing() -> None:
    outlet = Outlet(None, must_arrive=True)
    print("lost", file=outlet, flush=True)
    assert not outlet.isatty()


OURS = ("Reading", "Finding", "Outlining", "Making", "Writing", "Note", "Error")


def test_no_library_warns_on_the_terminal_and_no_name_gets_there(tmp_path: Path) -> None:
    folder = tmp_path / "CT"
    hu = np.full(GEOMETRY.shape, -1000, np.int16)
    hu[:, 2:18, 2:22] = 40
    for path in write_series(folder, hu, GEOMETRY):
        dataset = pydicom.dcmread(path)
        with pydicom.config.disable_value_validation():
            dataset.PatientName = "MUSTERMANN" * 10
            dataset.add_new("PatientBirthDate", "DA", "MUSTERMANN")
            dataset.add_new("StudyInstanceUID", "UI", "1.02.MUSTERMANN")
            dataset.add_new("SpecificCharacterSet", "CS", "ISO_IR 999")
        dataset.save_as(path)
    noisy = tmp_path / "noisy.nii"
    sitk.WriteImage(sitk.GetImageFromArray(hu), str(noisy))
    content = bytearray(noisy.read_bytes())
    content[280:328] = b"\xff" * 48  # the rows of its matrix are not numbers
    noisy.write_bytes(content)
    for ct, formats in ((folder, "nifti,dicomseg"), (noisy, "nrrd")):
        for command in ("info", f"segment --mode full --format {formats} --out '{tmp_path}'"):
            run = shell(f"{' '.join(COMMAND)} {command} '{ct}'")
            assert all(line.startswith(OURS) for line in run.stderr.splitlines()), run.stderr
            assert "MUSTERMANN" not in run.stderr + run.stdout


def interrupted(arguments: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """The outcome of a command that is interrupted after some seconds."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*COMMAND, *arguments], **pipes) as run:
        time.sleep(seconds)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    return subprocess.CompletedProcess(arguments, run.returncode, out, err)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 20,000 slices, which takes long to list."""
    folder = tmp_path_factory.mktemp("crowd")
    content = write_series(folder, np.zeros((1, 20, 24), np.int16), GEOMETRY)[0].read_bytes()
    for number in range(20_000):
        (folder / f"{number:05}.dcm").write_bytes(content)
    return folder


@pytest.mark.parametrize("seconds", [0.3, 1.5, 4.0])
def test_ctrl_c_ends_a_listing_at_once_with_130(crowd: Path, seconds: float) -> None:
    run = interrupted(["info", str(crowd)], seconds)
    assert run.returncode == 130
    assert run.stdout == ""
    assert run.stderr in ("", "Error: Cancelled. Nothing was written.\n")
