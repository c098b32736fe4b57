"""Connected pieces of a volume, found slab by slab."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.scratch import slabs

Labels = NDArray[np.int64]

MIN_COMPONENT_ML = 10.0
"""Smallest piece of spine that is kept, in millilitres.

Measured on ircad07 with the bundled model: the whole spine is one piece of 469 mL, and what lies
apart from it is wrong, in pieces of up to 7.4 mL (contrast in the aorta). Keeping the largest piece
alone, as the published method does, scores the same there, but loses what a scan or a fracture
parts from the rest; a thoracic or lumbar vertebra has 15 mL and more."""


@dataclass(frozen=True)
class Components:
    """How many connected pieces were kept and dropped."""

    kept: int
    dropped: int


def drop_small_components(
    probability: NDArray[np.uint8], threshold: int, voxel_volume_ml: float
) -> Components:
    """Set to zero, in place, every connected piece of less than ``MIN_COMPONENT_ML``.

    Pieces are voxels of at least ``threshold`` that touch by a face, an edge or a corner. What
    lies below the threshold is left as it is: it shapes the edge of the pieces that stay when
    they are interpolated, and can add none of its own.

    Args:
        probability: bytes, z, y, x.
        threshold: the least byte that is spine.
        voxel_volume_ml: of one voxel of ``probability``.
    """
    sizes = np.zeros(1, dtype=np.int64)
    contacts: list[tuple[int, int]] = []
    below: Labels | None = None
    for _, labels in _labelled_slabs(probability, threshold):
        earlier, sizes = sizes, np.bincount(labels.ravel(), minlength=len(sizes))
        sizes[: len(earlier)] += earlier
        if below is not None:
            contacts += _contacts(below, labels[0])
        below = labels[-1]
    piece_of = _merge(len(sizes), contacts)
    volumes_ml = np.bincount(piece_of, weights=sizes, minlength=len(sizes)) * voxel_volume_ml
    small = volumes_ml < MIN_COMPONENT_ML
    small[0] = False  # label 0 is what is no spine
    for slab, labels in _labelled_slabs(probability, threshold):
        slab[small[piece_of[labels]]] = 0
    pieces = np.unique(piece_of[1:])
    dropped = int(small[pieces].sum())
    return Components(kept=len(pieces) - dropped, dropped=dropped)


def _labelled_slabs(
    probability: NDArray[np.uint8], threshold: int
) -> Iterator[tuple[NDArray[np.uint8], Labels]]:
    """Each slab with the numbers of its pieces, which go on from slab to slab; 0 is no spine."""
    count = 0
    for _, slab in slabs(probability):
        spine = sitk.GetImageFromArray((slab >= threshold).view(np.uint8))
        labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(spine, True)).astype(np.int64)
        found = int(labels.max())
        labels[labels > 0] += count
        count += found
        yield slab, labels


def _contacts(below: Labels, above: Labels) -> list[tuple[int, int]]:
    """Pairs of pieces that touch across two neighbouring planes."""
    height, width = above.shape
    padded = np.pad(below, 1)
    pairs: set[tuple[int, int]] = set()
    for y, x in itertools.product(range(3), range(3)):
        shifted = padded[y : y + height, x : x + width]
        both = (shifted > 0) & (above > 0)
        pairs.update(zip(shifted[both].tolist(), above[both].tolist(), strict=True))
    return sorted(pairs)


def _merge(count: int, contacts: Iterable[tuple[int, int]]) -> Labels:
    """The lowest label of the piece that each of ``count`` labels belongs to."""
    lowest = list(range(count))

    def find(label: int) -> int:
        while lowest[label] != label:
            lowest[label] = lowest[lowest[label]]
            label = lowest[label]
        return label

    for one, other in contacts:
        first, second = sorted((find(one), find(other)))
        lowest[second] = first
    return np.array([find(label) for label in range(count)], dtype=np.int64)
