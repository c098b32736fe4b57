"""Edits of vertebrae by the user: merge two, split one, give a piece to its neighbour.

Each function returns new vertebrae and leaves its arguments unchanged. The same voxels remain
spine; only the vertebra they belong to changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.errors import UsageError
from inference.mask.borders import Border
from inference.mask.facets import THORACIC
from inference.mask.vertebrae import MOST_VERTEBRAE, Places, Vertebrae, points_of
from inference.system.scratch import IN_MEMORY_BYTES, new_array
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.slabs import label_boxes, release, slabs

SET_BY_HAND = 1.0
"""Confidence of a border that the user has set."""


@dataclass(frozen=True, eq=False)
class Edited:
    """Vertebrae after a change.

    Attributes:
        places: the new count from the head of each previous vertebra; 0 for one that is gone.
    """

    found: Vertebrae
    places: tuple[int, ...]


def merge(found: Vertebrae, upper: int, *, in_memory: int = IN_MEMORY_BYTES) -> Edited:
    """Make one vertebra out of two.

    Args:
        upper: the count from the head of the upper one; 1 is the first.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        UsageError: there is none below it.
        MemoryLimitError: the disk has no room for a scratch file.
    """
    if not 1 <= upper < found.count:
        raise UsageError(sentence("There is no vertebra on that side to merge it with."))
    places = tuple(place - (place > upper) for place in range(1, found.count + 1))
    borders = (*found.borders[: upper - 1], *found.borders[upper:])
    return Edited(_renumbered(found, places, borders, in_memory), places)


def split(
    found: Vertebrae, vertebra: int, voxel: Voxel, *, in_memory: int = IN_MEMORY_BYTES
) -> Edited:
    """Divide a vertebra by the plane through a voxel at right angles to the centre line.

    Args:
        vertebra: counted from the head, 1, 2, ….
        voxel: x, y, z on the grid of the labels.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        UsageError: all of the vertebra lies on one side of the plane, or there are as many
            vertebrae as there can be.
        MemoryLimitError: the disk has no room for a scratch file.
    """
    if found.line is None or found.count >= MOST_VERTEBRAE:
        raise UsageError(sentence("This vertebra cannot be split."))
    (point,) = found.geometry.to_patient(np.array([voxel], dtype=float))
    border = level_border(found, float(found.line.curve.coordinates(_single(point))[0][0]))
    places = tuple(place + (place > vertebra) for place in range(1, found.count + 1))
    borders = (*found.borders[: vertebra - 1], border, *found.borders[vertebra - 1 :])
    after = _renumbered(found, places, borders, in_memory)
    above, below = 0, 0
    for planes, slab in slabs(after.labels):
        voxels = np.nonzero(slab == vertebra)
        if not len(voxels[0]):
            continue
        along, _, _ = found.line.curve.coordinates(points_of(voxels, found.geometry, planes.start))
        lower = along < border.along
        slab[tuple(axis[lower] for axis in voxels)] = vertebra + 1
        below += int(lower.sum())
        above += len(lower) - int(lower.sum())
    if not above or not below:
        raise UsageError(
            sentence("The plane at the crosshair does not cut this vertebra. Move the crosshair.")
        )
    return Edited(after, places)


def give(found: Vertebrae, voxel: Voxel, to: int, *, in_memory: int = IN_MEMORY_BYTES) -> Edited:
    """Give the connected piece of a vertebra at a voxel to a neighbour.

    Pieces touch by a face, an edge or a corner.

    Args:
        voxel: x, y, z on the grid of the labels.
        to: the neighbour, counted from the head.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        UsageError: there is no vertebra at the voxel, no such neighbour, or the vertebra is all
            one piece.
        MemoryLimitError: the disk has no room for a scratch file.
    """
    x, y, z = voxel
    vertebra = int(found.labels[z, y, x])
    if not vertebra:
        raise UsageError(sentence("There is no vertebra at the crosshair."))
    if not 1 <= to <= found.count or abs(to - vertebra) != 1:
        raise UsageError(sentence("There is no neighbour on that side."))
    box = label_boxes(found.labels)[vertebra]
    its = (found.labels[box] == vertebra).view(np.uint8)
    pieces = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(its), True))
    here = pieces[tuple(at - part.start for at, part in zip((z, y, x), box, strict=True))]
    if int(pieces.max()) == 1:
        raise UsageError(
            sentence(
                "This vertebra is all one piece. Split it at the crosshair, then merge the part "
                "with its neighbour."
            )
        )
    places = tuple(range(1, found.count + 1))
    after = _renumbered(found, places, found.borders, in_memory)
    after.labels[box][pieces == here] = to
    return Edited(after, places)


def fit_to(found: Vertebrae, mask: Mask, *, in_memory: int = IN_MEMORY_BYTES) -> Edited:
    """The vertebrae adapted to a mask that was corrected since they were found.

    Voxels that were erased go; added ones belong to the vertebra between whose borders they lie. A
    vertebra of which nothing is left is no longer counted if it was the first or the last; between
    others it stays, so that those above and below it keep their names.

    Args:
        mask: on the grid of the labels.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for a scratch file.
    """
    places = Places(found.line, found.borders) if found.line is not None else None
    labels = new_array(found.labels.shape, np.uint8, in_memory)
    sizes = np.zeros(256, np.int64)
    for planes, slab in slabs(found.labels):
        spine = mask.voxels[planes] > 0
        now = np.where(spine, slab, 0)
        gained = np.nonzero(spine & (slab == 0))
        if len(gained[0]):
            numbers: NDArray[np.uint8] | int = 1
            if places is not None:
                points = points_of(gained, found.geometry, planes.start)
                numbers = places.numbers(points)[0]
            now[gained] = numbers
        labels[planes] = now
        sizes += np.bincount(now.ravel(), minlength=256)
        release(labels)
        release(mask.voxels)
    filled = np.flatnonzero(sizes[1:]) + 1
    kept = list(range(int(filled[0]), int(filled[-1]) + 1)) if len(filled) else []
    now_at = tuple(
        kept.index(place) + 1 if place in kept else 0 for place in range(1, found.count + 1)
    )
    borders = tuple(found.borders[place - 2] for place in kept[1:])
    table = np.zeros(256, np.uint8)
    table[kept] = np.arange(1, len(kept) + 1)
    if len(kept) != found.count:
        for planes, slab in slabs(labels):
            labels[planes] = table[slab]
    after = replace(found, labels=labels, count=len(kept), borders=borders)
    return Edited(after, now_at)


def with_gone(
    found: Vertebrae,
    whole: Vertebrae,
    places: Sequence[int],
    *,
    in_memory: int = IN_MEMORY_BYTES,
) -> Vertebrae:
    """Vertebrae together with those that a correction of the mask had taken before from their ends.

    So ``fit_to`` can give these back although the others have been edited since.

    Args:
        whole: the vertebrae before the correction.
        places: of each of them, the count from the head after it; 0 for those at the ends that are
            gone. One at least must be left.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for a scratch file.
    """
    left = np.flatnonzero(places)
    above, end = int(left[0]), int(left[-1]) + 1
    table = np.zeros(256, np.uint8)
    table[1 : above + 1] = range(1, above + 1)
    first_below = above + found.count + 1
    table[end + 1 : len(places) + 1] = range(first_below, first_below + len(places) - end)
    labels = new_array(whole.labels.shape, np.uint8, in_memory)
    for planes, slab in slabs(found.labels):
        labels[planes] = np.where(slab > 0, slab + np.uint8(above), table[whole.labels[planes]])
        release(labels)
    borders = (*whole.borders[:above], *found.borders, *whole.borders[end - 1 :])
    return replace(found, labels=labels, count=len(borders) + 1, borders=borders)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Vertebrae that can be restored as long as no voxel of the mask changes.

    Attributes:
        numbers: the labels of the mask's voxels, plane by plane: about a hundredth of the grid.
    """

    numbers: NDArray[np.uint8]
    borders: tuple[Border, ...]
    edited: bool


