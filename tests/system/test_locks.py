"""Folders of running processes, and what happens to those of dead ones."""

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from inference.system.locks import LIFE_FILE, alone, owned_folder, owner_tag, remove_abandoned

PREFIX = "case-"

DIES_WITH_A_FOLDER = """
import os, signal, sys
from pathlib import Path
from inference.system.locks import owned_folder
with owned_folder(Path(sys.argv[1]), "case-") as folder:
    (folder / "half").mkdir()
    (folder / "half" / "mask").write_bytes(b"x")
    os.kill(os.getpid(), signal.SIGKILL)
"""

needs_a_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def die_with_a_folder(parent: Path) -> None:
    subprocess.run([sys.executable, "-c", DIES_WITH_A_FOLDER, str(parent)], check=False)


def use_folders(parent: Path, seconds: float, failures: "Counter[str]") -> None:
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        try:
            with owned_folder(parent, PREFIX) as folder:
                (folder / "x").write_bytes(b"x")
                assert (folder / "x").read_bytes() == b"x"
        except OSError as error:
            failures[str(error)] += 1


def start_and_fail(parent: Path, seconds: float) -> None:
    failures: Counter[str] = Counter()
    use_folders(parent, seconds, failures)
    sys.exit(len(failures))


def test_a_folder_goes_with_its_block(tmp_path: Path) -> None:
    with owned_folder(tmp_path, PREFIX) as folder:
        (folder / "mask").write_bytes(b"x")
        assert folder.parent == tmp_path
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_owned_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def open_but_life_files(path: Path, *options: int) -> int:
        if Path(path).name == LIFE_FILE:
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        return opened(path, *options)

    monkeypatch.setattr(os, "open", open_but_life_files)
    with pytest.raises(OSError, match="quota"), owned_folder(tmp_path, PREFIX):
        pass
    assert not list(tmp_path.iterdir())


def test_threads_that_use_folders_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    failures: Counter[str] = Counter()
    threads = [
        threading.Thread(target=use_folders, args=(tmp_path, 1.0, failures)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not list(tmp_path.iterdir())


def test_processes_that_start_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=start_and_fail, args=(tmp_path, 1.0)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert not list(tmp_path.iterdir())


@needs_a_kill
def test_the_folder_of_a_killed_process_goes_at_the_next_start_and_nothing_else(
    tmp_path: Path,
) -> None:
    die_with_a_folder(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    (tmp_path / "case-of-somebody").mkdir()
    with owned_folder(tmp_path, PREFIX) as living:
        remove_abandoned(tmp_path, PREFIX)
        assert living.exists()
        assert {path.name for path in tmp_path.iterdir()} == {living.name, "case-of-somebody"}


@needs_a_kill
def test_a_kill_while_a_folder_is_removed_leaves_nothing_for_good(tmp_path: Path) -> None:
    die_with_a_folder(tmp_path)
    (left,) = tmp_path.iterdir()
    shutil.rmtree(left / "half")
    (left / LIFE_FILE).unlink()
    remove_abandoned(tmp_path, PREFIX)
    assert not list(tmp_path.iterdir())


@needs_a_kill
def test_what_is_not_settled_stays(tmp_path: Path) -> None:
    die_with_a_folder(tmp_path)
    remove_abandoned(tmp_path, PREFIX, settle=lambda _: False)
    assert len(list(tmp_path.iterdir())) == 1


@needs_a_kill
def test_a_lock_file_of_a_killed_process_does_not_keep_the_next_one_out(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}{owner_tag()}-lock").write_bytes(b"")
    with owned_folder(tmp_path, PREFIX):
        pass
    assert not list(tmp_path.iterdir())


def test_one_of_many_is_alone(tmp_path: Path) -> None:
    inside, most = 0, 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(20):
            with alone(tmp_path / "lock"):
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert not list(tmp_path.iterdir())
