"""The memory that a run may hold: planned before it starts, and checked while it runs."""

import math
import re

from inference.errors import MemoryLimitError
from inference.system.memory import RunMemory, held_bytes
from inference.system.scratch import IN_MEMORY_BYTES
from inference.values.geometry import Shape
from inference.values.messages import sentence
from inference.values.slabs import SLAB_PLANES

PROGRAM_BYTES = 200 * 2**20
"""The interpreter with its libraries and a loaded model: 171 MiB measured on Linux."""

BYTES_PER_PATCH_VOXEL = 600
"""A running model: 460 measured with OpenVINO, 580 with the stock provider (one published patch of
64×128×128 voxels; most of it is the decoder's widest layer)."""

BYTES_PER_BLENDED_VOXEL = 8
"""Two float32 sums per voxel of the planes that open windows touch."""

BYTES_PER_SLAB_VOXEL = 12
"""A slab during resampling: its float32 source, ITK's copy, and the result."""

OPEN_ARRAYS = 6
"""Arrays as large as a CT, or as the region around the spine, at one time in a batch: HU,
probabilities and mask of one case, HU and mask of the previous one, which is being written, and HU
of the next, which is being read."""

PUBLISHED_PATCH: Shape = (64, 128, 128)
"""Assumed while the model is not known yet."""

WIDE_REGION: Shape = (64, 512, 512)
"""Half a metre square: the widest field of view of a scanner, at 1 mm."""

UNITS = {
    "": 1,
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
}


def needed_bytes(patch: Shape, region: Shape) -> int:
    """The least memory for windows of ``patch`` over ``region``, both voxels z, y, x.

    The whole CT and arrays as large as it then lie in scratch files.
    """
    plane = region[1] * region[2]
    return (
        PROGRAM_BYTES
        + BYTES_PER_PATCH_VOXEL * math.prod(patch)
        + BYTES_PER_BLENDED_VOXEL * patch[0] * plane
        + BYTES_PER_SLAB_VOXEL * SLAB_PLANES * plane
    )


def check_budget(max_ram: int | None, patch: Shape, region: Shape, held_bytes: int = 0) -> None:
    """Refuse a run that cannot stay within ``max_ram`` bytes.

    Args:
        held_bytes: whatever else is held, such as a result that must be made in one piece.

    Raises:
        MemoryLimitError: it cannot; the message says how much it needs.
    """
    needed = needed_bytes(patch, region) + held_bytes
    if max_ram is not None and needed > max_ram:
        raise _over(max_ram, needed)


def check_reading(max_ram: int | None, held_bytes: int) -> None:
    """Refuse to read a file that must be held as a whole if that would break ``max_ram``.

    Args:
        held_bytes: the most that is held of the file at any time.

    Raises:
        MemoryLimitError: it would; the message says how much it needs.
    """
    needed = PROGRAM_BYTES + held_bytes
    if max_ram is not None and needed > max_ram:
        raise _over(max_ram, needed)


def keep_budget(max_ram: int | None, memory: RunMemory) -> None:
    """Give up rather than hold more than allowed, in case the plan was too low.

    Raises:
        MemoryLimitError: the run has held more than ``max_ram`` bytes.
    """
    held = memory.peak_bytes
    if max_ram is not None and held > max_ram:
        raise _over(max_ram, held)


def beside_the_caller() -> RunMemory:
    """The memory of a run that begins now, not counting what the process already holds."""
    return RunMemory(of_others=max(0, held_bytes() - PROGRAM_BYTES))


def in_memory_bytes(max_ram: int | None) -> int:
    """The size up to which arrays are kept in memory; it shrinks with the budget."""
    if max_ram is None:
        return IN_MEMORY_BYTES
    spare = max_ram - needed_bytes(PUBLISHED_PATCH, WIDE_REGION)
    return max(0, min(IN_MEMORY_BYTES, spare // OPEN_ARRAYS))


def parse_bytes(text: str) -> int:
    """The number of bytes in a text such as "2GiB", "1.5 GB" or "800MiB".

    Raises:
        ValueError: it is no such text.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*)\s*", text)
    unit = match and UNITS.get(match[2].upper())
    if not match or not unit:
        raise ValueError(f"{text} is no amount of memory; write it like 2GiB or 800MiB")
    return int(float(match[1]) * unit)


def _over(max_ram: int, needed: int) -> MemoryLimitError:
    return MemoryLimitError(
        sentence(
            "This needs {0:.2f} GiB of memory, more than the {1:.2f} GiB allowed.",
            needed / 2**30,
            max_ram / 2**30,
        ),
        "Allow as much with --max-ram, or close other programs.",
    )