def snapshot(found: Vertebrae) -> Snapshot:
    """What is needed to restore these vertebrae."""
    parts = [slab[slab > 0] for _, slab in slabs(found.labels)]
    return Snapshot(np.concatenate(parts), found.borders, found.edited)


def restored(found: Vertebrae, before: Snapshot, *, in_memory: int = IN_MEMORY_BYTES) -> Vertebrae:
    """The vertebrae from a snapshot.

    Args:
        found: vertebrae of the same mask.
        in_memory: labels of more bytes go into a scratch file.

    Raises:
        MemoryLimitError: the disk has no room for a scratch file.
    """
    labels = new_array(found.labels.shape, np.uint8, in_memory)
    done = 0
    for planes, slab in slabs(found.labels):
        spine = slab > 0
        count = int(np.count_nonzero(spine))
        labels[planes][spine] = before.numbers[done : done + count]
        done += count
        release(labels)
    return replace(
        found,
        labels=labels,
        count=len(before.borders) + 1,
        borders=before.borders,
        edited=before.edited,
    )


def _renumbered(
    found: Vertebrae, places: tuple[int, ...], borders: tuple[Border, ...], in_memory: int
) -> Vertebrae:
    """A copy with new numbers for the vertebrae."""
    table = np.zeros(256, np.uint8)
    table[1 : len(places) + 1] = places
    labels = new_array(found.labels.shape, np.uint8, in_memory)
    for planes, slab in slabs(found.labels):
        labels[planes] = table[slab]
        release(labels)
    return replace(found, labels=labels, count=len(borders) + 1, borders=borders, edited=True)


def level_border(found: Vertebrae, along: float) -> Border:
    """A plane at right angles to the centre line, set by hand; its joints are as nearby.

    Args:
        found: with a line.
        along: where, in millimetres from the line's feet end.

    Raises:
        ValueError: there is no line.
    """
    line = found.line
    if line is None:
        raise ValueError("without a centre line there is no border")
    index = int(np.clip(round(along), 0, len(line) - 1))
    near = min(found.borders, key=lambda border: abs(border.along - along), default=None)
    return Border(
        along=along,
        rise_back=0.0,
        rise_left=0.0,
        gap_along=along,
        gap_fall=0.0,
        region=near.region if near else THORACIC,
        rear_wall=float(line.half_depth[index]),
        canal=float(line.canal[index]),
        contrast=0.0,
        confidence=SET_BY_HAND,
    )


def _single(point: NDArray[np.float64]) -> NDArray[np.float32]:
    return point[np.newaxis].astype(np.float32)
