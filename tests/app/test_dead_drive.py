"""The GUI thread never asks the disk about what the user named: its drive may be gone.

Such a question to a network drive that is gone is answered after half a minute, and a window that
waits for it is frozen.
"""

import io
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDir
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.about.dialog import AboutDialog
from app.cases.recent_folders import RecentFolders
from app.exports.dialog import ExportDialog
from app.settings.dialog import SettingsDialog
from app.settings.store import SettingsStore
from app.widgets.dialogs import show_folder
from app.window.main_window import MainWindow
from app.work import asking
from app.work.keeping import Keeping
from app.work.log_keeping import KeptLog
from inference.system.logs import LINE, PrivateFormatter
from tests.app.conftest import leave
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, drop, open_and_wait
from tests.tiny_models import write_threshold_model

QUESTIONS = (
    *("stat", "lstat", "access", "open", "listdir", "scandir", "readlink", "mkdir", "unlink"),
    *("rename", "replace", "rmdir", "utime", "statvfs"),
)
"""Functions of ``os`` that wait for the disk; ``pathlib`` and ``shutil`` call them."""


class Drive:
    """Watches who asks about what lies on a network drive."""

    def __init__(self, root: Path) -> None:
        """The drive is the folder ``root``."""
        self.root = str(root)
        self.asked: list[str] = []
        self._gui = threading.get_ident()

    def watched(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, noting calls on the GUI thread that concern the drive."""

        def noting(*arguments: Any, **named: Any) -> Any:
            named_path = arguments and isinstance(arguments[0], str | os.PathLike)
            if named_path and threading.get_ident() == self._gui:
                path = os.fspath(arguments[0])
                if isinstance(path, str) and path.startswith(self.root):
                    self.asked.append(f"{ask.__name__} {path}")
            return ask(*arguments, **named)

        return noting


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    """A network drive about which nothing was asked on the GUI thread when the test is over."""
    root = tmp_path / "network"
    root.mkdir()
    drive = Drive(root)
    for name in QUESTIONS:
        monkeypatch.setattr(os, name, drive.watched(getattr(os, name)))
    monkeypatch.setattr(io, "open", drive.watched(io.open))
    yield drive
    assert drive.asked == []


@pytest.fixture
def study(drive: Drive, ct_folder: Path) -> Path:
    """A CT on the drive."""
    place = Path(drive.root) / "study"
    threading.Thread(target=ct_folder.rename, args=(place,)).start()
    while ct_folder.exists():
        pass
    return place


def agree(box: QDialog) -> None:
    """Press the button of a question that goes on."""
    assert isinstance(box, QMessageBox)
    accepting = QMessageBox.ButtonRole.AcceptRole
    next(b for b in box.buttons() if box.buttonRole(b) == accepting).click()


def test_the_watch_sees_a_question(tmp_path: Path) -> None:
    drive = Drive(tmp_path)
    ask = drive.watched(os.stat)
    ask(tmp_path / "..")
    ask(os.sep)
    assert len(drive.asked) == 1


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are opened in the file manager, instead of opening them."""
    folders: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: folders.append(Path(url.toLocalFile()))
    )
    return folders


def test_a_case_is_opened_found_exported_shown_and_offered_again(
    quick_window: MainWindow, drive: Drive, study: Path, shown: list[Path], qtbot: QtBot
) -> None:
    window, exports = quick_window, Path(drive.root) / "exports"
    open_and_wait(window, study, qtbot)
    with qtbot.waitSignal(window.flow.run_done, timeout=LONG):
        window.run()

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog._folder.setText(str(exports))
        for writes in ("at first", "over it"):
            if writes == "over it":
                when_dialog_shows(QMessageBox, agree)
            dialog._export.click()
            qtbot.waitUntil(lambda: dialog._job is None, timeout=LONG)
        dialog._show.click()
        dialog.reject()

    when_dialog_shows(ExportDialog, export)
    window.export()
    assert shown == [exports]
    drop(window, [study])  # not a mask
    qtbot.waitUntil(lambda: not window.jobs.live, timeout=LONG)
    window.session.open(None)
    window.recent_menu.aboutToShow.emit()
    window.opener.open_recent(study)
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)


