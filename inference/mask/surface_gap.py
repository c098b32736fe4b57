"""How far the surfaces of two masks lie apart, in little memory.

A map of distances takes four bytes and more of each voxel. But only the distance within which most
of both surfaces have each other is asked for, and that is short where two masks are of one thing.
So each voxel of a surface is looked for on the other one, nearest places first, until enough are
found.
"""

import math

import numpy as np
from numpy.typing import NDArray

from inference.values.geometry import Slices, Triple
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import bounding_box, slabs

SHARE = 0.95
"""Of the voxels of both surfaces: a few stray ones do not decide the figure (HD95)."""

FURTHEST_MM = 10.0
"""Half a vertebra: what lies further apart is no other outline of one spine, and the places to look
at become too many."""


def hd95_mm(
    mask: NDArray[np.uint8],
    other: NDArray[np.uint8],
    spacing: Triple,
    cancel: CancelCheck = never_cancelled,
) -> float | None:
    """The distance within which 95 % of the surfaces of two masks have each other, in millimetres.

    Surfaces are the voxels of a mask that touch its outside by a face; what the volume's edge cuts
    off is outside. Those of both masks are counted together: the 95th percentile of Hausdorff's
    distance.

    Args:
        mask, other: z, y, x.
        spacing: millimetres, x, y, z.

    Returns:
        0 if both masks are empty; None if one is, or if they are further apart than
        ``FURTHEST_MM``.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    boxes = [box for voxels in (mask, other) if (box := bounding_box(voxels)) is not None]
    if len(boxes) < 2:
        return None if boxes else 0.0
    box = _around(*boxes)
    reach = tuple(math.floor(FURTHEST_MM / mm) for mm in spacing[::-1])
    padded = tuple(part.stop - part.start + 2 * n for part, n in zip(box, reach, strict=True))
    left = [_surface(voxels[box], reach, padded, cancel) for voxels in (mask, other)]
    bits = [_packed(places, math.prod(padded)) for places in left]
    enough = sum(map(len, left)) * (1 - SHARE)
    for step, mm in zip(*_steps(reach, padded, spacing), strict=True):
        stop_if(cancel)
        for number, places in enumerate(left):
            there = places + step
            found = bits[1 - number][there >> 3] >> (there & 7).astype(np.uint8) & 1
            left[number] = places[found == 0]
        if sum(map(len, left)) <= enough:
            return float(mm)
    return None


def _around(one: Slices, other: Slices) -> Slices:
    z, y, x = (
        slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )
    return z, y, x


def _surface(
    mask: NDArray[np.uint8],
    reach: tuple[int, ...],
    padded: tuple[int, ...],
    cancel: CancelCheck,
) -> NDArray[np.int64]:
    """The places of a surface's voxels in a volume with ``reach`` voxels around the mask, flat."""
    found = []
    for part, slab in slabs(mask):
        stop_if(cancel)
        inside = np.zeros([n + 2 for n in slab.shape], np.bool_)
        low, high = max(0, part.start - 1), min(len(mask), part.stop + 1)
        first = 1 - (part.start - low)
        inside[first : first + high - low, 1:-1, 1:-1] = mask[low:high] != 0
        middle = slice(1, -1)
        surrounded = inside[middle, middle, middle].copy()
        for axis in range(3):
            for beside in (slice(0, -2), slice(2, None)):
                neighbours = [middle] * 3
                neighbours[axis] = beside
                surrounded &= inside[tuple(neighbours)]
        z, y, x = np.nonzero(inside[middle, middle, middle] & ~surrounded)
        z, y, x = z + part.start + reach[0], y + reach[1], x + reach[2]
        found.append((z * padded[1] + y) * padded[2] + x)
    return np.concatenate(found)


def _packed(places: NDArray[np.int64], count: int) -> NDArray[np.uint8]:
    """A bit for each of so many places: whether it is among these."""
    bits = np.zeros(-(-count // 8), np.uint8)
    np.bitwise_or.at(bits, places >> 3, np.uint8(1) << (places & 7).astype(np.uint8))
    return bits


def _steps(
    reach: tuple[int, ...], padded: tuple[int, ...], spacing: Triple
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The way to each place within ``FURTHEST_MM``, flat, and its millimetres, nearest first."""
    z, y, x = np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij")
    mm = np.sqrt((z * spacing[2]) ** 2 + (y * spacing[1]) ** 2 + (x * spacing[0]) ** 2).ravel()
    order = np.argsort(mm, kind="stable")
    order = order[mm[order] <= FURTHEST_MM]
    flat = ((z * padded[1] + y) * padded[2] + x).ravel()
    return flat[order], mm[order]
