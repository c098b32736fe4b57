"""Telling vertebrae apart stays within bounds of memory and time."""

import subprocess
import sys

import pytest

LONG_SPINE = """
import sys, time
import numpy as np
from assets.phantom.make_phantom import PhantomSettings, make_phantom
from inference.mask.vertebrae import separate_vertebrae
from inference.system.memory import peak_rss_bytes
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume

_, spine, geometry = make_phantom(PhantomSettings())
times = int(sys.argv[1])
x, y, z = geometry.size
long = Geometry((x, y, z * times), geometry.spacing, geometry.origin)
mask = Mask(np.tile(spine, (times, 1, 1)), long)
volume = Volume(np.where(mask.voxels > 0, np.int16(600), np.int16(40)), long, "long")
before, start = peak_rss_bytes(), time.process_time()
found = separate_vertebrae(mask, volume)
print(peak_rss_bytes() - before, time.process_time() - start, found.count)
"""
"""The spine of the phantom, 21 cm, so many times on top of itself."""

MIB = 2**20

MOST_MIB = 150
"""For a chunk of planes at work, whatever the length of the spine."""

BYTES_A_VOXEL = 6
"""For the box around the spine at 1 mm: bone, its labels, and the samples along its line."""

BOX_VOXELS = 210 * 120 * 130
"""Of one phantom's spine, with room."""

MOST_SECONDS = 4.0
"""Of processor time for 42 cm of spine. 0.9 s were measured."""


def run(times: int) -> tuple[int, float, int]:
    """Peak growth in bytes, processor seconds and count of vertebrae."""
    told = subprocess.run(
        [sys.executable, "-c", LONG_SPINE, str(times)], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(told[0]), float(told[1]), int(told[2])


@pytest.mark.skipif(sys.platform == "win32", reason="peaks are read from the process's own rusage")
@pytest.mark.parametrize("times", [2, 5])
def test_memory_is_a_chunk_and_a_few_bytes_for_each_voxel_of_the_box(times: int) -> None:
    peak, _, count = run(times)
    assert count > 6 * times
    assert peak <= MOST_MIB * MIB + BYTES_A_VOXEL * BOX_VOXELS * times


def test_a_trunk_takes_seconds() -> None:
    _, seconds, _ = run(2)
    assert seconds < MOST_SECONDS
