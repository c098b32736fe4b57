"""From counts to names: which vertebra is which.

Vertebrae are counted from the head, 1, 2, …. Where one of them is known all others follow. Names
have VerSe's numbers (Sekuboyina et al. 2021, doi:10.1016/j.media.2021.102166): 1–7 C1–C7, 8–19
T1–T12, 20–24 L1–L5, 25 L6, 28 T13.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.errors import UsageError
from inference.mask.curve import sample_along
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Geometry
from inference.values.messages import Sentence, sentence

NAMES: Mapping[int, str] = {
    **{number: f"C{number}" for number in range(1, 8)},
    **{7 + number: f"T{number}" for number in range(1, 13)},
    28: "T13",
    **{19 + number: f"L{number}" for number in range(1, 7)},
}
"""Of VerSe's numbers, from head to feet."""

L5, L6, T12, T13 = 24, 25, 19, 28

USUAL = (*range(1, T12 + 1), *range(T12 + 1, L6 + 1))
"""Numbers from head to feet."""

WITH_T13 = (*range(1, T12 + 1), T13, *range(T12 + 1, L6 + 1))
WITHOUT_T12 = (*range(1, T12), *range(T12 + 1, L6 + 1))
"""The same in people with one thoracic vertebra more or fewer."""

BEYOND_MM = 50
"""How far beyond the last vertebra skull or sacrum are looked for."""

CLEAR_MM = 8
"""What lies nearer to a vertebra may be its own rest."""

PELVIS_ACROSS_MM, PELVIS_BEHIND_MM = (25.0, 60.0), (-10.0, 45.0)
"""Beside and behind the line: the wings of sacrum and ilium, where a lumbar vertebra has muscle."""

SKULL_ACROSS_MM, SKULL_BEHIND_MM = (15.0, 55.0), (-30.0, 60.0)
"""The same of the base of the skull, where a cervical vertebra has muscle and air."""

BONE_HU = 150
"""Spongy bone of the pelvis and more."""

PELVIS_SHARE, SKULL_SHARE = 0.2, 0.12
"""Least share of bone there. Measured in the series of ``../shared/ct``: 0.3 and more at pelvis and
skull, 0.1 and less beside ribs and lumbar vertebrae."""


@dataclass(frozen=True)
class Numbering:
    """Names for vertebrae that are counted from the head.

    Attributes:
        numbers: VerSe's, from the head.
        reason: why these.
        sure: whether nothing speaks against them.
    """

    numbers: tuple[int, ...]
    reason: Sentence
    sure: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """From the head."""
        return tuple(NAMES[number] for number in self.numbers)


def parse_name(text: str) -> tuple[int, int]:
    """VerSe's number and the count from the head of what is written like ``L1=3``.

    Raises:
        ValueError: it is written otherwise.
    """
    match = re.fullmatch(r"\s*([CTL]\d{1,2})\s*=\s*([1-9]\d?)\s*", text.upper())
    number = next((n for n, name in NAMES.items() if match and name == match[1]), None)
    if match is None or number is None:
        raise ValueError(f"{text} names no vertebra; write it like L1=3")
    return number, int(match[2])


def numbers_from(known: Mapping[int, int], count: int) -> tuple[int, ...]:
    """The numbers of ``count`` vertebrae, from the head, of which some are known.

    T13 is inserted, or T12 left out, where the known ones want it so.

    Args:
        known: VerSe's numbers with their counts from the head, 1, 2, …; one at least.

    Raises:
        UsageError: the known ones contradict each other or the count.
    """
    named = ", ".join(f"{NAMES[number]}={place}" for number, place in known.items())
    if any(place > count for place in known.values()):
        raise UsageError(
            sentence(
                "There are {0} vertebrae, and {1} names another. Check the count.", count, named
            )
        )
    for order in (USUAL, WITH_T13, WITHOUT_T12):
        if not known.keys() <= set(order):
            continue
        starts = {order.index(number) - (place - 1) for number, place in known.items()}
        if len(starts) == 1:
            start = starts.pop()
            if start >= 0 and start + count <= len(order):
                return order[start : start + count]
    raise UsageError(
        sentence(
            "{0} vertebrae cannot be named by {1}: there would be some above C1 or below L6, or "
            "two names contradict each other. Check the count.",
            count,
            named,
        )
    )


def propose(found: Vertebrae, hu: NDArray[np.int16], geometry: Geometry) -> Numbering | None:
    """Names, where the scan shows an end of the spine; None where it shows none.

    Args:
        hu: of the CT, z, y, x on ``geometry``.
    """
    if found.line is None or found.count < 2:
        return None
    skull = _bone_beyond(found, hu, geometry, up=True) >= SKULL_SHARE
    pelvis = _bone_beyond(found, hu, geometry, up=False) >= PELVIS_SHARE
    if pelvis and skull:
        usual = found.count == USUAL.index(L5) + 1
        known = {1: 1} if usual else {L5: found.count}
        reason = sentence("Skull and sacrum are in view.")
    elif pelvis:
        usual, known = True, {L5: found.count}
        reason = sentence("The sacrum is in view: the vertebra above it is taken for L5.")
    elif skull:
        usual, known = True, {1: 1}
        reason = sentence("The base of the skull is in view: the first vertebra is taken for C1.")
    else:
        return None
    try:
        numbers = numbers_from(known, found.count)
    except UsageError:
        return None
    return Numbering(numbers, reason, sure=usual)


def _bone_beyond(found: Vertebrae, hu: NDArray[np.int16], geometry: Geometry, *, up: bool) -> float:
    """Share of bone beside the line beyond its upper or lower end; 0 where the scan ends before."""
    assert found.line is not None
    curve = found.line.curve.beyond(BEYOND_MM, up=up)
    nearest, furthest = SKULL_ACROSS_MM if up else PELVIS_ACROSS_MM
    aside = np.arange(nearest, furthest + 1, 3)
    front, rear = SKULL_BEHIND_MM if up else PELVIS_BEHIND_MM
    across, behind = np.concatenate([-aside, aside]), np.arange(front, rear + 1, 3)
    outside = np.iinfo(np.int16).min
    sampled = sample_along(hu, geometry, curve, across, behind, outside)[CLEAR_MM:]
    inside = sampled[sampled != outside]
    if len(inside) < sampled.size / 2:
        return 0.0
    return float((inside >= BONE_HU).mean())


def named(found: Vertebrae, names: Sequence[tuple[int, int]]) -> Numbering:
    """The numbering that a person gave.

    Args:
        names: VerSe's numbers with their counts from the head.

    Raises:
        UsageError: they contradict each other or the count.
    """
    return Numbering(numbers_from(dict(names), found.count), sentence("Named by the user."))
