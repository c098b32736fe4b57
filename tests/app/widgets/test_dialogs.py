"""Dialogs in general."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.dialogs import run_dialog


def test_a_dialog_that_was_closed_is_freed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for _ in range(3):
        dialog = QDialog(window)
        QTimer.singleShot(0, dialog.accept)
        assert run_dialog(dialog)
    qtbot.waitUntil(lambda: not window.findChildren(QDialog))
