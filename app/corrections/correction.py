"""What a manual correction changes, and how it is undone.

A mask is yes or no in each voxel, so a correction is just the set of voxels that flip: applying it
again undoes it. Voxel indices are x, y, z; arrays z, y, x.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.values.slabs import bounding_box, slabs

Box = tuple[slice, slice, slice]
"""Slices z, y, x."""

IN_MEMORY_BYTES = 16 * 2**20
"""The largest mask whose working copy is kept in memory. A larger one is kept in a scratch file, of
which only the planes in view are loaded."""

SLAB_VOXELS = 2**19
"""Voxels of a mask that are searched at a time: at most about twenty megabytes of labels."""


@dataclass(frozen=True, eq=False)
class Correction:
    """Voxels that flip.

    Attributes:
        box: the box that holds them all.
        flips: one bit for each voxel of the box, each plane packed by itself; 1 where it flips.
    """

    box: Box
    flips: NDArray[np.uint8]

    @classmethod
    def of(cls, box: Box, changes: NDArray[np.bool_]) -> "Correction | None":
        """The correction that flips ``changes`` within ``box``; None if there are none."""
        inner = bounding_box(changes)
        if inner is None:
            return None
        return cls(part_of(box, inner), packed(changes[inner]))

    def changes(self) -> NDArray[np.bool_]:
        """The voxels of the box that change, unpacked."""
        return self._unpacked(slice(0, len(self.flips)))

    def apply_to(self, voxels: NDArray[np.uint8]) -> None:
        """Do it in place, or undo it if it was done."""
        within = voxels[self.box]
        for part, slab in slabs(within, planes_at_a_time(within.shape)):
            slab ^= self._unpacked(part)

    def followed_by(self, other: "Correction") -> "Correction | None":
        """Both as one; None if the second undoes the first."""
        z, y, x = box_around(self.box, other.box)
        changes = np.zeros((z.stop - z.start, y.stop - y.start, x.stop - x.start), np.bool_)
        for one in (self, other):
            inner = tuple(
                slice(part.start - outer.start, part.stop - outer.start)
                for part, outer in zip(one.box, (z, y, x), strict=True)
            )
            changes[inner] ^= one.changes()
        return Correction.of((z, y, x), changes)

    def _unpacked(self, planes: slice) -> NDArray[np.bool_]:
        _, height, width = (part.stop - part.start for part in self.box)
        bits = np.unpackbits(self.flips[planes], axis=1, count=height * width)
        return bits.view(np.bool_).reshape(-1, height, width)


def packed(changes: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Planes z, y, x as bits, one row per plane."""
    return np.packbits(changes.reshape(len(changes), -1), axis=1)


def box_between(low: NDArray[np.int64], high: NDArray[np.int64]) -> Box:
    """From the first to one past the last voxel, both z, y, x."""
    z, y, x = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def box_around(one: Box, other: Box) -> Box:
    """The smallest box that holds both."""
    pairs = zip(one, other, strict=True)
    z, y, x = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in pairs)
    return z, y, x


def voxels_in_box(box: Box) -> int:
    """How many voxels a box holds."""
    return math.prod(part.stop - part.start for part in box)


def part_of(box: Box, inner: Box) -> Box:
    """The part ``inner`` of ``box``, as slices of the whole array."""
    z, y, x = (
        slice(outer.start + part.start, outer.start + part.stop)
        for outer, part in zip(box, inner, strict=True)
    )
    return z, y, x


def planes_at_a_time(shape: tuple[int, ...]) -> int:
    """How many planes of z, y, x hold ``SLAB_VOXELS``."""
    return max(1, SLAB_VOXELS // (shape[1] * shape[2]))
