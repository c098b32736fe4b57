"""Offers corrections that a crash left behind."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtWidgets import QWidget

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import CaseQueue
from app.cases.session import Session
from app.corrections.autosave import Autosave, Unsaved, left_unsaved
from app.widgets.dialogs import answer_to
from app.window.mask_opener import MaskOpener
from app.work.jobs import Job, Jobs
from app.work.keeping import Keeping
from app.work.opening import OpenedCt
from inference.values.messages import visible
from inference.values.progress import CancelCheck, ProgressCallback

FOLDER = "corrections"


class RecoveryController(QObject):
    """Keeps unexported corrections on disk, and restores those of an earlier run."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        flow: CaseFlow,
        queue: CaseQueue,
        masks: MaskOpener,
        jobs: Jobs,
        keeping: Keeping,
        settings_folder: Path,
    ) -> None:
        """Ask over ``window``, and let ``keeping`` keep corrections in the settings folder."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._flow = flow
        self._queue = queue
        self._masks = masks
        self._jobs = jobs
        self._keeping = keeping
        self._place = settings_folder / FOLDER
        self._autosave = Autosave(session, jobs, keeping, self._place, self)
        self._wanted: Unsaved | None = None
        self._opened: OpenedCt | None = None
        flow.opened.connect(self._take_opened)
        for end in (flow.failed, flow.cancelled):
            end.connect(self._forget)
        masks.restored.connect(self._autosave.adopt)

    def offer(self) -> None:
        """Ask about what was left behind, unless the user has already begun something else."""
        self._look(self._offer_all)

    def _look(self, take: Callable[[Sequence[Unsaved]], None]) -> None:
        """Give what was left behind to ``take``, a method of this object, once the disk answers."""

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Sequence[Unsaved]:  # noqa: ARG001
            return self._keeping.do(partial(left_unsaved, self._place)).result()

        job = Job(work)
        job.succeeded.connect(take)
        self._jobs.start(job)

    def _offer_all(self, left: Sequence[Unsaved]) -> None:
        for unsaved in left:
            if self._has_begun:
                return
            if self._wishes_back(unsaved):
                self._wanted = unsaved
                self._flow.open(unsaved.ct, ask=False, series_uid=unsaved.series_uid)

    @property
    def _has_begun(self) -> bool:
        """Whether the user is already doing something else."""
        at_work = self._queue.busy or self._masks.busy
        return at_work or bool(self._queue.cases) or self._session.case is not None

    def give_up(self) -> None:
        """Discard them, as the user has agreed."""
        self._autosave.discard()

    def close(self) -> None:
        """Leave the disk as it shall be at the end of the program."""
        self._autosave.close()

    def _wishes_back(self, unsaved: Unsaved) -> bool:
        question = self.tr(
            "The program ended before the corrections of {0} were exported ({1}). Open them again?"
        )
        written = QDateTime.fromSecsSinceEpoch(int(unsaved.at.timestamp()))
        at = QLocale().toString(written, QLocale.FormatType.ShortFormat)
        text = question.format(visible(unsaved.ct.name), at)
        answers = [self.tr("&Open again"), self.tr("&Discard")]
        answer = answer_to(self._window, text, answers, self.tr("Ask &later"))
        if answer == 1:
            self._keeping.do(unsaved.discard)
        return answer == 0

    def _take_opened(self, opened: OpenedCt) -> None:
        """Restore corrections onto their CT, on request or when the CT happens to be opened.

        No mask is opened while the queue is running, so nothing is asked then: corrections are
        kept, and found when their CT is opened later.
        """
        wanted, self._wanted = self._wanted, None
        if self._queue.active:
            return
        if wanted is not None:
            self._masks.restore(wanted)
        else:
            self._opened = opened
            self._look(self._offer_for_opened)

    def _offer_for_opened(self, left: Sequence[Unsaved]) -> None:
        """Offer what belongs to the CT that was opened, if it is still open and without a mask."""
        opened, self._opened = self._opened, None
        case = self._session.case
        if opened is None or case is None or case.volume is not opened.volume:
            return
        if self._queue.busy or self._masks.busy or case.mask is not None:
            return
        source = opened.volume.source
        series_uid = source.series_uid if source else None
        for unsaved in left:
            belongs = (unsaved.ct, unsaved.series_uid) == (opened.path, series_uid)
            if belongs and self._wishes_back(unsaved):
                self._masks.restore(unsaved)
                return

    def _forget(self) -> None:
        self._wanted = None
