"""Connected pieces of a volume, found slab by slab."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.values.geometry import Geometry, Triple, as_triple
from inference.values.messages import Sentence, joined, sentence
from inference.values.progress import CancelCheck, never_cancelled, stopping
from inference.values.slabs import SLAB_PLANES, slabs

Labels = NDArray[np.int64]

Reason = Literal["small", "apart"]
"""Why a piece is not part of the spine: it is smaller than ``MIN_COMPONENT_ML``, or it does not
continue the spine within ``GAP_MM``."""

MIN_COMPONENT_ML = 10.0
"""Smallest piece of spine that is kept, in millilitres; a thoracic vertebra has 15 mL and more."""

GAP_MM = 30.0
"""How far apart pieces of one spine may lie along the body: the height of a missed vertebra.

In the nine series of ``../shared/ct/unlabelled``, in ircad01 and in ircad07, the spine is the
largest piece, and every other piece of 10 mL or more lies beside it and is wrong (shoulder, arm,
table). Keeping only the largest piece, as the published method does, would lose half a spine where
metal or a fracture divides it."""


NOTED_ML = 1.0
"""Smallest dropped piece that is reported: half a spinous process. Smaller ones are specks, often
in dozens."""

NAMED_PIECES = 3
"""How many of the pieces dropped for one reason are named; the rest are only counted."""


@dataclass(frozen=True)
class DroppedPiece:
    """A connected piece that was not taken as part of the spine.

    Attributes:
        volume_ml: millilitres.
        centre_mm: LPS millimetres of the middle of the box around it.
    """

    volume_ml: float
    centre_mm: Triple
    reason: Reason


@dataclass(frozen=True)
class Components:
    """Which connected pieces were kept and dropped.

    Attributes:
        kept, dropped: how many pieces.
        noted: the dropped pieces of ``NOTED_ML`` or more, the largest first.
    """

    kept: int
    dropped: int
    noted: tuple[DroppedPiece, ...] = ()


def dropped_notes(components: Components, scan: Geometry) -> tuple[Sentence, ...]:
    """Plain sentences about the dropped pieces and where they lay in the scan."""
    small = [piece for piece in components.noted if piece.reason == "small"]
    apart = [piece for piece in components.noted if piece.reason == "apart"]
    notes = []
    if small:
        notes.append(
            sentence(
                "Left out as too small to be spine (below {0:.0f} mL): {1}. Check the scan there.",
                MIN_COMPONENT_ML,
                _places(small, scan),
            )
        )
    if apart:
        notes.append(
            sentence(
                "Left out as not part of the spine (beside it, or more than {0:.0f} mm above or "
                "below it): {1}. Check the scan there.",
                GAP_MM,
                _places(apart, scan),
            )
        )
    return tuple(notes)


def _places(pieces: list[DroppedPiece], scan: Geometry) -> Sentence:
    """How large the pieces are and how far below the head end of the scan they lie."""
    top_mm = scan.outer_corners()[:, 2].max()
    told = [
        sentence(
            "{0:.1f} mL, {1:.0f} cm below the top of the scan",
            piece.volume_ml,
            (top_mm - piece.centre_mm[2]) / 10,
        )
        for piece in pieces[:NAMED_PIECES]
    ]
    more = pieces[NAMED_PIECES:]
    if more:
        told.append(
            sentence("{0} more with {1:.0f} mL", len(more), sum(one.volume_ml for one in more))
        )
    return joined(told, "; ")


def keep_spine_components(
    probability: NDArray[np.uint8], threshold: int, grid: Geometry
) -> Components:
    """Set to zero, in place, every connected piece that is no part of the spine.

    The spine is the largest piece, and from there up and down the pieces of ``MIN_COMPONENT_ML``
    and more that follow within ``GAP_MM`` and overlap when looked at along the body. Pieces are
    voxels of at least ``threshold`` that touch by a face, an edge or a corner. What lies below the
    threshold is left as it is: it shapes the edge of the pieces that stay when they are
    interpolated, and can add none of its own.

    Args:
        probability: bytes, z, y, x.
        threshold: the least byte that is spine.
        grid: of ``probability``, in canonical orientation.
    """
    found = find_pieces(probability, threshold)
    pieces = found.numbers
    volumes_ml = found.sizes * grid.voxel_volume_ml
    spine = _chain(pieces, volumes_ml, found.corners, GAP_MM / grid.spacing[2])
    lost = np.setdiff1d(pieces, spine)
    drop = np.isin(found.of_label, lost)
    for _, slab, labels in labelled_slabs(probability, threshold):
        slab[drop[labels]] = 0
    noted = [
        _dropped(volumes_ml[piece], found.corners[:, piece], grid)
        for piece in sorted(lost, key=lambda piece: -volumes_ml[piece])
        if volumes_ml[piece] >= NOTED_ML
    ]
    return Components(kept=len(spine), dropped=len(lost), noted=tuple(noted))


def _dropped(volume_ml: float, corners: Labels, grid: Geometry) -> DroppedPiece:
    """A piece between its corners, first and last voxel, 2×3 in z, y, x."""
    (centre,) = grid.to_patient(corners.mean(axis=0)[np.newaxis, ::-1])
    reason: Reason = "small" if volume_ml < MIN_COMPONENT_ML else "apart"
    return DroppedPiece(float(volume_ml), as_triple(centre), reason)


def _chain(
    pieces: Labels, volumes_ml: NDArray[np.floating], boxes: Labels, gap: float
) -> list[int]:
    """The largest of ``pieces`` and what follows it up and down.

    Args:
        boxes: of each label, first and last voxel, 2×N×3 in z, y, x.
        gap: from the last plane of one to the first of the next, in planes.
    """
    large = [int(p) for p in pieces if volumes_ml[p] >= MIN_COMPONENT_ML]
    if not large:
        return []
    chain = [max(large, key=lambda piece: volumes_ml[piece])]
    left = set(large) - set(chain)
    for link in chain:  # grows while it is walked
        low, high = boxes[:, link] - [[gap, 0, 0], [-gap, 0, 0]]
        near = [
            p for p in sorted(left) if (boxes[0, p] <= high).all() and (boxes[1, p] >= low).all()
        ]
        chain += near
        left -= set(near)
    return chain


@dataclass(frozen=True, eq=False)
class Pieces:
    """The connected pieces of a volume, each known by the lowest of its labels.

    Attributes:
        of_label: the piece of each label that ``labelled_slabs`` gives; 0 is no piece.
        sizes: voxels of each piece.
        corners: first and last voxel of each piece, 2×N×3 in z, y, x.
    """

    of_label: Labels
    sizes: Labels
    corners: Labels

    @property
    def numbers(self) -> Labels:
        """The pieces in ascending order."""
        return np.unique(self.of_label[1:])


def find_pieces(
    voxels: NDArray[np.uint8],
    least: int,
    planes: int = SLAB_PLANES,
    cancel: CancelCheck = never_cancelled,
) -> Pieces:
    """The pieces of voxels of at least ``least`` that touch by a face, an edge or a corner.

    Args:
        voxels: z, y, x.
        planes: how many are looked at at a time.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    sizes = np.zeros(1, dtype=np.int64)
    boxes = Boxes(voxels.shape)
    contacts: list[tuple[int, int]] = []
    below: Labels | None = None
    for part, _, labels in labelled_slabs(voxels, least, planes, cancel):
        boxes.add(labels, part.start)
        earlier, sizes = sizes, np.bincount(labels.ravel(), minlength=len(sizes))
        sizes[: len(earlier)] += earlier
        if below is not None:
            contacts += _contacts(below, labels[0])
        below = labels[-1].copy()  # a view would keep the whole slab
    of_label = _merge(len(sizes), contacts)
    sizes = np.bincount(of_label, weights=sizes, minlength=len(sizes)).astype(np.int64)
    return Pieces(of_label, sizes, boxes.merged(of_label))


