"""Offers corrections that a crash left behind."""

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtWidgets import QWidget

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import CaseQueue
from app.cases.session import Session
from app.corrections.autosave import Autosave, Unsaved, left_unsaved
from app.widgets.dialogs import answer_to
from app.window.mask_opener import MaskOpener
from app.work.jobs import Jobs
from app.work.opening import OpenedCt
from inference.values.messages import visible

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
        settings_folder: Path,
    ) -> None:
        """Ask over ``window`` and keep corrections in the settings folder."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._flow = flow
        self._queue = queue
        self._masks = masks
        self._place = settings_folder / FOLDER
        self._autosave = Autosave(session, jobs, self._place, self)
        self._wanted: Unsaved | None = None
        flow.opened.connect(self._take_opened)
        for end in (flow.failed, flow.cancelled):
            end.connect(self._forget)
        masks.restored.connect(self._autosave.adopt)

    def offer(self) -> None:
        """Ask about what was left behind, unless the user has already begun something else."""
        for unsaved in left_unsaved(self._place):
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
            unsaved.discard()
        return answer == 0

    def _take_opened(self, opened: OpenedCt) -> None:
        """Restore corrections onto their CT, on request or when the CT happens to be opened.

        No mask is opened while the queue is running, so nothing is asked then: corrections are
        kept, and found when their CT is opened later.
        """
        wanted, self._wanted = self._wanted, None
        if self._queue.active:
            return
        if wanted is None:
            source = opened.volume.source
            series_uid = source.series_uid if source else None
            wanted = next(
                (
                    unsaved
                    for unsaved in left_unsaved(self._place)
                    if (unsaved.ct, unsaved.series_uid) == (opened.path, series_uid)
                    and self._wishes_back(unsaved)
                ),
                None,
            )
        if wanted is not None:
            self._masks.restore(wanted)

    def _forget(self) -> None:
        self._wanted = None
