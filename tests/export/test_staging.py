"""All results or none, whatever happens while they are written and moved."""

import errno
import gzip
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from inference.errors import CancelledError, OutputError
from inference.export import staging
from inference.export.staging import Stage, check_writable, staged_folder, tidy

NAMES = ("a.nii.gz", "b.stl", "c.json")

WRITES_AND_DIES = """
import os, signal, sys
from pathlib import Path
from inference.export import staging
out, at, moves = Path(sys.argv[1]), int(sys.argv[2]), 0
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def count(self, target, replace=Path.replace):
    global moves
    if self.parent.name in ("new", "old"):
        moves += 1
        if moves > at:
            die()
    return replace(self, target)
Path.replace = count
with staging.staged_folder(out) as stage:
    for name in ("a.nii.gz", "b.stl", "c.json"):
        stage.write({name: lambda file: file.write(b"new")})
    if at < 0:
        die()
"""

needs_a_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def write_all(stage: Stage, content: bytes = b"new") -> None:
    stage.write({name: lambda file: file.write(content) for name in NAMES})


def contents(out: Path) -> dict[str, bytes]:
    """All files, hidden ones too; a folder counts as a file without content."""
    return {p.name: p.read_bytes() if p.is_file() else b"" for p in sorted(out.iterdir())}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with an old result, of which one file is missing."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in NAMES[:2]:
        (folder / name).write_bytes(b"old")
    return folder


@pytest.fixture
def old(out: Path) -> dict[str, bytes]:
    return contents(out)


NEW = dict.fromkeys(NAMES, b"new")


def test_results_take_the_place_of_old_ones(out: Path) -> None:
    with staged_folder(out) as stage:
        write_all(stage)
        assert b"new" not in contents(out).values()
    assert contents(out) == NEW


