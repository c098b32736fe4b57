"""What the window is busy with, its progress, and a way to stop it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.widgets.elided_label import ElidedLabel
from app.wording import stage_text
from app.work.jobs import Job
from inference.values.progress import Progress


class ActivityBar(QFrame):
    """Shows one job from start to end; for all jobs except a run, which has a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """A hidden bar."""
        super().__init__(parent)
        self._job: Job | None = None
        self._title = ""
        self._text = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self._ask_to_cancel)
        self.setAutoFillBackground(True)  # it lies on top of the images
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self._text)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._cancel)
        self.hide()

    def follow(self, job: Job, title: str) -> None:
        """Show this job until it finishes."""
        self._title = title
        self._text.setText(title)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._cancel.setEnabled(True)
        self._job = job
        job.progressed.connect(self._show_step)
        job.stopping.connect(self._show_stopping)
        job.finished.connect(self._finish_if_over)
        self.show()

    def _show_step(self, progress: Progress) -> None:
        self._text.setText(f"{self._title}: {stage_text(progress.stage)}")
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def _finish_if_over(self) -> None:
        """Finish, unless the next job is shown already: a job says last of all that it is over."""
        if self._job is not None and self._job.told:
            self._finish()

    def _finish(self) -> None:
        self._job = None
        self.hide()

    def _show_stopping(self) -> None:
        self._cancel.setEnabled(False)

    def _ask_to_cancel(self) -> None:
        if self._job:
            self._job.cancel()
