"""Two buttons: copy figures to the clipboard, or save them to a file."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class TableButtons(QWidget):
    """Asks for a table to be copied or saved."""

    copy_asked = Signal()
    save_asked = Signal()

    def __init__(self, of_what: str, parent: QWidget | None = None) -> None:
        """Buttons for the table of ``of_what``, which screen readers announce."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for text, hint, asked in (
            (
                self.tr("Copy"),
                self.tr("As a table to paste into a spreadsheet"),
                self.copy_asked,
            ),
            (
                self.tr("Save as CSV…"),
                self.tr("As a table with a decimal point and the units in its header"),
                self.save_asked,
            ),
        ):
            button = QPushButton(text)
            button.setToolTip(hint)
            button.setAccessibleName(f"{text} {of_what}")
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch()
