"""Everything the window can do, as menus with shortcuts."""

from collections.abc import Callable, Mapping, Sequence
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
    """The window's commands behind the menus; their names say what they do."""

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
    toggle_full_screen: Command
    show_help: Command
    show_about: Command


@dataclass(frozen=True, eq=False)
class MenuActions:
    """Menu entries that can be greyed out.

    Attributes:
        commands: keyed by their names in ``Commands``.
        of_views: those that change how a CT is drawn.
        recent: the menu of what was opened last.
    """

    case_menu: QMenu
    commands: Mapping[str, QAction]
    of_views: Sequence[QAction]
    recent: QMenu


def fill_menus(
    bar: QMenuBar,
    commands: Commands,
    look: Look,
    corrections: Sequence[QAction],
    measurements: Sequence[QAction],
    patient: QAction,
    vertebrae: Sequence[QAction],
    recent: QMenu,
) -> MenuActions:
    """Fill a window's menu bar; every shortcut also works while the menus are closed.

    Args:
        look: what the view menu changes.
        corrections: entries of the menu for corrections.
        measurements: the same for measurements.
        patient: shows or hides whose CT it is.
        vertebrae: the same for vertebrae.
        recent: what was opened last.
    """
    translate = QCoreApplication.translate
    added: dict[str, QAction] = {}

    def add(menu: QMenu, text: str, key: str, name: str) -> None:
        added[name] = _add(menu, text, key, getattr(commands, name))

    case = bar.addMenu(translate("menus", "&Case"))
    add(case, translate("menus", "Open &folder…"), "Ctrl+O", "open_folder")
    add(case, translate("menus", "Open f&ile…"), "Ctrl+Shift+O", "open_file")
    add(case, translate("menus", "Try the &demo case"), "", "open_demo")
    case.addMenu(recent)
    case.addSeparator()
    add(case, translate("menus", "Open &mask…"), "Ctrl+M", "open_mask")
    add(case, translate("menus", "C&ompare with a mask…"), "", "compare_mask")
    add(case, translate("menus", "Close com&parison"), "", "close_comparison")
    case.addSeparator()
    add(case, translate("menus", "Find the &spine"), "Ctrl+R", "find_spine")
    add(case, translate("menus", "&Cancel"), "", "cancel")
    # Escape does more: it also puts tools down and closes messages, so the window handles it.
    key = QKeySequence("Esc").toString(QKeySequence.SequenceFormat.NativeText)
    added["cancel"].setText(f"{added['cancel'].text()}\t{key}")
    case.addSeparator()
    add(case, translate("menus", "&Export…"), "Ctrl+E", "export")
    add(case, translate("menus", "Se&ttings…"), "Ctrl+,", "change_settings")
    case.addSeparator()
    add(case, translate("menus", "C&lose case"), "Ctrl+W", "close_case")
    add(case, translate("menus", "&Quit"), "Ctrl+Q", "quit")

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
    add(view, translate("menus", "Show &whole slices"), "F", "show_whole_slices")
    of_views = [action for action in view.actions() if not action.isSeparator()]
    view.addSeparator()
    add(view, translate("menus", "&Full screen"), "F11", "toggle_full_screen")
    view.addAction(patient)

    bar.addMenu(translate("menus", "Co&rrect")).addActions(corrections)
    bar.addMenu(translate("menus", "&Measure")).addActions(measurements)
    bar.addMenu(translate("menus", "Ver&tebrae")).addActions(vertebrae)

    about = bar.addMenu(translate("menus", "&Help"))
    add(about, translate("menus", "&Guide and keys"), "F1", "show_help")
    add(about, translate("menus", "&About SpineContext Desktop"), "", "show_about")
    return MenuActions(case, added, of_views, recent)


def _add(menu: QMenu, text: str, key: str, slot: Command) -> QAction:
    action = QAction(text, menu)
    if key:
        action.setShortcut(QKeySequence(key))
    action.triggered.connect(lambda: slot())
    menu.addAction(action)
    return action
