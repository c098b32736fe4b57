"""A child process ends with its parent."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

CHILD = """
import time
from app.work.parent import end_with_parent

def work():
    end_with_parent()
    print("working", flush=True)
    time.sleep(600)
"""

PARENT = """
import multiprocessing, time
from busy_child import work
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=work)
    child.start()
    print(child.pid, flush=True)
    child.join()
"""


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "busy_child.py").write_text(CHILD)
    (tmp_path / "parent.py").write_text(PARENT)
    with subprocess.Popen(
        [sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == "working\n"
        parent.kill()
    give_up = time.monotonic() + 30
    while lives(child):
        assert time.monotonic() < give_up, "the child lives on"
        time.sleep(0.05)
