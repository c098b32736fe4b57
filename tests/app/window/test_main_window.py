"""The window as a whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.about.dialog import AboutDialog
from app.cases.session import Case
from app.corrections.tools import Tool
from app.exports.dialog import ExportDialog
from app.settings.dialog import SettingsDialog
from app.settings.store import Settings, SettingsStore
from app.slices.image import HuWindow, NamedWindow
from app.window.main_window import MainWindow
from app.wording import empty_surface_text
from tests.app.conftest import leave
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import drop, wait_for_sorting
from tests.app.results import show_result


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.toml", tmp_path / "admin.toml")


@pytest.fixture
def window(store: SettingsStore, qtbot: QtBot) -> MainWindow:
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    return window


def button(window: MainWindow, text: str) -> QPushButton:
    return next(b for b in window.findChildren(QPushButton) if b.text() == text)


def test_the_window_stands_without_a_case(window: MainWindow) -> None:
    assert window.session.case is None
    assert not window.toolbar.isVisible()


def test_a_result_can_be_exported_and_is_then_not_asked_about(
    window: MainWindow, store: SettingsStore, tmp_path: Path
) -> None:
    assert not button(window, "Export…").isVisible()
    show_result(window, tmp_path)
    out = tmp_path / "out"

    def export(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog._folder.setText(str(out))
        dialog._boxes["stl"].setChecked(False)
        dialog._boxes["pdf"].setChecked(True)
        dialog.exported.connect(dialog.accept)
        dialog._export.click()

    when_dialog_shows(ExportDialog, export)
    button(window, "Export…").click()
    assert sorted(path.name for path in out.iterdir()) == [
        "CT 1_spine.nii.gz",
        "CT 1_spine.pdf",
    ]
    assert window.session.case is not None
    assert not window.session.case.unsaved
    assert window.keeping.finish(10)
    assert store.load().settings.export_folder == "", "it may be called by the patient"
    assert store.load().settings.export_formats == ("nifti", "pdf")


def test_one_button_is_emphasised_and_it_is_the_next_step(
    window: MainWindow, tmp_path: Path
) -> None:
    def emphasised() -> list[str]:
        buttons = window.findChildren(QPushButton)
        return [b.text() for b in buttons if b.isVisible() and b.property("emphasised")]

    assert emphasised() == ["Open &folder…"]
    show_result(window, tmp_path)
    assert emphasised() == ["Export…"]
    window.session.mark_saved()
    assert emphasised() == []
    case = window.session.case
    assert case is not None
    window.session.open(Case(case.volume))
    assert emphasised() == ["Find the spine"]
    window.opener.open_paths([tmp_path / "a.nii", tmp_path / "b.nii"])
    wait_for_sorting(window)
    assert emphasised() == ["Find the spine in all cases…"]


def test_escape_puts_the_tool_down(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    show_result(window, tmp_path)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_B)
    assert window.toolbar.tool is Tool.BRUSH
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.toolbar.tool is Tool.LOOK


def test_all_tools_are_in_a_menu_that_is_grey_without_a_spine(
    window: MainWindow, tmp_path: Path
) -> None:
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "Co&rrect")
    assert not any(action.isEnabled() for action in menu.actions())
    show_result(window, tmp_path)
    tools = [action.text() for action in menu.actions() if action.isEnabled()]
    assert {"Look", "Remove piece", "Keep only this piece", "Brush", "Eraser"} <= set(tools)


def test_what_would_be_dropped_is_welcomed(window: MainWindow, tmp_path: Path) -> None:
    window.welcome.show_hovering(True)
    assert window.welcome._zone.property("dropzone") == "hot"
    drop(window, [tmp_path / "absent"])
    assert window.welcome._zone.property("dropzone") == "true"


def test_a_result_brings_the_tools_and_the_surface(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    assert window.toolbar.isVisible()
    assert window._tools is not None
    canvas = window._tools.surface._canvas
    qtbot.waitUntil(lambda: canvas._surface is not None, timeout=20_000)


def test_what_a_run_has_to_say_is_in_the_panel(window: MainWindow, tmp_path: Path) -> None:
    note = "It was not clear where the spine is, so a wider region was looked at."
    show_result(window, tmp_path, notes=(note,), unsure=True)
    panel = window.side.result
    said = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert note in said
    assert any("Unsure" in text for text in said)


def test_chosen_settings_are_kept(window: MainWindow, store: SettingsStore) -> None:
    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        dialog._threads.setValue(3)
        dialog.accept()

    when_dialog_shows(SettingsDialog, choose)
    window.settings.change()
    assert window.keeping.finish(10)
    assert window.settings.current == store.load().settings == Settings(threads=3)


def test_a_grey_window_that_was_kept_is_offered_at_the_next_start(
    window: MainWindow, store: SettingsStore, qtbot: QtBot
) -> None:
    window.look.set_window(HuWindow(90, 250))
    window.side.look.presets.keep("Discs")
    assert window.keeping.finish(10)
    again = MainWindow(store)
    qtbot.addWidget(again)
    assert again.side.look.presets._own == (NamedWindow("Discs", HuWindow(90, 250)),)


def test_a_broken_settings_file_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "settings.toml").write_text("threads = ")
    window = MainWindow(SettingsStore(tmp_path / "settings.toml", tmp_path / "admin.toml"))
    qtbot.addWidget(window)
    assert "settings.broken" in window.message.text


def test_about_is_in_the_help_menu(window: MainWindow) -> None:
    shown = []

    def close(dialog: QDialog) -> None:
        shown.append(dialog)
        dialog.reject()

    when_dialog_shows(AboutDialog, close)
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "&Help")
    menu.actions()[1].trigger()
    assert shown


def test_ctrl_y_redoes_whatever_is_undone(window: MainWindow) -> None:
    for action, take in (
        (window.toolbar._redo, lambda: window.toolbar.lend_undo_key(False)),
        (window.measuring._redo, lambda: window.measuring._take_undo_key(True)),
        (window.vertebrae._redo, lambda: window.vertebrae.take_undo_key(True)),
    ):
        take()
        assert [key.toString() for key in action.shortcuts()] == ["Ctrl+Y", "Ctrl+Shift+Z"]


def test_one_looks_for_a_ct_beside_the_last_one(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def folder(parent: object, title: str, first: str) -> str:  # noqa: ARG001
        looked.append(first)
        return ""

    def files(parent: object, title: str, first: str, kinds: str) -> tuple[list[str], str]:  # noqa: ARG001
        looked.append(first)
        return [], ""

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", files)
    window.opener.ask_for_folder()
    (tmp_path / "archive" / "study").mkdir(parents=True)
    window._recent.add(tmp_path / "archive" / "study")
    window.opener.ask_for_folder()
    window.opener.ask_for_file()
    assert looked == ["", str(tmp_path / "archive"), str(tmp_path / "archive")]


def test_a_result_is_shown_though_the_one_before_was_hidden(
    window: MainWindow, tmp_path: Path
) -> None:
    show_result(window, tmp_path)
    window.look.change_overlay(shown=False)
    window.flow.run_done.emit()
    assert window.look.overlay.shown


def test_the_empty_3d_view_says_one_thing(window: MainWindow) -> None:
    promise = next(label for label in window.views.findChildren(QLabel) if "3D" in label.text())
    assert promise.text() == empty_surface_text()


def case_menu(window: MainWindow) -> dict[str, bool]:
    """The entries of the first menu, and whether they can be chosen."""
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "&Case")
    menu.aboutToShow.emit()
    texts = [action.text().split("\t")[0].replace("&", "") for action in menu.actions()]
    enabled = [action.isEnabled() for action in menu.actions()]
    return {text: can for text, can in zip(texts, enabled, strict=True) if text}


def test_menus_grey_what_cannot_be_done(window: MainWindow, tmp_path: Path) -> None:
    always = {"Open folder…", "Open file…", "Try the demo case", "Settings…", "Quit"}

    def possible() -> set[str]:
        return {text for text, can in case_menu(window).items() if can} - always

    assert possible() == set()
    show_result(window, tmp_path)
    with_mask = {"Open mask…", "Compare with a mask…", "Find the spine", "Export…", "Close case"}
    assert possible() == with_mask
    case = window.session.case
    assert case is not None
    window.session.open(Case(case.volume))
    assert possible() == {"Open mask…", "Find the spine", "Close case"}
    window._recent.add(tmp_path)
    assert "Open recent" in possible()
    window.session.open(None)
    assert possible() == {"Open recent"}


def test_what_was_opened_last_is_in_the_menu_too(window: MainWindow, tmp_path: Path) -> None:
    long = tmp_path / ("1.2.840.113619." * 6)
    long.mkdir()
    window._recent.add(long)
    asked: list[Path] = []
    window.recent_menu.recent_asked.connect(asked.append)
    window.recent_menu.aboutToShow.emit()
    first = window.recent_menu.actions()[0]
    assert "…" in first.text()
    assert long.name in first.toolTip()
    first.trigger()
    assert asked == [long]
    window.recent_menu.actions()[-1].trigger()
    assert window._recent.paths() == []


def test_f11_fills_the_screen_and_gives_it_back(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_what_would_be_dropped_is_framed_over_an_open_case(
    window: MainWindow, tmp_path: Path
) -> None:
    show_result(window, tmp_path)
    frame = window.central.drop_frame
    assert not frame.isVisible()
    window.central.show_hovering(True)
    assert frame.isVisible()
    assert frame.size() == window.views.size()
    window.central.show_hovering(False)
    assert not frame.isVisible()


def test_a_click_in_the_3d_view_moves_the_crosshair_there(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    assert window._tools is not None
    canvas = window._tools.surface._canvas
    qtbot.waitUntil(lambda: canvas._surface is not None, timeout=20_000)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.look.cursor == (11, 4, 5))  # the middle of the block's front


def test_the_3d_view_is_saved_as_a_picture(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_result(window, tmp_path)
    assert window._tools is not None
    offered: list[str] = []

    def choose(_parent: object, _title: str, first: Path, *_: object) -> Path:
        offered.append(str(first))
        return tmp_path / "view"

    monkeypatch.setattr("app.exports.single_files.chosen_file", choose)
    with qtbot.waitSignal(window.exporting.files.saved) as saved:
        window._tools.surface.save_asked.emit()
    assert offered[0].endswith("CT 1_3d.png")
    assert saved.args == [tmp_path / "view.png"]
    assert not QImage(str(tmp_path / "view.png")).isNull()
