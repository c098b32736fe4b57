"""Everything the window can do, as menus with keys."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.slices.image import BONE, LUNG, SOFT_TISSUE

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def build_menus(window: "MainWindow") -> None:
    """Give the window its menu bar; every key works whether or not the menu is open."""
    bar = window.menuBar()
    translate = QCoreApplication.translate
    look = window.look

    case = bar.addMenu(translate("menus", "&Case"))
    _add(case, translate("menus", "Open &folder…"), "Ctrl+O", window.opener.ask_for_folder)
    _add(case, translate("menus", "Open f&ile…"), "Ctrl+Shift+O", window.opener.ask_for_file)
    _add(case, translate("menus", "Try the &demo case"), "", window.opener.open_demo)
    case.addSeparator()
    _add(case, translate("menus", "Find the &spine"), "Ctrl+R", window.run)
    _add(case, translate("menus", "&Cancel"), "Esc", window.cancel)
    case.addSeparator()
    _add(case, translate("menus", "&Export…"), "Ctrl+E", window.export)
    _add(case, translate("menus", "Se&ttings…"), "Ctrl+,", window.chosen.change)
    case.addSeparator()
    _add(case, translate("menus", "C&lose case"), "Ctrl+W", window.opener.close_case)
    _add(case, translate("menus", "&Quit"), "Ctrl+Q", window.close)

    view = bar.addMenu(translate("menus", "&View"))
    for text, key, preset in (
        (translate("menus", "&Bone window"), "1", BONE),
        (translate("menus", "&Soft tissue window"), "2", SOFT_TISSUE),
        (translate("menus", "&Lung window"), "3", LUNG),
    ):
        _add(view, text, key, partial(look.set_window, preset))
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
    _add(view, translate("menus", "Show &whole slices"), "F", window.views.fit_all)

    bar.addMenu(translate("menus", "Co&rrect")).addActions(window.toolbar.commands)

    about = bar.addMenu(translate("menus", "&Help"))
    _add(about, translate("menus", "&Keys and mouse"), "F1", window.show_keys)
    _add(about, translate("menus", "&About SpineContext Desktop"), "", window.show_about)


def _add(menu: QMenu, text: str, key: str, slot: Callable[[], object]) -> QAction:
    action = QAction(text, menu)
    if key:
        action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda: slot())
    menu.addAction(action)
    return action
