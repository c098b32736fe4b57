"""What all dialogs share: their buttons and their size."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox

EDGE = (40, 80)
"""What a small screen must have beside and above a dialog, its title among it."""


def dialog_buttons(kinds: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Standard buttons in the desktop's order, the one that accepts emphasised.

    They go without Qt's icons, which are black in the dark.
    """
    box = QDialogButtonBox(kinds)
    for button in box.buttons():
        button.setIcon(QIcon())
        accepts = box.buttonRole(button) == QDialogButtonBox.ButtonRole.AcceptRole
        button.setProperty("emphasised", accepts)
    return box


def resize_within_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog this size, or as much of it as the screen has."""
    room = dialog.screen().availableSize() - QSize(*EDGE)
    dialog.resize(QSize(width, height).boundedTo(room))
