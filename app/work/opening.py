"""Opens an input: reads off the GUI thread, and asks which series is meant."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from app.work.jobs import Job
from inference.errors import SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback, stop_if
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.read import Series

ANSWER_POLL_SECONDS = 0.1
"""How often a job that waits for an answer checks whether it was cancelled."""


@dataclass(frozen=True, eq=False)
class SeriesOffer:
    """A series to choose from.

    Attributes:
        picture: HU of its middle slice, rows by columns; None if it cannot be shown.
        recommended: whether it is the best choice.
    """

    series: "Series"
    picture: NDArray[np.int16] | None
    recommended: bool


@dataclass(frozen=True, eq=False)
class OpenedCt:
    """A CT that was read.

    Attributes:
        path: what was opened.
        unasked: all series of the input if there were several and nobody was asked, because only
            one was usable; empty otherwise.
    """

    path: Path
    volume: Volume
    unasked: tuple[SeriesOffer, ...] = ()

    @property
    def left_out(self) -> tuple[SeriesOffer, ...]:
        """The series that were left out without telling anybody."""
        return tuple(offer for offer in self.unasked if not offer.series.usable)


class OpenJob(Job):
    """Reads a CT; succeeds with an ``OpenedCt``.

    If several series are usable, it emits ``choice_wanted`` and waits for ``choose`` with the input
    still open, so that an archive is unpacked only once.
    """

    choice_wanted = Signal(object)
    """A tuple of ``SeriesOffer``."""

    def __init__(self, path: Path, ask: bool, series_uid: str | None = None) -> None:
        """Prepare to read ``path``; without ``ask``, reads this series or the recommended one."""
        super().__init__(self._read)
        self.path = path
        self.asks = ask
        self._series_uid = series_uid
        self._answered = threading.Event()
        self._answer = ""
        self._unasked: tuple[SeriesOffer, ...] = ()

    def choose(self, series_uid: str) -> None:
        """Answer ``choice_wanted``."""
        self._answer = series_uid
        self._answered.set()

    def _read(self, *, progress: ProgressCallback, cancel: CancelCheck) -> object:
        from inference.read import open_ct  # imported here because it is slow to load

        volume = open_ct(
            self.path,
            series_uid=self._series_uid,
            choose=self._choose if self.asks else None,
            progress=progress,
            cancel=cancel,
        )
        return OpenedCt(self.path, volume, self._unasked)

    def _choose(self, found: "Sequence[Series]") -> str:
        offers = self._offers(found)
        usable = [series for series in found if series.usable]
        if len(usable) == 1:
            self._unasked = offers
            return usable[0].uid
        self.choice_wanted.emit(offers)
        while not self._answered.wait(ANSWER_POLL_SECONDS):
            stop_if(self.asked_to_stop)
        return self._answer

    def _offers(self, found: "Sequence[Series]") -> tuple[SeriesOffer, ...]:
        from inference.read import middle_slice, recommend

        recommended = recommend(found)
        offers = []
        for series in found:
            stop_if(self.asked_to_stop)
            try:
                picture = middle_slice(series.slices) if series.slices else None
            except SpineContextError:
                picture = None  # the series' own problems say what is wrong
            offers.append(SeriesOffer(series, picture, series is recommended))
        return tuple(offers)
