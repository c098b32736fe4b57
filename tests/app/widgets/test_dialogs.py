"""Dialogs in general."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.dialogs import FittingDialog, run_dialog


def test_a_dialog_that_was_closed_is_freed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for _ in range(3):
        dialog = QDialog(window)
        QTimer.singleShot(0, dialog.accept)
        assert run_dialog(dialog)
    qtbot.waitUntil(lambda: not window.findChildren(QDialog))


def test_no_dialog_comes_over_a_window_that_was_closed_meanwhile(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.close()
    dialog = QDialog(window)
    QTimer.singleShot(2_000, dialog.accept)  # so that the test ends if it does come
    assert not run_dialog(dialog)
    qtbot.waitUntil(lambda: not window.findChildren(QDialog))


def test_a_dialog_that_grows_at_the_bottom_of_the_screen_moves_up(qtbot: QtBot) -> None:
    dialog = FittingDialog()
    qtbot.addWidget(dialog)
    text = QLabel("One line.")
    QVBoxLayout(dialog).addWidget(text)
    dialog.show()
    screen = dialog.screen().availableGeometry()
    dialog.move(30, screen.bottom() - dialog.frameGeometry().height() + 1)
    assert dialog.frameGeometry().bottom() == screen.bottom()
    text.setText("A line.\n" * 10)
    qtbot.waitUntil(lambda: dialog.height() > 10 * text.fontMetrics().height())
    assert dialog.frameGeometry().bottom() == screen.bottom()
    assert dialog.x() == 30
