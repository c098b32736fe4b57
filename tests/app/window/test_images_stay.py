"""Nothing that appears or disappears moves an image under the pointer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.corrections.tools import Tool
from app.measurements.measurement import Kind, Measurement
from app.slices.planes import Plane
from app.window.main_window import MainWindow
from app.window.message_bar import Offer, Tone
from app.work.opening import OpenJob
from app.work.segmenting import SegmentJob
from inference.values.mask import Mask
from tests.app.dropping import LONG, open_and_wait
from tests.app.results import show_result

SCREENS = {"old": QSize(1024, 738), "ward": QSize(1366, 738), "ward at 150 %": QSize(910, 482)}

Step = Callable[[MainWindow, Path], object]


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def window(quick_window: MainWindow, request: pytest.FixtureRequest, qtbot: QtBot) -> MainWindow:
    quick_window.resize(request.param)
    qtbot.wait(20)
    return quick_window


def places(window: MainWindow) -> list[QRect]:
    """Where the images are on the screen, and what part of a slice each shows."""
    seen = []
    for view in window.views.slices.values():
        viewport = view.viewport()
        seen.append(QRect(viewport.mapToGlobal(QPoint()), viewport.size()))
        seen.append(view.box.viewRect().toRect())
    return seen


def assert_stay(window: MainWindow, act: Callable[[], object], qtbot: QtBot) -> None:
    qtbot.wait(30)
    before = places(window)
    act()
    qtbot.wait(30)
    assert places(window) == before


def a_mask(case: Case) -> Mask:
    assert case.mask is not None
    voxels = np.array(case.mask.voxels)
    voxels[:, :8] = 0
    return Mask(voxels, case.mask.geometry, corrected=True)


def the_case(window: MainWindow) -> Case:
    assert window.session.case is not None
    return window.session.case


STEPS: dict[str, Step] = {
    "a long message": lambda w, _: w.message.show_message("A word. " * 60, Tone.WARNING),
    "an offer": lambda w, _: w.message.show_message("A.", Tone.ERROR, Offer("Settings…", int)),
    "a reading": lambda w, tmp: w.activity.follow(OpenJob(tmp / "CT", ask=False), "CT"),
    "a run": lambda w, _: w._follow_run(SegmentJob(the_case(w).volume, w.settings.run)),
    "a queue": lambda w, tmp: w.queue.add([tmp / f"{n}.nii.gz" for n in range(20)]),
    "a mask that is gone": lambda w, _: w._show_result(None),
    "a correction": lambda w, _: w.session.set_mask(a_mask(the_case(w))),
    "a comparison": lambda w, _: w.session.compare_with(a_mask(the_case(w))),
    "a tool": lambda w, _: w.toolbar.choose(Tool.BRUSH),
    "a tool for measuring": lambda w, _: w.measuring.choose(Kind.ANGLE),
    "a measurement": lambda w, _: w.board.add(
        Measurement(Kind.CIRCLE, Plane.AXIAL, 5, ((5.0, 5.0), (9.0, 5.0)))
    ),
    "vertebrae": lambda w, _: w._tools and w._tools.vertebrae.controller.find(),
    "something dragged": lambda w, _: w.central.show_hovering(True),
    "an export": lambda w, _: w.session.mark_saved(),
    "the pointer over a slice": lambda w, _: w._show_pointed((3, 4, 5)),
    "a hint in the status bar": lambda w, _: w.statusBar().showMessage("A hint. " * 40),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_no_step_moves_an_image(
    step: Step, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(window, tmp_path)
    qtbot.waitUntil(lambda: window._tools is not None)
    assert_stay(window, lambda: step(window, tmp_path), qtbot)


def test_whatever_is_hidden_moves_no_image_when_it_shows(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """Covers the kind: any panel added in future is among them."""
    show_result(window, tmp_path)
    qtbot.waitUntil(lambda: window._tools is not None)
    hidden = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isHidden()
        and not widget.isWindow()
        and not widget.objectName().startswith("qt_")
        and widget is not window.welcome  # a page in place of the images
        and not window.views.isAncestorOf(widget)
    ]
    assert len(hidden) >= 10
    for widget in hidden:
        assert_stay(window, widget.show, qtbot)
        assert_stay(window, widget.hide, qtbot)


def test_a_run_moves_no_image_from_the_opened_ct_to_its_result(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    qtbot.wait(50)
    before = places(quick_window)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
        qtbot.wait(30)
        assert places(quick_window) == before
    qtbot.waitUntil(lambda: quick_window.figures.known is not None, timeout=LONG)
    qtbot.wait(50)
    assert places(quick_window) == before
