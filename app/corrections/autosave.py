"""Unexported corrections, kept on disk in case the program ends without asking.

They lie in the settings folder under meaningless names: the mask and its vertebrae as NIfTI files,
and a small file with the CT they belong to and the names of the vertebrae. They are removed when
the mask is exported or discarded; after a crash they are offered at the next start.
"""

import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from app.cases.session import Session
from app.work.jobs import Job, Jobs
from app.work.keeping import Keeping
from inference.errors import SpineContextError
from inference.system.locks import owned_folder, remove_abandoned
from inference.system.logs import LOGGER
from inference.system.small_files import write_whole
from inference.values.geometry import Slices
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae

PREFIX = "corrections-"
MASK_FILE = "mask.nii.gz"
VERTEBRA_FILES = ("vertebrae-a.nii.gz", "vertebrae-b.nii.gz")
"""One is written while ``FACTS_FILE`` names the other, so names and vertebrae always match."""
FACTS_FILE = "case.json"

LEAST_SIDE = 4
"""Smallest side of the box that is written, in voxels; the reader refuses smaller volumes."""

REST_MS = 3000
"""How long nothing must change before the mask is written, so that the disk is not busy during a
stroke. Writing adds at most a second to what a crash can lose."""


@dataclass(frozen=True)
class Unsaved:
    """Corrections that an earlier run of the program left behind.

    Attributes:
        folder: what holds them.
        ct: what was opened.
        series_uid: of the series in it; None if it is not DICOM.
        at: when they were written.
        vertebrae: the file of the vertebrae, if a person had named or changed any.
        known: the VerSe numbers given to them, by their counts from the head.
    """

    folder: Path
    ct: Path
    series_uid: str | None
    at: datetime
    vertebrae: Path | None = None
    known: Mapping[int, int] = field(default_factory=dict)

    @property
    def mask(self) -> Path:
        """The file of the mask."""
        return self.folder / MASK_FILE

    def discard(self) -> None:
        """Remove them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def left_unsaved(place: Path) -> tuple[Unsaved, ...]:
    """What ended programs left in ``place``, newest first."""
    folders: list[Path] = []

    def settle(folder: Path) -> bool:
        folders.append(folder)
        return _is_empty(folder)

    remove_abandoned(place, PREFIX, settle)
    found = [unsaved for folder in folders if (unsaved := _read(folder)) is not None]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _box_with_spine(mask: Mask) -> Slices:
    """The part with spine, which is written in a fraction of the time of the whole mask."""
    from inference.values.slabs import bounding_box  # imported here because it is slow to load

    box = bounding_box(mask.voxels) or (slice(0, 1),) * 3
    z, y, x = (
        slice(max(0, part.start - LEAST_SIDE), min(count, part.stop + LEAST_SIDE))
        for part, count in zip(box, mask.voxels.shape, strict=True)
    )
    return z, y, x


def _part_with_spine(mask: Mask) -> Mask:
    box = _box_with_spine(mask)
    return Mask(mask.voxels[box], mask.geometry.part(*box), mask.corrected)


def _part_with_vertebrae(vertebrae: "CaseVertebrae", mask: Mask) -> LabelMap:
    """The vertebrae as labels, counted from the head, in the same box."""
    box, found = _box_with_spine(mask), vertebrae.found
    return LabelMap(found.labels[box], found.geometry.part(*box), {})


def _is_empty(folder: Path) -> bool:
    """Whether a folder holds nothing that would be missed."""
    return not (folder / MASK_FILE).exists()


def _read(folder: Path) -> Unsaved | None:
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        at = datetime.fromtimestamp((folder / MASK_FILE).stat().st_mtime)
        known = {int(number): int(place) for number, place in facts.get("names", ())}
        own = facts.get("vertebrae")
        vertebrae = folder / own if own in VERTEBRA_FILES else None
        return Unsaved(folder, Path(facts["ct"]), facts["series"], at, vertebrae, known)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_image(image: Mask | LabelMap, path: Path) -> None:
    """Write a file so that at any moment either the complete new one or the old one exists."""
    from inference.export.images import write_nifti  # imported here because it is slow to load

    unfinished = path.with_name("unfinished")
    with unfinished.open("wb") as file:
        write_nifti(image, file)
    unfinished.replace(path)


class Autosave(QObject):
    """Writes the session's mask and vertebrae whenever corrections or names would be lost."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        keeping: Keeping,
        place: Path,
        parent: QObject | None = None,
    ) -> None:
        """Follow ``session`` and write into a folder in ``place``.

        Args:
            jobs: owns the writing.
            keeping: writes and removes, one thing after the other.
        """
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._keeping = keeping
        self._place = place
        self._folder: Path | None = None
        self._life = ExitStack()
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.save)
        session.mask_changed.connect(self._follow)
        session.case_changed.connect(self._follow)
        self.destroyed.connect(self._life.close)

    def save(self) -> None:
        """Write a person's work, unless it is safe or already being written."""
        self._rest.stop()
        case = self._session.case
        if case is None or case.mask is None or not case.corrections_unsaved:
            return
        if case.path is None:
            return  # the CT could not be found again
        if self._job is not None:
            self._rest.start()  # what is being written is out of date
            return
        mask, source, ct = case.mask, case.volume.source, case.path
        by_hand = case.vertebrae if case.vertebrae and case.vertebrae.by_hand else None

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> None:  # noqa: ARG001
            series_uid = source.series_uid if source else None
            self._keeping.do(partial(self._write, mask, by_hand, ct, series_uid)).result()

        self._job = Job(work)
        self._job.failed.connect(self._failed)
        self._job.finished.connect(self._saved)
        self._jobs.start(self._job)

    def adopt(self, unsaved: Unsaved) -> None:
        """Go on keeping restored corrections, now as this program's own."""
        self._keeping.do(partial(self._copy, unsaved))

    def discard(self) -> None:
        """Remove what was written, because it has been exported or discarded."""
        self._rest.stop()
        self._keeping.do(self._remove)

    def close(self) -> None:
        """Leave the folder, which stays as long as there is anything in it."""
        self._keeping.do(self._life.close)

    def _copy(self, unsaved: Unsaved) -> None:
        with suppress(OSError):
            folder = self._own_folder()
            if unsaved.vertebrae is not None:
                shutil.copyfile(unsaved.vertebrae, folder / unsaved.vertebrae.name)
            for name in (FACTS_FILE, MASK_FILE):
                shutil.copyfile(unsaved.folder / name, folder / name)
            unsaved.discard()

    def _remove(self) -> None:
        if self._folder is not None:
            for name in (MASK_FILE, *VERTEBRA_FILES, FACTS_FILE):
                with suppress(OSError):
                    (self._folder / name).unlink(missing_ok=True)

    def _follow(self) -> None:
        case = self._session.case
        if case is not None and case.corrections_unsaved:
            self._rest.start()
        else:
            self.discard()

    def _write(
        self, mask: Mask, by_hand: "CaseVertebrae | None", ct: Path, series_uid: str | None
    ) -> None:
        """Write everything; a kill at any moment leaves files that match each other.

        Vertebrae are matched to the mask beside them when they are read.
        """
        folder = self._own_folder()
        facts: dict[str, Any] = {"ct": str(ct), "series": series_uid}
        if by_hand is not None:
            free = (one for one in VERTEBRA_FILES if not (folder / one).exists())
            name = next(free, VERTEBRA_FILES[0])
            _write_image(_part_with_vertebrae(by_hand, mask), folder / name)
            facts |= {"vertebrae": name, "names": list(by_hand.known.items())}
        write_whole(folder / FACTS_FILE, json.dumps(facts))
        for name in VERTEBRA_FILES:
            if name != facts.get("vertebrae"):
                (folder / name).unlink(missing_ok=True)
        _write_image(_part_with_spine(mask), folder / MASK_FILE)

    def _own_folder(self) -> Path:
        """This window's folder, created when first needed.

        Raises:
            OSError: it cannot be made.
        """
        if self._folder is None:
            self._place.mkdir(parents=True, exist_ok=True)
            own = owned_folder(self._place, PREFIX, _is_empty)
            self._folder = self._life.enter_context(own)
        return self._folder

    def _failed(self, error: SpineContextError) -> None:
        # Work can continue; a message every few seconds would help nobody.
        LOGGER.info("corrections could not be kept: %s", error)

    def _saved(self) -> None:
        self._job = None
        case = self._session.case
        if case is None or not case.corrections_unsaved:
            self.discard()  # it was exported meanwhile
