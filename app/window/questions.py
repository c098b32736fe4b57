"""Questions that must be answered before the window goes on."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def agreed(parent: QWidget, question: str, yes: str) -> bool:
    """Ask whether to do something that loses work; staying is the answer of Return and Escape."""
    stay = QCoreApplication.translate("questions", "Stay here")
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(parent.windowTitle())
    box.setText(question)
    agree_button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    stay_button = box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay_button)
    box.setEscapeButton(stay_button)
    box.exec()
    return box.clickedButton() is agree_button
