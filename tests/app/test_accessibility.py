"""Everything by keyboard, and a name for a screen reader on every control."""

import ast
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QImage, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.about.dialog import AboutDialog
from app.about.facts import about_facts, model_card
from app.corrections.tools import Tool
from app.exports.dialog import ExportDialog
from app.exports.exporting import SUFFIXES, Exportable
from app.measurements.measurement import Kind, Measurement
from app.settings.dialog import SettingsDialog
from app.settings.store import LoadedSettings, Settings
from app.slices.planes import Plane
from app.widgets.dialogs import answer_to, may_replace, tell
from app.window.help_dialog import HelpDialog
from app.window.main_window import MainWindow
from app.window.message_bar import Offer, Tone
from app.window.series_dialog import SeriesDialog
from app.work.opening import SeriesOffer
from inference.mask.figures import measure
from inference.read.dicom.series import Series
from inference.values.mask import Mask
from tests.app.dialogs import when_dialog_shows
from tests.app.languages import speaking
from tests.app.results import show_result

ARRANGERS = (QScrollArea,)
"""Widgets that only contain others and are not operated themselves."""

SAME_ROW_PIXELS = 12
"""How far apart the centres of widgets in one row may be."""


def focusable(root: QWidget) -> Iterator[QWidget]:
    """Everything below ``root`` that Tab or a click can reach now."""
    for widget in root.findChildren(QWidget):
        if (
            widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and widget.isVisibleTo(root)
            and not isinstance(widget, ARRANGERS)
            and not widget.objectName().startswith("qt_")
        ):
            yield widget


