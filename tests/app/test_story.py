"""What a person does with the window: drop, choose, look, run, cancel, go on."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.case_queue import State
from app.main_window import MainWindow
from app.series_dialog import SeriesDialog
from app.slice_image import LUNG
from app.view_planes import Plane
from tests.app.conftest import GEOMETRY
from tests.read.dicom_factory import SeriesSettings, write_series

CASES = Path(__file__).parents[3] / "shared/ct/dicom_cases.zip"
LONG = 120_000
"""Milliseconds that a run may take on a busy machine; it takes one or two seconds."""


def drop(window: MainWindow, paths: Sequence[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    for kind, where in ((QDragEnterEvent, QPoint(50, 50)), (QDropEvent, QPointF(50, 50))):
        event = kind(
            where,
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(window, event)


def open_and_wait(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    drop(window, [path])
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)


def when_series_are_offered(answer: Callable[[SeriesDialog], None]) -> None:
    def look() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, SeriesDialog) and widget.isVisible():
                answer(widget)
                return
        QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def test_a_dropped_folder_is_shown_and_remembered(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    view = quick_window.views.slices[Plane.SAGITTAL]
    assert view.isVisible()
    assert view.index == GEOMETRY.size[0] // 2
    quick_window.close_case()
    offered = [b.toolTip() for b in quick_window.welcome.findChildren(QPushButton) if b.toolTip()]
    assert offered == [str(ct_folder)]


def test_slices_dropped_one_by_one_are_one_case(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    drop(quick_window, sorted(ct_folder.iterdir())[:5])
    qtbot.waitUntil(lambda: quick_window.session.case is not None, timeout=LONG)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.geometry.size == GEOMETRY.size


def test_of_several_series_the_user_chooses(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    other = np.full((12, 36, 40), -500, np.int16)
    other[4:8] = 300
    write_series(ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"), range(12))
    write_series(
        ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.6", modality="MR"), range(12)
    )
    lines: list[str] = []

    def choose(dialog: SeriesDialog) -> None:
        items = [dialog.list.item(row) for row in range(dialog.list.count())]
        lines.extend(item.text() for item in items)
        assert "Recommended" in items[dialog.list.currentRow()].text()
        assert not items[2].flags() & Qt.ItemFlag.ItemIsEnabled
        assert not items[0].icon().isNull()
        dialog.list.setCurrentRow(1)
        dialog.accept()

    when_series_are_offered(choose)
    open_and_wait(quick_window, ct_folder, qtbot)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.geometry.size[2] == 12
    assert "an MR scan" in lines[2]


def test_the_only_usable_series_opens_at_once_and_the_others_are_told(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    scan = SeriesSettings(series_uid="1.2.3.6", modality="MR").but(SeriesDescription="T2 sag")
    write_series(ct_folder, np.zeros((12, 36, 40), np.int16), GEOMETRY, scan, range(12))
    open_and_wait(quick_window, ct_folder, qtbot)
    message = quick_window.message
    assert message.isVisible()
    assert "Of 2 series only one" in message.text
    assert "T2 sag" in message.text
    rows: list[tuple[str, bool]] = []

    def look(dialog: SeriesDialog) -> None:
        items = [dialog.list.item(row) for row in range(dialog.list.count())]
        enabled = Qt.ItemFlag.ItemIsEnabled
        rows.extend((item.text(), bool(item.flags() & enabled)) for item in items)
        dialog.reject()

    when_series_are_offered(look)
    button = next(b for b in message.findChildren(QPushButton) if b.text() == "Show them…")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (_, usable), (told, greyed) = rows
    assert usable
    assert "an MR scan" in told
    assert not greyed


@pytest.mark.skipif(not CASES.exists(), reason="../shared/ct is not here")
def test_of_a_head_study_the_scan_opens_and_the_scout_is_told(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with zipfile.ZipFile(CASES) as archive:
        study = [name for name in archive.namelist() if "head_study_multi_series/" in name]
        archive.extractall(tmp_path, study)
    drop(quick_window, [tmp_path / study[0].split("/", 1)[0]])
    qtbot.waitUntil(lambda: quick_window.session.case is not None, timeout=LONG)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.geometry.size == (512, 512, 28)
    assert "Of 5 series only one" in quick_window.message.text


def test_no_choice_opens_nothing(quick_window: MainWindow, ct_folder: Path, qtbot: QtBot) -> None:
    other = np.zeros((12, 36, 40), np.int16)
    write_series(ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"), range(12))
    when_series_are_offered(QDialog.reject)
    with qtbot.waitSignal(quick_window.flow.cancelled, timeout=LONG):
        drop(quick_window, [ct_folder])
    assert quick_window.session.case is None
    assert quick_window.welcome.isEnabled()


def test_a_run_shows_progress_and_then_its_result(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    run = quick_window.side.run
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        qtbot.mouseClick(run._run, Qt.MouseButton.LeftButton)
        assert run._bar.isVisible()
        assert not run._run.isVisible()
    case = quick_window.session.case
    assert case is not None
    assert case.mask is not None
    assert case.unsaved
    result = quick_window.side.result
    qtbot.waitUntil(lambda: result._volume.text() == "22 mL", timeout=LONG)
    assert result._extent.text() == "24 × 21 × 44 mm"
    assert run._run.isVisible()


def test_a_cancelled_run_leaves_the_ct(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    with qtbot.waitSignal(quick_window.flow.cancelled, timeout=LONG):
        quick_window.run()
        qtbot.keyClick(quick_window, Qt.Key.Key_Escape)
    case = quick_window.session.case
    assert case is not None
    assert case.mask is None
    assert quick_window.side.run._run.isVisible()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty", None, "is empty. Choose a folder"),
        ("note.txt", b"hello", "is no image that can be read"),
        ("cut.nii.gz", b"\x1f\x8b\x08nonsense", "cannot be read"),
        ("broken.zip", b"PK\x03\x04nonsense", "broken.zip"),
        ("gone", b"", "There is nothing at"),
    ],
)
def test_a_bad_input_is_told_in_a_sentence_and_the_open_ct_stays(
    quick_window: MainWindow,
    ct_folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
    name: str,
    content: bytes | None,
    message: str,
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    before = quick_window.session.case
    path = tmp_path / "bad" / name
    path.parent.mkdir()
    if content is None:
        path.mkdir()
    elif content:
        path.write_bytes(content)
    with qtbot.waitSignal(quick_window.flow.failed, timeout=LONG):
        drop(quick_window, [path])
    assert message in quick_window.message.text
    assert quick_window.message.isVisible()
    assert quick_window.session.case is before


def test_unexported_work_is_asked_about(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    asked: list[str] = []
    monkeypatch.setattr(
        "app.main_window.agreed", lambda _w, question, _y: bool(asked.append(question))
    )
    drop(quick_window, [ct_folder])
    quick_window.close()
    assert quick_window.isVisible()
    assert not quick_window.flow.busy
    assert len(asked) == 2
    assert "has not been exported" in asked[0]


def test_several_inputs_become_a_queue_that_goes_on_after_a_bad_one(
    quick_window: MainWindow,
    ct_folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, out = tmp_path / "bad", tmp_path / "out"
    bad.mkdir()
    drop(quick_window, [bad, ct_folder])
    assert quick_window.queue_panel.isVisible()
    monkeypatch.setattr("app.main_window.QFileDialog.getExistingDirectory", lambda *_: str(out))
    qtbot.mouseClick(quick_window.queue_panel._start, Qt.MouseButton.LeftButton)
    assert quick_window.queue.active
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    failed, done = quick_window.queue.cases
    assert (failed.state, done.state) == (State.FAILED, State.DONE)
    assert "bad is empty" in failed.note
    assert sorted(path.name for path in out.iterdir()) == [
        "study_report.json",
        "study_spine.nii.gz",
        "study_spine.stl",
    ]
    assert quick_window.queue_panel._summary.text() == "1 of 2 cases done, 1 failed"


def test_keys_window_and_scroll(quick_window: MainWindow, ct_folder: Path, qtbot: QtBot) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    view = quick_window.views.slices[Plane.AXIAL]
    before = view.index
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.index == before + 1
    quick_window.activateWindow()
    qtbot.keyClick(quick_window, Qt.Key.Key_3)
    assert quick_window.look.window == LUNG
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert not quick_window.views.slices[Plane.CORONAL].isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert quick_window.views.slices[Plane.CORONAL].isVisible()
