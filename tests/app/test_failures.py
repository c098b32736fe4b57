"""What the window says of the engine's failures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.failures import failure_text, settings_help
from app.settings.dialog import SettingsDialog
from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from inference.errors import (
    CancelledError,
    MemoryLimitError,
    ModelRefusedError,
    OutOfMemoryError,
    SpineContextError,
    UsageError,
)
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, open_and_wait

FACT = "It is so."


def kinds(base: type[SpineContextError]) -> Iterator[type[SpineContextError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


NOT_SHOWN = (UsageError, CancelledError, OutOfMemoryError)
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


def test_the_settings_are_offered_where_they_help() -> None:
    helped = [kind for kind in SHOWN if settings_help(kind(FACT))]
    assert helped == [MemoryLimitError, ModelRefusedError]


def test_a_refused_model_leads_to_the_settings(
    tmp_path: Path, ct_folder: Path, qtbot: QtBot
) -> None:
    model = tmp_path / "no.onnx"
    model.write_bytes(b"nonsense")
    typed = {"model": str(model)}
    window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml", typed))
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