def name_for_screen_readers(widget: QWidget) -> str:
    """What is read out: its text, its label's text, or its accessible name."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def unnamed(root: QWidget) -> list[str]:
    return [repr(widget) for widget in focusable(root) if not name_for_screen_readers(widget)]


def out_of_reach(root: QWidget) -> list[str]:
    """Controls that Tab does not reach; toolbars have their own shortcuts."""
    return [
        repr(widget)
        for widget in focusable(root)
        if isinstance(widget, QAbstractButton)
        and not isinstance(widget, QToolButton)
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def offers() -> list[SeriesOffer]:
    usable = Series("1", "Thin", "CT", (4, 4, 4), (1.0, 1.0, 1.0))
    scout = Series("2", "", "CT", (4, 4, 1), (1.0, 1.0, 0.0), ("it is a scout, not a volume",))
    return [SeriesOffer(usable, np.zeros((4, 4), np.int16), True), SeriesOffer(scout, None, False)]


def assert_operable(root: QWidget) -> None:
    assert unnamed(root) == []
    assert out_of_reach(root) == []


def test_the_empty_window_with_recent_folders_and_a_message(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.welcome.show_recent([tmp_path])
    quick_window.message.show_message("A sentence.", Tone.NOTE, Offer("Show them…", int))
    qtbot.wait(50)
    assert len(list(focusable(quick_window))) >= 7
    assert_operable(quick_window)


def test_the_window_with_a_result(quick_window: MainWindow, tmp_path: Path) -> None:
    show_result(quick_window, tmp_path)
    assert len(list(focusable(quick_window))) >= 15
    assert_operable(quick_window)


def test_the_queue(quick_window: MainWindow, tmp_path: Path) -> None:
    quick_window.queue.add([tmp_path / "a.nii.gz", tmp_path / "b.nii.gz"])
    assert_operable(quick_window)


def show_everything(window: MainWindow, tmp_path: Path) -> None:
    """A result with a measurement and another mask beside it, a queue, and a message."""
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    window.board.add(Measurement(Kind.CIRCLE, Plane.AXIAL, 5, ((5.0, 5.0), (9.0, 5.0))))
    window.session.compare_with(Mask(np.array(case.mask.voxels), case.mask.geometry))
    window.queue.add([tmp_path / "a.nii.gz", tmp_path / "b.nii.gz"])
    window.message.show_message("A sentence.", Tone.NOTE, Offer("Show them…", int))
    window.toolbar.choose(Tool.BRUSH)


def test_tab_goes_down_the_column_beside_the_views_as_one_reads(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_everything(quick_window, tmp_path)
    quick_window.resize(1366, 1400)
    qtbot.wait(50)
    side = quick_window.side
    rows: list[int] = []
    widget = first = next(iter(quick_window.views.slices.values()))
    while True:
        widget = widget.nextInFocusChain()
        if widget is first:
            break
        reachable = widget.isEnabled() and widget.isVisible() and side.isAncestorOf(widget)
        if reachable and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy():
            rows.append(widget.mapTo(side, widget.rect().center()).y())
    assert len(rows) >= 15
    up = [b - a for a, b in itertools.pairwise(rows) if b < a - SAME_ROW_PIXELS]
    assert up == [], "Tab jumps up"


def dialogs(window: MainWindow, tmp_path: Path) -> Iterator[QDialog]:
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    exportable = Exportable.of(
        case, measure(case.mask, case.volume), [QImage(60, 40, QImage.Format.Format_RGB32)]
    )
    yield ExportDialog(exportable, tmp_path, SUFFIXES, window.jobs, window)
    yield SettingsDialog(LoadedSettings(Settings(), Settings()), window.jobs, window)
    yield AboutDialog(about_facts(model_card()), window)
    yield SeriesDialog(offers(), window)
    yield HelpDialog(window)


def test_every_key_does_one_thing(quick_window: MainWindow, tmp_path: Path) -> None:
    show_everything(quick_window, tmp_path)
    keys: Counter[str] = Counter()
    elsewhere = (Qt.ShortcutContext.WidgetShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut)
    for action in quick_window.findChildren(QAction):
        if action.shortcutContext() not in elsewhere:
            keys.update(key.toString() for key in action.shortcuts())
    for shortcut in quick_window.findChildren(QShortcut):
        if shortcut.context() not in elsewhere:
            keys.update(each.toString() for each in shortcut.keys())  # noqa: SIM118
    assert keys["T"] == keys["S"] == keys["Ctrl+Z"] == 1
    assert [key for key, count in keys.items() if count > 1] == []


def answers(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each function that asks a question, and the texts of its answers in English."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        names = {ast.unparse(call.func).split(".")[-1] for call in calls}
        if not names & {"agreed", "answer_to"}:
            continue
        texts = [
            str(call.args[-1].value)
            for call in calls
            if ast.unparse(call.func).split(".")[-1] in ("tr", "translate")
            and isinstance(call.args[-1], ast.Constant)
        ]
        stay = ["&Stay"] if "agreed" in names else []
        sentences = (".", "?")
        yield function.name, [one for one in texts if not one.endswith(sentences)] + stay


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_answer_to_a_question_has_a_letter_of_its_own(language: str) -> None:
    asked = 0
    app = Path(str(resources.files("app")))
    german = {}
    for message in ElementTree.parse(app / "translations" / "spinecontext_de.ts").iter("message"):
        german[message.findtext("source")] = message.findtext("translation")
    for path in app.rglob("*.py"):
        for function, texts in answers(path):
            shown = [german[text] if language == "de" else text for text in texts]
            letters = [re.findall("&(.)", text or "") for text in shown]
            assert all(len(one) == 1 for one in letters), (path.name, function, shown)
            assert len({one[0].lower() for one in letters}) == len(shown), (path.name, shown)
            asked += len(texts) > 1
    assert asked >= 8


def path_of_tab(root: QWidget) -> Iterator[QWidget]:
    """What Tab reaches one after the other."""
    widget = root.nextInFocusChain()
    while widget is not root:
        reachable = widget.isEnabled() and widget.isVisible() and root.isAncestorOf(widget)
        if reachable and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy():
            yield widget
        widget = widget.nextInFocusChain()


def jumps_back(root: QWidget) -> list[str]:
    """Where Tab goes up, or to the left in a row, instead of on as one reads."""
    found = []
    for before, after in itertools.pairwise(path_of_tab(root)):
        (x, y), (right, down) = (
            one.mapTo(root, one.rect().center()).toTuple() for one in (before, after)
        )
        if down < y - SAME_ROW_PIXELS or (abs(down - y) <= SAME_ROW_PIXELS and right < x):
            names = [name_for_screen_readers(one) or repr(one) for one in (before, after)]
            found.append(" → ".join(names))
    return found


def asked(window: MainWindow) -> Iterator[Callable[[], object]]:
    """What shows a dialog that only lives while it is open."""
    yield lambda: may_replace(window, ["one.nii.gz", "two.nii.gz"])
    yield lambda: answer_to(window, "Which?", ["&One", "&Two"], "&Neither")
    yield lambda: tell(window, "A failure", "A sentence.", "Where it happened.")
    yield window.side.look.presets._ask_for_name


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The window's language; to be requested before the window."""
    with speaking(request.param, qapp):
        yield request.param


