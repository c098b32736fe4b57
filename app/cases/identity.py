"""How a case is named on the screen, so that one can tell which patient it is."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.wording import date_text, numbered_series_name
from inference.values.messages import visible
from inference.values.patient_facts import PatientFacts
from inference.values.volume import Volume

SEPARATOR = " · "


@dataclass(frozen=True)
class Identity:
    """A case in words, which are shown but never written to a file.

    Attributes:
        name: the patient's, or that of the file or folder if no header gives it.
        details: birth date, date of the study, series, and the folder's name beside a patient's.
    """

    name: str
    details: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """All of it on one line."""
        return SEPARATOR.join((self.name, *self.details))


def identity_of(volume: Volume) -> Identity:
    """What the header says about the patient and the series, and what was opened."""
    patient, file = volume.patient, visible(volume.name)
    translate = QCoreApplication.translate
    name = visible(patient.name) or file
    details = person_details(patient)
    details += study_details(patient)
    if patient.series_description or patient.series_number:
        series = numbered_series_name(patient.series_description, patient.series_number)
        details.append(translate("identity", "Series {0}").format(visible(series)))
    if file != name:
        details.append(file)
    return Identity(name, tuple(details))


def person_text(patient: PatientFacts) -> str:
    """Name and birth date on one line; empty if neither is known."""
    name = [visible(patient.name)] if patient.name else []
    return SEPARATOR.join([*name, *person_details(patient)])


def study_details(patient: PatientFacts) -> list[str]:
    """When the study began, if known."""
    if patient.study_date is None:
        return []
    study = QCoreApplication.translate("identity", "Study of {0}")
    return [study.format(date_text(patient.study_date))]


def person_details(patient: PatientFacts) -> list[str]:
    """What tells people of the same name apart."""
    if patient.born is None:
        return []
    born = QCoreApplication.translate("identity", "born {0}")
    return [born.format(date_text(patient.born))]
