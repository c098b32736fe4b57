"""Vertebrae in the window: found, shown everywhere, named, changed, and undone."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QMenu,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.corrections import autosave
from app.corrections.autosave import Autosave, Unsaved
from app.corrections.brush import paint
from app.corrections.mask_editor import MaskEditor
from app.slices.planes import Plane
from app.vertebrae.controller import VertebraController
from app.vertebrae.naming_dialog import NamingDialog
from app.window.main_window import MainWindow
from inference.cases.vertebrae import CaseVertebrae
from inference.mask.numbering import Numbering
from inference.values.geometry import Voxel
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.vertebra_names import numbers_from
from tests.app.dialogs import when_dialog_shows
from tests.app.languages import speaking
from tests.app.results import a_result
from tests.app.test_accessibility import assert_operable, jumps_back
from tests.app.test_nothing_is_cut_off import cut_off
from tests.mask.test_vertebra_editing import voxel_amid
from tests.mask.test_vertebrae import found_in_phantom, phantom

L1 = 20


@pytest.fixture
def window(quick_window: MainWindow, tmp_path: Path) -> MainWindow:
    """The phantom with its spine."""
    volume, mask, _ = phantom()
    quick_window.session.open(Case(volume))
    result = a_result(tmp_path / "threshold.onnx")
    quick_window.session.set_result(dataclasses.replace(result, mask=mask))
    return quick_window


def controller_of(window: MainWindow) -> VertebraController:
    assert window._tools is not None
    return window._tools.vertebrae.controller


def shown(window: MainWindow) -> CaseVertebrae:
    vertebrae = controller_of(window).vertebrae
    assert vertebrae is not None
    return vertebrae


def find(window: MainWindow, qtbot: QtBot) -> None:
    """Press "Find the vertebrae" and wait for them."""
    with qtbot.waitSignal(controller_of(window).changed, timeout=60_000):
        window.vertebrae._first.click()
    qtbot.waitUntil(lambda: not controller_of(window).busy, timeout=60_000)


@pytest.fixture
def found(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """The same, with its vertebrae told apart; the tests share one search."""
    with monkeypatch.context() as patched:
        patched.setattr(
            "app.vertebrae.controller.separate_vertebrae", lambda *_, **__: found_in_phantom()
        )
        find(window, qtbot)
    return window


def do(window: MainWindow, qtbot: QtBot, act: Callable[[], object]) -> None:
    """Do something with the vertebrae and wait for its end."""
    with qtbot.waitSignal(controller_of(window).changed, timeout=60_000):
        act()
    qtbot.waitUntil(lambda: not controller_of(window).busy, timeout=60_000)


def rows(window: MainWindow) -> list[str]:
    return [row.text(0) for row in window.vertebrae._rows]


def command(window: MainWindow, text: str) -> Callable[[], object]:
    return next(one for one in window.vertebrae.commands if one.text() == text).trigger


def go_to(window: MainWindow, place: int) -> Voxel:
    """Put the crosshair in the middle of a vertebra."""
    voxel = voxel_amid(shown(window).found.labels == place)
    window.look.move_cursor(voxel)
    return voxel


def test_the_vertebrae_are_counted_listed_and_drawn_everywhere(
    window: MainWindow, qtbot: QtBot
) -> None:
    find(window, qtbot)
    vertebrae = shown(window)
    count = vertebrae.found.count
    assert rows(window) == [str(place) for place in range(1, count + 1)]
    facts = vertebrae.table[0]
    assert window.vertebrae._rows[0].text(1) == f"{facts.volume_ml:.1f}"
    assert window.vertebrae._rows[0].text(2) == f"{round(100 * facts.confidence)} %"
    for view in window.views.slices.values():
        assert view._labels is not None
        assert view._labels.voxels is vertebrae.found.labels
    canvas = window._tools.surface._canvas  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: set(canvas._parts) == set(range(1, count + 1)), timeout=60_000)
    qtbot.waitUntil(
        lambda: (
            canvas._surface is not None
            and set(np.unique(canvas._surface.whole.numbers)) == set(range(1, count + 1))
        ),
        timeout=60_000,
    )


def test_a_row_leads_to_its_vertebra(found: MainWindow) -> None:
    found.vertebrae._list.setCurrentItem(found.vertebrae._rows[3])
    x, y, z = found.look.cursor
    assert shown(found).found.labels[z, y, x] == 4


def test_what_is_unticked_is_hidden_and_shown_again(found: MainWindow) -> None:
    found.vertebrae._rows[1].setCheckState(0, Qt.CheckState.Unchecked)
    assert set(controller_of(found).hidden) == {2}
    view = found.views.slices[Plane.SAGITTAL]
    assert view._layer is not None
    assert not view._layer.structures[2].shown
    go_to(found, 3)
    command(found, "Show only this one")()
    ticked = [row.checkState(0) is Qt.CheckState.Checked for row in found.vertebrae._rows]
    assert [place for place, on in enumerate(ticked, start=1) if on] == [3]
    command(found, "Show all vertebrae")()
    assert not controller_of(found).hidden


def name(window: MainWindow, place: int, called: str) -> None:
    """Name the vertebra at a place, by its dialog."""
    go_to(window, place)

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, NamingDialog)
        dialog._names.setCurrentText(called)
        dialog._buttons.button(QDialogButtonBox.StandardButton.Ok).click()

    when_dialog_shows(NamingDialog, choose)
    command(window, "Name the vertebra…")()


def test_one_name_gives_all_others_theirs_and_is_taken_back(found: MainWindow) -> None:
    name(found, 5, "L1")
    assert rows(found)[3:6] == ["T12", "L1", "L2"]
    command(found, "Undo change of vertebrae")()
    assert rows(found)[3:6] == ["4", "5", "6"]
    command(found, "Redo change of vertebrae")()
    assert rows(found)[4] == "L1"


def test_a_second_name_tells_of_a_thirteenth_thoracic_vertebra(found: MainWindow) -> None:
    name(found, 3, "T12")
    name(found, 4, "T13")
    assert rows(found)[2:5] == ["T12", "T13", "L1"]
    assert "T13" in found.vertebrae._reason.text()


def test_a_name_that_does_not_fit_cannot_be_given(found: MainWindow) -> None:
    def try_it(dialog: QDialog) -> None:
        assert isinstance(dialog, NamingDialog)
        ok = dialog._buttons.button(QDialogButtonBox.StandardButton.Ok)
        dialog._names.setCurrentText("C1")
        assert not ok.isEnabled()
        dialog.reject()

    go_to(found, 3)
    when_dialog_shows(NamingDialog, try_it)
    command(found, "Name the vertebra…")()
    assert rows(found)[0] == "1"


def propose(window: MainWindow, *, sure: bool) -> None:
    """Propose names, as if the scan showed an end of the spine."""
    controller, vertebrae = controller_of(window), shown(window)
    numbers = numbers_from({L1: 5}, vertebrae.found.count)
    reason = sentence("The sacrum is in view: the vertebra above it is taken for L5.")
    proposal = Numbering(numbers, reason, {L1: 5}, sure)
    proposed = dataclasses.replace(vertebrae, proposal=proposal)
    window.session.set_vertebrae(proposed, changed=False)
    assert controller.vertebrae is proposed


def test_a_proposal_is_shown_as_one_with_its_reason_until_it_is_confirmed(
    found: MainWindow,
) -> None:
    propose(found, sure=False)
    panel = found.vertebrae
    assert rows(found)[4] == "L1?"
    assert panel._rows[4].font(0).italic()
    assert "sacrum" in panel._reason.text()
    assert "off by one" in panel._reason.text()
    view = found.views.slices[Plane.AXIAL]
    assert view._layer is not None
    assert view._layer.structures[5].unsure
    confirm = next(b for b in panel.findChildren(QPushButton) if b.text() == "Confirm")
    assert confirm.isVisible()
    confirm.click()
    assert rows(found)[4] == "L1"
    assert not panel._rows[4].font(0).italic()
    assert not confirm.isVisible()


def test_a_right_click_leads_there_and_offers_what_can_be_done(found: MainWindow) -> None:
    view = found.views.slices[Plane.AXIAL]
    voxel = voxel_amid(shown(found).found.labels == 3)
    view.menu_asked.emit(voxel, view.mapToGlobal(view.rect().center()))
    assert found.look.cursor == voxel
    menu = next(m for m in found.vertebrae.findChildren(QMenu) if m.isVisible())
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "3"
    assert "Name the vertebra…" in texts
    menu.close()


def test_two_are_merged_and_parted_again(found: MainWindow, qtbot: QtBot) -> None:
    before = shown(found)
    name(found, 5, "L1")
    go_to(found, 2)
    do(found, qtbot, command(found, "Merge with the one below"))
    assert len(rows(found)) == before.found.count - 1
    assert rows(found)[3] == "L1", "names stay with their vertebrae"
    do(found, qtbot, command(found, "Undo change of vertebrae"))
    assert np.array_equal(shown(found).found.labels, before.found.labels)
    assert rows(found)[4] == "L1"
    do(found, qtbot, command(found, "Redo change of vertebrae"))
    assert len(rows(found)) == before.found.count - 1


def test_one_is_split_at_the_crosshair(found: MainWindow, qtbot: QtBot) -> None:
    count = len(rows(found))
    controller_of(found).hide({4})
    go_to(found, 3)
    do(found, qtbot, command(found, "Split at the crosshair"))
    assert len(rows(found)) == count + 1
    assert set(controller_of(found).hidden) == {5}, "the same is hidden as before"


def test_what_cannot_be_done_is_said_and_changes_nothing(found: MainWindow, qtbot: QtBot) -> None:
    before = shown(found)
    go_to(found, 5)
    with qtbot.waitSignal(controller_of(found).told):
        command(found, "Give this piece to the one above")()
    qtbot.waitUntil(lambda: not controller_of(found).busy)
    assert "Split it" in found.message._text.text()
    assert shown(found) is before
    found.look.move_cursor((0, 0, 0))
    with qtbot.waitSignal(controller_of(found).told):
        command(found, "Split at the crosshair")()
    assert shown(found) is before


def test_ctrl_z_takes_back_what_was_changed_last(found: MainWindow, qtbot: QtBot) -> None:
    name(found, 5, "L1")
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    qtbot.keyClick(found, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows(found)[4] == "5"
    assert [action.shortcuts() for action in found.toolbar.commands[-2:]] == [[], []]
    found.session.open(None)
    assert all(action.shortcuts() for action in found.toolbar.commands[-2:]), "it is given back"


def correct(window: MainWindow) -> Voxel:
    """Erase a little in the middle of the third vertebra, like the eraser."""
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    editor = MaskEditor(case.mask)
    voxel = voxel_amid(shown(window).found.labels == 3)
    stroke = paint(editor.mask, voxel, voxel, across=2, radius_mm=3.0, erase=True)
    assert stroke is not None
    editor.correct(stroke)
    window.session.set_mask(editor.mask)
    return voxel


def test_a_corrected_mask_keeps_its_vertebrae_and_their_names(
    found: MainWindow, qtbot: QtBot
) -> None:
    name(found, 5, "L1")
    erased: list[Voxel] = []
    do(found, qtbot, lambda: erased.append(correct(found)))
    x, y, z = erased[0]
    vertebrae = shown(found)
    assert vertebrae.found.labels[z, y, x] == 0
    assert rows(found)[4] == "L1"
    assert vertebrae.corrected
    case = found.session.case
    assert case is not None
    assert case.mask is not None
    assert np.array_equal(vertebrae.found.labels > 0, case.mask.voxels > 0)


@pytest.mark.parametrize("gone", [(4,), (1, 2, 9), (4, 8, 9)])
def test_vertebrae_that_a_correction_took_come_back_as_they_were_with_it(
    found: MainWindow, qtbot: QtBot, gone: tuple[int, ...]
) -> None:
    before = shown(found)
    _, mask, _ = phantom()
    left = np.where(np.isin(before.found.labels, gone), 0, mask.voxels).astype(np.uint8)
    name(found, 5, "L1")
    names = dict(enumerate(rows(found), start=1))
    do(found, qtbot, lambda: found.session.set_mask(Mask(left, mask.geometry, corrected=True)))
    last = max(place for place in names if place not in gone)
    first = min(place for place in names if place not in gone)
    assert rows(found) == [names[place] for place in range(first, last + 1)]
    assert shown(found).names == tuple(rows(found)), "the others keep their names"
    assert shown(found).present == tuple(names[at] for at in names if at not in gone)
    do(found, qtbot, lambda: found.session.set_mask(Mask(mask.voxels.copy(), mask.geometry)))
    assert rows(found) == list(names.values())
    assert np.array_equal(shown(found).found.labels, before.found.labels)


@pytest.mark.parametrize("undone", [False, True])
def test_one_that_a_correction_took_comes_back_though_others_were_merged_meanwhile(
    found: MainWindow, qtbot: QtBot, undone: bool
) -> None:
    before = shown(found)
    _, mask, _ = phantom()
    left = np.where(before.found.labels == 1, 0, mask.voxels).astype(np.uint8)
    name(found, 5, "L1")
    do(found, qtbot, lambda: found.session.set_mask(Mask(left, mask.geometry, corrected=True)))
    go_to(found, 6)
    do(found, qtbot, command(found, "Merge with the one below"))
    if undone:
        do(found, qtbot, command(found, "Undo change of vertebrae"))
    do(found, qtbot, lambda: found.session.set_mask(Mask(mask.voxels.copy(), mask.geometry)))
    labels = shown(found).found.labels
    assert np.array_equal(labels == 1, before.found.labels == 1)
    assert rows(found)[3:6] == ["T12", "L1", "L2"]
    assert len(rows(found)) == before.found.count - (not undone)


def test_names_stay_when_the_named_vertebra_itself_is_taken_away(
    found: MainWindow, qtbot: QtBot
) -> None:
    _, mask, _ = phantom()
    name(found, 9, "L5")
    left = np.where(shown(found).found.labels == 9, 0, mask.voxels).astype(np.uint8)
    do(found, qtbot, lambda: found.session.set_mask(Mask(left, mask.geometry, corrected=True)))
    assert rows(found)[-2:] == ["L3", "L4"]
    do(found, qtbot, lambda: found.session.set_mask(Mask(mask.voxels.copy(), mask.geometry)))
    assert rows(found)[-2:] == ["L4", "L5"]


def test_a_name_given_while_a_vertebra_is_gone_stays_when_it_comes_back(
    found: MainWindow, qtbot: QtBot
) -> None:
    _, mask, _ = phantom()
    left = np.where(shown(found).found.labels == 1, 0, mask.voxels).astype(np.uint8)
    do(found, qtbot, lambda: found.session.set_mask(Mask(left, mask.geometry, corrected=True)))
    name(found, 4, "L1")
    do(found, qtbot, lambda: found.session.set_mask(Mask(mask.voxels.copy(), mask.geometry)))
    assert rows(found)[3:6] == ["T12", "L1", "L2"]


def test_escape_leaves_no_labels_of_a_mask_that_is_gone(found: MainWindow, qtbot: QtBot) -> None:
    erased: list[Voxel] = []

    def correct_and_escape() -> None:
        erased.append(correct(found))
        found.cancel()

    do(found, qtbot, correct_and_escape)
    x, y, z = erased[0]
    assert shown(found).found.labels[z, y, x] == 0


def test_nothing_is_exported_while_labels_and_mask_differ(found: MainWindow, qtbot: QtBot) -> None:
    correct(found)
    assert controller_of(found).busy
    found.export()
    assert "Export once that is done" in found.message._text.text()
    qtbot.waitUntil(lambda: not controller_of(found).busy, timeout=60_000)


def test_another_result_has_no_vertebrae_yet(found: MainWindow, tmp_path: Path) -> None:
    _, mask, _ = phantom()
    result = a_result(tmp_path / "threshold.onnx")
    found.session.set_result(dataclasses.replace(result, mask=mask))
    assert controller_of(found).vertebrae is None
    assert rows(found) == []
    assert all(view._labels is None for view in found.views.slices.values())


def test_vertebrae_that_are_ready_during_a_run_do_not_bring_the_old_result_back(
    found: MainWindow, qtbot: QtBot
) -> None:
    found.session.mark_saved()
    found.run()
    controller = controller_of(found)
    found.session.set_vertebrae(shown(found), changed=False)
    controller.changed.emit()
    assert found.flow.running is not None
    assert found.side.result.isHidden()
    assert found._export.isHidden()
    assert all(view._labels is None for view in found.views.slices.values())
    with qtbot.waitSignal(found.flow.cancelled, timeout=60_000):
        found.cancel()
    assert not found._export.isHidden()
    assert all(view._labels is not None for view in found.views.slices.values())


def test_the_menu_offers_to_cancel_it(window: MainWindow, qtbot: QtBot) -> None:
    menu = window.menuBar().actions()[0].menu()
    cancel = next(one for one in menu.actions() if "Cancel" in one.text())
    window.vertebrae._first.click()
    menu.aboutToShow.emit()
    assert cancel.isEnabled()
    cancel.trigger()
    qtbot.waitUntil(lambda: not controller_of(window).busy, timeout=60_000)
    menu.aboutToShow.emit()
    assert not cancel.isEnabled()


def test_it_can_be_cancelled_and_all_is_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.vertebrae._first.click()
    assert window.vertebrae._first.text() == "Cancel"
    window.cancel()
    qtbot.waitUntil(lambda: not controller_of(window).busy, timeout=60_000)
    assert controller_of(window).vertebrae is None
    assert window.vertebrae._first.text() == "Find the vertebrae"


def test_a_case_that_is_closed_meanwhile_gets_no_vertebrae(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.vertebrae._first.click()
    controller = controller_of(window)
    window.session.open(None)
    qtbot.waitUntil(lambda: not controller.busy)
    assert controller.vertebrae is None
    assert not window.vertebrae.isVisible()


def test_a_window_that_is_closed_meanwhile_closes(window: MainWindow, qtbot: QtBot) -> None:
    window.session.mark_saved()
    window.vertebrae._first.click()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert not window.jobs.live


def test_the_straightened_view_takes_the_place_of_the_3d_view_and_gives_it_back(
    found: MainWindow,
) -> None:
    tools = found._tools
    assert tools is not None
    assert tools.surface.isVisible()
    command(found, "Straightened view")()
    assert tools._straight.isVisible()
    assert not tools.surface.isVisible()
    assert len(tools._straight._panels) == 2
    tools._toggle_fourth()
    assert not found.views.slices[Plane.AXIAL].isVisible()
    tools._toggle_fourth()
    button = found.vertebrae._straight_button
    for shown_now in (False, True):
        button.click()
        assert button.isChecked() == shown_now
        assert tools._straight.isVisible() == shown_now
    found.session.open(None)
    assert not tools._straight.isVisibleTo(tools._fourth)
    assert tools.surface.isVisibleTo(tools._fourth)


def test_names_are_work_that_is_not_lost_without_a_question(
    found: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    found.session.mark_saved()
    name(found, 5, "L1")
    assert found.session.case is not None
    assert found.session.case.unsaved
    asked: list[str] = []
    monkeypatch.setattr("app.window.main_window.agreed", lambda *said: asked.append(said[1]))
    found.run()
    assert "Find the spine again?" in asked[0]
    assert not found.flow.busy


def test_every_control_has_a_name_and_can_be_reached_by_keys(found: MainWindow) -> None:
    propose(found, sure=True)
    assert_operable(found)
    assert jumps_back(found.vertebrae) == []
    dialog = NamingDialog(shown(found), 1, found)
    dialog.show()
    assert_operable(dialog)
    assert jumps_back(dialog) == []


def test_no_text_is_cut_off(found: MainWindow, qtbot: QtBot) -> None:
    found.resize(1024, 738)
    propose(found, sure=False)
    qtbot.waitUntil(lambda: cut_off(found.vertebrae) == [])


@pytest.mark.parametrize("language", ["en", "de"])
def test_whatever_follows_from_a_name_can_be_read(
    found: MainWindow, language: str, qapp: QApplication, qtbot: QtBot
) -> None:
    with speaking(language, qapp):
        dialog = NamingDialog(shown(found), 3, found)
        dialog.show()
        for choice in range(dialog._names.count()):
            dialog._names.setCurrentIndex(choice)
            qtbot.wait(1)
            assert cut_off(dialog) == [], dialog._names.currentText()


def kept_of(window: MainWindow, qtbot: QtBot) -> Unsaved:
    """A copy of what a crash would leave now, because continuing removes it."""
    (keeper,) = window.findChildren(Autosave)
    keeper.save()
    qtbot.waitUntil(lambda: keeper._job is None, timeout=60_000)
    assert keeper._folder is not None
    copy = keeper._folder.parent / f"left-{keeper._folder.stat().st_mtime_ns}"
    shutil.copytree(keeper._folder, copy)
    left = autosave._read(copy)
    assert left is not None
    return left


def restore(window: MainWindow, left: Unsaved, qtbot: QtBot) -> None:
    """Open the CT again and restore what was left."""
    volume, _, _ = phantom()
    window.session.open(Case(volume, path=Path("phantom.nii.gz")))
    window.masks.restore(left)
    qtbot.waitUntil(
        lambda: window.session.case is not None and window.session.case.mask is not None,
        timeout=60_000,
    )


@pytest.fixture
def from_a_path(found: MainWindow) -> MainWindow:
    """The same, for a CT that can be found again."""
    assert found.session.case is not None
    found.session._case = dataclasses.replace(found.session.case, path=Path("phantom.nii.gz"))
    return found


def test_names_and_changes_outlive_a_crash(from_a_path: MainWindow, qtbot: QtBot) -> None:
    window = from_a_path
    count = shown(window).found.count
    name(window, 5, "L1")
    go_to(window, 3)
    do(window, qtbot, command(window, "Split at the crosshair"))
    before = shown(window)
    left = kept_of(window, qtbot)
    restore(window, left, qtbot)
    after = shown(window)
    assert after.found.count == count + 1
    assert np.array_equal(after.found.labels, before.found.labels)
    assert after.known == before.known
    assert after.names == before.names
    assert rows(window)[5] == "L1"
    assert after.by_hand
    assert window.session.case is not None
    assert window.session.case.corrections_unsaved
    do(window, qtbot, command(window, "Merge with the one below"))
    assert shown(window).found.count == count, "one goes on from there"


def test_a_crash_amid_writing_leaves_vertebrae_that_fit_the_mask_and_their_names(
    from_a_path: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = from_a_path
    name(window, 5, "L1")
    kept_of(window, qtbot)
    do(window, qtbot, lambda: correct(window))
    go_to(window, 2)
    do(window, qtbot, command(window, "Merge with the one below"))
    written = autosave._write_image

    def die_at_the_mask(image: Mask | LabelMap, path: Path) -> None:
        if isinstance(image, Mask):
            raise OSError
        written(image, path)

    monkeypatch.setattr(autosave, "_write_image", die_at_the_mask)
    left = kept_of(window, qtbot)
    restore(window, left, qtbot)
    after = shown(window)
    assert window.session.case is not None
    assert window.session.case.mask is not None
    assert np.array_equal(after.found.labels > 0, window.session.case.mask.voxels > 0)
    assert rows(window)[3] == "L1"


def test_vertebrae_that_cannot_be_read_again_are_told_of_and_the_mask_is_there(
    from_a_path: MainWindow, qtbot: QtBot
) -> None:
    window = from_a_path
    name(window, 5, "L1")
    left = kept_of(window, qtbot)
    assert left.vertebrae is not None
    left.vertebrae.write_bytes(b"broken")
    restore(window, left, qtbot)
    assert controller_of(window).vertebrae is None
    assert "Find them again" in window.message.text


def test_names_alone_are_not_lost_to_another_run_without_a_question(
    found: MainWindow,
) -> None:
    asked: list[str] = []
    name(found, 5, "L1")

    def refuse(box: QDialog) -> None:
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.reject()

    when_dialog_shows(QMessageBox, refuse)
    found.run()
    assert asked
    assert rows(found)[4] == "L1"