def test_every_dialog_is_operated_and_read_as_it_is_laid_out(
    language: str,  # noqa: ARG001
    quick_window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    seen = 0

    def check(dialog: QDialog) -> None:
        nonlocal seen
        seen += 1
        try:
            qtbot.wait(20)
            assert len(list(focusable(dialog))) >= 2
            assert_operable(dialog)
            assert jumps_back(dialog) == [], dialog.windowTitle()
        finally:
            dialog.close()

    for dialog in dialogs(quick_window, tmp_path):
        dialog.show()
        check(dialog)
    for ask in asked(quick_window):
        when_dialog_shows(QDialog, check)
        ask()
    assert seen == 9


def test_every_control_of_the_window_has_a_name_and_its_turn(
    language: str,  # noqa: ARG001
    quick_window: MainWindow,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    assert jumps_back(quick_window.welcome) == []
    show_everything(quick_window, tmp_path)
    qtbot.wait(50)
    assert len(list(focusable(quick_window))) >= 40
    assert_operable(quick_window)
    views = list(quick_window.views.slices.values())
    assert [one for one in path_of_tab(quick_window) if one in views] == views
    assert jumps_back(quick_window.comparison) == []
    assert jumps_back(quick_window.measuring) == []


def test_tab_goes_through_all_views_and_buttons_and_back(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(quick_window, tmp_path)
    quick_window.activateWindow()
    first = next(iter(quick_window.views.slices.values()))
    first.setFocus()
    reached: set[QWidget] = set()
    widget: QWidget | None = first
    while widget is not None and widget not in reached:
        reached.add(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        widget = quick_window.focusWidget()
    missed = [w for w in focusable(quick_window) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [repr(w) for w in missed if w not in reached and w.isEnabled()] == []


def without_visible_focus(root: QWidget, qtbot: QtBot) -> list[str]:
    """Controls that Tab reaches and that look the same with and without the focus."""
    root.activateWindow()
    qtbot.waitUntil(root.isActiveWindow)
    controls = [
        widget
        for widget in focusable(root)
        if widget.isEnabled()
        and widget.focusProxy() is None
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    plain: dict[QWidget, QImage] = {}
    seen: set[QWidget] = set()
    for _ in range(2 * len(controls)):
        for widget in controls:
            if not widget.hasFocus() and widget not in plain:
                plain[widget] = widget.grab().toImage()
        qtbot.keyClick(root.focusWidget() or root, Qt.Key.Key_Tab)
        reached = root.focusWidget()
        if reached in plain and reached.grab().toImage() != plain[reached]:
            seen.add(reached)
    return [f"{w!r} {name_for_screen_readers(w)}" for w in controls if w not in seen]


def test_the_focus_is_seen_on_every_control(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.welcome.show_recent([tmp_path])
    qtbot.wait(20)
    assert without_visible_focus(quick_window, qtbot) == []
    every = dialogs(quick_window, tmp_path)
    for dialog in every:
        dialog.show()
        assert without_visible_focus(dialog, qtbot) == []
        dialog.close()
    assert without_visible_focus(quick_window, qtbot) == []
