"""Unexported corrections survive a crash, and nothing else does."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.corrections import autosave
from app.corrections.autosave import MASK_FILE, Autosave, left_unsaved
from app.corrections.tools import Tool
from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from inference.export.images import write_nifti
from inference.read import open_mask
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.app.conftest import GEOMETRY, leave, write_rod
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, open_and_wait

CRASHING = """
import os, sys
from pathlib import Path
import app.window.main_window as window
from app.application import create_application
from app.settings.store import SettingsStore
from inference.values.mask import Mask
import numpy as np, time

folder, ct = map(Path, sys.argv[1:])
window.config_folder = lambda: folder
application = create_application()
main = window.MainWindow(SettingsStore(folder / "user.toml", folder / "admin.toml", {}))
main.opener.open_paths([ct])
until = time.monotonic() + 100
def wait(done):
    while not done() and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.01)
wait(lambda: main.session.case)
case = main.session.case
voxels = np.zeros(case.volume.geometry.shape, np.uint8)
voxels[5:9, 11:17, 13:20] = 1
main.session.set_mask(Mask(voxels, case.volume.geometry, corrected=True))
wait(lambda: list(folder.glob("corrections/*/mask.nii.gz")))
os.kill(os.getpid(), 9)
"""


@dataclass(frozen=True)
class Crash:
    """A CT, and the folder in which a killed program has left corrections of it."""

    ct: Path
    corrections: Path


@pytest.fixture(scope="module")
def crash(tmp_path_factory: pytest.TempPathFactory) -> Crash:
    folder = tmp_path_factory.mktemp("crash")
    write_rod(folder / "study")
    subprocess.run(
        [sys.executable, "-c", CRASHING, folder / "config", folder / "study"],
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return Crash(folder / "study", folder / "config" / "corrections")


@pytest.fixture
def kept(config_folder: Path, crash: Crash) -> Path:
    """The folder in which the window of this test finds what the killed program has left."""
    place = shutil.copytree(crash.corrections, config_folder / "corrections")
    assert len(left_unsaved(place)) == 1
    return place


def answer(text: str) -> list[str]:
    """Press the button with this text in the next question, and note what was asked."""
    asked: list[str] = []

    def press(box: object) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(b for b in box.buttons() if b.text() == text).click()

    when_dialog_shows(QMessageBox, press)
    return asked


def correct(window: MainWindow) -> None:
    assert window.session.case is not None
    geometry = window.session.case.volume.geometry
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[5:9, 11:17, 13:20] = 1
    window.session.set_mask(Mask(voxels, geometry, corrected=True))


def test_what_a_crash_left_is_opened_again_and_kept_until_it_is_exported(
    kept: Path, quick_window: MainWindow, crash: Crash, qtbot: QtBot
) -> None:
    asked = answer("&Open again")
    quick_window.load_engine()
    qtbot.waitUntil(
        lambda: (
            quick_window.session.case is not None and quick_window.session.case.mask is not None
        ),
        timeout=LONG,
    )
    case = quick_window.session.case
    assert case is not None and case.mask is not None
    assert crash.ct.name in asked[0]
    assert case.mask.voxels.sum() == 4 * 6 * 7
    assert case.corrections_unsaved
    assert "Export them" in quick_window.message.text
    assert quick_window.side.result._notes.text() == "The mask was restored with its corrections."
    qtbot.waitUntil(lambda: quick_window.figures.table is not None, timeout=LONG)
    table = quick_window.figures.table
    assert table is not None
    assert dict(zip(table.header, table.rows[0], strict=True))["Corrected by hand"] == "yes"
    assert quick_window.keeping.finish(10)
    assert left_unsaved(kept) == (), "they are this program's own now"
    assert len(list(kept.glob(f"*/{MASK_FILE}"))) == 1
    quick_window.toolbar.choose(Tool.ERASER)
    quick_window.session.mark_saved()
    assert quick_window.keeping.finish(10)
    assert list(kept.glob(f"*/{MASK_FILE}")) == []


def test_what_is_given_up_is_gone(kept: Path, quick_window: MainWindow, qtbot: QtBot) -> None:
    asked = answer("&Discard")
    quick_window.load_engine()
    qtbot.waitUntil(lambda: bool(asked), timeout=LONG)
    qtbot.waitUntil(lambda: not left_unsaved(kept), timeout=LONG)
    assert quick_window.session.case is None


def test_who_opens_the_ct_is_asked_too_and_can_wait(
    kept: Path, quick_window: MainWindow, crash: Crash, qtbot: QtBot
) -> None:
    asked = answer("Ask &later")
    open_and_wait(quick_window, crash.ct, qtbot)
    qtbot.waitUntil(lambda: bool(asked), timeout=LONG)
    assert quick_window.session.case is not None
    assert quick_window.session.case.mask is None
    assert len(left_unsaved(kept)) == 1


def test_nothing_is_asked_beside_a_queue_and_all_is_kept(
    kept: Path, quick_window: MainWindow, crash: Crash, tmp_path: Path, qtbot: QtBot
) -> None:
    asked = answer("Ask &later")
    window = quick_window
    window.queue.add([crash.ct])
    window._recovery.offer()
    qtbot.waitUntil(lambda: not window.jobs.live, timeout=LONG)
    assert asked == [], "the user has begun something else"
    window.queue.start(tmp_path / "out", window.settings.run)
    window.opener.look_at(crash.ct)
    qtbot.waitUntil(lambda: not window.queue.busy, timeout=LONG)
    assert asked == [], "no mask is opened while the queue is at work"
    assert len(left_unsaved(kept)) == 1
    window.queue.clear()
    window.opener.open_paths([crash.ct])
    qtbot.waitUntil(lambda: bool(asked), timeout=LONG)


def test_names_of_files_and_folders_tell_nothing(kept: Path, crash: Crash) -> None:
    names = [path.name for path in kept.rglob("*")]
    assert not any(crash.ct.name in name for name in names)
    assert sorted(n for n in names if not n.startswith("corrections-")) == [
        "case.json",
        "in-use",
        "mask.nii.gz",
    ]


def test_corrections_are_written_after_a_rest_and_go_when_the_user_gives_them_up(
    tmp_path: Path, ct_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "REST_MS", 20)
    store = SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml", {})
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=leave)
    open_and_wait(window, ct_folder, qtbot)
    place = tmp_path / "config" / "corrections"
    correct(window)
    qtbot.waitUntil(lambda: bool(list(place.glob(f"*/{MASK_FILE}"))), timeout=LONG)
    assert left_unsaved(place) == (), "the program that keeps them is alive"
    window._recovery.give_up()
    assert window.keeping.finish(10)
    assert not list(place.glob(f"*/{MASK_FILE}"))


def test_a_mask_that_is_exported_already_is_not_kept(
    tmp_path: Path, ct_folder: Path, quick_window: MainWindow, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    correct(quick_window)
    quick_window.session.mark_saved()
    for child in quick_window.findChildren(Autosave):
        child.save()
    assert not (tmp_path / "config" / "corrections").exists()
    assert quick_window.session.case is not None
    assert quick_window.session.case.volume.geometry.size == GEOMETRY.size


@pytest.mark.parametrize("voxel", [None, (0, 0, 0), (15, 18, 20), (29, 35, 39)])
def test_even_a_voxel_or_none_is_kept_so_that_it_can_be_read(
    voxel: tuple[int, int, int] | None, tmp_path: Path
) -> None:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    if voxel is not None:
        voxels[voxel] = 1
    path = tmp_path / "mask.nii.gz"
    with path.open("wb") as file:
        write_nifti(autosave._part_with_spine(Mask(voxels, GEOMETRY)), file)
    ct = Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "ct")
    assert np.array_equal(open_mask(path, ct).mask.voxels, voxels)
