"""A mask that is being corrected by hand, and every step undone."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from app.corrections.correction import IN_MEMORY_BYTES, Correction
from inference.system.scratch import new_array
from inference.values.mask import Mask
from inference.values.slabs import release, slabs

HISTORY_BYTES = 64 * 2**20
"""What undo may hold: three corrections of a whole 512×512×600 mask, or days of brush strokes."""


@dataclass(frozen=True, eq=False)
class Step:
    """A correction, and what it was done with."""

    what: Hashable
    correction: Correction


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
        self._done: list[Step] = []
        self._undone: list[Step] = []
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

    @property
    def done(self) -> tuple[Hashable, ...]:
        """What can be taken back was done with these, the last one first."""
        return tuple(step.what for step in reversed(self._done))

    def correct(self, correction: Correction, what: Hashable = None) -> None:
        """Do a correction that was made, with ``what``, for the mask as it is."""
        self.end_stroke()
        correction.apply_to(self._voxels)
        self._remember(Step(what, correction))

    def continue_stroke(self, correction: Correction, what: Hashable = None) -> None:
        """Do one move of a brush; all moves until ``end_stroke`` are undone together."""
        correction.apply_to(self._voxels)
        whole: Correction | None = correction
        if self._brush_is_down:
            whole = self._done.pop().correction.followed_by(correction)
        self._brush_is_down = whole is not None
        if whole is not None:
            self._remember(Step(what, whole))

    def end_stroke(self) -> None:
        """The brush was lifted."""
        self._brush_is_down = False

    def undo(self) -> None:
        """Take the last correction back, if there is one."""
        self._move(self._done, self._undone)

    def redo(self) -> None:
        """Do again what was taken back last, if there is anything."""
        self._move(self._undone, self._done)

    def _move(self, source: list[Step], target: list[Step]) -> None:
        self.end_stroke()
        if source:
            step = source.pop()
            step.correction.apply_to(self._voxels)
            target.append(step)

    def _remember(self, step: Step) -> None:
        self._undone.clear()
        self._done.append(step)
        while sum(one.correction.flips.nbytes for one in self._done) > self._history_bytes:
            del self._done[0]
            self._corrected_for_good = True
            self._brush_is_down = bool(self._done) and self._brush_is_down
