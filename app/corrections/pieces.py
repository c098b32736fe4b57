"""Connected pieces of a mask: removes one, or all others."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.corrections.correction import (
    Box,
    Correction,
    box_between,
    packed,
    part_of,
    planes_at_a_time,
)
from inference.mask.components import Pieces, find_pieces, labelled_slabs
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, never_cancelled
from inference.values.slabs import bounding_box


def remove_component(
    mask: Mask, voxel: Voxel, cancel: CancelCheck = never_cancelled
) -> Correction | None:
    """The removal of the connected piece at ``voxel``; None if there is no spine.

    Pieces touch by a face, an edge or a corner.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    return _by_component(mask, voxel, lambda pieces, here: pieces == here, cancel)


def keep_component(
    mask: Mask, voxel: Voxel, cancel: CancelCheck = never_cancelled
) -> Correction | None:
    """The removal of all other pieces; None if there is no spine, or no other piece.

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
    """The removal of the pieces that ``choose`` picks, given all numbers and the one here."""
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
    return correction_of(chosen, found, spine, around, cancel) if len(chosen) else None


def correction_of(
    chosen: NDArray[np.int64],
    found: Pieces,
    spine: NDArray[np.uint8],
    around: Box,
    cancel: CancelCheck,
) -> Correction:
    """The removal of the ``chosen`` pieces of those found in ``spine``.

    Args:
        around: where ``spine`` lies in the mask.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    planes = planes_at_a_time(spine.shape)
    low, high = found.corners[0, chosen].min(axis=0), found.corners[1, chosen].max(axis=0) + 1
    inner = box_between(low, high)
    changes = np.isin(found.of_label, chosen)
    flips = [
        packed(changes[labels[max(0, inner[0].start - part.start) :, inner[1], inner[2]]])
        for part, _, labels in labelled_slabs(spine, 1, planes, cancel)
        if part.start < inner[0].stop and part.stop > inner[0].start
    ]
    depth = inner[0].stop - inner[0].start
    return Correction(part_of(around, inner), np.concatenate(flips)[:depth])
