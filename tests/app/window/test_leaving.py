"""The question before work is lost, and where the focus is before and after."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.cases.inputs import demo_ct
from app.cases.session import Case
from app.exports.dialog import ExportDialog
from app.slices.slice_view import SliceView
from app.window.main_window import MainWindow
from inference.values.mask import Mask
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, open_and_wait
from tests.app.results import GEOMETRY, show_result


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are asked, each answered by staying."""
    questions: list[str] = []

    def stay(box: QMessageBox) -> int:
        questions.append(box.text())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", stay)
    return questions


def press(text: str) -> Callable[[QDialog], None]:
    """Press a button of the question."""

    def do(box: QDialog) -> None:
        next(b for b in box.findChildren(QPushButton) if b.text() == text).click()

    return do


def test_nothing_is_asked_where_nobody_would_miss_anything(
    quick_window: MainWindow, tmp_path: Path, asked: list[str]
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None
    assert case.segmentation is not None
    empty = replace(case.segmentation, mask=Mask(np.zeros(GEOMETRY.shape, np.uint8), GEOMETRY))
    for opened, result in (
        (Case(case.volume), None),
        (Case(case.volume), empty),
        (Case(case.volume, path=demo_ct()), case.segmentation),
    ):
        window.session.open(opened)
        if result:
            window.session.set_result(result)
        assert window.opener.may_lose_work()
    window.session.open(Case(case.volume))
    window.session.set_result(case.segmentation)
    window.session.mark_saved()
    assert window.opener.may_lose_work()
    assert asked == []


def test_the_question_is_true(quick_window: MainWindow, tmp_path: Path, asked: list[str]) -> None:
    window = quick_window
    show_result(window, tmp_path)
    assert not window.opener.may_lose_work()
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    window.session.mark_saved()
    window.session.set_mask(replace(case.mask, corrected=True))
    assert not window.opener.may_lose_work()
    assert asked == [
        "The spine of CT 1 has not been exported.",
        "The corrected spine of CT 1 has not been exported.",
    ]


def test_the_safe_answer_has_the_focus_and_all_have_keys(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    show_result(quick_window, tmp_path)
    seen: dict[str, bool] = {}

    def look(box: QDialog) -> None:
        for button in box.findChildren(QPushButton):
            seen[button.text()] = button.isDefault() and box.focusWidget() is button
        box.reject()

    quick_window.activateWindow()
    when_dialog_shows(QMessageBox, look)
    assert not quick_window.opener.may_lose_work()
    assert seen == {
        "Continue &without exporting": False,
        "&Export…": False,
        "&Stay": True,
    }


def test_export_leads_to_the_dialog_and_then_on(quick_window: MainWindow, tmp_path: Path) -> None:
    show_result(quick_window, tmp_path)
    out = tmp_path / "out"

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog._folder.setText(str(out))
        dialog.exported.connect(dialog.accept)
        dialog._export.click()

    def then(box: QDialog) -> None:
        when_dialog_shows(ExportDialog, export)
        press("&Export…")(box)

    when_dialog_shows(QMessageBox, then)
    quick_window.opener.close_case()
    assert quick_window.session.case is None
    assert len(list(out.iterdir())) == 2


def test_an_export_that_is_thought_better_of_stays(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    show_result(quick_window, tmp_path)

    def then(box: QDialog) -> None:
        when_dialog_shows(ExportDialog, lambda dialog: dialog.reject())
        press("&Export…")(box)

    when_dialog_shows(QMessageBox, then)
    quick_window.opener.close_case()
    assert quick_window.session.case is not None


def test_the_focus_is_never_on_cancel_and_after_a_run_on_export(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    window = quick_window
    window.activateWindow()
    focused: list[QWidget | None] = []
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.focusChanged.connect(lambda _, now: focused.append(now))
    window.welcome.focus_next_step()
    open_and_wait(window, ct_folder, qtbot)
    window.side.run._run.setFocus()
    qtbot.keyClick(window.side.run._run, Qt.Key.Key_Space)
    assert window.flow.running
    assert isinstance(window.focusWidget(), SliceView)
    case = window.session.case
    assert case is not None
    qtbot.waitUntil(lambda: window.session.case.mask is not None, timeout=LONG)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.focusWidget() is window._export)
    texts = [one.text() for one in focused if isinstance(one, QPushButton)]
    assert "Cancel" not in texts


def test_an_input_that_cannot_be_opened_leaves_the_focus_on_open(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    window.activateWindow()
    window.welcome.focus_next_step()
    window.opener.open_paths([tmp_path / "absent"])
    qtbot.waitUntil(lambda: bool(window.message.text), timeout=LONG)
    focus = window.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "Open &folder…"
