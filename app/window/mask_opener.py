"""Opens masks from files on the open CT, to correct or to compare with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.cases.case_queue import CaseQueue
from app.cases.session import Session
from app.corrections.autosave import Unsaved
from app.translation import translated
from app.widgets.dialogs import agreed, answer_to, start_folder
from app.window.activity_bar import ActivityBar
from app.work.jobs import Job, Jobs
from inference.errors import (
    NoMaskError,
    SpineContextError,
    UnfitMaskError,
    UnreadableInputError,
)
from inference.values.mask import Mask
from inference.values.messages import visible
from inference.values.progress import CancelCheck, ProgressCallback
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.read import OpenedMask


@dataclass(frozen=True, eq=False)
class ReadMask:
    """A mask read for a CT.

    Attributes:
        opened: the mask, and what was decided while reading it.
        vertebrae: those read with it.
    """

    volume: Volume
    opened: "OpenedMask"
    vertebrae: "CaseVertebrae | None" = None


Take = Callable[[ReadMask], None]


class MaskOpener(QObject):
    """Reads masks onto the grid of the open CT, on a thread, and puts them into the session."""

    no_mask = Signal(object)
    """The path of a dropped item that is something else, perhaps another CT."""
    told = Signal(str)
    """What the user should know about a mask, or about why there is none."""
    opened = Signal()
    """The session now has a mask from a file."""
    restored = Signal(Unsaved)
    """These corrections are back in the session."""
    failed = Signal(SpineContextError)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        queue: CaseQueue,
        activity: ActivityBar,
        jobs: Jobs,
        changing: Callable[[], bool],
    ) -> None:
        """Ask over ``window`` and show the reading in ``activity``.

        Args:
            changing: whether a person's change of the result is still being worked out.
        """
        super().__init__(window)
        self._window = window
        self._session = session
        self._queue = queue
        self._activity = activity
        self._jobs = jobs
        self._changing = changing
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether a mask is being read."""
        return self._job is not None

    def cancel(self) -> None:
        """Stop reading."""
        if self._job is not None:
            self._job.cancel()

    def ask_for_mask(self) -> None:
        """Let the user choose a mask for the open CT."""
        if self._session.case is None:
            self.told.emit(self.tr("Open a CT first, then its mask."))
        elif path := self._chosen_file(self.tr("Open a mask of this CT")):
            self._read(path, self._open)

    def ask_for_comparison(self) -> None:
        """Let the user choose a mask to compare with."""
        case = self._session.case
        if case is None or case.mask is None:
            self.told.emit(self.tr("Find the spine or open a mask first, then the one to compare."))
        elif path := self._chosen_file(self.tr("Compare with another mask of this CT")):
            self._read(path, self._compare)

    def restore(self, unsaved: Unsaved) -> None:
        """Restore corrections that were never exported."""

        def take(read: ReadMask) -> None:
            self._session.set_restored(read.opened.mask)
            if read.vertebrae is not None:
                self._session.set_vertebrae(read.vertebrae, changed=True)
            self.restored.emit(unsaved)
            told = self.tr("The corrections have been restored. Export them.")
            if unsaved.vertebrae is not None and read.vertebrae is None:
                told = self.tr(
                    "The corrections have been restored, but not the vertebrae, whose file "
                    "cannot be read. Find them again, then export everything."
                )
            self.told.emit(told)

        missed = self.tr(
            "The corrections were not restored, because a run began meanwhile. They are offered "
            "again at the next start."
        )
        self._read(unsaved.mask, take, missed, unsaved=unsaved)

    def close_comparison(self) -> None:
        """Show only the case's own mask."""
        self._session.compare_with(None)

    def take(self, path: Path) -> bool:
        """Open what was dropped if it is a mask for the open CT; ``no_mask`` reports if it is not.

        A folder is none; nor is an unreadable file: opened as a CT, it is refused with the reason.

        Returns whether it is handled here; nothing is while no CT is open.
        """
        if self._session.case is None or self._queue.busy or self.busy:
            return False
        self._read(path, self._open_or_compare, otherwise=partial(self.no_mask.emit, path))
        return True

    def _chosen_file(self, title: str) -> Path | None:
        kinds = self.tr("Masks") + " (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.dcm)"
        every = self.tr("All files") + " (*)"
        case = self._session.case
        first = start_folder(case.path.parent, self._jobs) if case and case.path else ""
        if self._jobs.closed:
            return None  # the window was closed meanwhile
        name, _ = QFileDialog.getOpenFileName(self._window, title, first, f"{kinds};;{every}")
        return Path(name) if name else None

    def _read(
        self,
        path: Path,
        take: Take,
        missed: str = "",
        *,
        otherwise: Callable[[], None] | None = None,
        unsaved: Unsaved | None = None,
    ) -> None:
        """Read a mask and ``take`` it.

        Args:
            missed: what is told if a run has begun meanwhile, which the mask would disturb.
            otherwise: done if it is a folder or no mask.
        """
        case = self._session.case
        if case is None or self._queue.busy or self.busy:
            return
        volume = case.volume

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> ReadMask:
            from inference.read import open_mask  # imported here because it is slow to load

            if otherwise is not None and path.is_dir():
                raise NoMaskError("a folder")  # never shown: it is opened as a CT
            opened = open_mask(path, volume, progress=progress, cancel=cancel)
            vertebrae = _vertebrae_of(unsaved, opened.mask, volume, cancel) if unsaved else None
            return ReadMask(volume, opened, vertebrae)

        self._take, self._otherwise = take, otherwise
        self._missed = missed or self.tr(
            "The mask was not opened, because a run began meanwhile. Open it again after the run."
        )
        self._job = Job(work)
        self._job.succeeded.connect(self._succeed)
        self._job.failed.connect(self._fail)
        self._job.cancelled.connect(self._end)
        self._activity.follow(self._job, visible(path.name))
        self._jobs.start(self._job)

    def _end(self) -> None:
        self._job = None

    def _succeed(self, read: ReadMask) -> None:
        """Take the mask, unless the user has moved on to another CT or to a run."""
        self._end()
        case = self._session.case
        if case is None or case.volume is not read.volume:
            return
        if self._queue.busy:
            self.told.emit(self._missed)
        else:
            self._take(read)

    def _fail(self, error: SpineContextError) -> None:
        self._end()
        maybe_ct = isinstance(error, NoMaskError | UnreadableInputError)
        if maybe_ct and self._otherwise is not None:
            self._otherwise()
        else:
            self.failed.emit(error)

    def _open_or_compare(self, read: ReadMask) -> None:
        """If the case already has a mask, ask what the other one is for."""
        case = self._session.case
        if case is None or case.mask is None:
            self._open(read)
            return
        question = self.tr("This CT already has a mask. What should be done with the other one?")
        answers = [self.tr("&Compare"), self.tr("&Open instead")]
        match answer_to(self._window, question, answers, self.tr("&Nothing")):
            case 0:
                self._compare(read)
            case 1:
                self._open(read)

    def _open(self, read: ReadMask) -> None:
        case = self._session.case
        question = self.tr("Open this mask instead? Your corrections will be lost.")
        lost = case is not None and (case.corrections_unsaved or self._changing())
        if lost and not self._agreed(question):
            return
        self._session.set_opened(read.opened.mask)
        self.opened.emit()
        self._tell(read)

    def _compare(self, read: ReadMask) -> None:
        self._session.compare_with(read.opened.mask)
        self._tell(read)

    def _agreed(self, question: str) -> bool:
        return agreed(self._window, question, self.tr("&Open instead"))

    def _tell(self, read: ReadMask) -> None:
        if read.opened.notes:
            self.told.emit("\n".join(map(translated, read.opened.notes)))


def _vertebrae_of(
    unsaved: Unsaved, mask: Mask, volume: Volume, cancel: CancelCheck
) -> "CaseVertebrae | None":
    """The vertebrae that a person named or changed; None if there are none or they are lost."""
    from inference.cases.vertebrae import read_vertebrae  # imported here because it is slow to load

    if unsaved.vertebrae is None:
        return None
    try:
        return read_vertebrae(unsaved.vertebrae, mask, volume, unsaved.known, cancel=cancel)
    except (UnreadableInputError, UnfitMaskError):
        return None
