"""Big arrays in files that nobody has to tidy up."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from inference.errors import MemoryLimitError, ScratchDiskError
from inference.system import scratch
from inference.system.scratch import new_array, private_folder
from inference.values.slabs import SLAB_PLANES, release, slabs

SHAPE = (3 * SLAB_PLANES + 7, 64, 64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@pytest.mark.parametrize("in_memory", [0, 2**40], ids=["in a file", "in memory"])
def test_what_was_written_to_an_array_stays(in_memory: int) -> None:
    array = new_array(SHAPE, np.int16, in_memory)
    assert not array.any()
    for part, slab in slabs(array):
        slab[:] = part.start
    release(array)
    assert [int(slab.max()) for _, slab in slabs(array)] == [0, 32, 64, 96]
    assert array[SLAB_PLANES - 1].max() == 0


def test_views_outlive_the_array() -> None:
    view = new_array(SHAPE, np.uint8, in_memory=0)[5]
    view[:] = 7
    release(view)
    assert (view == 7).all()


def test_slabs_of_a_file_are_not_held_in_memory() -> None:
    script = """
import numpy as np
from inference.system.memory import peak_rss_bytes
from inference.system.scratch import new_array
from inference.values.slabs import slabs
before = peak_rss_bytes()
array = new_array((800, 512, 512), np.int16)
for part, slab in slabs(array):
    slab[:] = part.start
total = sum(int(slab[:, 0, 0].sum()) for _, slab in slabs(array))
print(array.nbytes, peak_rss_bytes() - before)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    size, growth = map(int, run.stdout.split())
    assert size == 400 * 2**20
    assert growth < 60 * 2**20


@pytest.mark.skipif(os.name == "nt", reason="Windows removes the file with its last handle")
def test_no_file_is_ever_left_even_by_a_process_that_is_killed(folder: Path) -> None:
    script = """
import os, signal, sys
import numpy as np
from inference.system.scratch import new_array
array = new_array((64, 64, 64), np.int16, in_memory=0)
array[:] = 1
print(os.listdir(os.environ["TMPDIR"]), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == -9
    assert run.stdout.strip() == "[]"
    assert not list(folder.iterdir())


def test_a_full_scratch_disk_is_a_plain_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(scratch, "_allocate", full)
    with pytest.raises(MemoryLimitError, match="Free some room there") as caught:
        new_array((1000, 512, 512), np.int16, in_memory=0)
    assert caught.value.exit_code == 5
    assert not list(folder.iterdir())


def test_a_private_folder_goes_with_its_block(folder: Path) -> None:
    with private_folder() as private:
        (private / "slice.dcm").write_bytes(b"x")
        assert private.parent == folder
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.EDQUOT, "has no room for temporary files"), (errno.EROFS, "cannot be written")],
)
def test_a_private_folder_that_cannot_be_made_is_a_plain_sentence(
    code: int, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(ScratchDiskError, match=said), private_folder():
        pass
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_a_killed_process_left_is_removed_at_the_next_start_and_nothing_else(
    folder: Path,
) -> None:
    script = """
import os, signal
from inference.system.scratch import private_folder
with private_folder() as private:
    (private / "slice.dcm").write_bytes(b"x")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    (stale,) = folder.iterdir()
    (folder / "spinecontext-of-somebody").mkdir()
    with private_folder() as first, private_folder() as second:
        assert not stale.exists()
        assert first.exists()
        assert second.exists()
    assert [path.name for path in folder.iterdir()] == ["spinecontext-of-somebody"]
