"""How the slices are drawn, from the side panel."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.slices.image import BONE, LUNG, HuWindow, NamedWindow
from app.slices.look import Look
from app.slices.slab import Projection, Slab
from app.window.look_panel import LookPanel
from tests.app.dialogs import when_dialog_shows


@pytest.fixture
def look() -> Look:
    return Look()


@pytest.fixture
def panel(look: Look, qtbot: QtBot) -> LookPanel:
    panel = LookPanel(look)
    qtbot.addWidget(panel)
    return panel


def test_the_grey_window_can_be_typed(look: Look, panel: LookPanel) -> None:
    panel._centre.setValue(120)
    panel._width.setValue(333)
    assert look.window == HuWindow(120, 333)
    assert not any(button.isChecked() for button in panel._presets.values())
    look.set_window(LUNG)
    assert (panel._centre.value(), panel._width.value()) == (LUNG.centre, LUNG.width)
    assert panel._presets[LUNG].isChecked()


def test_a_dragged_window_beyond_what_can_be_typed_stays_as_it_is(
    look: Look, panel: LookPanel
) -> None:
    look.set_window(HuWindow(40.5, 9000))
    assert look.window == HuWindow(40.5, 9000)
    assert panel._width.value() == panel._width.maximum()


def test_black_and_white_are_swapped_and_swapped_back(look: Look, panel: LookPanel) -> None:
    panel._inverted.click()
    assert look.inverted
    look.set_inverted(False)
    assert not panel._inverted.isChecked()


def test_a_thick_slab_is_chosen_with_its_thickness(look: Look, panel: LookPanel) -> None:
    assert not panel._thickness.isEnabled()
    panel._projection.setCurrentIndex(panel._projection.findData(Projection.MAXIMUM))
    panel._thickness.setValue(25)
    assert look.slab == Slab(Projection.MAXIMUM, 25)
    panel._projection.setCurrentIndex(panel._projection.findData(None))
    assert look.slab is None
    look.set_slab(Slab(Projection.MEAN, 15))
    assert panel._projection.currentData() is Projection.MEAN
    assert panel._thickness.value() == 15


def entries(panel: LookPanel) -> list[str]:
    menu = panel.presets.menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.text()]


def test_a_window_is_kept_under_a_name_chosen_again_and_forgotten(
    look: Look, panel: LookPanel, qtbot: QtBot
) -> None:
    mine = HuWindow(90, 250)
    look.set_window(mine)

    def type_name(dialog: QDialog) -> None:
        title = dialog.fontMetrics().horizontalAdvance(f"{dialog.windowTitle()} — SpineContext")
        assert title < dialog.width()
        field = dialog.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        qtbot.keyClicks(field, " Discs & co ")
        qtbot.keyClick(field, Qt.Key.Key_Return)

    when_dialog_shows(QDialog, type_name)
    with qtbot.waitSignal(panel.presets.changed) as kept:
        panel.presets._ask_for_name()
    assert kept.args == [(NamedWindow("Discs & co", mine),)]
    look.set_window(BONE)
    assert "Discs && co (90, 250)" in entries(panel)
    next(a for a in panel.presets.menu().actions() if "Discs" in a.text()).trigger()
    assert look.window == mine
    panel.presets.forget("Discs & co")
    assert not any("Discs" in text for text in entries(panel))


def test_a_name_is_used_once(look: Look, panel: LookPanel) -> None:
    panel.presets.keep("Mine")
    look.set_window(LUNG)
    panel.presets.keep("Mine")
    assert panel.presets._own == (NamedWindow("Mine", LUNG),)
