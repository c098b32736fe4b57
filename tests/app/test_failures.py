"""What the window says about the engine's failures."""

import ast
import sys
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TypeGuard

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
    SeveralInputsError,
    SeveralPatientsError,
    SpineContextError,
    UnreadableInputError,
    UsageError,
)
from inference.system.logs import as_defect
from inference.values.messages import sentence
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


ADVICE = (
    *("Bring", "Check", "Choose", "Close", "Copy", "Do not trust", "Export", "Find", "Free"),
    *("Move", "Open", "Rename", "Save", "Try", "Unpack"),
)
"""What advice begins with."""

THE_WINDOW_KNOWS_BETTER = (ModelRefusedError, SeveralPatientsError, SeveralInputsError)
"""Kinds whose advice differs in the window, so that their facts must hold none."""


def facts() -> Iterator[tuple[str, str]]:
    """Each kind of error that engine and window raise, with its sentence."""
    names = {kind.__name__ for kind in SHOWN}
    for package in ("inference", "app"):
        for path in Path(str(resources.files(package))).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in names and call.args:
                    told = [one.value for one in ast.walk(call.args[0]) if is_text(one)]
                    yield ast.unparse(call.func), max(told, key=len, default="")


def is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_a_fact_of_several_sentences_ends_with_what_to_do() -> None:
    found = list(facts())
    assert len(found) >= 40
    several = [text.rpartition(". ")[2] for _, text in found if ". " in text]
    assert len(several) >= 25
    assert [text for text in several if not text.startswith(ADVICE)] == []


def test_the_window_advises_alone_where_it_knows_better() -> None:
    names = [kind.__name__ for kind in THE_WINDOW_KNOWS_BETTER]
    assert {kind for kind, _ in facts()} >= set(names)
    assert [text for kind, text in facts() if kind in names and ". " in text] == []


def test_a_fact_that_says_what_to_do_is_not_followed_by_other_advice() -> None:
    fact = sentence("{0} is empty. Choose a folder that contains a CT.", "CT 1")
    assert failure_text(UnreadableInputError(fact)) == fact
    named = sentence("{0} cannot be read.", "Dr. Who")
    assert failure_text(UnreadableInputError(named)).endswith(f"copy it again.\n{named}")


def test_an_empty_folder_gets_one_piece_of_advice(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "CT 1"
    empty.mkdir()
    with qtbot.waitSignal(quick_window.flow.failed, timeout=LONG):
        quick_window.opener.open_paths([empty])
    assert quick_window.message.text == "CT 1 is empty. Choose a folder that contains a CT."


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
