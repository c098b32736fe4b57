"""Where an export is offered to go: never to where that of another patient went."""

import os
import re
import unicodedata
import weakref
from dataclasses import dataclass
from pathlib import Path

from app.cases.inputs import demo_ct, is_whole_input
from app.cases.path_file import PathFile
from app.cases.session import Case
from inference.values.patient_facts import PatientFacts
from inference.values.volume import Volume

LEAST_LETTERS = 3
"""Of a part of a name that a folder may be called by; shorter ones are in many words."""

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, eq=False)
class Export:
    """The last export, in memory only: its folder may be called by the patient.

    Attributes:
        volume: the CT, as long as it is open.
    """

    folder: Path
    volume: "weakref.ref[Volume]"
    patient: PatientFacts


class ExportPlaces:
    """Remembers a folder that is no patient's, in a small file, and offers it the next time.

    That is the folder above the one that the user chose, which may be called by the patient; the
    chosen one itself once exports of two patients went there.
    """

    def __init__(self, file: Path) -> None:
        """Keep the folder in ``file``, which need not exist."""
        self._kept = PathFile(file)
        self._last: Export | None = None
        self._offered: Path | None = None

    def offered(self, case: Case, chosen: Path | None, otherwise: Path) -> Path:
        """Where the export of a case is offered to go.

        The case's last export goes before all; then the folder that the settings name, the one
        that is remembered, and that of the CT itself.

        Args:
            chosen: the folder of the settings; None where they name none.
            otherwise: where none of these can be written to.
        """
        if self._last is not None and self._last.volume() is case.volume:
            self._offered = self._last.folder
        else:
            places = (*self._kept.paths(), folder_of(case))
            writable = (one for one in places if one is not None and _can_be_written(one))
            self._offered = chosen or next(writable, otherwise)
        return self._offered

    def note(self, case: Case, folder: Path) -> None:
        """The case was exported to ``folder``."""
        if folder != self._offered:
            last = self._last
            shared = last is not None and folder == last.folder and _differ(last.patient, case)
            place = folder if shared else folder_above(folder, case)
            self._kept.change(lambda _: [place] if place else [])
        self._last = Export(folder, weakref.ref(case.volume), case.volume.patient)

    def clear(self) -> None:
        """Forget all."""
        self._last = self._offered = None
        self._kept.change(lambda _: [])


def folder_of(case: Case) -> Path | None:
    """The folder that holds the CT: beside the folder of its slices, not among them."""
    if case.path is None or case.path == demo_ct():
        return None
    among_slices = case.volume.source is not None and case.path.is_file()
    if among_slices and not is_whole_input(case.path):
        return case.path.parent.parent
    return case.path.parent


def folder_above(folder: Path, case: Case) -> Path | None:
    """The folder above an export that nothing calls by the patient; None where that is not known.

    A folder that holds the CT too may be all of the patient's.
    """
    names = _parts(case.volume.patient.name) | {_folded(case.volume.name)}
    for place in folder.absolute().parents:
        spelled = [variant for part in place.parts for variant in _variants(part)]
        if any(name in variant for variant in spelled for name in names):
            continue
        holds_the_ct = case.path is not None and case.path.absolute().is_relative_to(place)
        return None if holds_the_ct else place
    return None


def _can_be_written(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)


def _differ(patient: PatientFacts, case: Case) -> bool:
    """Whether these are known to be two patients."""
    other = case.volume.patient
    return bool(patient.name and other.name) and _parts(patient.name).isdisjoint(_parts(other.name))


def _parts(name: str) -> set[str]:
    """The parts of a name, in every way in which a folder may spell them."""
    words = re.split(r"[\W_\d]+", name)
    return {v for word in words for v in _variants(word) if len(v) >= LEAST_LETTERS}


def _variants(text: str) -> set[str]:
    """A text in small letters, with umlauts as they are, as two letters, and without dots."""
    small = unicodedata.normalize("NFC", text).casefold()
    return {small, small.translate(UMLAUTS), _folded(text)}


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
