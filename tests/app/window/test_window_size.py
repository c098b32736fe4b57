"""How large the window opens."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from app.window.window_size import AT_FIRST, FRAME, LEAST, keep_window_size, place_window, placed
from app.work.keeping import Keeping
from tests.app.conftest import leave
from tests.app.languages import speaking
from tests.app.results import show_result

SCREENS = [
    QRect(0, 0, 1024, 728),
    QRect(0, 0, 910, 472),
    QRect(0, 40, 1366, 728),
    QRect(1920, 0, 2560, 1400),
]
"""What a task bar of 40 pixels leaves of the screen."""


@pytest.mark.parametrize("available", SCREENS)
def test_the_window_fits_beside_the_task_bar(available: QRect) -> None:
    place = placed(AT_FIRST, available)
    assert available.contains(place.marginsAdded(FRAME))
    assert place.size() == AT_FIRST.boundedTo(available.marginsRemoved(FRAME).size())


@pytest.mark.parametrize("available", SCREENS)
def test_the_least_size_fits_too(available: QRect) -> None:
    assert LEAST.boundedTo(available.marginsRemoved(FRAME).size()) == LEAST


def test_size_and_maximised_state_are_remembered(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "config" / "window.json"
    keeping = Keeping()
    first, second, third = QWidget(), QWidget(), QWidget()
    for widget in (first, second, third):
        qtbot.addWidget(widget)
    first.resize(760, 480)
    keep_window_size(first, file, keeping)
    place_window(second, file, keeping)
    assert second.size() == QSize(760, 480)
    assert not second.isMaximized()
    second.show()
    second.showMaximized()
    keep_window_size(second, file, keeping)
    place_window(third, file, keeping)
    assert third.isMaximized()


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"size": [1]}', '{"size": ["a", 2], "maximised": 1}', "null"]
)
def test_a_broken_file_is_as_none(broken: str, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "window.json").write_text(broken)
    keeping = Keeping()
    window, other = QWidget(), QWidget()
    for widget in (window, other):
        qtbot.addWidget(widget)
    place_window(window, tmp_path / "window.json", keeping)
    place_window(other, tmp_path / "absent.json", keeping)
    assert window.size() == other.size()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("available", SCREENS[:2])
def test_the_least_size_fits_the_wards_screens(
    language: str, available: QRect, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    with speaking(language, qapp):
        window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml"))
        qtbot.addWidget(window, before_close_func=leave)
        window.show()
        show_result(window, tmp_path)
        least = window.minimumSizeHint()
        assert least.boundedTo(available.marginsRemoved(FRAME).size()) == least


def test_the_window_remembers_its_size(
    quick_window: MainWindow, config_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.resize(760, 500)
    assert quick_window.close()
    assert quick_window.keeping.finish(10)
    again = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(again, before_close_func=leave)
    assert again.size() == QSize(760, 500)
    assert (config_folder / "window.json").is_file()
    assert not again.windowState() & Qt.WindowState.WindowMaximized
