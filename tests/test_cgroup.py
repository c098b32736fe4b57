"""A whole run inside a small memory cgroup without swap, where the system lets us make one."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.geometry import Geometry
from inference.read import open_ct
from inference.volume import AIR_HU
from tests.benchmarks.trunk import interpolated_slice, nifti_header

LIMIT_BYTES = 2 * 2**30

PROMISED_BYTES = 1.5 * 2**30
"""Peak resident memory of the whole process."""

SIZE = (512, 512, 1000)
SPACING = (0.98, 0.98, 0.8)

SPINE_SLICES = 260
"""As long as the phantom."""

LEAST_WINDOWS = 5


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


def write_patient(path: Path) -> None:
    """The phantom's spine in a field of view of half a metre, and below it legs without any."""
    phantom = sitk.ReadImage(str(resources.files("assets") / "phantom" / "phantom_ct.nii.gz"))
    width_mm = (SIZE[0] - 1) * SPACING[0]
    middle = (
        np.array(phantom.GetOrigin()[:2])
        + np.multiply(phantom.GetSize()[:2], phantom.GetSpacing()[:2]) / 2
    )
    target = sitk.Image(SIZE[0], SIZE[1], phantom.GetDepth(), sitk.sitkInt16)
    target.SetSpacing((SPACING[0], SPACING[1], phantom.GetSpacing()[2]))
    target.SetOrigin((*(middle - width_mm / 2), phantom.GetOrigin()[2]))
    trunk = path.with_name("phantom.nii")
    wide = sitk.Resample(phantom, target, sitk.Transform(), sitk.sitkLinear, AIR_HU)
    sitk.WriteImage(wide, str(trunk))
    hu = open_ct(trunk)
    legs = np.full(hu.geometry.shape[1:], AIR_HU, np.int16)
    legs[200:300, 150:350] = 40
    geometry = Geometry(SIZE, SPACING)
    with path.open("wb") as file:
        file.write(nifti_header(geometry))
        for _ in range(SIZE[2] - SPINE_SLICES):
            file.write(legs.tobytes())
        for index in range(SPINE_SLICES):
            file.write(interpolated_slice(hu, index * SPACING[2]).tobytes())
    trunk.unlink()


def test_a_ct_of_1000_slices_is_done_in_two_gibibytes_without_swap(
    cgroup: Path, tmp_path: Path
) -> None:
    ct, out = tmp_path / "trunk.nii", tmp_path / "out"
    write_patient(ct)
    join = f"import os; open({str(cgroup)!r}, 'w').write(str(os.getpid())); "
    run = "import sys; from inference.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", join + run, "segment", str(ct), "--out", str(out)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (out / "trunk_spine.nii.gz").exists()
    assert (out / "trunk_spine.stl").exists()
    report = json.loads((out / "trunk_report.json").read_text("utf-8"))
    assert report["windows"]["run"] >= LEAST_WINDOWS, "the model must have been at work"
    assert report["peak_rss_bytes"] < PROMISED_BYTES
