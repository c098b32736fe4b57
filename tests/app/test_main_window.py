"""The window as a whole."""

from pytestqt.qtbot import QtBot

from app.main_window import MainWindow


def test_the_window_stands_without_a_case(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    assert window.session.case is None
