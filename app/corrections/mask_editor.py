"""Corrections by hand: pieces removed, a brush and an eraser, and every step undone.

A mask is yes or no in each voxel, so that a correction is just the set of voxels that change sides:
applying it once does it, applying it again undoes it. Voxel indices are x, y, z; arrays z, y, x.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.components import find_pieces, labelled_slabs
from inference.system.scratch import new_array
from inference.values.geometry import Geometry, Triple, Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled
from inference.values.slabs import bounding_box, release, slabs

Box = tuple[slice, slice, slice]
"""Slices z, y, x."""

HISTORY_BYTES = 64 * 2**20
"""What undo may hold: three corrections of a whole 512×512×600 mask, or days of brush strokes."""


IN_MEMORY_BYTES = 16 * 2**20
"""The largest mask whose copy for correcting lives in memory; a larger one lives in a scratch file,
of which no more is held than the planes that are looked at."""

SLAB_VOXELS = 2**19
"""Voxels in which pieces are looked for at a time: at most some twenty megabytes of
labels."""


@dataclass(frozen=True, eq=False)
class Correction:
    """Voxels that change sides.

    Attributes:
        box: what holds them all.
        flips: one bit for each voxel of the box, plane by plane, each packed by itself; 1 where it
            changes.
    """

    box: Box
    flips: NDArray[np.uint8]

    @classmethod
    def of(cls, box: Box, changes: NDArray[np.bool_]) -> "Correction | None":
        """The correction that flips ``changes`` within ``box``; None where that is nothing."""
        inner = bounding_box(changes)
        if inner is None:
            return None
        return cls(_within(box, inner), packed(changes[inner]))

    def changes(self) -> NDArray[np.bool_]:
        """The voxels of the box that change, unpacked."""
        return self._unpacked(slice(0, len(self.flips)))

    def apply_to(self, voxels: NDArray[np.uint8]) -> None:
        """Do it in place, or undo it where it was done."""
        within = voxels[self.box]
        for part, slab in slabs(within, planes_at_a_time(within.shape)):
            slab ^= self._unpacked(part)

    def followed_by(self, other: "Correction") -> "Correction | None":
        """Both as one; None where the second takes the first back."""
        pairs = zip(self.box, other.box, strict=True)
        z, y, x = (slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in pairs)
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
    """Planes z, y, x as bits, one row a plane."""
    return np.packbits(changes.reshape(len(changes), -1), axis=1)


def _box(low: NDArray[np.int64], high: NDArray[np.int64]) -> Box:
    """From the first to one past the last voxel, both z, y, x."""
    z, y, x = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def _within(box: Box, inner: Box) -> Box:
    """The part ``inner`` of ``box`` where the box's own slices lead."""
    z, y, x = (
        slice(outer.start + part.start, outer.start + part.stop)
        for outer, part in zip(box, inner, strict=True)
    )
    return z, y, x


