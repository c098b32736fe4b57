"""What a person does with the window: drop, choose, look, run, cancel, continue."""

import gc
import html
import shutil
import weakref
import zipfile
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.cases.case_queue import State
from app.slices.image import LUNG
from app.slices.planes import Plane
from app.window.main_window import MainWindow
from app.window.series_dialog import SeriesDialog
from app.work.jobs import Job
from inference.cases.outcomes import SUMMARY_FILE
from inference.values.mask import Mask
from inference.values.volume import AIR_HU
from tests.app.conftest import GEOMETRY
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, drop, open_and_wait
from tests.read.dicom_factory import SeriesSettings, grainy, write_series


def mask_of(window: MainWindow) -> Mask | None:
    case = window.session.case
    return case.mask if case else None


CASES = Path(__file__).parents[3] / "shared/ct/dicom_cases.zip"


def test_a_dropped_folder_is_shown_and_remembered(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    view = quick_window.views.slices[Plane.SAGITTAL]
    assert view.isVisible()
    assert view.index == GEOMETRY.size[0] // 2
    quick_window.opener.close_case()
    offered = [b.toolTip() for b in quick_window.welcome.findChildren(QPushButton) if b.toolTip()]
    assert offered == [f"<p>{html.escape(str(ct_folder))}</p>"], "a name is no markup"


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
    other = grainy(other)
    write_series(ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"), range(12))
    write_series(
        ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.6", modality="MR"), range(12)
    )
    lines: list[str] = []

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SeriesDialog)
        items = [dialog.list.item(row) for row in range(dialog.list.count())]
        lines.extend(item.text() for item in items)
        assert "Recommended" in items[dialog.list.currentRow()].text()
        assert not items[2].flags() & Qt.ItemFlag.ItemIsEnabled
        assert not items[0].icon().isNull()
        dialog.list.setCurrentRow(1)
        dialog.accept()

    when_dialog_shows(SeriesDialog, choose)
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
    assert "Only one of 2 series" in message.text
    assert "T2 sag" in message.text
    rows: list[tuple[str, bool]] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, SeriesDialog)
        items = [dialog.list.item(row) for row in range(dialog.list.count())]
        enabled = Qt.ItemFlag.ItemIsEnabled
        rows.extend((item.text(), bool(item.flags() & enabled)) for item in items)
        dialog.reject()

    when_dialog_shows(SeriesDialog, look)
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
    assert "Only one of 5 series" in quick_window.message.text


def test_no_choice_opens_nothing(quick_window: MainWindow, ct_folder: Path, qtbot: QtBot) -> None:
    other = grainy(np.zeros((12, 36, 40), np.int16))
    write_series(ct_folder, other, GEOMETRY, SeriesSettings(series_uid="1.2.3.5"), range(12))
    when_dialog_shows(SeriesDialog, QDialog.reject)
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
    qtbot.waitUntil(run._run.isVisible, timeout=LONG)