def test_what_is_remembered_is_read_and_written_on_another_thread(
    drive: Drive,
    ct_folder: Path,
    tmp_path: Path,
    prompt_engine: None,  # noqa: ARG001
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The user's home may be on a network drive that is gone."""
    home = Path(drive.root) / "home"
    monkeypatch.setattr("app.window.main_window.config_folder", lambda: home)
    typed = {"model": str(write_threshold_model(tmp_path / "threshold.onnx")), "mode": "full"}
    store = SettingsStore(home / "settings.toml", Path(drive.root) / "etc" / "admin.toml", typed)
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    with qtbot.waitSignal(window.opener.recent_changed, timeout=LONG):
        window.opener.open_paths([tmp_path / "gone"])
    window.load_engine()
    open_and_wait(window, ct_folder, qtbot)
    window.recent_menu.aboutToShow.emit()
    with qtbot.waitSignal(window.flow.run_done, timeout=LONG):
        window.run()
    case = window.session.case
    assert case is not None and case.mask is not None
    window.session.set_mask(replace(case.mask, corrected=True))
    window._recovery._autosave.save()
    qtbot.waitUntil(lambda: not window.jobs.live, timeout=LONG)

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog._folder.setText(str(tmp_path / "exports"))
        dialog._export.click()
        qtbot.waitUntil(lambda: dialog._job is None, timeout=LONG)
        dialog.reject()

    when_dialog_shows(ExportDialog, export)
    window.export()

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        dialog._export_folder.setText(str(tmp_path / "exports"))
        dialog.accept()

    when_dialog_shows(SettingsDialog, choose)
    window.settings.change()
    window.settings.remember_formats(("nrrd",))
    window.patient.switch.trigger()
    window.session.open(None)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)
    assert window.keeping.finish(10)
    assert drive.asked == []
    kept = store.load().settings
    assert (kept.export_formats, kept.show_patient) == (("nrrd",), False)
    assert kept.export_folder == str(tmp_path / "exports")
    assert {"recent.json", "unfinished.json", "window.json"} <= {one.name for one in home.iterdir()}
    drive.asked.clear()  # the test's own


WATCHED_START = """
import os, sys
from pathlib import Path
import app.window.main_window as window
from app.__main__ import main
from inference.system.logs import LOGGER
from tests.app.test_dead_drive import Drive, QUESTIONS
drive = Drive(Path.home())
for name in QUESTIONS:
    setattr(os, name, drive.watched(getattr(os, name)))
begin = window.MainWindow.load_engine
def begin_and_close(self):
    begin(self)
    LOGGER.warning("%d line from the window", 1)
    self.close()
window.MainWindow.load_engine = begin_and_close
code = main([])
print(drive.asked)
sys.exit(code)
"""


def test_start_and_end_ask_nothing_of_the_home_on_the_gui_thread(tmp_path: Path) -> None:
    """Not even for the log."""
    spared = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    paths = {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", WATCHED_START],
        capture_output=True,
        text=True,
        check=False,
        env=spared | paths | offscreen,
    )
    assert (run.returncode, run.stdout) == (0, "[]\n"), run.stderr
    log = (tmp_path / ".local/state/spinecontext/spinecontext.log").read_text("utf-8")
    assert "INFO SpineContext" in log
    assert log.count("WARNING 1 line from the window\n") == 1


def test_a_log_on_a_drive_that_does_not_answer_holds_up_nothing(tmp_path: Path) -> None:
    file, hangs, keeping = logging.FileHandler(tmp_path / "log"), threading.Event(), Keeping()
    log = logging.Logger("a log")
    handler = KeptLog(keeping, file)
    handler.setFormatter(PrivateFormatter(LINE))
    log.addHandler(handler)
    keeping.do(lambda: hangs.wait(30))
    log.warning("%s has %d lines", "MUSTERMANN", 2)
    handler.close()
    assert (tmp_path / "log").read_text("utf-8") == ""
    hangs.set()
    assert keeping.finish(10)
    assert (tmp_path / "log").read_text("utf-8").endswith("WARNING (left out) has 2 lines\n")