def planes_at_a_time(shape: tuple[int, ...]) -> int:
    """How many planes of z, y, x hold ``SLAB_VOXELS``."""
    return max(1, SLAB_VOXELS // (shape[1] * shape[2]))


def remove_component(
    mask: Mask, voxel: Voxel, cancel: CancelCheck = never_cancelled
) -> Correction | None:
    """What takes away the connected piece at ``voxel``; None where there is no spine.

    Pieces touch by a face, an edge or a corner.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    return _by_component(mask, voxel, lambda pieces, here: pieces == here, cancel)


def keep_component(
    mask: Mask, voxel: Voxel, cancel: CancelCheck = never_cancelled
) -> Correction | None:
    """What takes away all other pieces; None where there is no spine, or no other piece.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    return _by_component(mask, voxel, lambda pieces, here: pieces != here, cancel)


def _by_component(
    mask: Mask,
    voxel: Voxel,
    choose: Callable[[NDArray[np.int64], int], NDArray[np.bool_]],
    cancel: CancelCheck,
) -> Correction | None:
    """The correction of the pieces that ``choose`` picks, given all numbers and the one here."""
    x, y, z = voxel
    around = bounding_box(mask.voxels) if mask.voxels[z, y, x] else None
    if around is None:
        return None
    z, y, x = (at - part.start for at, part in zip((z, y, x), around, strict=True))
    spine = mask.voxels[around]
    planes = planes_at_a_time(spine.shape)
    found = find_pieces(spine, 1, planes, cancel)
    here = next(
        int(found.of_label[labels[z - part.start, y, x]])
        for part, _, labels in labelled_slabs(spine, 1, planes, cancel)
        if part.start <= z < part.stop
    )
    chosen = found.numbers[choose(found.numbers, here)]
    if not len(chosen):
        return None
    low, high = found.corners[0, chosen].min(axis=0), found.corners[1, chosen].max(axis=0) + 1
    inner = _box(low, high)
    changes = np.isin(found.of_label, chosen)
    flips = [
        packed(changes[labels[max(0, inner[0].start - part.start) :, inner[1], inner[2]]])
        for part, _, labels in labelled_slabs(spine, 1, planes, cancel)
        if part.start < inner[0].stop and part.stop > inner[0].start
    ]
    depth = inner[0].stop - inner[0].start
    return Correction(_within(around, inner), np.concatenate(flips)[:depth])


def paint(
    mask: Mask, start: Voxel, end: Voxel, *, across: int, radius_mm: float, erase: bool
) -> Correction | None:
    """What a disc changes that moves from ``start`` to ``end`` within one slice.

    Args:
        across: the voxel axis across the slice, 0, 1, 2 for x, y, z; ``end`` lies in the slice of
            ``start`` whatever its own index says.
        radius_mm: of the disc; the voxels under its middle are always within.
        erase: take away instead of adding.
    """
    box = _around(mask.geometry, start, end, across, radius_mm)
    within = _distances_mm(mask.geometry.spacing, box, start, end, across) <= radius_mm
    for x, y, z in (start, end):
        place = [z, y, x]
        place[2 - across] = box[2 - across].start
        within[tuple(at - part.start for at, part in zip(place, box, strict=True))] = True
    return Correction.of(box, within & (mask.voxels[box] == (1 if erase else 0)))


def _around(geometry: Geometry, start: Voxel, end: Voxel, across: int, radius_mm: float) -> Box:
    """The voxels that a disc can reach, held inside the grid."""
    parts = []
    for axis in range(3):
        if axis == across:
            parts.append(slice(start[axis], start[axis] + 1))
            continue
        reach = int(radius_mm / geometry.spacing[axis])
        first = max(0, min(start[axis], end[axis]) - reach)
        last = min(geometry.size[axis] - 1, max(start[axis], end[axis]) + reach)
        parts.append(slice(first, last + 1))
    x, y, z = parts
    return z, y, x


def _distances_mm(
    spacing: Triple, box: Box, start: Voxel, end: Voxel, across: int
) -> NDArray[np.float64]:
    """Millimetres of each voxel of the box from the line between two voxels of its slice."""
    in_plane = np.array([axis != across for axis in range(3)])
    line = (np.array(end) - start) * spacing * in_plane
    z, y, x = np.mgrid[box]
    offsets = (np.stack([x, y, z], axis=-1) - start) * spacing * in_plane
    along = np.clip(offsets @ line / max(float(line @ line), 1e-12), 0.0, 1.0)
    return np.asarray(np.linalg.norm(offsets - along[..., None] * line, axis=-1))


class MaskEditor:
    """A mask that is being corrected, and the way back."""

    def __init__(self, mask: Mask, history_bytes: int = HISTORY_BYTES) -> None:
        """Begin with a copy of what the run found.

        Args:
            history_bytes: what undo may hold; the oldest corrections are forgotten beyond it.

        Raises:
            ScratchDiskError: the disk has no room for the copy.
        """
        self._voxels = new_array(mask.voxels.shape, np.uint8, IN_MEMORY_BYTES)
        for part, slab in slabs(mask.voxels):
            self._voxels[part] = slab
            release(self._voxels)
        self._geometry = mask.geometry
        self._history_bytes = history_bytes
        self._done: list[Correction] = []
        self._undone: list[Correction] = []
        self._corrected_for_good = mask.corrected
        self._brush_is_down = False

    @property
    def mask(self) -> Mask:
        """The mask as it is now; later corrections change its voxels in place."""
        corrected = self._corrected_for_good or bool(self._done)
        return Mask(self._voxels, self._geometry, corrected)

    @property
    def can_undo(self) -> bool:
        """Whether there is a correction to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one was taken back and nothing else was done since."""
        return bool(self._undone)

    def correct(self, correction: Correction) -> None:
        """Do a correction that was made for the mask as it is."""
        self.end_stroke()
        correction.apply_to(self._voxels)
        self._remember(correction)

    def continue_stroke(self, correction: Correction) -> None:
        """Do one move of a brush; all moves until ``end_stroke`` are undone together."""
        correction.apply_to(self._voxels)
        whole: Correction | None = correction
        if self._brush_is_down:
            whole = self._done.pop().followed_by(correction)
        self._brush_is_down = whole is not None
        if whole is not None:
            self._remember(whole)

    def end_stroke(self) -> None:
        """The brush was lifted."""
        self._brush_is_down = False

    def undo(self) -> None:
        """Take the last correction back, if there is one."""
        self._move(self._done, self._undone)

    def redo(self) -> None:
        """Do again what was taken back last, if there is anything."""
        self._move(self._undone, self._done)

    def _move(self, source: list[Correction], target: list[Correction]) -> None:
        self.end_stroke()
        if source:
            correction = source.pop()
            correction.apply_to(self._voxels)
            target.append(correction)

    def _remember(self, correction: Correction) -> None:
        self._undone.clear()
        self._done.append(correction)
        while sum(one.flips.nbytes for one in self._done) > self._history_bytes:
            del self._done[0]
            self._corrected_for_good = True
            self._brush_is_down = bool(self._done) and self._brush_is_down
