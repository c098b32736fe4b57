"""Questions that must be answered before the window goes on."""

from collections.abc import Sequence

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


def may_replace(parent: QWidget, names: Sequence[str]) -> bool:
    """Ask whether files may be replaced; where there are none, nothing is asked."""
    if not names:
        return True
    question = QCoreApplication.translate(
        "questions", "These files are there already:\n{0}\nReplace them?"
    )
    replace = QCoreApplication.translate("questions", "Replace")
    return agreed(parent, question.format("\n".join(names)), replace)
