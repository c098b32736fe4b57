"""Reopens a finished case of the queue: reads its CT again, and its mask from the folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import QueuedCase
from app.cases.session import Session
from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError, UnfitMaskError, UnreadableInputError
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback, never_cancelled
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.mask.figures import MaskFigures


@dataclass(frozen=True)
class Wanted:
    """What the user wants to see: a finished case, and the file of its mask."""

    case: QueuedCase
    mask: Path


@dataclass(frozen=True, eq=False)
class Written:
    """What was read again.

    Attributes:
        figures: of the mask in the file, which need not be the one that the run found.
        vertebrae: None if there are none or they cannot be read.
    """

    mask: Mask
    figures: "MaskFigures"
    vertebrae: "CaseVertebrae | None"


class Reopening(QObject):
    """Shows a finished case as the queue has written it."""

    failed = Signal(SpineContextError)
    """The CT is open, but its mask or its vertebrae cannot be read."""

    def __init__(
        self, session: Session, flow: CaseFlow, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        """Open into ``session`` by means of ``flow``; ``jobs`` owns the reading."""
        super().__init__(parent)
        self._jobs = jobs
        self._session = session
        self._flow = flow
        self._wanted: Wanted | None = None
        self._volume: Volume | None = None
        self._facts: Mapping[str, Any] = {}
        self._vertebrae: Path | None = None
        flow.opened.connect(self._read_mask)
        for end in (flow.failed, flow.cancelled, flow.several_found):
            end.connect(self._forget)

    def open(self, case: QueuedCase, mask: Path) -> None:
        """Open a case whose mask is in that file, unless something else is running."""
        self._wanted = Wanted(case, mask)
        self._flow.open(case.path, ask=False)

    def _forget(self) -> None:
        self._wanted = None

    def _read_mask(self) -> None:
        wanted, case = self._wanted, self._session.case
        self._wanted = None
        if wanted is None or case is None:
            return
        self._volume, self._facts = case.volume, wanted.case.facts
        self._vertebrae = wanted.case.vertebrae
        volume = case.volume

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Written:  # noqa: ARG001
            from inference.mask.figures import measure  # imported here because it is slow to load

            mask = read_mask(wanted.mask, volume, cancel)
            figures = measure(mask, volume, cancel)
            return Written(mask, figures, _vertebrae_of(wanted.case, mask, volume, cancel))

        job = Job(work)
        job.succeeded.connect(self._show_mask)
        job.failed.connect(self.failed)
        self._jobs.start(job)

    def _show_mask(self, written: Written) -> None:
        """Show the mask, unless the user has moved on to something else."""
        case, volume, self._volume = self._session.case, self._volume, None
        if case and case.volume is volume and case.mask is None and not self._flow.busy:
            from inference.pipeline import Segmentation  # imported here because it is slow to load

            found = Segmentation(mask=written.mask, figures=written.figures, **self._facts)
            self._session.set_result(found)
            self._session.mark_saved()
            if written.vertebrae is not None:
                self._session.set_vertebrae(written.vertebrae, changed=False)
            elif self._vertebrae is not None:
                text = self.tr(
                    "The vertebrae in {0} are missing or no longer match the mask. Find them again."
                )
                self.failed.emit(UnreadableInputError(text.format(self._vertebrae.name)))


def read_mask(path: Path, volume: Volume, cancel: CancelCheck = never_cancelled) -> Mask:
    """Read a mask that the program wrote for this CT.

    Raises:
        UnreadableInputError: it is gone or no longer matches the CT.
        CancelledError: ``cancel`` said so.
    """
    from inference.read import open_mask  # imported here because it is slow to load

    try:
        mask = open_mask(path, volume, cancel=cancel).mask
    except (UnreadableInputError, UnfitMaskError) as error:
        text = QCoreApplication.translate(
            "reopening",
            "The mask in {0} is missing or no longer matches the CT. Find the spine again.",
        )
        raise UnreadableInputError(text.format(path.name)) from error
    return Mask(mask.voxels, mask.geometry)


def _vertebrae_of(
    case: QueuedCase, mask: Mask, volume: Volume, cancel: CancelCheck
) -> "CaseVertebrae | None":
    from inference.cases.vertebrae import read_vertebrae  # imported here because it is slow to load

    if case.vertebrae is None:
        return None
    try:
        return read_vertebrae(case.vertebrae, mask, volume, cancel=cancel)
    except (UnreadableInputError, UnfitMaskError):
        return None
