"""Whole runs inside a small memory cgroup without swap, if the system lets us make one."""

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

from inference.read import open_ct
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from tests.benchmarks.trunk import interpolated_slice, nifti_header

LIMIT_BYTES = 2 * 2**30

PROMISED_BYTES = 1.5 * 2**30
"""Peak resident memory of the whole process."""

SLICES = (1000, 2000)
WIDTH, HEIGHT = 512, 512
SPACING = (0.98, 0.98, 0.8)

MOST_GROWTH = 1.1
"""Of the peak, for a scan twice as long."""

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


def write_patient(path: Path, slices: int) -> None:
    """The phantom's spine in a field of view of half a metre, with legs below it."""
    phantom = sitk.ReadImage(str(resources.files("assets") / "phantom" / "phantom_ct.nii.gz"))
    width_mm = (WIDTH - 1) * SPACING[0]
    middle = (
        np.array(phantom.GetOrigin()[:2])
        + np.multiply(phantom.GetSize()[:2], phantom.GetSpacing()[:2]) / 2
    )
    target = sitk.Image(WIDTH, HEIGHT, phantom.GetDepth(), sitk.sitkInt16)
    target.SetSpacing((SPACING[0], SPACING[1], phantom.GetSpacing()[2]))
    target.SetOrigin((*(middle - width_mm / 2), phantom.GetOrigin()[2]))
    trunk = path.with_name("phantom.nii")
    wide = sitk.Resample(phantom, target, sitk.Transform(), sitk.sitkLinear, AIR_HU)
    sitk.WriteImage(wide, str(trunk))
    hu = open_ct(trunk)
    legs = np.full(hu.geometry.shape[1:], AIR_HU, np.int16)
    legs[200:300, 150:350] = 40
    geometry = Geometry((WIDTH, HEIGHT, slices), SPACING)
    with path.open("wb") as file:
        file.write(nifti_header(geometry))
        for _ in range(slices - SPINE_SLICES):
            file.write(legs.tobytes())
        for index in range(SPINE_SLICES):
            file.write(interpolated_slice(hu, index * SPACING[2]).tobytes())
    trunk.unlink()


def peak_of_run(cgroup: Path, folder: Path, slices: int) -> int:
    """Peak bytes of one run of the command line that writes mask and surface."""
    ct, out = folder / f"trunk_{slices}.nii", folder / "out"
    write_patient(ct, slices)
    join = f"import os; open({str(cgroup)!r}, 'w').write(str(os.getpid())); "
    run = "import sys; from inference.__main__ import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", join + run, "segment", str(ct), "--out", str(out)],
        capture_output=True,
        text=True,
    )
    ct.unlink()
    assert done.returncode == 0, done.stderr
    assert (out / f"trunk_{slices}_spine.nii.gz").exists()
    assert (out / f"trunk_{slices}_spine.stl").exists()
    report = json.loads((out / f"trunk_{slices}_report.json").read_text("utf-8"))
    assert report["windows"]["run"] >= LEAST_WINDOWS, "the model must have been at work"
    peak: int = report["peak_rss_bytes"]
    return peak


def test_a_scan_twice_as_long_is_done_in_the_same_two_gibibytes_without_swap(
    cgroup: Path, tmp_path: Path
) -> None:
    peaks = [peak_of_run(cgroup, tmp_path, slices) for slices in SLICES]
    assert max(peaks) < PROMISED_BYTES
    assert peaks[1] < MOST_GROWTH * peaks[0], peaks
