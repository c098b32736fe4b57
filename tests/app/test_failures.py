"""What the window says about the engine's failures."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.defects import tell_of_defects
from app.failures import failure_text, settings_help
from app.settings.dialog import SettingsDialog
from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from inference.errors import (
    CancelledError,
    DefectError,
    MemoryLimitError,
    ModelRefusedError,
    OutOfMemoryError,
    SpineContextError,
    UsageError,
)
from inference.system.logs import as_defect
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, open_and_wait

FACT = "It is so."


def kinds(base: type[SpineContextError]) -> Iterator[type[SpineContextError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


NOT_SHOWN = (UsageError, CancelledError, OutOfMemoryError, DefectError)
SHOWN = [kind for kind in kinds(SpineContextError) if kind not in NOT_SHOWN]


@pytest.mark.parametrize("kind", SHOWN)
def test_every_kind_says_what_to_do_here_and_nothing_of_the_command_line(
    kind: type[SpineContextError],
) -> None:
    what_to_do, fact = failure_text(kind(FACT, "Or use --series.")).split("\n")
    assert fact == FACT
    assert what_to_do.endswith(".")
    assert "--" not in what_to_do


def test_a_full_memory_is_told_in_one_sentence() -> None:
    assert failure_text(OutOfMemoryError()) == str(OutOfMemoryError())


def test_the_details_of_a_defect_can_be_copied(quick_window: MainWindow, qtbot: QtBot) -> None:
    try:
        raise RuntimeError("MUSTERMANN")
    except RuntimeError as error:
        defect = as_defect(error)
    quick_window.show_failure(defect)
    assert "Unexpected error (RuntimeError)" in quick_window.message.text
    buttons = quick_window.message.findChildren(QPushButton)
    copy = next(button for button in buttons if button.text() == "Copy details")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == defect.details
    assert "tests/app/test_failures.py" in copied and "MUSTERMANN" not in copied


def test_an_exception_in_the_window_is_told_and_logged_not_printed(
    quick_window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for module, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    tell_of_defects(quick_window.show_failure)
    error = RuntimeError("MUSTERMANN")
    sys.excepthook(RuntimeError, error, None)
    assert "Unexpected error (RuntimeError)" in quick_window.message.text
    assert "a defect in the window" in caplog.text
    assert capfd.readouterr() == ("", "")


def test_the_settings_are_offered_where_they_help() -> None:
    helped = [kind for kind in SHOWN if settings_help(kind(FACT))]
    assert helped == [MemoryLimitError, ModelRefusedError]


@pytest.mark.parametrize(
    ("kind", "setting"), [(MemoryLimitError, "max_ram_gib"), (ModelRefusedError, "model")]
)
def test_a_setting_that_is_fixed_is_not_what_the_user_is_sent_to(
    kind: type[SpineContextError], setting: str
) -> None:
    error = kind(FACT)
    assert "in the settings" in failure_text(error)
    assert "in the settings" in failure_text(error, frozenset({"threads"}))
    fixed = failure_text(error, frozenset({setting}))
    assert "in the settings" not in fixed
    assert "administrator" in fixed
    assert not settings_help(error, frozenset({setting}))


def test_a_fixed_model_that_is_refused_offers_no_settings(
    tmp_path: Path, ct_folder: Path, qtbot: QtBot
) -> None:
    model = tmp_path / "no.onnx"
    model.write_bytes(b"nonsense")
    (tmp_path / "admin.toml").write_text(f"[locked]\nmodel = '{model}'")
    window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window)
    window.show()
    open_and_wait(window, ct_folder, qtbot)
    with qtbot.waitSignal(window.flow.failed, timeout=LONG):
        window.run()
    assert "administrator" in window.message.text
    assert not window.message._offered.isVisible()


def test_a_refused_model_leads_to_the_settings(
    tmp_path: Path, ct_folder: Path, qtbot: QtBot
) -> None:
    model = tmp_path / "no.onnx"
    model.write_bytes(b"nonsense")
    (tmp_path / "user.toml").write_text(f"model = '{model}'")
    window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window)
    window.show()
    open_and_wait(window, ct_folder, qtbot)
    with qtbot.waitSignal(window.flow.failed, timeout=LONG):
        window.run()
    assert "Choose another one in the settings" in window.message.text
    shown = []

    def close(dialog: QDialog) -> None:
        shown.append(dialog)
        dialog.reject()

    when_dialog_shows(SettingsDialog, close)
    button = next(b for b in window.message.findChildren(QPushButton) if b.text() == "Settings…")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown
