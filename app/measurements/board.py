"""All measurements of a case, with undo and redo."""

from PySide6.QtCore import QObject, Signal

from app.measurements.measurement import Measurement

HISTORY = 200
"""Steps that can be undone."""


class MeasurementBoard(QObject):
    """Holds the measurements of the open case; everything that shows them listens here."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start without measurements."""
        super().__init__(parent)
        self._all: tuple[Measurement, ...] = ()
        self._done: list[tuple[Measurement, ...]] = []
        self._undone: list[tuple[Measurement, ...]] = []

    @property
    def all(self) -> tuple[Measurement, ...]:
        """All measurements in the order they were made."""
        return self._all

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one was undone and nothing else has been done since."""
        return bool(self._undone)

    def add(self, measurement: Measurement) -> None:
        """Add a measurement."""
        self._step((*self._all, measurement))

    def replace(self, old: Measurement, new: Measurement) -> None:
        """Replace a measurement with its changed version."""
        self._step(tuple(new if one is old else one for one in self._all))

    def remove(self, measurement: Measurement) -> None:
        """Remove a measurement."""
        self._step(tuple(one for one in self._all if one is not measurement))

    def clear(self) -> None:
        """Start over for another case; this cannot be undone."""
        self._done.clear()
        self._undone.clear()
        self._show(())

    def undo(self) -> None:
        """Undo the last step, if there is one."""
        if self._done:
            self._undone.append(self._all)
            self._show(self._done.pop())

    def redo(self) -> None:
        """Redo the step that was undone last, if there is one."""
        if self._undone:
            self._done.append(self._all)
            self._show(self._undone.pop())

    def _step(self, measurements: tuple[Measurement, ...]) -> None:
        self._done.append(self._all)
        del self._done[:-HISTORY]
        self._undone.clear()
        self._show(measurements)

    def _show(self, measurements: tuple[Measurement, ...]) -> None:
        self._all = measurements
        self.changed.emit()
