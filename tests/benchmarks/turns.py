"""Measures how long the window's event loop does not respond."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, Qt, QTimer

TICK_MS = 5


@dataclass(frozen=True)
class Turn:
    """The time between two ticks of a timer in the event loop, in seconds.

    Attributes:
        wall: what the user waits, including other programs.
        own: processor time of the window's own thread.
        process: processor time of all threads in the process: if one of them keeps Python's lock,
            the window waits this long.
    """

    wall: float = 0.0
    own: float = 0.0
    process: float = 0.0


class Turns:
    """Watches the event loop of the thread that creates it.

    Other programs on the same cores increase the wall-clock time, but not the processor time.
    """

    def __init__(self) -> None:
        """Start watching."""
        self._longest = Turn()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.go_on()
        self._timer.start(TICK_MS)

    def go_on(self) -> None:
        """Exclude time used for the measurement itself, such as a picture of the screen."""
        self._last = _clocks()

    def stop(self) -> Turn:
        """Stop watching, with the current turn included, and return the longest of each time."""
        self._timer.stop()
        self._tick()
        return self._longest

    def _tick(self) -> None:
        now, last, most = _clocks(), self._last, self._longest
        self._last = now
        self._longest = Turn(
            max(most.wall, now.wall - last.wall),
            max(most.own, now.own - last.own),
            max(most.process, now.process - last.process),
        )


def _clocks() -> Turn:
    return Turn(time.perf_counter(), time.thread_time(), time.process_time())


def let_events_run(milliseconds: int) -> None:
    """Run the event loop as the program does; QTest.qWait would keep Python's lock."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(done: Callable[[], bool], seconds: float = 1800) -> None:
    """Process events until ``done``.

    Raises:
        TimeoutError: it took longer.
    """
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError
        let_events_run(10)
