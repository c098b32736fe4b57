"""Figures as rows of a name and a value."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

GAP = 12
"""Pixels between names and values."""


class FigureRows(QGridLayout):
    """Quiet names beside values, which wrap and can be copied with the mouse.

    It is no ``QFormLayout`` because that gives wrapped texts the wrong height when they change.
    """

    def __init__(self) -> None:
        """No rows yet."""
        super().__init__()
        self._names: dict[QLabel, QLabel] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(GAP)
        self.setColumnStretch(1, 1)

    def add(self, name: str, value: QLabel) -> None:
        """Add a row below the others."""
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setWordWrap(True)
        label = self._names[value] = QLabel(name)
        label.setProperty("quiet", True)
        label.setBuddy(value)
        row = self.rowCount()
        self.addWidget(label, row, 0, alignment=Qt.AlignmentFlag.AlignTop)
        self.addWidget(value, row, 1)

    def set_visible(self, value: QLabel, visible: bool) -> None:
        """Show or hide the row of this value."""
        for widget in (self._names[value], value):
            widget.setVisible(visible)
