"""Whose slices these are: one patient, however the name is spelled."""

import datetime
import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from pydicom.dataset import Dataset

from inference.read.dicom.elements import text_of
from inference.values.patient_facts import PatientFacts

FOREIGN = re.compile(r"(\x1b[ -/]*[0-~]|[^\x00-\x7f]|\?)+")
"""Non-ASCII letters, ISO 2022 escapes, and the question marks of failed conversions: text that a
change of character set may turn into anything."""

ANY_LETTERS = ".{1,4}"
"""What a non-ASCII letter may have become: "ü" is also "u", "ue", or two to four bytes of UTF-8."""

EMPTY: tuple[object, ...] = ("", None)
"""Values of a fact that the header does not state."""

Fact = TypeVar("Fact", bound=Hashable)


@dataclass(frozen=True)
class Patient:
    """Distinguishes patients, in memory only; never shown or written.

    Attributes:
        number: the patient ID, in lower case.
        name: the first component group (DICOM PS3.5 6.2.1), in lower case, with one blank between
            words and an asterisk for non-ASCII text.
        born: the digits of the birth date.
    """

    number: str = field(repr=False, default="")
    name: str = field(repr=False, default="")
    born: str = field(repr=False, default="")

    def is_same_as(self, other: "Patient") -> bool:
        """Whether the two are the same patient.

        Names may differ in spelling if ID and birth date agree.
        """
        if self.number != other.number:
            return False
        if self.name == other.name:
            return self.born == other.born or not self.born or not other.born
        known = bool(self.number and self.born)
        return known and self.born == other.born and _may_be_same(self.name, other.name)


def patient_of(dataset: Dataset) -> Patient:
    """The patient whom a file names."""
    name = text_of(dataset, "PatientName").split("=")[0]
    words = re.split(r"[\s^,]+", FOREIGN.sub("*", name).casefold())
    return Patient(
        number=" ".join(text_of(dataset, "PatientID").casefold().split()),
        name=" ".join(word for word in words if word),
        born="".join(re.findall(r"\d", text_of(dataset, "PatientBirthDate"))),
    )


def facts_of(dataset: Dataset) -> PatientFacts:
    """What a file says about patient and series, for display."""
    return PatientFacts(
        name=_written_name(_decoded(dataset, "PatientName")),
        born=_date(text_of(dataset, "PatientBirthDate")),
        study_date=_date(text_of(dataset, "StudyDate")),
        series_description=_decoded(dataset, "SeriesDescription").strip(),
        series_number=text_of(dataset, "SeriesNumber"),
    )


def common_facts(facts: Iterable[PatientFacts]) -> PatientFacts:
    """The combined facts of the slices of one series.

    A name may be spelled in several ways; the commonest is taken. Other facts are left out if
    slices contradict each other.
    """
    counts = Counter(facts)
    names = Counter[str]()
    for one, count in counts.items():
        names[one.name] += count if one.name else 0
    return PatientFacts(
        name=names.most_common(1)[0][0] if names else "",
        born=_agreed((one.born for one in counts), None),
        study_date=_agreed((one.study_date for one in counts), None),
        series_description=_agreed((one.series_description for one in counts), ""),
        series_number=_agreed((one.series_number for one in counts), ""),
    )


def _agreed(said: Iterable[Fact], unknown: Fact) -> Fact:
    """The fact if there is exactly one; otherwise ``unknown``."""
    different = {one for one in said if one not in EMPTY}
    return different.pop() if len(different) == 1 else unknown


def _decoded(dataset: Dataset, keyword: str) -> str:
    """A text in the file's character set, or byte by byte if that fails."""
    try:
        return str(dataset.get(keyword) or "")
    except (LookupError, ValueError, TypeError, AttributeError):
        return text_of(dataset, keyword)


def _written_name(name: str) -> str:
    """A person's name (DICOM PS3.5 6.2.1) as people write it, without titles."""
    group = next((group for group in name.split("=") if group.strip(" ^")), "")
    family, given, middle, _, suffix = (*map(str.strip, group.split("^")), *[""] * 5)[:5]
    others = " ".join(part for part in (given, middle, suffix) if part)
    return ", ".join(part for part in (family, others) if part)


def _date(text: str) -> datetime.date | None:
    """A date (DICOM PS3.5 6.2), also in the old form with dots; None if it is not a date."""
    match = re.fullmatch(r"(\d{4})\.?(\d{2})\.?(\d{2})", text)
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def number_patients(patients: Iterable[Patient]) -> dict[Patient, int]:
    """A number for each patient, the same for all spellings, in order of first appearance."""
    numbers: dict[Patient, int] = {}
    for patient in dict.fromkeys(patients):
        same = {numbers[known] for known in numbers if known.is_same_as(patient)}
        number = min(same, default=len(numbers))
        for known in numbers:
            if numbers[known] in same:
                numbers[known] = number
        numbers[patient] = number
    return numbers


def _may_be_same(one: str, other: str) -> bool:
    """Whether two names differ only in letters that a change of character set may alter."""
    return not one or not other or _matches(one, other) or _matches(other, one)


def _matches(pattern: str, name: str) -> bool:
    expression = ANY_LETTERS.join(map(re.escape, pattern.split("*")))
    return re.fullmatch(expression, name) is not None
