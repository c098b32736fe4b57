"""Closes the window without losing work, once everything has ended."""

import functools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from app.cases.case_queue import CaseQueue
from app.widgets.dialogs import agreed
from app.window.message_bar import MessageBar, Tone
from app.window.opener import Opener
from app.window.recovery_controller import RecoveryController
from app.window.window_size import keep_window_size
from app.work.jobs import STUCK_SECONDS, Jobs
from app.work.keeping import Keeping

PATIENCE_MS = 500
"""How long a closing window waits without a message; a shorter wait is not noticed."""


class Closing(QObject):
    """Decides whether a window may close, and closes it once its jobs have ended."""

    def __init__(
        self,
        window: QWidget,
        jobs: Jobs,
        queue: CaseQueue,
        opener: Opener,
        recovery: RecoveryController,
        message: MessageBar,
        parts: Sequence[QWidget],
        size_file: Path,
        keeping: Keeping,
    ) -> None:
        """Ask over ``window``, and say in ``message`` what it is waiting for.

        Args:
            parts: disabled while the window waits.
            size_file: keeps the window's size for the next start.
            keeping: writes it.
        """
        super().__init__(window)
        self._window = window
        self._jobs = jobs
        self._queue = queue
        self._opener = opener
        self._recovery = recovery
        self._message = message
        self._parts = parts
        self._size_file = size_file
        self._keeping = keeping

    def take(self, event: QCloseEvent) -> None:
        """Ask about work that would be lost, and close once everything running has ended."""
        if not self._jobs.closed and self._may_close():
            self._recovery.give_up()
            self._jobs.close()
            self._wait_for_jobs()
        event.setAccepted(self._jobs.closed and not self._jobs.live)
        if event.isAccepted():
            self._recovery.close()
            keep_window_size(self._window, self._size_file, self._keeping)
            for dialog in self._window.findChildren(QDialog):
                dialog.done(QDialog.DialogCode.Rejected)  # it would outlive its window

    def _may_close(self) -> bool:
        question = self.tr("A task is still running. Cancel it and quit?")
        may_stop = not self._queue.busy or agreed(
            self._window, question, self.tr("Cancel the &task")
        )
        return may_stop and self._opener.may_lose_work()

    def _wait_for_jobs(self) -> None:
        """Close the window when every job has ended or is given up; say so if that takes time."""
        self._jobs.ended.connect(self._window.close, Qt.ConnectionType.QueuedConnection)
        for part in self._parts:
            part.setEnabled(False)
        text = self.tr(
            "Cancelling what is still running. The window then closes by itself, "
            "within {0:.0f} seconds at most."
        ).format(STUCK_SECONDS)
        tell = functools.partial(self._message.show_message, text, Tone.NOTE)
        QTimer.singleShot(PATIENCE_MS, self, tell)
        QTimer.singleShot(round(1000 * STUCK_SECONDS), self, self._jobs.give_up)
