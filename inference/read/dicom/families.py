"""All images with one series UID: stacks, and images that do not belong in them.

An image that is not a slice is left out wherever it is. A slice that lies in a hole of a stack, or
would continue it at an end, belongs to it; if it cannot be used, the stack cannot either.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.kinds import kind_problem, slice_problem
from inference.read.dicom.layout import LOOSE, axes_of, distances, pixel_mm, turn
from inference.read.dicom.stacks import (
    RECONSTRUCTION,
    SAME_PIXEL,
    SAME_TURN,
    SamePixels,
    Stack,
    stacks_of,
)
from inference.read.voxels.limits import MIN_SLICES
from inference.values.messages import Sentence, sentence

HOLE = 0.6
"""As a share of a step or a slice's thickness, whichever is less: a position this far from all
slices is a hole. Two interleaved reconstructions lie half a step apart."""

GOES_ON = 1.5
"""In steps: a slice this close to the end of a stack would be its next one."""

OF_ONE_STACK = ("StudyInstanceUID", *RECONSTRUCTION)
"""Marks that are the same throughout a stack."""

ANOTHER_SHAPE = sentence("of another size, plane or place")

Reasoned = tuple[SliceHeader, Sentence]
"""A slice and the reason against it."""


@dataclass(frozen=True)
class Family:
    """All images with one series UID.

    Attributes:
        strangers: images that are not slices of a CT, each with the reason.
        flawed: CT slices that cannot be used, each with the reason.
        large, small: stacks of the remaining slices, with enough slices for a volume or too few.
        patients: the number of each slice's patient.
        numbers: the instance numbers of all images.
        count: how many images there are.
        outsiders: slices of other series that have too few for a volume.
    """

    strangers: tuple[Reasoned, ...]
    flawed: tuple[Reasoned, ...]
    large: tuple[Stack, ...]
    small: tuple[Stack, ...]
    patients: dict[SliceHeader, int]
    numbers: frozenset[int]
    count: int
    outsiders: tuple[SliceHeader, ...] = ()


def family_of(
    slices: Sequence[SliceHeader], patients: dict[SliceHeader, int], same_pixels: SamePixels
) -> Family:
    """The family that slices of one series UID make."""
    strangers, flawed = [], []
    placed: dict[int, list[SliceHeader]] = defaultdict(list)
    for header in slices:
        if (stranger := kind_problem(header)) is not None:
            strangers.append((header, stranger))
        elif (flaw := slice_problem(header)) is not None:
            flawed.append((header, flaw))
        else:
            placed[patients[header]].append(header)
    stacks = [stack for some in placed.values() for stack in stacks_of(some, same_pixels)]
    return Family(
        tuple(strangers),
        tuple(flawed),
        tuple(stack for stack in stacks if len(stack.slices) >= MIN_SLICES),
        tuple(stack for stack in stacks if len(stack.slices) < MIN_SLICES),
        patients,
        frozenset(header.instance for header in slices if header.instance is not None),
        len(slices),
    )


def by_reason(pairs: Sequence[Reasoned]) -> list[tuple[list[SliceHeader], Sentence]]:
    """The slices grouped by reason."""
    reasons: dict[Sentence, list[SliceHeader]] = defaultdict(list)
    for header, reason in pairs:
        reasons[reason].append(header)
    return [(slices, reason) for reason, slices in reasons.items()]


def commonest(pairs: Sequence[Reasoned], total: int) -> Sentence:
    """The commonest reason, and which of ``total`` slices it concerns if not all."""
    slices, reason = max(by_reason(pairs), key=lambda pair: len(pair[0]))
    if len(slices) == total:
        return reason
    name = min(header.path for header in slices).name
    if len(slices) == 1:
        return sentence("{0} (1 of {1} slices: the file {2})", reason, total, name)
    return sentence(
        "{0} ({1} of {2} slices, such as the file {3})", reason, len(slices), total, name
    )


def torn_from(stack: Stack, family: Family) -> list[Reasoned]:
    """Slices that belong in the stack but cannot be used in it."""
    first = stack.slices[0]
    flawed = [(header, why) for header, why in family.flawed if _is_missed(stack, header)]
    flawed += [(header, why) for header, why in family.strangers if _fits(stack, header)]
    if flawed or stack.clashes:
        return flawed
    others = [*family.small]
    others += [
        one
        for one in family.large
        if one is not stack and _is_alien(one.slices[0], first, family.patients)
    ]
    torn = [
        (header, _difference(header, first, family)) for other in others for header in other.slices
    ]
    torn += [
        (header, sentence("its slices carry different series identifiers"))
        for header in family.outsiders
        if not _is_alien(header, first, family.patients)
    ]
    return [(header, why) for header, why in torn if _fits(stack, header)]


def left_out(family: Family, torn: Sequence[Reasoned]) -> list[Sentence]:
    """Notes on images of the family that are in no large stack and were not torn from one."""
    known = {header for header, _ in torn}
    strangers = [*family.strangers, *family.flawed]
    strangers += [(header, ANOTHER_SHAPE) for one in family.small for header in one.slices]
    return [
        sentence("Images left out of this series: {0} ({1}).", len(slices), reason)
        for slices, reason in by_reason([pair for pair in strangers if pair[0] not in known])
    ]


def absent_files(stack: Stack) -> Sentence | None:
    """The reason against a stack some of whose frames are in files that are not here."""
    parts = max(header.parts for header in stack.slices)
    here = len({header.part for header in stack.slices})
    if here >= parts:
        return None
    return sentence(
        "its frames were stored in {0} files, of which {1} are here; fetch the whole series again",
        parts,
        here,
    )


def absence_notes(stack: Stack, family: Family) -> list[Sentence]:
    """Notes on images of the series that are not here, as far as headers tell.

    A hole between slices shows by itself; what is missing at an end, or between any two slices,
    shows only in their numbers.
    """
    notes = []
    numbers = {header.instance for header in stack.slices if header.instance is not None}
    if len(numbers) == len(stack.slices):
        highest = max(numbers)
        absent = highest - sum(0 < number <= highest for number in family.numbers)
        if absent > 0:
            notes.append(
                sentence(
                    "Its slices are numbered up to {0}, but {1} of these numbers are not here. "
                    "Check that no part of the patient is missing.",
                    highest,
                    absent,
                )
            )
    images = max(header.images for header in stack.slices)
    if images > family.count:
        notes.append(
            sentence(
                "Its header speaks of {0} images, but {1} are here. Check that no part of the "
                "patient is missing.",
                images,
                family.count,
            )
        )
    return notes


def goes_on(stack: Stack, other: Stack, patients: dict[SliceHeader, int]) -> bool:
    """Whether another stack of the same kind begins where this one ends."""
    first, second = stack.slices[0], other.slices[0]
    alike = all(first.mark(keyword) == second.mark(keyword) for keyword in OF_ONE_STACK)
    if not alike or _is_alien(second, first, patients):
        return False
    along = distances(stack.slices)
    beyond = distances(other.slices, like=stack.slices)
    within = np.count_nonzero((beyond > along[0]) & (beyond < along[-1]))
    # The first slice of the rest may be the last one repeated.
    return within == 0 and any(_fits(stack, other.slices[i]) for i in (0, 1, -2, -1))


def _is_alien(one: SliceHeader, other: SliceHeader, patients: dict[SliceHeader, int]) -> bool:
    """Whether slices are from different stacks, not from two reconstructions of one."""
    return (
        patients[one] != patients[other]
        or (one.rows, one.columns) != (other.rows, other.columns)
        or _pixels_differ(one, other)
        or _planes_differ(one, other)
    )


def _difference(header: SliceHeader, first: SliceHeader, family: Family) -> Sentence:
    """How a slice differs from the stack that it lies in."""
    if family.patients[header] != family.patients[first]:
        return sentence("its slices name different patients")
    if (header.rows, header.columns) != (first.rows, first.columns):
        return sentence(
            "its slices are not of one size: {0} by {1} and {2} by {3} pixels",
            first.columns,
            first.rows,
            header.columns,
            header.rows,
        )
    if _pixels_differ(header, first):
        return sentence(
            "its pixels are not of one size: {0:g} by {1:g} and {2:g} by {3:g} mm",
            first.column_mm,
            first.row_mm,
            header.column_mm,
            header.row_mm,
        )
    if _planes_differ(header, first):
        return sentence("its slices are turned against each other")
    return sentence("its slices are of several reconstructions")


def _pixels_differ(one: SliceHeader, other: SliceHeader) -> bool:
    ratios = np.log([one.row_mm / other.row_mm, one.column_mm / other.column_mm])
    return bool(np.abs(ratios).max() > SAME_PIXEL)


def _planes_differ(one: SliceHeader, other: SliceHeader) -> bool:
    return turn([one, other]) > SAME_TURN


def _is_missed(stack: Stack, header: SliceHeader) -> bool:
    """Whether the stack lacks an unusable slice; without a position this is assumed."""
    first = stack.slices[0]
    of_size = (header.rows, header.columns) == (first.rows, first.columns)
    if header.position is None:
        return of_size
    return _fits(stack, header) or (of_size and not _covers(stack, header))


def _covers(stack: Stack, header: SliceHeader) -> bool:
    """Whether the stack has a slice of its own where this one lies."""
    along, _, step = _beside(stack, header)
    return bool(np.abs(distances(stack.slices) - along).min() < LOOSE * step)


def _fits(stack: Stack, header: SliceHeader) -> bool:
    """Whether a slice lies in a hole of the stack, or would continue it at either end."""
    if header.position is None:
        return False
    along, lateral, step = _beside(stack, header)
    of_stack = distances(stack.slices)
    thickness = float(np.median([one.thickness_mm for one in stack.slices])) or step
    near = of_stack[0] - GOES_ON * step < along < of_stack[-1] + GOES_ON * step
    free = np.abs(of_stack - along).min() > HOLE * min(step, thickness)
    return bool(near and free and lateral < min(pixel_mm(stack.slices)))


def _beside(stack: Stack, header: SliceHeader) -> tuple[float, float, float]:
    """A slice's millimetres along a stack's normal and off its line, and the stack's step."""
    of_stack = distances(stack.slices)
    step = float(np.median(np.diff(of_stack)))
    first, last = (np.array(stack.slices[end].position) for end in (0, -1))
    away = np.array(header.position) - first
    along = float(away @ axes_of(stack.slices)[2])
    length = of_stack[-1] - of_stack[0]
    line = (last - first) / length if length else np.zeros(3)
    return along + float(of_stack[0]), float(np.linalg.norm(away - along * line)), step
