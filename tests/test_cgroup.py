"""A whole run inside a small memory cgroup without swap, where the system lets us make one."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inference.geometry import Geometry
from tests.benchmarks.trunk import nifti_header

LIMIT_BYTES = 2 * 2**30
SIZE = (512, 512, 600)


@pytest.fixture
def cgroup() -> Iterator[Path]:
    """The file that takes the number of a process into a group of 2 GiB and no swap."""
    version_2, version_1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/memory")
    if (version_2 / "cgroup.controllers").exists():
        group = version_2 / f"spinecontext-{os.getpid()}"
        limits = {"memory.max": LIMIT_BYTES, "memory.swap.max": 0}
    else:
        group = version_1 / f"spinecontext-{os.getpid()}"
        limits = {"memory.limit_in_bytes": LIMIT_BYTES, "memory.swappiness": 0}
    try:
        group.mkdir()
        for name, value in limits.items():
            (group / name).write_text(str(value))
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        pytest.skip(f"no memory cgroup can be made here ({error.strerror})")
    yield group / "cgroup.procs"
    group.rmdir()


def test_a_ct_of_600_slices_is_done_in_two_gibibytes_without_swap(
    cgroup: Path, tmp_path: Path
) -> None:
    ct = tmp_path / "trunk.nii"
    geometry = Geometry(SIZE, (0.8, 0.8, 0.8))
    plane = np.full(geometry.shape[1:], -900, np.int16)
    plane[100:400, 100:400] = 40
    with ct.open("wb") as file:
        file.write(nifti_header(geometry))
        for _ in range(SIZE[2]):
            file.write(plane.tobytes())
    join = f"import os; open({str(cgroup)!r}, 'w').write(str(os.getpid())); "
    run = "import sys; from inference.__main__ import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["segment", str(ct), "--out", str(tmp_path / "out"), "--format", "nifti"]
    done = subprocess.run(
        [sys.executable, "-c", join + run, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "trunk_spine.nii.gz").exists()
