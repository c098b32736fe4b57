"""What a killed window leaves in the folders it was writing to."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cases.output_folders import OutputFolders
from app.work.keeping import Keeping
from inference.export import staged_folder

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from inference.export import staged_folder
with staged_folder(Path(sys.argv[1])) as stage:
    stage.write({"spine": lambda file: file.write(b"half")})
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def outputs(tmp_path: Path) -> OutputFolders:
    return OutputFolders(tmp_path / "config" / "unfinished.json", Keeping())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_next_start_removes_what_a_killed_one_was_writing(
    outputs: OutputFolders, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    outputs.begin(out)
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, out], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(out.iterdir())
    outputs.tidy()
    assert list(out.iterdir()) == []


def test_what_another_window_is_writing_stays(outputs: OutputFolders, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with staged_folder(out) as stage:
        stage.write({"spine": lambda file: file.write(b"whole")})
        outputs.begin(out)
        outputs.tidy()
    assert [path.name for path in out.iterdir()] == ["spine"]


def test_only_folders_that_are_being_written_to_are_looked_at(
    outputs: OutputFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied: list[Path] = []
    monkeypatch.setattr("inference.export.tidy", tidied.append)
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two, two):
        outputs.begin(folder)
    outputs.end(one)
    outputs.end(two)
    outputs.tidy()
    assert tidied == [two]
    outputs.tidy()
    assert tidied == [two]
