"""Shows and chooses what the queue writes for each case."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from inference.cases.settings import DEFAULT_FORMATS, VertebraSettings

FORMAT_NAMES: Mapping[str, str] = {
    "nifti": "NIfTI",
    "nrrd": "NRRD",
    "stl": "STL",
    "dicomseg": "DICOM SEG",
}
"""Usual names of the formats that hold a mask."""

MOST_TEXT_WIDTH = 210
"""Pixels: so much is left in the column beside the views for text on a button with a menu."""


class FormatButton(QPushButton):
    """Shows what is written, with a menu to tick it. At least one format stays ticked.

    A surface of each vertebra implies that vertebrae are told apart, as on the command line.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with the default formats."""
        super().__init__(parent)
        self.setToolTip(self.tr("What is written for each case; DICOM SEG only for DICOM"))
        menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        for one, name in FORMAT_NAMES.items():
            action = self._actions[one] = QAction(name, menu)
            action.setCheckable(True)
            action.triggered.connect(self._take_choice)
            menu.addAction(action)
        menu.addSeparator()
        self._vertebrae = self._option(self.tr("Vertebrae apart"), menu)
        self._surfaces = self._option(self.tr("STL of each vertebra"), menu)
        self.setMenu(menu)
        self.choose(DEFAULT_FORMATS)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The formats that are ticked."""
        return tuple(one for one, action in self._actions.items() if action.isChecked())

    def choose(self, formats: Sequence[str]) -> None:
        """Tick these; the usual ones if none of them holds a mask."""
        masks = [one for one in formats if one in self._actions] or DEFAULT_FORMATS
        for one, action in self._actions.items():
            action.setChecked(one in masks)
        self._show()

    @property
    def vertebrae(self) -> VertebraSettings | None:
        """The choices for vertebrae; None if they are not told apart."""
        surfaces = self._surfaces.isChecked()
        if surfaces or self._vertebrae.isChecked():
            return VertebraSettings(surfaces=surfaces)
        return None

    def choose_vertebrae(self, chosen: VertebraSettings | None, locked: Collection[str]) -> None:
        """Tick these.

        Args:
            locked: names of settings that the user cannot change.
        """
        self._vertebrae.setChecked(chosen is not None)
        self._surfaces.setChecked(chosen is not None and chosen.surfaces)
        self._vertebrae.setEnabled("vertebrae" not in locked)
        self._surfaces.setEnabled("vertebra_stl" not in locked)
        self._show()

    def _option(self, text: str, menu: QMenu) -> QAction:
        action = QAction(text, menu)
        action.setCheckable(True)
        action.triggered.connect(self._take_option)
        menu.addAction(action)
        return action

    def _take_option(self) -> None:
        """Keep the two options consistent, whichever was changed last."""
        if self.sender() is self._surfaces and self._surfaces.isChecked():
            self._vertebrae.setChecked(True)
        elif not self._vertebrae.isChecked():
            self._surfaces.setChecked(False)
        self._show()
        self.changed.emit()

    def _take_choice(self) -> None:
        if not self.chosen:
            action = self.sender()
            if isinstance(action, QAction):
                action.setChecked(True)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        names = [FORMAT_NAMES[one] for one in self.chosen]
        if self.vertebrae is not None:
            names.append(self.tr("vertebrae"))
        text = self.tr("Writes {0}").format(", ".join(names))
        if self.fontMetrics().horizontalAdvance(text) > MOST_TEXT_WIDTH:
            text = self.tr("Writes {0} kinds of files").format(len(names))
        self.setText(text)
