"""The folder offered for an export: never one that holds another patient's export."""

import os
import re
import unicodedata
import weakref
from dataclasses import dataclass
from pathlib import Path

from app.cases.inputs import demo_ct, is_whole_input
from app.cases.path_file import PathFile
from app.cases.session import Case
from app.work.keeping import Keeping
from inference.values.patient_facts import PatientFacts
from inference.values.volume import Volume

LEAST_LETTERS = 3
"""Of a part of a name that is looked for in folder names; shorter ones occur in many words."""

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, eq=False)
class Export:
    """The last export, in memory only because its folder may be named after the patient.

    Attributes:
        volume: the CT, as long as it is open.
    """

    folder: Path
    volume: "weakref.ref[Volume]"
    patient: PatientFacts


class ExportPlaces:
    """Remembers a folder that belongs to no one patient, in a small file, and offers it next time.

    This is the folder above the chosen one, because the chosen one may be named after the patient.
    Once exports of two patients went to the chosen one, it is that one.
    """

    def __init__(self, file: Path, keeping: Keeping) -> None:
        """Keep the folder in ``file``, which need not exist; ``keeping`` reads and writes it."""
        self._kept = PathFile(file, keeping)
        self._last: Export | None = None
        self._offered: Path | None = None

    def writable(self, case: Case) -> Path | None:
        """The first that can be written to of the remembered folder and the CT's own.

        It asks the disk, which takes half a minute to answer for a network drive that is gone.
        """
        places = (*self._kept.paths(), folder_of(case))
        return next((one for one in places if one is not None and _can_be_written(one)), None)

    def offered(self, case: Case, chosen: Path | None, otherwise: Path) -> Path:
        """The folder that is offered for the export of a case.

        The folder of the case's last export comes first.

        Args:
            chosen: the folder in the settings; None if they name none.
            otherwise: ``writable``, or where to export if nothing is.
        """
        if self._last is not None and self._last.volume() is case.volume:
            self._offered = self._last.folder
        else:
            self._offered = chosen or otherwise
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
        """Forget everything."""
        self._last = self._offered = None
        self._kept.change(lambda _: [])


def folder_of(case: Case) -> Path | None:
    """The folder that holds the CT: for slices, the one that their folder lies in."""
    if case.path is None or case.path == demo_ct():
        return None
    among_slices = case.volume.source is not None and case.path.is_file()
    if among_slices and not is_whole_input(case.path):
        return case.path.parent.parent
    return case.path.parent


def folder_above(folder: Path, case: Case) -> Path | None:
    """The lowest folder above an export that is not named after the patient; None if unknown.

    A folder that also holds the CT may belong to the patient as a whole.
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
    """Whether these are known to be different patients."""
    other = case.volume.patient
    return bool(patient.name and other.name) and _parts(patient.name).isdisjoint(_parts(other.name))


def _parts(name: str) -> set[str]:
    """The parts of a name, in every way a folder may spell them."""
    words = re.split(r"[\W_\d]+", name)
    return {v for word in words for v in _variants(word) if len(v) >= LEAST_LETTERS}


def _variants(text: str) -> set[str]:
    """A text in lower case, with umlauts as they are, as two letters, and without their dots."""
    small = unicodedata.normalize("NFC", text).casefold()
    return {small, small.translate(UMLAUTS), _folded(text)}


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
