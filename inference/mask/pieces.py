"""Small pieces of a vertebra that lie apart from it: they belong to the neighbour they touch."""

import itertools
from collections import Counter

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Slices
from inference.values.progress import CancelCheck, never_cancelled, stop_if
from inference.values.slabs import label_boxes, voxels_in

LEAST_PIECE_ML = 1.0
"""A piece of a vertebra that is smaller, lies apart from the rest and touches another vertebra is
that one's. In 21 masks of ``../shared/ct`` the largest that a border had cut from its vertebra had
1.1 mL. Arches that the edge of the scan parts from their bodies have 5 mL and more."""


def give_pieces_to_neighbours(
    labels: NDArray[np.uint8], voxel_ml: float, cancel: CancelCheck = never_cancelled
) -> None:
    """Give small pieces to the vertebra that they touch the most, until none is left.

    The largest piece of a vertebra remains its own, and so does whatever touches no other. Voxels
    touch by a face, an edge or a corner.

    Args:
        labels: z, y, x; 0 outside the spine. They are changed.
        voxel_ml: volume of a voxel, in millilitres.

    Raises:
        CancelledError: ``cancel`` said so between two vertebrae.
    """
    least = LEAST_PIECE_ML / voxel_ml
    boxes = label_boxes(labels)
    waiting = set(boxes) if len(boxes) > 1 else set()
    while waiting:  # every change joins two pieces, so it ends
        changed: set[int] = set()
        for number in sorted(waiting & set(boxes)):
            stop_if(cancel)
            given = _give_those_of(number, labels, boxes[number], least)
            for other in given:
                boxes[other] = _around(boxes[other], boxes[number])
            changed |= {number, *given} if given else set()
        waiting = changed


def _give_those_of(number: int, labels: NDArray[np.uint8], box: Slices, least: float) -> set[int]:
    """Give the small pieces of a vertebra away; returns to which others."""
    its = labels[box] == number
    found = sitk.ConnectedComponent(sitk.GetImageFromArray(its.view(np.uint8)), True)
    inside = voxels_in(its)
    piece = sitk.GetArrayViewFromImage(found)[inside].astype(np.intp)
    sizes = np.bincount(piece)
    small = sizes < least
    small[sizes.argmax()] = False
    apart = np.flatnonzero(small[piece])
    if not len(apart):
        return set()
    piece = piece[apart]
    voxels = tuple(axis[apart] + part.start for axis, part in zip(inside, box, strict=True))
    pairs: Counter[tuple[int, int]] = Counter()
    for step in itertools.product((-1, 0, 1), repeat=3):
        beside = [axis + move for axis, move in zip(voxels, step, strict=True)]
        here = np.all(
            [(axis >= 0) & (axis < size) for axis, size in zip(beside, labels.shape, strict=True)],
            axis=0,
        )
        others = labels[tuple(axis[here] for axis in beside)]
        touching = (others != 0) & (others != number)
        pairs.update(zip(piece[here][touching].tolist(), others[touching].tolist(), strict=True))
    to = np.full(len(sizes), number, np.uint8)
    for (own, other), _ in sorted(pairs.items(), key=lambda pair: (pair[1], -pair[0][1])):
        to[own] = other  # the one that it touches the most comes last
    labels[voxels] = to[piece]
    return {int(other) for other in np.unique(to[piece])} - {number}


def _around(one: Slices, other: Slices) -> Slices:
    z, y, x = (
        slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )
    return z, y, x
