"""Series and whether they can be used: grouping, checks and notes, as pure functions.

A series is used only if it is a stack of CT slices without a hole. Every check applies to all
slices. Every reason against a series, and every decision made for it, is a plain sentence.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.read.dicom.checks import stack_notes, stack_problem, too_few
from inference.read.dicom.families import (
    Family,
    absence_notes,
    absent_files,
    by_reason,
    commonest,
    family_of,
    goes_on,
    left_out,
    torn_from,
)
from inference.read.dicom.headers import SliceHeader
from inference.read.dicom.layout import axes_of, distances, lay_out, pixel_mm
from inference.read.dicom.patients import common_facts, number_patients
from inference.read.dicom.stacks import GAP, SamePixels, Stack
from inference.values.geometry import Triple
from inference.values.messages import Sentence, sentence
from inference.values.patient_facts import NOBODY, PatientFacts

SAME_HEIGHT = 0.9
"""A series that spans this share of the longest one counts as equally long."""

PARALLEL = 0.98
"""Cosine between the normals of stacks of the same part of the body: 11°, for heads with two
tilts."""

UNNAMED = "unnamed"
"""Identifies a series that has no identifier."""


@dataclass(frozen=True)
class Series:
    """A stack of slices, or one image file, and whether it can be used.

    Attributes:
        uid: the value for ``--series``: the series' own identifier, followed by a number if several
            stacks share it.
        description: what the scanner called it.
        modality: "CT" if it can be used.
        size: voxels x, y, z.
        spacing: millimetres x, y, z; 0 if unknown.
        problems: why it cannot be used; empty if it can.
        warnings: what would be repaired during reading, and what else the user should know.
        slices: in order along the normal; empty for an image file.
        image: the image file; None for DICOM.
        patient: the same number for all series of one patient in an input.
        partial: whether the rest of the patient is in other stacks of the same series, or in a
            series that continues where this one ends; it is then used only on request.
        facts: what the slices say about patient and series; shown, but never written.
    """

    uid: str
    description: str
    modality: str
    size: tuple[int, int, int]
    spacing: Triple
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    slices: tuple[SliceHeader, ...] = ()
    image: Path | None = None
    patient: int = 0
    partial: bool = False
    facts: PatientFacts = field(default=NOBODY, repr=False)

    @property
    def usable(self) -> bool:
        """Whether it can be segmented."""
        return not self.problems

    @property
    def height_mm(self) -> float:
        """The extent of the stack along its normal."""
        return self.size[2] * self.spacing[2]


def group_series(headers: Iterable[SliceHeader], same_pixels: SamePixels) -> tuple[Series, ...]:
    """The series among ``headers``, each checked, usable ones first, then the longest.

    Args:
        same_pixels: compares slices in the same position, which may be copies.
    """
    every = list(headers)
    numbers = number_patients(header.patient for header in every)
    patients = {header: numbers[header.patient] for header in every}
    by_uid: dict[Hashable, list[SliceHeader]] = defaultdict(list)
    for header in every:
        # Nothing indicates that files without a UID belong together.
        study = patients[header], header.mark("StudyInstanceUID"), header.mark("SeriesNumber")
        by_uid[header.series_uid or study].append(header)
    families = [family_of(slices, patients, same_pixels) for slices in by_uid.values()]
    few = [stack for family in families if not family.large for stack in family.small]
    outsiders = tuple(header for stack in few for header in stack.slices)
    found = [
        series
        for family in families
        for series in _series_of(dataclasses.replace(family, outsiders=outsiders))
    ]
    found = _with_halves(found, patients)
    found.sort(key=lambda s: (not s.usable, -s.height_mm, -s.size[2], s.uid, _first_file(s)))
    return _with_own_keys(found)


def patients_in(series: Sequence[Series]) -> int:
    """How many patients the usable series show."""
    return len({one.patient for one in series if one.usable})


def recommend(series: Sequence[Series]) -> Series | None:
    """The usable series that spans most of the patient; among equals, the one with most slices.

    None also if that one is only a part of its series, or if there are several patients.
    """
    if patients_in(series) > 1:
        return None
    usable = [one for one in series if one.usable]
    longest = max((one.height_mm for one in usable), default=0.0)
    long = [one for one in usable if one.height_mm >= SAME_HEIGHT * longest]
    best = max(long, key=lambda one: one.size[2], default=None)
    return None if best is None or best.partial else best


def _first_file(series: Series) -> tuple[Path, int]:
    return min((header.path, header.frame) for header in series.slices)


def _with_own_keys(found: Sequence[Series]) -> tuple[Series, ...]:
    """The series with unique identifiers, numbered in the order of their files."""
    alike: dict[str, list[Series]] = defaultdict(list)
    for one in sorted(found, key=_first_file):
        alike[one.uid].append(one)
    return tuple(
        one
        if len(alike[one.uid]) == 1
        else dataclasses.replace(one, uid=f"{one.uid}/{alike[one.uid].index(one) + 1}")
        for one in found
    )


def _series_of(family: Family) -> list[Series]:
    """The stacks of a family as series; other images are noted there, or refused on their own."""
    if family.large:
        return _with_parts([_check(stack, family) for stack in family.large])
    refused = [
        _refused(of_size, why, family)
        for slices, why in by_reason(family.strangers)
        for of_size in _by_size(slices)
    ]
    if family.flawed:
        slices = [header for header, _ in family.flawed]
        slices += [header for stack in family.small for header in stack.slices]
        return [*refused, _refused(slices, commonest(family.flawed, len(slices)), family)]
    return refused + [
        _refused(stack.slices, too_few(len(stack.slices)), family) for stack in family.small
    ]


def _by_size(slices: Sequence[SliceHeader]) -> Iterable[list[SliceHeader]]:
    sizes: dict[tuple[int, int], list[SliceHeader]] = defaultdict(list)
    for header in slices:
        sizes[header.rows, header.columns].append(header)
    return sizes.values()


def _refused(slices: Sequence[SliceHeader], problem: Sentence, family: Family) -> Series:
    first = slices[0]
    return Series(
        uid=first.series_uid or UNNAMED,
        description=first.description,
        modality=first.modality,
        size=(first.columns, first.rows, len(slices)),
        spacing=(first.column_mm, first.row_mm, 0.0),
        problems=(problem,),
        slices=tuple(slices),
        patient=family.patients[first],
        facts=common_facts(header.facts for header in slices),
    )


def _check(stack: Stack, family: Family) -> Series:
    """A large stack as a series, with the reasons against it and notes about it."""
    first = stack.slices[0]
    row_mm, column_mm = pixel_mm(stack.slices)
    torn = torn_from(stack, family)
    notes = left_out(family, torn)
    problem = stack_problem(stack) or absent_files(stack)
    if torn:
        problem = commonest(torn, len(stack.slices) + len(torn))
    elif problem is not None and notes:
        problem = sentence("{0} ({1})", problem, notes[0])
    series = Series(
        uid=first.series_uid or UNNAMED,
        description=" ".join(part for part in (first.description, stack.told_by) if part),
        modality=first.modality,
        size=(first.columns, first.rows, len(stack.slices)),
        spacing=(column_mm, row_mm, 0.0),
        problems=() if problem is None else (problem,),
        warnings=tuple(notes),
        slices=stack.slices,
        patient=family.patients[first],
        facts=common_facts(header.facts for header in stack.slices),
    )
    if problem is not None:
        return series
    layout = lay_out(stack.slices)
    return dataclasses.replace(
        series,
        size=layout.geometry.size,
        spacing=layout.geometry.spacing,
        warnings=(*notes, *absence_notes(stack, family), *stack_notes(stack, layout)),
    )


def _with_parts(found: list[Series]) -> list[Series]:
    """The series of a family; those that hold only a part of the patient are marked."""
    note = sentence("Other stacks of the same series hold more of the patient than this one.")
    return [
        dataclasses.replace(one, partial=True, warnings=(*one.warnings, note))
        if _is_part(one, found)
        else one
        for one in found
    ]


def _with_halves(found: list[Series], patients: dict[SliceHeader, int]) -> list[Series]:
    """The series; those that another one continues, as if one stack had been torn, are marked."""
    note = sentence("Another series goes on where this one ends, as if the two were one scan.")
    usable = [(one, Stack(one.slices)) for one in found if one.usable]
    torn = {
        id(one)
        for first, stack in usable
        for second, other in usable
        if first.slices[0].series_uid != second.slices[0].series_uid
        and goes_on(stack, other, patients)
        for one in (first, second)
    }
    return [
        dataclasses.replace(one, partial=True, warnings=(*one.warnings, note))
        if id(one) in torn
        else one
        for one in found
    ]


def _is_part(series: Series, found: Sequence[Series]) -> bool:
    """Whether other usable series hold slices of the patient that this one lacks.

    They extend beyond it by more than ends usually differ, or lie in the gaps between its slices.
    """
    if not series.usable:
        return False
    along = distances(series.slices)
    whole = along
    for other in found:
        parallel = other.patient == series.patient and _is_parallel(other, series)
        if other is series or not other.usable or not parallel:
            continue
        beside = distances(other.slices, like=series.slices)
        if _fills_gaps(series, along, beside):
            return True
        whole = np.append(whole, beside)
    return bool(along.max() - along.min() < SAME_HEIGHT * (whole.max() - whole.min()))


def _fills_gaps(series: Series, along: NDArray[np.float64], beside: NDArray[np.float64]) -> bool:
    """Whether slices at ``beside`` lie in most of the gaps of a series at ``along``."""
    thickness = float(np.median([header.thickness_mm for header in series.slices]))
    middles = (along[1:] + along[:-1]) / 2
    gaps = middles[np.diff(along) > GAP * thickness]
    if not thickness or 2 * len(gaps) < len(middles):
        return False
    filled = np.abs(gaps[:, None] - beside).min(axis=1) < thickness / 2
    return bool(2 * np.count_nonzero(filled) > len(gaps))


def _is_parallel(one: Series, other: Series) -> bool:
    """Whether their normals run along one line; rows or columns may run backwards in one."""
    normals = [axes_of(series.slices)[2] for series in (one, other)]
    return bool(abs(np.dot(*normals)) > PARALLEL)
