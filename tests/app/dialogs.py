"""Answers modal dialogs while they block the test."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog


def when_dialog_shows(kind: type[QDialog], then: Callable[[QDialog], None]) -> None:
    """Do something with the modal dialog that the next call shows."""

    def look() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, kind) and widget.isVisible():
                then(widget)
                return
        QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)
