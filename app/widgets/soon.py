"""Work that is done once, however many things ask for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Soon(QObject):
    """Does something once the events at hand are handled, and before the window is painted.

    Several moves of the mouse that arrive together then cost one frame, not one each.
    """

    _asked = Signal()

    def __init__(self, act: Callable[[], None], parent: QObject) -> None:
        """Prepare to ``act``; ``parent`` owns this."""
        super().__init__(parent)
        self._act = act
        self._waiting = False
        # Qt handles queued signals before it paints, unlike timers.
        self._asked.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> None:
        """Do it soon."""
        if not self._waiting:
            self._waiting = True
            self._asked.emit()

    def _do(self) -> None:
        self._waiting = False
        self._act()
