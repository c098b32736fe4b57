"""Whose slices these are: one patient, however the name is spelled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydicom.dataset import Dataset

from inference.read.elements import text_of

FOREIGN = re.compile(r"(\x1b[ -/]*[0-~]|[^\x00-\x7f]|\?)+")
"""Letters outside ASCII, escapes of ISO 2022, and the question marks that a failed conversion
leaves: what a change of character set may turn into anything."""

ANY_LETTERS = ".{1,4}"
"""What a foreign letter may have become: "ü" is also "u", "ue", or two to four bytes of UTF-8."""


@dataclass(frozen=True)
class Patient:
    """What tells patients apart, in memory only; never shown or written.

    Attributes:
        number: the patient ID, in small letters.
        name: its first group of components (DICOM PS3.5 6.2.1), in small letters, with one blank
            between words and an asterisk for what is not ASCII.
        born: the digits of the birth date.
    """

    number: str = field(repr=False, default="")
    name: str = field(repr=False, default="")
    born: str = field(repr=False, default="")

    def is_same_as(self, other: "Patient") -> bool:
        """Whether the two are one patient.

        Names may differ by their spelling where ID and birth date agree.
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


def number_patients(patients: Iterable[Patient]) -> dict[Patient, int]:
    """A number for each patient, the same for all spellings of one, in order of first mention."""
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
    """Whether two names differ by nothing but what a change of character set makes of letters."""
    return not one or not other or _matches(one, other) or _matches(other, one)


def _matches(pattern: str, name: str) -> bool:
    expression = ANY_LETTERS.join(map(re.escape, pattern.split("*")))
    return re.fullmatch(expression, name) is not None
