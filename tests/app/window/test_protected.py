"""What is about to change or to go cannot be corrected, exported or stopped by mistake."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.corrections import controller
from app.corrections.controller import CorrectionController
from app.corrections.correction import Correction
from app.corrections.tools import Command
from app.exports.dialog import ExportDialog
from app.measurements.measurement import Kind
from app.vertebrae.controller import VertebraController
from app.window.main_window import MainWindow
from inference.values.mask import Mask
from inference.values.progress import CancelCheck
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, drop, open_and_wait
from tests.app.results import A_CT, GEOMETRY, show_result


def with_result(window: MainWindow, ct: Path, qtbot: QtBot) -> None:
    """A window whose case has a result, and whose queue holds another case."""
    open_and_wait(window, ct, qtbot)
    with qtbot.waitSignal(window.flow.run_done, timeout=LONG):
        window.run()
    window.session.mark_saved()
    window.queue.add([ct / "absent"])


def corrects(window: MainWindow) -> bool:
    """Whether the mask or the vertebrae can be changed."""
    tools = [window.toolbar.commands[0], window.vertebrae.commands[0]]
    return any(tool.isEnabled() for tool in tools)


def test_nothing_is_corrected_while_another_result_is_on_its_way(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    """Not even after the queue, which rests, has changed."""
    with_result(quick_window, ct_folder, qtbot)
    assert corrects(quick_window)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
        quick_window.queue.remove("absent")
        assert not corrects(quick_window)
    assert corrects(quick_window)


@pytest.mark.parametrize("ends", ["another CT", "a refusal"])
def test_nothing_is_corrected_while_another_ct_is_read(
    ends: str, quick_window: MainWindow, ct_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    with_result(window, ct_folder, qtbot)
    end = window.flow.opened if ends == "another CT" else window.flow.failed
    with qtbot.waitSignal(end, timeout=LONG):
        window.opener.open_paths([ct_folder if ends == "another CT" else tmp_path / "absent"])
        assert not corrects(window)
        assert not window.vertebrae.isHidden(), "nothing jumps"
    assert corrects(window) is (ends == "a refusal"), "another CT has no result yet"


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What growing a mask waits for."""
    event = threading.Event()

    def grown_slowly(mask: Mask, cancel: CancelCheck) -> Correction | None:
        assert event.wait(60)
        return grown(mask, cancel)

    grown = controller.grown
    monkeypatch.setattr(controller, "grown", grown_slowly)
    yield event
    event.set()


def test_nothing_is_exported_while_a_correction_is_worked_out(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, goes_on: threading.Event
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    correcting = window.findChild(CorrectionController)
    assert isinstance(correcting, CorrectionController)
    correcting.do(Command.GROW)
    assert correcting.busy
    window.export()
    assert "A correction is being worked out" in window.message.text
    goes_on.set()
    qtbot.waitUntil(lambda: not correcting.busy, timeout=LONG)
    shown = []
    when_dialog_shows(ExportDialog, lambda dialog: (shown.append(dialog), dialog.reject()))
    window.export()
    assert shown


def test_a_correction_that_is_worked_out_is_missed_though_all_before_it_was_exported(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, goes_on: threading.Event
) -> None:
    window, asked = quick_window, []

    def stay(box: QDialog) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.reject()

    show_result(window, tmp_path)
    window.session.mark_saved()
    correcting = window.findChild(CorrectionController)
    assert isinstance(correcting, CorrectionController)
    correcting.do(Command.GROW)
    when_dialog_shows(QMessageBox, stay)
    window.opener.close_case()
    when_dialog_shows(QMessageBox, stay)
    window.run()
    assert asked == [
        "The corrected spine of CT 1 has not been exported.",
        "Find the spine again? Your corrections will be lost.",
    ]
    assert window.session.case is not None

    goes_on.set()
    qtbot.waitUntil(lambda: not correcting.busy, timeout=LONG)
    window.session.mark_saved()
    window.opener.close_case()
    assert window.session.case is None


def test_a_change_of_vertebrae_that_is_worked_out_is_missed_and_finding_them_is_not(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    window.session.mark_saved()
    finder = window.findChild(VertebraController)
    assert isinstance(finder, VertebraController)
    finder.find()
    assert finder.busy
    assert window.opener.may_lose_work()
    qtbot.waitUntil(lambda: not finder.busy, timeout=LONG)
    assert finder.vertebrae is not None
    finder.merge(1)
    assert finder.busy
    when_dialog_shows(QMessageBox, QDialog.reject)
    assert not window.opener.may_lose_work()


@pytest.mark.parametrize("changed", ["nothing", "the mask", "the case"])
def test_only_what_was_exported_counts_as_saved(
    changed: str, quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None and case.mask is not None

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog._folder.setText(str(tmp_path / "exports"))
        dialog._export.click()
        if changed == "the mask":
            window.session.set_mask(replace(case.mask, corrected=True))
        elif changed == "the case":
            other = Mask(np.ones(GEOMETRY.shape, np.uint8), GEOMETRY)
            window.session.open(Case(A_CT, segmentation=case.segmentation, mask=other))
        qtbot.waitUntil(lambda: dialog._job is None, timeout=LONG)
        dialog.reject()

    when_dialog_shows(ExportDialog, export)
    window.export()
    now = window.session.case
    assert now is not None
    assert now.saved is (changed == "nothing")


def test_escape_ends_a_measurement_and_not_the_run_beside_it(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    window = quick_window
    drop(window, [ct_folder])
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)
    window.run()
    window.measuring.choose(Kind.DISTANCE)
    job = window.flow.running
    assert job is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.measuring.kind is None
    assert not job.asked_to_stop()
    with qtbot.waitSignal(window.flow.cancelled, timeout=LONG):
        QTest.keyClick(window, Qt.Key.Key_Escape)
