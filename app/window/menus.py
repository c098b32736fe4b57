"""Everything the window can do, as menus with keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from app.slices.image import BONE, LUNG, SOFT_TISSUE
from app.slices.look import Look

Command = Callable[[], object]


@dataclass(frozen=True)
class Commands:
    """What the menus do in the window; their names say what."""

    open_folder: Command
    open_file: Command
    open_demo: Command
    open_mask: Command
    compare_mask: Command
    close_comparison: Command
    find_spine: Command
    cancel: Command
    export: Command
    change_settings: Command
    close_case: Command
    quit: Command
    show_whole_slices: Command
    show_help: Command
    show_about: Command


def fill_menus(
    bar: QMenuBar,
    commands: Commands,
    look: Look,
    corrections: Sequence[QAction],
    measurements: Sequence[QAction],
    patient: QAction,
    vertebrae: Sequence[QAction],
) -> None:
    """Put the menus into a window's bar; every key works whether or not the menu is open.

    Args:
        look: what the view menu changes.
        corrections: what stands in the menu of the corrections.
        measurements: the same of the measurements.
        patient: shows or hides whose CT it is.
        vertebrae: the same of the vertebrae.
    """
    translate = QCoreApplication.translate

    case = bar.addMenu(translate("menus", "&Case"))
    _add(case, translate("menus", "Open &folder…"), "Ctrl+O", commands.open_folder)
    _add(case, translate("menus", "Open f&ile…"), "Ctrl+Shift+O", commands.open_file)
    _add(case, translate("menus", "Try the &demo case"), "", commands.open_demo)
    case.addSeparator()
    _add(case, translate("menus", "Open &mask…"), "Ctrl+M", commands.open_mask)
    _add(case, translate("menus", "C&ompare with a mask…"), "", commands.compare_mask)
    _add(case, translate("menus", "Close com&parison"), "", commands.close_comparison)
    case.addSeparator()
    _add(case, translate("menus", "Find the &spine"), "Ctrl+R", commands.find_spine)
    _add(case, translate("menus", "&Cancel"), "Esc", commands.cancel)
    case.addSeparator()
    _add(case, translate("menus", "&Export…"), "Ctrl+E", commands.export)
    _add(case, translate("menus", "Se&ttings…"), "Ctrl+,", commands.change_settings)
    case.addSeparator()
    _add(case, translate("menus", "C&lose case"), "Ctrl+W", commands.close_case)
    _add(case, translate("menus", "&Quit"), "Ctrl+Q", commands.quit)

    view = bar.addMenu(translate("menus", "&View"))
    for text, key, preset in (
        (translate("menus", "&Bone window"), "1", BONE),
        (translate("menus", "&Soft tissue window"), "2", SOFT_TISSUE),
        (translate("menus", "&Lung window"), "3", LUNG),
    ):
        _add(view, text, key, partial(look.set_window, preset))
    _add(
        view,
        translate("menus", "&Invert black and white"),
        "I",
        lambda: look.set_inverted(not look.inverted),
    )
    view.addSeparator()
    _add(
        view,
        translate("menus", "Show or &hide the spine"),
        "O",
        lambda: look.change_overlay(shown=not look.overlay.shown),
    )
    _add(
        view,
        translate("menus", "&Outline or filled"),
        "Shift+O",
        lambda: look.change_overlay(outline=not look.overlay.outline),
    )
    view.addSeparator()
    _add(view, translate("menus", "Show &whole slices"), "F", commands.show_whole_slices)
    view.addSeparator()
    view.addAction(patient)

    bar.addMenu(translate("menus", "Co&rrect")).addActions(corrections)
    bar.addMenu(translate("menus", "&Measure")).addActions(measurements)
    bar.addMenu(translate("menus", "Ver&tebrae")).addActions(vertebrae)

    about = bar.addMenu(translate("menus", "&Help"))
    _add(about, translate("menus", "&Guide and keys"), "F1", commands.show_help)
    _add(about, translate("menus", "&About SpineContext Desktop"), "", commands.show_about)


def _add(menu: QMenu, text: str, key: str, slot: Command) -> QAction:
    action = QAction(text, menu)
    if key:
        action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda: slot())
    menu.addAction(action)
    return action
