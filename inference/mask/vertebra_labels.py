"""Vertebrae as somebody's labels tell them apart, with the borders that these have."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inference.mask.borders import Border
from inference.mask.curve import Floats, sample_along
from inference.mask.vertebra_editing import fit_to, level_border
from inference.mask.vertebrae import MOST_VERTEBRAE, Vertebrae, points_of
from inference.system.scratch import IN_MEMORY_BYTES, new_array
from inference.values.geometry import Slices
from inference.values.mask import Mask
from inference.values.slabs import label_boxes, release, slabs

CORE_MM = 5.0
"""Half-width of what is looked at around the line: inside the bodies of a child's neck."""

SAME_MM = 3.0
"""How far from the middle between two labels a border that was found is still theirs: half a thin
disc, in planes of 3 mm."""


def relabelled(
    found: Vertebrae,
    labels: NDArray[np.uint8],
    order: Sequence[int],
    mask: Mask,
    *,
    in_memory: int = IN_MEMORY_BYTES,
) -> tuple[Vertebrae, tuple[int, ...]] | None:
    """Vertebrae by labels that were read, instead of those that were found in the same mask.

    They count as edited where they differ from what was found. Voxels of the mask that the labels
    leave out go by place.

    Args:
        labels: numbers, z, y, x on the grid of ``found``.
        order: numbers from head to feet, also of vertebrae of which nothing is there; others are
            not taken.
        in_memory: labels of more bytes go into a scratch file.

    Returns:
        The vertebrae, and the label of each from the head; None if no label is taken, or too
        many.

    Raises:
        MemoryLimitError: the disk has no room for a scratch file.
    """
    sizes = np.zeros(256, np.int64)
    for part, slab in slabs(labels):
        sizes += np.bincount(slab[mask.voxels[part] > 0], minlength=256)
    filled = [place for place, number in enumerate(order) if sizes[number]]
    numbers = list(order[filled[0] : filled[-1] + 1]) if filled else []
    if not 0 < len(numbers) <= MOST_VERTEBRAE:
        return None
    table = np.zeros(256, np.uint8)
    table[numbers] = np.arange(1, len(numbers) + 1)
    counted = new_array(labels.shape, np.uint8, in_memory)
    same = True
    for part, slab in slabs(labels):
        counted[part] = np.where(mask.voxels[part] > 0, table[slab], 0)
        same = same and bool((counted[part] == found.labels[part]).all())
        release(counted)
    if same:
        return found, tuple(numbers)
    told = replace(found, labels=counted, count=len(numbers), edited=True)
    told = replace(told, borders=_borders(told, found.borders))
    return fit_to(told, mask, in_memory=in_memory).found, tuple(numbers)


def _borders(told: Vertebrae, found: Sequence[Border]) -> tuple[Border, ...]:
    """Between each label and the next: one that was found there, or a level one."""
    if told.line is None:
        return ()
    boxes = label_boxes(told.labels)
    known = {place: _ends(told, place, box) for place, box in boxes.items()}
    ends = [known.get(place) or _between(known, place) for place in range(1, told.count + 1)]
    borders = []
    for (bottom, _), (_, top) in itertools.pairwise(ends):
        along = (bottom + top) / 2
        near = min(found, key=lambda border: abs(border.along - along), default=None)
        is_it = near is not None and abs(near.along - along) <= SAME_MM
        borders.append(near if near and is_it else level_border(told, along))
    return tuple(borders)


def _between(known: Mapping[int, tuple[float, float]], place: int) -> tuple[float, float]:
    """Where a vertebra without voxels lies, at equal distances between the next ones that have."""
    above = max(other for other in known if other < place)
    below = min(other for other in known if other > place)
    along = float(np.interp(place, [above, below], [known[above][0], known[below][1]]))
    return along, along


def _ends(told: Vertebrae, place: int, box: Slices) -> tuple[float, float]:
    """Where along the line the lower and the upper end of a vertebra are.

    Args:
        box: around its voxels, slices z, y, x.
    """
    line = told.line
    assert line is not None
    aside: Floats = np.arange(-CORE_MM, CORE_MM + 1)
    core = sample_along(told.labels, told.geometry, line.curve, aside, aside, 0) == place
    here = np.flatnonzero(core.mean(axis=(1, 2)) >= 0.5)
    if len(here):
        return float(here[0]), float(here[-1])
    voxels = np.nonzero(told.labels[box] == place)
    points = points_of(voxels, told.geometry.part(*box), 0)
    along = float(np.median(line.curve.coordinates(points)[0]))
    return along, along
