"""Names of vertebrae and their numbers.

Vertebrae are counted from the head: 1, 2, …. If one of them is known, all others follow. Names have
VerSe's numbers (Sekuboyina et al. 2021, doi:10.1016/j.media.2021.102166): 1–7 C1–C7, 8–19 T1–T12,
20–24 L1–L5, 25 L6, 28 T13.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from inference.errors import UsageError
from inference.values.messages import Sentence, joined, sentence

NAMES: Mapping[int, str] = {
    **{number: f"C{number}" for number in range(1, 8)},
    **{7 + number: f"T{number}" for number in range(1, 13)},
    28: "T13",
    **{19 + number: f"L{number}" for number in range(1, 7)},
}
"""Names of VerSe's numbers, from head to feet."""

C1, C2, L5, L6, T12, T13 = 1, 2, 24, 25, 19, 28

USUAL = (*range(1, T12 + 1), *range(T12 + 1, L6 + 1))
"""Numbers from head to feet."""

WITH_T13 = (*range(1, T12 + 1), T13, *range(T12 + 1, L6 + 1))
WITHOUT_T12 = (*range(1, T12), *range(T12 + 1, L6 + 1))
"""The same for people with one thoracic vertebra more, or one fewer."""

ORDERS = (USUAL, WITH_T13, WITHOUT_T12)


def parse_name(text: str) -> tuple[int, int]:
    """VerSe's number and the count from the head in a text such as ``L1=3``.

    Raises:
        ValueError: the text has another form.
    """
    match = re.fullmatch(r"\s*([CTL]\d{1,2})\s*=\s*([1-9]\d?)\s*", text.upper())
    number = next((n for n, name in NAMES.items() if match and name == match[1]), None)
    if match is None or number is None:
        raise ValueError(f"{text} names no vertebra; write it like L1=3")
    return number, int(match[2])


def numbers_from(known: Mapping[int, int], count: int) -> tuple[int, ...]:
    """The numbers of ``count`` vertebrae from the head down, given that some are known.

    T13 is inserted, or T12 left out, if the known ones require it.

    Args:
        known: VerSe's numbers with their counts from the head, 1, 2, …; at least one.

    Raises:
        UsageError: the known ones contradict each other or the count.
    """
    named = joined([_named(*one) for one in known.items()], ", ")
    if any(place > count for place in known.values()):
        raise UsageError(
            sentence(
                "There are {0} vertebrae, and {1} names another. Check the count.", count, named
            )
        )
    for order in ORDERS:
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


def numbers_between(present: Collection[int]) -> tuple[int, ...]:
    """The numbers of a spine from the first to the last of those present, from the head down.

    Of the spines that have all of them, it is the one with the fewest others in between; if there
    is none, those present.

    Args:
        present: VerSe's numbers; any others are left out.
    """
    known = [number for number in NAMES if number in present]
    runs = []
    for order in ORDERS:
        if set(known) <= set(order):
            places = [order.index(number) for number in known]
            runs.append(order[min(places, default=0) : max(places, default=-1) + 1])
    return min(runs, key=len, default=tuple(known))


def with_name(known: Mapping[int, int], number: int, place: int, count: int) -> Mapping[int, int]:
    """The known names with one more; those that contradict it are dropped.

    Args:
        known: VerSe's numbers with their counts from the head.
        number, place: the new name and its count from the head.

    Raises:
        UsageError: a spine of ``count`` vertebrae cannot have that name there.
    """
    others = {one: at for one, at in known.items() if one != number and at != place}
    for kept in (others, {}):
        try:
            numbers_from({**kept, number: place}, count)
        except UsageError:
            if not kept:
                raise
        else:
            return {**kept, number: place}
    raise AssertionError


def moved_names(known: Mapping[int, int], places: Sequence[int], count: int) -> Mapping[int, int]:
    """The known names after vertebrae were merged, split or removed.

    If they no longer fit together, the most recent ones are kept. If all of them are gone, the
    others keep the names that followed from them, unless one between two others is gone.

    Args:
        known: VerSe's numbers with their counts from the head, oldest first.
        places: the new count of each vertebra; 0 for one that is gone.
        count: how many there are now.
    """
    kept: Mapping[int, int] = {}
    for number, before in known.items():
        place = places[before - 1]
        if place:
            with suppress(UsageError):
                kept = with_name(kept, number, place, count)
    if known and not any(places[before - 1] for before in known.values()):
        followed = zip(numbers_from(known, len(places)), places, strict=True)
        left = {number: place for number, place in followed if place}
        with suppress(UsageError):
            numbers_from(left, count)
            kept = dict([next(iter(left.items()))])
    return kept


def _named(number: int, place: int) -> Sentence:
    """A name in the form ``L1=3``; as a sentence, because it cannot name a patient."""
    written = f"{NAMES[number]}={place}"
    return sentence(written)


def check_names(names: Sequence[tuple[int, int]]) -> None:
    """Check before a long run whether names contradict each other.

    Raises:
        UsageError: they do.
    """
    known = dict(names)
    if len(known) < len(set(names)):
        raise UsageError("One vertebra cannot have two places. Give each name once.")
    if known:
        numbers_from(known, max(known.values()))
