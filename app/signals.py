"""Requests of the system to end: answered as if the user had quit, without a question."""

import signal
import socket

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)
"""Sent at the end of a session, by Ctrl+C in a terminal, and when that terminal is closed."""


class EndingSignals(QObject):
    """Quits the application at a signal to end; owns what wakes Qt for it.

    Python looks at signals between two of its own steps, and while Qt waits there are none.
    """

    def __init__(self, application: QCoreApplication) -> None:
        """Listen from now on; once a process."""
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
        """Let none of them disturb what is ending by itself, nor change its exit code.

        Python, as it ends, gives signals back to the system, which would end the process by them;
        those that are ignored stay so.
        """
        for one in ENDING:
            signal.signal(one, signal.SIG_IGN)

    @staticmethod
    def _end(*_: object) -> None:
        # By an event, so that it also ends what has not begun to wait for events. Not by quit(),
        # which would first ask every window whether it may be closed.
        QTimer.singleShot(0, lambda: QCoreApplication.exit(0))

    def _wake(self) -> None:
        self._heard.recv(1)
