"""What the queue writes of each case, shown and chosen in one place."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from inference.cases.settings import DEFAULT_FORMATS

FORMAT_NAMES: Mapping[str, str] = {
    "nifti": "NIfTI",
    "nrrd": "NRRD",
    "stl": "STL",
    "dicomseg": "DICOM SEG",
}
"""Of the formats that hold a mask, as everybody calls them."""


class FormatButton(QPushButton):
    """Says which formats are written; its menu ticks them. One stays ticked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Those that are written if nothing else is asked for."""
        super().__init__(parent)
        self.setToolTip(self.tr("What is written of each case; DICOM SEG for DICOM alone"))
        menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        for one, name in FORMAT_NAMES.items():
            action = self._actions[one] = QAction(name, menu)
            action.setCheckable(True)
            action.triggered.connect(self._take_choice)
            menu.addAction(action)
        self.setMenu(menu)
        self.choose(DEFAULT_FORMATS)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The formats that are ticked."""
        return tuple(one for one, action in self._actions.items() if action.isChecked())

    def choose(self, formats: Sequence[str]) -> None:
        """Tick these; where none of them holds a mask, the usual ones."""
        masks = [one for one in formats if one in self._actions] or DEFAULT_FORMATS
        for one, action in self._actions.items():
            action.setChecked(one in masks)
        self._show()

    def _take_choice(self) -> None:
        if not self.chosen:
            action = self.sender()
            if isinstance(action, QAction):
                action.setChecked(True)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        names = ", ".join(FORMAT_NAMES[one] for one in self.chosen)
        self.setText(self.tr("Writes {0}").format(names))
