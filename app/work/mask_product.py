"""Keeps something derived from the mask up to date, off the GUI thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Union

from PySide6.QtCore import QObject, QTimer, Signal

from app.work.jobs import Job, Jobs
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback

if TYPE_CHECKING:
    from inference.mask.vertebrae import Vertebrae

Source = Union[Mask, "Vertebrae"]
"""What a product is made from: a mask, or its vertebrae."""

REST_MS = 100
"""How long a mask must stay the current one before anything is made from it: longer than the window
takes to show it, which work on other threads would delay, and than a quick stroke of the brush."""

Make = Callable[[Any, CancelCheck], object]
"""Makes something from a ``Source``; raises ``CancelledError`` when asked to stop."""


class MaskProduct(QObject):
    """Makes something from the latest mask, such as its figures or its surface.

    It begins ``REST_MS`` after the mask has changed. While it works on one mask, the next
    one waits, and a product of an outdated mask is dropped. So every change of the mask can be
    passed on, however many there are.
    """

    made = Signal(object)

    def __init__(self, make: Make, jobs: Jobs, parent: QObject | None = None) -> None:
        """Work with ``make``, which runs on a thread; ``jobs`` owns it."""
        super().__init__(parent)
        self._jobs = jobs
        self._make = make
        self._job: Job | None = None
        self._waiting: Source | None = None
        self._last: tuple[Source, object] | None = None
        self._working_on: Source | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._begin)

    def follow(self, mask: Source | None) -> None:
        """Make it from this mask; None if there is no mask any more.

        For the same mask it is not made again, only emitted again.
        """
        if mask is not None and self._last is not None and self._last[0] is mask:
            self.made.emit(self._last[1])
            return
        if mask is not None and self._working_on is mask and not self._outdated:
            return
        self._waiting, self._last = mask, None
        if self._job is not None:
            self._job.cancel()
        self._rest.start(0 if mask is None else REST_MS)

    def postpone(self) -> None:
        """The voxels of the mask are changing in place: begin, or begin again, once they rest.

        Of what is made already, nothing is made again: the end of the change brings another mask.
        """
        if self._job is not None and not self._job.asked_to_stop() and self._last is None:
            self._waiting = self._working_on
            self._job.cancel()
        if self._waiting is not None:
            self._rest.start(REST_MS)

    def _begin(self) -> None:
        if self._job is not None or self._jobs.closed:
            return  # the next one begins at its end, if at all
        mask, self._waiting = self._waiting, None
        self._working_on = mask
        if mask is None:
            return

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> object:  # noqa: ARG001
            return self._make(mask, cancel)

        self._job = Job(work)
        self._job.succeeded.connect(self._tell)
        self._job.finished.connect(self._go_on)
        self._jobs.start(self._job)

    def _tell(self, made: object) -> None:
        if self._working_on is None or self._outdated:
            return
        self._last = self._working_on, made
        self.made.emit(made)

    @property
    def _outdated(self) -> bool:
        return self._job is None or self._job.asked_to_stop()

    def _go_on(self) -> None:
        self._job = None
        if not self._rest.isActive():
            self._begin()
