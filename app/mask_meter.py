"""Keeps the figures of the shown mask up to date, off the GUI thread."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.jobs import Job
from app.measuring import MaskFigures, measure
from inference.volume import Mask


class MaskMeter(QObject):
    """Measures the mask that it was given last; while it measures one, the next one waits."""

    measured = Signal(MaskFigures)

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing to measure yet."""
        super().__init__(parent)
        self._job: Job | None = None
        self._waiting: Mask | None = None

    def measure(self, mask: Mask) -> None:
        """Measure this mask; figures of earlier ones are no longer told."""
        self._waiting = mask
        if self._job is None:
            self._begin()

    def forget(self) -> None:
        """There is no mask any more."""
        self._waiting = None
        if self._job:
            self._job.cancel()

    def _begin(self) -> None:
        mask, self._waiting = self._waiting, None
        if mask is None:
            return
        self._job = Job(partial(measure, mask), self)
        self._job.succeeded.connect(self._tell)
        self._job.finished.connect(self._go_on)
        self._job.start()

    def _tell(self, figures: object) -> None:
        superseded = self._waiting is not None or self._job is None or self._job.asked_to_stop()
        if not superseded:
            self.measured.emit(figures)

    def _go_on(self) -> None:
        self._job = None
        self._begin()
