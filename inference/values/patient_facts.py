"""Whose CT this is, for the screen alone."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PatientFacts:
    """What a header says of the patient and of the series, for whoever sits in front of it.

    It is shown and nothing else: it gets into no log, report, setting or name of a file, and its
    ``repr`` is empty. What is not known is empty, or None.

    Attributes:
        name: as people write it: "Family, Given".
        born: the birth date.
        study_date: when the study began.
        series_description: what the scanner called the series.
        series_number: its number in the study.
    """

    name: str = field(default="", repr=False)
    born: datetime.date | None = field(default=None, repr=False)
    study_date: datetime.date | None = field(default=None, repr=False)
    series_description: str = field(default="", repr=False)
    series_number: str = field(default="", repr=False)


NOBODY = PatientFacts()
"""Of an image file, or of a header that says nothing."""
