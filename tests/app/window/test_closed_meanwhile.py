"""A window that is closed while the disk is asked opens no dialog, which would outlive it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.dialogs import (
    agreed,
    chosen_file,
    chosen_folder,
    run_dialog,
    show_folder,
    was_closed,
)
from app.window.main_window import MainWindow
from tests.app.results import show_result

Ask = Callable[[MainWindow, Path], object]

ASKS: dict[str, Ask] = {
    "open a folder": lambda window, _: window.opener.ask_for_folder(),
    "open a file": lambda window, _: window.opener.ask_for_file(),
    "open a mask": lambda window, _: window.masks.ask_for_mask(),
    "compare with a mask": lambda window, _: window.masks.ask_for_comparison(),
    "choose a folder": lambda window, path: chosen_folder(window, "", str(path), window.jobs),
    "choose a file": lambda window, path: chosen_file(
        window, "", path / "picture.png", "Pictures", window.jobs
    ),
    "show a folder": lambda window, path: show_folder(window, "", path, window.jobs),
}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The dialogs that are shown, each closed at once."""
    dialogs: list[str] = []

    def noting(name: str, answer: object) -> Callable[..., object]:
        return lambda *_: (dialogs.append(name), answer)[1]

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", noting("folder", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", noting("file", ("", "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", noting("files", ([], "")))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", noting("save", ("", "")))
    monkeypatch.setattr(QMessageBox, "warning", noting("warning", None))
    monkeypatch.setattr(QMessageBox, "exec", noting("question", 0))
    return dialogs


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that answers that there is no such folder, once the event is set."""
    answers = threading.Event()

    def is_dir(_: Path) -> bool:
        answers.wait(30)
        return False

    monkeypatch.setattr(Path, "is_dir", is_dir)
    yield answers
    answers.set()


@pytest.fixture
def window(quick_window: MainWindow, tmp_path: Path) -> MainWindow:
    """A window with an exported result of a CT from a file."""
    show_result(quick_window, tmp_path)
    case = quick_window.session.case
    assert case is not None
    quick_window.session.open(replace(case, path=tmp_path / "study", saved=True))
    quick_window._recent.add(tmp_path / "study")
    return quick_window


@pytest.mark.parametrize("what", ASKS)
def test_no_dialog_opens_over_a_window_that_was_closed(
    what: str,
    window: MainWindow,
    shown: Sequence[str],
    slow_disk: threading.Event,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    def close() -> None:
        window.close()
        slow_disk.set()

    QTimer.singleShot(50, close)
    ASKS[what](window, tmp_path)
    assert window.jobs.closed
    assert shown == []
    qtbot.waitUntil(window.isHidden)


def test_dialogs_open_over_a_window_that_stays_open(
    window: MainWindow, shown: Sequence[str], slow_disk: threading.Event, tmp_path: Path
) -> None:
    slow_disk.set()
    for ask in ASKS.values():
        ask(window, tmp_path)
    assert len(shown) == len(ASKS)


def test_a_question_over_a_closed_window_is_answered_with_no(
    qtbot: QtBot, shown: Sequence[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert not was_closed(window), "not shown yet"
    window.show()
    assert not was_closed(window)
    window.close()
    assert was_closed(window)
    assert not agreed(window, "Go on?", "Yes")
    assert not run_dialog(QDialog(window))
    assert shown == []