def test_a_folder_is_made_for_results_and_goes_again_when_there_are_none(tmp_path: Path) -> None:
    with staged_folder(tmp_path / "a" / "b") as stage:
        write_all(stage)
    assert contents(tmp_path / "a" / "b") == NEW
    with pytest.raises(CancelledError), staged_folder(tmp_path / "x" / "y") as stage:
        write_all(stage)
        raise CancelledError("Cancelled.")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_move_that_fails_undoes_those_before_it(
    number: int, out: Path, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def replace_or_fail(self: Path, target: Path) -> Path:
        if self.parent.name == "new" and self.name == NAMES[number]:
            raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_or_fail)
    with pytest.raises(OutputError), staged_folder(out) as stage:
        write_all(stage)
    assert contents(out) == old


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_old_results_come_back_on_disks_with_and_without_links(
    links: bool, out: Path, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def replace_or_fail(self: Path, target: Path) -> Path:
        if self.parent.name == "new" and self.name == NAMES[2]:
            raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    def no_link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", no_link)
    monkeypatch.setattr(Path, "replace", replace_or_fail)
    with pytest.raises(OutputError), staged_folder(out) as stage:
        write_all(stage)
    assert contents(out) == old


def test_a_folder_in_the_way_is_found_before_anything_is_replaced(
    out: Path, old: dict[str, bytes]
) -> None:
    (out / NAMES[2]).mkdir()
    with (
        pytest.raises(OutputError, match="there is a folder of that name"),
        staged_folder(out) as s,
    ):
        write_all(s)
    assert contents(out) == {**old, NAMES[2]: b""}


def test_a_protected_file_is_found_before_anything_is_replaced(
    out: Path, old: dict[str, bytes]
) -> None:
    (out / NAMES[1]).chmod(0o444)
    with pytest.raises(OutputError, match="write-protected") as caught, staged_folder(out) as stage:
        write_all(stage)
    assert NAMES[1] in str(caught.value)
    assert contents(out) == old


def test_a_file_that_is_open_elsewhere_is_found_before_anything_is_replaced(
    out: Path, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_is_open_elsewhere", lambda path: path.name == NAMES[1])
    with pytest.raises(OutputError, match="another program has it open"), staged_folder(out) as s:
        write_all(s)
    assert contents(out) == old


@needs_a_kill
def test_a_kill_before_the_moves_leaves_the_old_results_and_later_nothing_else(
    out: Path, old: dict[str, bytes]
) -> None:
    command = [sys.executable, "-c", WRITES_AND_DIES, str(out), "-1"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert len(contents(out)) == len(old) + 1
    tidy(out)
    assert contents(out) == old


@needs_a_kill
@pytest.mark.parametrize("moves", range(len(NAMES)))
def test_a_kill_amid_the_moves_is_mended_by_finishing_them(moves: int, out: Path) -> None:
    command = [sys.executable, "-c", WRITES_AND_DIES, str(out), str(moves)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert all(name in contents(out) for name in NAMES[:2]), "no result is ever absent"
    check_writable(out)
    assert contents(out) == NEW


@needs_a_kill
def test_moves_that_cannot_be_finished_are_undone(out: Path, old: dict[str, bytes]) -> None:
    command = [sys.executable, "-c", WRITES_AND_DIES, str(out), "1"]
    subprocess.run(command, check=False)
    (out / NAMES[2]).mkdir()
    tidy(out)
    assert contents(out) == {**old, NAMES[2]: b""}


def test_two_runs_into_one_folder_do_not_disturb_each_other(out: Path) -> None:
    with staged_folder(out) as first:
        write_all(first, b"first")
        with staged_folder(out) as second:
            write_all(second, b"second")
        assert contents(out)[NAMES[0]] == b"second"
        tidy(out)
    assert contents(out) == dict.fromkeys(NAMES, b"first")


def test_a_folder_that_vanishes_amid_a_run_is_a_plain_sentence(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(OutputError, match="the folder is gone"), staged_folder(out) as stage:
        write_all(stage)
        out.rename(tmp_path / "elsewhere")
    assert not out.exists()


@pytest.mark.parametrize("held", range(0, 65, 8))
def test_a_full_disk_is_told_with_what_all_results_need(held: int, small_disk: Path) -> None:
    out = small_disk / "out"
    (small_disk / "other.bin").write_bytes(b"x" * held * 1024)

    def write(file: BinaryIO) -> None:
        for _ in range(10):
            file.write(b"x" * 300_000)

    with pytest.raises(OutputError, match="the disk is full") as caught, staged_folder(out) as s:
        s.write(dict.fromkeys(NAMES, write))
    assert caught.value.exit_code == 7
    if held < 60:
        assert "They need 8.6 MiB, and 0." in str(caught.value)
    assert [path.name for path in small_disk.iterdir()] == ["other.bin"]


def test_a_full_disk_leaves_old_results_as_they_were(small_disk: Path) -> None:
    out = small_disk / "out"
    with staged_folder(out) as stage:
        write_all(stage, b"old")
    with pytest.raises(OutputError, match="the disk is full"), staged_folder(out) as stage:
        stage.write({name: lambda file: file.write(b"x" * 30_000) for name in NAMES})
    assert contents(out) == dict.fromkeys(NAMES, b"old")


def test_an_exhausted_quota_is_told_with_what_is_needed(
    out: Path, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(_file: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", no_more)
    used_up = r"quota is used up. They need 0.1 MiB"
    with pytest.raises(OutputError, match=used_up), staged_folder(out) as stage:
        write_all(stage)
    assert contents(out) == old


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_file_can_be_left_amid(packed: bool, tmp_path: Path) -> None:
    chunks: list[int] = []

    def write(file: BinaryIO) -> None:
        with gzip.open(file, "wb") if packed else nullcontext(file) as into:
            for number in range(100):
                chunks.append(number)
                into.write(np.random.default_rng(number).bytes(2**20))

    with pytest.raises(CancelledError), staged_folder(tmp_path) as stage:
        stage.write({"large": write}, lambda: len(chunks) > 3)
    assert len(chunks) < 6
    assert list(tmp_path.iterdir()) == []
