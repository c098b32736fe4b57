"""The button for a run, its progress with the time left, and Cancel."""

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.widgets.style import restyle
from app.wording import duration_text, memory_text, stage_text
from app.work.engine_process import MemoryUse
from app.work.segmenting import SegmentJob
from inference.values.progress import Progress

BAR_STEPS = 1000
BUTTON_HEIGHT = 36
"""Height in pixels of the button for the next step."""

STAGE_SHARES = {"resample": 0.05, "find": 0.1, "predict": 0.8, "mask": 0.05}
"""The share of a run that each stage takes, in order, roughly as measured on ircad01."""

MIN_SHARE = 0.02
"""Least share done before the time left is shown."""

TICK_MS = 1000
"""Time between updates of the time left."""

SMOOTHING = 0.3
"""Weight of a new estimate against the previous one, so that the time left does not jump."""


class RunProgress:
    """Adds up the steps of a run. Times are those of a clock, in seconds."""

    def __init__(self, now: float) -> None:
        """Start a run now."""
        self._begun = now
        self._total: float | None = None
        self.fraction = 0.0

    def step(self, progress: Progress, now: float) -> None:
        """Take note of a step."""
        before = 0.0
        for stage, share in STAGE_SHARES.items():
            if stage == progress.stage:
                done = before + share * progress.done / max(1, progress.total)
                self.fraction = max(self.fraction, done)
                break
            before += share
        if self.fraction >= MIN_SHARE:
            estimate = (now - self._begun) / self.fraction
            if self._total is None:
                self._total = estimate
            self._total += SMOOTHING * (estimate - self._total)

    def seconds_left(self, now: float) -> float | None:
        """An estimate; None while there is nothing to base it on."""
        if self._total is None:
            return None
        return max(0.0, self._begun + self._total - now)


class RunPanel(QWidget):
    """The button for a run, emphasised until there is a result; during a run, its progress."""

    run_asked = Signal()
    cancel_asked = Signal()
    """Whether the run is stopped is for others to say: it may be one of a queue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start ready to run."""
        super().__init__(parent)
        self._job: SegmentJob | None = None
        self._max_ram_bytes: int | None = None
        self._progress = RunProgress(0.0)
        self._doing = ""
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._show_time_left)
        self._run = QPushButton(self.tr("Find the spine"))
        self._run.setProperty("emphasised", True)
        self._run.setMinimumHeight(BUTTON_HEIGHT)
        self._run.setToolTip(self.tr("Ctrl+R"))
        self._run.clicked.connect(self.run_asked)
        self._bar = QProgressBar()
        self._bar.setRange(0, BAR_STEPS)
        self._bar.setFormat("%p %")
        self._bar.setAccessibleName(self.tr("Progress"))
        self._stage = QLabel()
        self._memory = QLabel()
        self._memory.setProperty("quiet", True)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Escape"))
        self._cancel.clicked.connect(self.cancel_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._run, self._bar, self._stage, self._memory, self._cancel):
            layout.addWidget(widget)
        self._show_running(False)

    def follow(self, job: SegmentJob, max_ram_bytes: int | None) -> None:
        """Show this run and its memory limit until it finishes."""
        self._max_ram_bytes = max_ram_bytes
        self._progress = RunProgress(time.monotonic())
        self._bar.setValue(0)
        self._doing = ""
        self._clock.start()
        self._stage.setText(self.tr("Starting…"))
        self._memory.clear()
        self._cancel.setEnabled(True)
        self._job = job
        job.progressed.connect(self._show_step)
        job.memory_told.connect(self._show_memory)
        job.stopping.connect(self._show_stopping)
        job.finished.connect(self._finish_if_over)
        self._show_running(True)
        if job.asked_to_stop():
            self._show_stopping()

    def leave(self) -> None:
        """Stop showing the run, which may continue while another CT is viewed."""
        if self._job is not None:
            self._job.progressed.disconnect(self._show_step)
            self._job.memory_told.disconnect(self._show_memory)
            self._job.stopping.disconnect(self._show_stopping)
            self._job.finished.disconnect(self._finish_if_over)
            self._finish()

    def set_again(self, again: bool) -> None:
        """Set whether there is a result already, so that a run is not the next step."""
        self._run.setText(self.tr("Find the spine again") if again else self.tr("Find the spine"))
        restyle(self._run, "emphasised", not again)

    def set_allowed(self, allowed: bool) -> None:
        """Set whether a run may begin."""
        self._run.setEnabled(allowed)

    def _show_step(self, progress: Progress) -> None:
        self._progress.step(progress, time.monotonic())
        self._bar.setValue(round(self._progress.fraction * BAR_STEPS))
        self._doing = stage_text(progress.stage)
        self._show_time_left()

    def _show_time_left(self) -> None:
        """Show the time left, every second because a step may take many."""
        if self._job is None or self._job.asked_to_stop() or not self._doing:
            return
        text = self._doing
        left = self._progress.seconds_left(time.monotonic())
        if left is not None and left >= 1:  # otherwise it takes longer than estimated
            text = self.tr("{0}, {1} left").format(text, duration_text(left))
        self._stage.setText(text)

    def _show_memory(self, use: MemoryUse) -> None:
        text = self.tr("Memory: {0}").format(memory_text(use.peak_bytes))
        if self._max_ram_bytes:
            text = self.tr("{0} of at most {1}").format(text, memory_text(self._max_ram_bytes))
        self._memory.setText(text)

    def _show_stopping(self) -> None:
        self._cancel.setEnabled(False)
        self._stage.setText(self.tr("Cancelling…"))

    def _finish_if_over(self) -> None:
        """Finish, unless the next job is shown already: a job says last of all that it is over."""
        if self._job is not None and self._job.told:
            self._finish()

    def _finish(self) -> None:
        self._job = None
        self._clock.stop()
        self._show_running(False)

    def _show_running(self, running: bool) -> None:
        self._run.setVisible(not running)
        for widget in (self._bar, self._stage, self._memory, self._cancel):
            widget.setVisible(running)
