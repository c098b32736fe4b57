"""TotalSegmentator itself, where it is installed with its weights, for ``tests.benchmarks.rivals``.

    pip install TotalSegmentator
    python -m tests.benchmarks.rivals totalsegmentator CT OUT

It is no dependency of this project, and downloads its weights by itself when it first runs.
"""

import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from tests.benchmarks.rivals import Work

PROGRAM = "TotalSegmentator"

VERTEBRAE = range(27, 51)
"""L5 to C1 in the numbers of its version 2; 26 is the first sacral vertebra."""

NAMES = (
    *(f"vertebrae_L{number}" for number in range(5, 0, -1)),
    *(f"vertebrae_T{number}" for number in range(12, 0, -1)),
    *(f"vertebrae_C{number}" for number in range(7, 0, -1)),
)


def installed() -> bool:
    """Whether its command can be run."""
    return shutil.which(PROGRAM) is not None


def totalsegmentator(path: Path, _most: int) -> Work:
    """Its vertebrae alone, on the processor; its windows are its own affair."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.nii.gz"
        start = time.perf_counter()
        subprocess.run(
            [PROGRAM, "-i", path, "-o", found, "--ml", "--device", "cpu", "--roi_subset", *NAMES],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - start
        numbers = sitk.GetArrayFromImage(sitk.ReadImage(str(found)))
    mask = (numbers >= VERTEBRAE.start) & (numbers < VERTEBRAE.stop)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Work(seconds, 1, 1, mask.astype(np.uint8), peak)
