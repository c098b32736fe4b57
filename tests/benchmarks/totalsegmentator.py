"""Runs TotalSegmentator itself, if installed with its weights, for ``tests.benchmarks.rivals``.

    pip install TotalSegmentator
    python -m tests.benchmarks.rivals totalsegmentator CT OUT

It is not a dependency of this project, and downloads its weights itself on its first run.
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
"""Labels of L5 to C1 in version 2; 26 is the first sacral vertebra."""

NAMES = (
    *(f"vertebrae_L{number}" for number in range(5, 0, -1)),
    *(f"vertebrae_T{number}" for number in range(12, 0, -1)),
    *(f"vertebrae_C{number}" for number in range(7, 0, -1)),
)


def installed() -> bool:
    """Whether the command is available."""
    return shutil.which(PROGRAM) is not None


def totalsegmentator(path: Path, _most: int) -> Work:
    """Segment only the vertebrae, on the processor; the number of windows is unknown."""
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