class Boxes:
    """The first and last voxel, z, y, x, of numbered pieces that come slab by slab."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        """Expect pieces of a volume of ``shape``."""
        self._outside = max(shape)
        self._corners = np.empty((2, 0, 3), dtype=np.int64)

    def add(self, labels: Labels, first_plane: int) -> None:
        """Note the voxels of a slab that begins at ``first_plane``."""
        self._grow(int(labels.max()) + 1)
        voxels = np.nonzero(labels)
        of = labels[voxels]
        for axis, indices in enumerate(voxels):
            along = indices + (first_plane if axis == 0 else 0)
            np.minimum.at(self._corners[0, :, axis], of, along)
            np.maximum.at(self._corners[1, :, axis], of, along)

    def merged(self, piece_of: Labels) -> Labels:
        """Corners, 2×N×3, where each label's piece is ``piece_of`` it."""
        self._grow(len(piece_of))
        corners = self._corners.copy()
        np.minimum.at(corners[0], piece_of, self._corners[0])
        np.maximum.at(corners[1], piece_of, self._corners[1])
        return corners

    def _grow(self, count: int) -> None:
        more = max(0, count - self._corners.shape[1])
        empty = np.stack([np.full((more, 3), self._outside), np.full((more, 3), -1)])
        self._corners = np.concatenate([self._corners, empty], axis=1)


def labelled_slabs(
    voxels: NDArray[np.uint8],
    least: int,
    planes: int = SLAB_PLANES,
    cancel: CancelCheck = never_cancelled,
) -> Iterator[tuple[slice, NDArray[np.uint8], Labels]]:
    """The planes of each slab, the slab, and its voxels' labels: 0 below ``least``.

    The labels continue from slab to slab, and are the same each time.

    Raises:
        CancelledError: ``cancel`` said so between two slabs.
    """
    count = 0
    for part, slab in stopping(slabs(voxels, planes), cancel):
        solid = sitk.GetImageFromArray((slab >= least).view(np.uint8))
        labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(solid, True)).astype(np.int64)
        found = int(labels.max())
        labels[labels > 0] += count
        count += found
        yield part, slab, labels


def _contacts(below: Labels, above: Labels) -> list[tuple[int, int]]:
    """Pairs of labels that touch across two neighbouring planes."""
    height, width = above.shape
    padded = np.pad(below, 1)
    count = int(above.max()) + 1
    pairs: set[int] = set()
    for y, x in itertools.product(range(3), range(3)):
        shifted = padded[y : y + height, x : x + width]
        both = (shifted > 0) & (above > 0)
        pairs.update(np.unique(shifted[both] * count + above[both]).tolist())
    return [divmod(pair, count) for pair in sorted(pairs)]


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
