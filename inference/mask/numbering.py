"""Proposes names for vertebrae if the scan shows an end of the spine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.errors import UsageError
from inference.mask.atlas import FUSED_MM
from inference.mask.beyond import (
    PELVIS_SHARE,
    SACRUM_SHARE,
    SKULL_SHARE,
    bone_behind_end,
    bone_beyond,
)
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Geometry
from inference.values.messages import Sentence, sentence
from inference.values.slabs import slabs
from inference.values.vertebra_names import C1, C2, L5, L6, NAMES, T12, T13, USUAL, numbers_from

TO_L5 = USUAL[: USUAL.index(L5) + 1]
"""What most people have between skull and sacrum."""

REST_SHARE = 0.5
"""A last vertebra with less than this share of its neighbour's volume may be a piece of the
sacrum."""


@dataclass(frozen=True)
class Numbering:
    """Names for vertebrae that are counted from the head.

    Attributes:
        numbers: VerSe's numbers, from the head down.
        reason: why these numbers.
        known: the numbers from which the others follow, with their counts from the head.
        sure: whether nothing contradicts them.
    """

    numbers: tuple[int, ...]
    reason: Sentence
    known: Mapping[int, int]
    sure: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The names from the head down."""
        return tuple(NAMES[number] for number in self.numbers)


def unusual(numbers: Sequence[int]) -> tuple[Sentence, ...]:
    """Sentences about numbers that most people do not have."""
    told = []
    if T13 in numbers:
        told.append(sentence("These names mean a thirteenth thoracic vertebra (T13)."))
    if L6 in numbers:
        told.append(sentence("These names mean a sixth lumbar vertebra (L6)."))
    if T12 - 1 in numbers and T12 + 1 in numbers and T12 not in numbers:
        told.append(sentence("These names leave out T12: eleven thoracic vertebrae."))
    return tuple(told)


def propose(found: Vertebrae, hu: NDArray[np.int16], geometry: Geometry) -> Numbering | None:
    """Names, if the scan shows an end of the spine; otherwise None.

    Args:
        hu: HU of the CT, z, y, x on ``geometry``.
    """
    if found.line is None or found.count < 2:
        return None
    skull = bone_beyond(found.line, hu, geometry, up=True) >= SKULL_SHARE
    pelvis = bone_beyond(found.line, hu, geometry, up=False) >= PELVIS_SHARE
    # An atlas and an axis that were taken for one count as two.
    first = C2 if skull and _is_atlas_with_axis(found) else C1
    if pelvis and skull and first + found.count - 1 == len(TO_L5):
        sure, known = first == C1, {first: 1}
        reason = sentence("Skull and sacrum are in view.")
    elif pelvis and skull:
        sure, known = False, {L5: found.count}
        reason = sentence(
            "Skull and sacrum are in view, but there are not as many vertebrae between them as "
            "most people have: they are counted up from L5."
        )
    elif pelvis:
        sure, known = not _ends_in_a_rest(found), {L5: found.count}
        reason = sentence("The sacrum is in view: the vertebra above it is taken for L5.")
    elif skull and first == C2:
        sure, known = False, {C2: 1}
        reason = sentence(
            "The base of the skull is in view, and the first vertebra is as high as atlas and axis "
            "together: it is taken for C2 with C1."
        )
    elif skull:
        # Atlas and axis share a joint without a disc, and may have been taken for one.
        sure, known = False, {1: 1}
        reason = sentence("The base of the skull is in view: the first vertebra is taken for C1.")
    elif bone_behind_end(found.line, found.labels, hu, geometry) >= SACRUM_SHARE:
        sure, known = False, {L5: found.count}
        reason = sentence(
            "The lowest vertebra has other bone close behind it, as L5 has: it is taken for L5."
        )
    else:
        return None
    try:
        numbers = numbers_from(known, found.count)
    except UsageError:
        return None
    return Numbering(numbers, reason, known, sure)


def _is_atlas_with_axis(found: Vertebrae) -> bool:
    assert found.line is not None
    return len(found.line) - 1 - found.borders[0].along >= FUSED_MM


def _ends_in_a_rest(found: Vertebrae) -> bool:
    last, before = (
        sum(int(np.count_nonzero(slab == number)) for _, slab in slabs(found.labels))
        for number in (found.count, found.count - 1)
    )
    return last < REST_SHARE * before