def test_slices_and_cases_are_queued_and_their_results_replaced(
    quick_window: MainWindow,
    drive: Drive,
    study: Path,
    shown: list[Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = quick_window
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: drive.root)
    drop(window, [study, Path(drive.root) / "absent"])
    assert len(window.queue.cases) == 2
    window.queueing.start()
    qtbot.waitUntil(lambda: window.queue.active)
    qtbot.waitUntil(lambda: not window.queue.active, timeout=LONG)
    window.queue_panel._results.click()
    assert shown == [Path(drive.root)]
    window.queue.add([Path(drive.root) / "absent"])  # a failed case can be run again
    when_dialog_shows(QMessageBox, agree)
    window.queueing.start()
    qtbot.waitUntil(lambda: window.queue.active)
    qtbot.waitUntil(lambda: not window.queue.active, timeout=LONG)
    window.queueing.look_at(window.queue.cases[0])
    qtbot.waitUntil(lambda: not window.jobs.live, timeout=LONG)


def test_a_folder_that_cannot_be_reached_is_told_and_not_opened(
    quick_window: MainWindow, drive: Drive, shown: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: told.append(words[2]))
    show_folder(quick_window, "Export", Path(drive.root) / "gone", quick_window.jobs)
    until = threading.Event()
    monkeypatch.setattr(asking, "PATIENCE_MS", 50)
    monkeypatch.setattr(Path, "is_dir", lambda _: until.wait(30))
    try:
        show_folder(quick_window, "Export", Path(drive.root), quick_window.jobs)
    finally:
        until.set()
    assert shown == []
    assert told == ["The folder cannot be reached. Check that its drive is connected."] * 2


def test_file_dialogs_start_where_the_disk_answers(
    quick_window: MainWindow, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, gone = quick_window, Path(drive.root) / "gone"
    starts: list[str] = []

    def folder(_parent: object, _title: str, start: str) -> str:
        starts.append(start)
        return ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)
    window._recent.add(gone / "study")
    window.opener.ask_for_folder()
    window._recent.add(Path(drive.root) / "study")
    window.opener.ask_for_folder()
    assert starts == [QDir.homePath(), drive.root]

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        dialog._export_folder.setText(str(gone))
        dialog._choose_folder()
        dialog.reject()

    when_dialog_shows(SettingsDialog, choose)
    window.settings.change()
    assert starts[2:] == [QDir.homePath()]


def test_the_card_of_a_model_on_the_drive_is_not_waited_for(
    quick_window: MainWindow, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = quick_window
    monkeypatch.setattr(
        window.settings, "current", window.settings.current.__class__(f"{drive.root}/own.onnx")
    )
    when_dialog_shows(AboutDialog, QDialog.reject)
    window.show_about()


def test_a_disk_that_does_not_answer_delays_nothing_for_long(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, until = quick_window, threading.Event()
    open_and_wait(window, ct_folder, qtbot)
    monkeypatch.setattr(asking, "PATIENCE_MS", 50)
    monkeypatch.setattr(window._places, "writable", lambda _case: until.wait(30))
    case = window.session.case
    assert case is not None
    try:
        assert window.exporting._folder_for(case) == window.settings.export_folder
    finally:
        until.set()


def test_what_is_gone_is_offered_until_it_is_opened(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window, gone = quick_window, tmp_path / "gone"
    (tmp_path / "beside").mkdir()
    window._recent.add(gone)
    window._show_case()
    assert window._recent.paths() == [gone]
    with qtbot.waitSignal(window.opener.recent_changed):
        window.opener.open_recent(gone)
    assert window._recent.paths() == []
    assert not window.welcome._recent_box.isVisible()
    assert "There is nothing at" in window.message.text


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_what_lies_on_a_drive_that_is_not_connected_stays_on_offer(
    quick_window: MainWindow, drive: Drive, left: str, qtbot: QtBot
) -> None:
    window, mounted = quick_window, Path(drive.root) / "mounted"
    if left == "an empty folder":
        mounted.mkdir()
        drive.asked.clear()  # the test's own
    window._recent.add(mounted / "study")
    with qtbot.waitSignal(window.flow.failed):
        window.opener.open_recent(mounted / "study")
    qtbot.waitUntil(lambda: not window.jobs.live)
    assert window._recent.paths() == [mounted / "study"]


def test_what_cannot_be_read_stays_on_offer(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    damaged = tmp_path / "damaged.nii"
    damaged.write_bytes(b"?")
    quick_window._recent.add(damaged)
    with qtbot.waitSignal(quick_window.flow.failed):
        quick_window.opener.open_recent(damaged)
    assert quick_window._recent.paths() == [damaged]


def test_recent_paths_are_kept_without_asking_for_them(tmp_path: Path, drive: Drive) -> None:
    recent = RecentFolders(tmp_path / "recent.json", Keeping())
    recent.add(Path(drive.root) / "study")
    assert recent.paths() == [Path(drive.root) / "study"]