def test_a_run_leads_to_the_spine_unless_one_looks_elsewhere(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    voxels = np.zeros(GEOMETRY.shape, np.int16)
    voxels[4:26, 10:24, 30:38] = 400
    write_series(tmp_path / "beside", grainy(voxels), GEOMETRY)
    open_and_wait(quick_window, tmp_path / "beside", qtbot)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    x, y, z = quick_window.look.cursor
    assert voxels[z, y, x] == 400
    quick_window.look.move_cursor((1, 2, 3))
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    assert quick_window.look.cursor == (1, 2, 3)


def test_at_the_end_the_crosshair_goes_on_from_the_first_guess_to_the_middle_of_the_spine(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    quick_window.guide.lead_to((20, 16, 5))
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    assert quick_window.look.cursor == (20, 16, 14), "the rod of bone that the fixture writes"
    mask = mask_of(quick_window)
    assert mask is not None
    voxels = mask.voxels.copy()
    voxels[:15] = 0
    quick_window.session.set_mask(Mask(voxels, mask.geometry, corrected=True))
    qtbot.waitUntil(lambda: quick_window.figures.known is not None, timeout=LONG)
    assert quick_window.look.cursor == (20, 16, 14), "a correction does not move the crosshair"


def test_a_closed_ct_and_its_jobs_are_freed(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    case = quick_window.session.case
    assert case is not None
    gone = weakref.ref(case.volume)
    del case
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    quick_window.session.open(None)
    qtbot.waitUntil(lambda: not quick_window.findChildren(Job), timeout=LONG)
    gc.collect()
    assert gone() is None


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
    qtbot.waitUntil(quick_window.side.run._run.isVisible)


def test_corrections_are_not_lost_to_another_run_unasked(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    found = mask_of(quick_window)
    assert found is not None
    corrected = Mask(np.zeros_like(found.voxels), found.geometry, corrected=True)
    quick_window.session.set_mask(corrected)
    asked: list[str] = []
    answer = [False, True]

    def agreed(_window: object, question: str, _yes: str) -> bool:
        asked.append(question)
        return answer.pop(0)

    monkeypatch.setattr("app.window.main_window.agreed", agreed)
    quick_window.run()
    assert not quick_window.flow.busy
    assert "corrections" in asked[0]
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
        assert not quick_window.toolbar.commands[0].isEnabled(), "there is nothing to correct"
        assert not quick_window._export.isVisible()
    now = mask_of(quick_window)
    assert now is not None
    assert np.array_equal(now.voxels, found.voxels)


def test_unexported_work_is_asked_about(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    asked: list[str] = []
    monkeypatch.setattr(
        "app.window.opener.answer_to", lambda _w, question, *_: asked.append(question)
    )
    drop(quick_window, [ct_folder])
    qtbot.waitUntil(lambda: len(asked) == 1)
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
    out.mkdir()
    drop(quick_window, [bad, ct_folder])
    assert quick_window.queue_panel.isVisible()
    monkeypatch.setattr("app.widgets.dialogs.QFileDialog.getExistingDirectory", lambda *_: str(out))
    qtbot.mouseClick(quick_window.queue_panel._start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: quick_window.queue.active)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    failed, done = quick_window.queue.cases
    assert (failed.state, done.state) == (State.FAILED, State.DONE)
    assert "bad is empty" in failed.note
    assert sorted(path.name for path in out.iterdir()) == [
        SUMMARY_FILE,
        "study_report.json",
        "study_spine.nii.gz",
        "study_spine.stl",
    ]
    assert not quick_window.message.isVisible(), "the list says it"
    panel = quick_window.queue_panel
    assert panel._summary.text() == "1 of 2 cases done, 1 failed"
    lines = [panel._list.item(row).text() for row in range(panel._list.count())]
    assert lines[0].startswith("bad\n    failed\n")
    assert lines[1].startswith("study\n    done, 22 mL")
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    qtbot.mouseClick(panel._results, Qt.MouseButton.LeftButton)
    assert Path(opened[0].toLocalFile()) == out


def test_a_finished_case_of_the_queue_can_be_looked_at_and_exported_again(
    quick_window: MainWindow,
    ct_folder: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    other, out = tmp_path / "other", tmp_path / "out"
    fat_beside_air = np.full(GEOMETRY.shape, -100, np.int16)
    fat_beside_air[..., :9] = AIR_HU
    write_series(other, grainy(fat_beside_air), GEOMETRY)
    drop(quick_window, [ct_folder, other])
    quick_window.queue.start(out, quick_window.settings.run)
    assert not quick_window.side.run._run.isEnabled()
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    panel = quick_window.queue_panel
    with qtbot.waitSignal(quick_window.flow.opened, timeout=LONG):
        panel._list.setCurrentRow(0)
        qtbot.keyClick(panel._list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: mask_of(quick_window) is not None, timeout=LONG)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.name == "study"
    assert not case.unsaved
    assert quick_window.side.run._run.isEnabled()
    assert quick_window._export.isEnabled()
    assert quick_window.toolbar.isVisible()
    written = sitk.GetArrayFromImage(sitk.ReadImage(str(out / "study_spine.nii.gz")))
    assert np.array_equal(mask_of(quick_window).voxels, written)
    qtbot.waitUntil(lambda: written[quick_window.look.cursor[::-1]] == 1, timeout=LONG)
    qtbot.waitUntil(lambda: quick_window.side.result._volume.text() == "22 mL", timeout=LONG)


def test_a_mask_that_was_deleted_meanwhile_is_told(
    quick_window: MainWindow, ct_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(quick_window, [ct_folder, tmp_path / "absent"])
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    (tmp_path / "out" / "study_spine.nii.gz").unlink()
    quick_window.queue_panel._list.setCurrentRow(0)
    quick_window.queue_panel._ask_to_look()
    qtbot.waitUntil(
        lambda: "study_spine.nii.gz is missing" in quick_window.message.text, timeout=LONG
    )
    assert quick_window.session.case is not None


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_a_dropped_file_is_shown(
    ending: str, quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    voxels = np.zeros(GEOMETRY.shape, np.int16)
    voxels[20, 10, 5] = 700
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(GEOMETRY.spacing)
    file = tmp_path / f"CT{ending}"
    sitk.WriteImage(image, str(file))
    open_and_wait(quick_window, file, qtbot)
    quick_window.views.slices[Plane.AXIAL].pointed.emit((5, 10, 20))
    # A file without patient is read as lying straight: x to the left, y to the back, z to the head.
    assert quick_window._pointed.text() == "700 HU    L 7.5  P 15.0  H 40.0 mm"


def test_reading_can_be_cancelled(quick_window: MainWindow, ct_folder: Path, qtbot: QtBot) -> None:
    quick_window.activateWindow()
    with qtbot.waitSignal(quick_window.flow.cancelled, timeout=LONG):
        drop(quick_window, [ct_folder])
        assert quick_window.activity.isVisible()
        qtbot.keyClick(quick_window, Qt.Key.Key_Escape)
    assert quick_window.session.case is None
    assert not quick_window.activity.isVisible()


def test_a_folder_of_several_images_becomes_a_queue(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("a.nii.gz", "b.nrrd", "c.zip"):
        (folder / name).write_bytes(b"whatever")
    drop(quick_window, [folder])
    qtbot.waitUntil(quick_window.queue_panel.isVisible, timeout=LONG)
    assert [case.name for case in quick_window.queue.cases] == ["a", "b", "c"]
    assert not quick_window.message.isVisible()
    assert quick_window.welcome.isEnabled()
    assert not quick_window.activity.isVisible()


def test_a_folder_with_one_archive_is_that_archive(
    quick_window: MainWindow, ct_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "download"
    folder.mkdir()
    shutil.make_archive(str(folder / "study"), "zip", ct_folder)
    open_and_wait(quick_window, folder, qtbot)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.geometry.size == GEOMETRY.size


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
