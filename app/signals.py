"""Signals to end: answered as if the user had quit, without a question."""

import signal
import socket

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)
"""Sent at the end of a session, by Ctrl+C in a terminal, and when that terminal is closed."""


class EndingSignals(QObject):
    """Quits the application on a signal to end; owns what wakes Qt for it.

    Python handles signals between two of its own steps, and takes none while Qt waits.
    """

    def __init__(self, application: QCoreApplication) -> None:
        """Listen from now on. Make only one per process."""
        super().__init__(application)
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        signal.set_wakeup_fd(self._told.fileno())
        for one in ENDING:
            signal.signal(one, self._end)

    @staticmethod
    def ignore() -> None:
        """Ignore these signals from now on, so that they cannot change the exit code.

        When Python exits, it restores the system's handlers, which would kill the process. Signals
        that are ignored stay ignored.
        """
        for one in ENDING:
            signal.signal(one, signal.SIG_IGN)

    @staticmethod
    def _end(*_: object) -> None:
        # As an event, so that it works before the event loop has started. Not quit(), which would
        # first ask every window whether it may close.
        QTimer.singleShot(0, lambda: QCoreApplication.exit(0))

    def _wake(self) -> None:
        self._heard.recv(1)
