"""Panels that appear over the images without moving them."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

MOST_SHARE = 0.6
"""Share of the height that may be covered; a taller panel scrolls."""


class Overlay(QWidget):
    """Panels stacked over the top of a widget; hidden while none of them is shown."""

    def __init__(self, covered: QWidget) -> None:
        """Cover ``covered``."""
        super().__init__(covered)
        self._covered = covered
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        covered.installEventFilter(self)
        self.hide()

    def add(self, panel: QWidget) -> None:
        """Add a panel below the others."""
        self._column.addWidget(panel)
        panel.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, ARG002
        """Follow the covered widget and the panels."""
        if event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.Move,
            QEvent.Type.ShowToParent,
            QEvent.Type.HideToParent,
        ):
            self._fit()
        return False

    def event(self, event: QEvent) -> bool:
        """Follow a panel that needs more or less room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Take the height that the panels need."""
        covered = self._covered
        panels = (self._column.itemAt(number) for number in range(self._column.count()))
        wanted = any((panel := item.widget()) and not panel.isHidden() for item in panels if item)
        width = covered.width()
        needed = self._column.heightForWidth(width)
        if needed < 0:
            needed = self._column.sizeHint().height()
        self.setGeometry(0, 0, width, min(needed, round(MOST_SHARE * covered.height())))
        self.setVisible(wanted)
        self.raise_()
