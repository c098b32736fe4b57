"""A mask that is being corrected by hand, with undo and redo."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from app.corrections.correction import IN_MEMORY_BYTES, Correction, box_around, voxels_in_box
from inference.system.scratch import new_array
from inference.values.mask import Mask
from inference.values.slabs import release, slabs

HISTORY_BYTES = 64 * 2**20
"""Memory for undo: three corrections of a whole 512×512×600 mask, or days of brush strokes."""

JOINED_VOXELS = 2**19
"""The largest box in which the moves of a stroke are joined, which takes 2 ms. Beyond it another
piece begins, so that a move of a long stroke takes no longer than that of a short one."""


@dataclass(frozen=True, eq=False)
class Step:
    """What is undone at once, and what it was made with.

    Attributes:
        pieces: corrections to be applied one after the other, in any order.
    """

    what: Hashable
    pieces: tuple[Correction, ...]

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return sum(piece.flips.nbytes for piece in self.pieces)

    def with_move(self, move: Correction) -> "Step | None":
        """This step and another move of the same brush; None if they undo each other."""
        *before, last = self.pieces
        if voxels_in_box(box_around(last.box, move.box)) > JOINED_VOXELS:
            return Step(self.what, (*self.pieces, move))
        joined = last.followed_by(move)
        pieces = (*before, joined) if joined is not None else tuple(before)
        return Step(self.what, pieces) if pieces else None


class MaskEditor:
    """A mask that is being corrected, and its history."""

    def __init__(self, mask: Mask, history_bytes: int = HISTORY_BYTES) -> None:
        """Start with a copy of what the run found.

        Args:
            history_bytes: memory for undo; beyond it the oldest corrections are forgotten.

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
        corrected = True if self._done else self._corrected_for_good
        return Mask(self._voxels, self._geometry, corrected)

    @property
    def can_undo(self) -> bool:
        """Whether there is a correction to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one was undone and nothing else has been done since."""
        return bool(self._undone)

    @property
    def done(self) -> tuple[Hashable, ...]:
        """What the corrections that can be undone were made with, latest first."""
        return tuple(step.what for step in reversed(self._done))

    def correct(self, correction: Correction, what: Hashable = None) -> None:
        """Apply a correction that was made with ``what`` for the present mask."""
        self.end_stroke()
        correction.apply_to(self._voxels)
        self._remember(Step(what, (correction,)))

    def continue_stroke(self, correction: Correction, what: Hashable = None) -> None:
        """Apply one move of a brush; all moves until ``end_stroke`` are undone together."""
        correction.apply_to(self._voxels)
        step: Step | None = Step(what, (correction,))
        if self._brush_is_down:
            step = self._done.pop().with_move(correction)
        self._brush_is_down = step is not None
        if step is not None:
            self._remember(step)

    def end_stroke(self) -> None:
        """The brush was lifted."""
        self._brush_is_down = False

    def undo(self) -> None:
        """Undo the last correction, if there is one."""
        self._move(self._done, self._undone)

    def redo(self) -> None:
        """Redo the correction that was undone last, if there is one."""
        self._move(self._undone, self._done)

    def _move(self, source: list[Step], target: list[Step]) -> None:
        self.end_stroke()
        if source:
            step = source.pop()
            for piece in step.pieces:
                piece.apply_to(self._voxels)
            target.append(step)

    def _remember(self, step: Step) -> None:
        self._undone.clear()
        self._done.append(step)
        while sum(one.nbytes for one in self._done) > self._history_bytes:
            del self._done[0]
            self._corrected_for_good = True
            self._brush_is_down = bool(self._done) and self._brush_is_down
