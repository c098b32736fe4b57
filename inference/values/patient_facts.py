"""Whose CT this is, for display only."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PatientFacts:
    """What a header says about the patient and the series, for the person at the screen.

    It is only shown: it goes into no log, report, setting or file name, and its ``repr`` is empty.
    What is unknown is empty or None.

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
"""For an image file, or a header that says nothing."""
