"""Messages lie over the images, and disappear when what they are about is over."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.corrections.toolbar import Tool
from app.slices.planes import Plane
from app.window.main_window import MainWindow
from app.window.message_bar import End, MessageBar, Tone
from app.work.opening import OpenJob
from inference.errors import MemoryLimitError, UnreadableInputError
from inference.values.mask import Mask
from tests.app.dropping import wait_for_sorting
from tests.app.results import show_result


def place(widget: QWidget, window: MainWindow) -> QRect:
    return widget.rect().translated(widget.mapTo(window, QPoint()))


def test_no_message_and_no_progress_moves_an_image(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    qtbot.wait(50)
    view = window.views.slices[Plane.AXIAL]
    before = place(view, window)
    window.message.show_message("A sentence. " * 30, Tone.ERROR)
    window.activity.follow(OpenJob(tmp_path / "CT", ask=False), "CT")
    qtbot.wait(50)
    assert window.message.isVisible()
    assert window.activity.isVisible()
    assert place(view, window) == before
    assert place(window.message, window).top() == before.top()
    assert not place(window.message, window).intersects(place(window.side, window))
    window.message.end(*End)
    qtbot.wait(50)
    assert place(view, window) == before


def test_a_message_longer_than_the_room_scrolls(quick_window: MainWindow, qtbot: QtBot) -> None:
    window = quick_window
    window.resize(910, 480)
    window.message.show_message("\n".join(f"Sentence {n}." for n in range(60)), Tone.NOTE)
    qtbot.wait(50)
    bar = window.message.findChildren(type(window.message._text))[0].verticalScrollBar()
    assert bar.maximum() > 0
    assert window.rect().contains(place(window.message, window))


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_a_message_goes_with_its_cause_and_the_one_before_is_seen_again(bar: MessageBar) -> None:
    bar.show_message("of the CT", Tone.WARNING, ends=frozenset({End.CASE}))
    bar.show_message("of a press", Tone.NOTE, ends=frozenset({End.CASE, End.MASK}))
    assert bar.text == "of a press"
    bar.end(End.MASK)
    assert bar.text == "of the CT"
    bar.end(End.ATTEMPT)
    assert bar.text == "of the CT"
    bar.end(End.CASE)
    assert bar.text == ""
    assert not bar.isVisible()


def test_what_was_closed_does_not_come_back(bar: MessageBar) -> None:
    bar.show_message("one", Tone.NOTE)
    bar.show_message("two", Tone.NOTE)
    bar.show_message("one", Tone.NOTE)
    close = next(b for b in bar.findChildren(QPushButton) if b.text() == "Close")
    close.click()
    assert bar.text == "two"
    close.click()
    assert bar.text == ""


def test_in_the_window_messages_end_with_what_they_speak_of(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    window = quick_window
    show_result(window, tmp_path)
    case = window.session.case
    assert case is not None
    assert case.mask is not None

    window.notices.show_idle_press("There is no spine here.")
    window.session.set_mask(Mask(np.array(case.mask.voxels), case.mask.geometry))
    assert window.message.text == ""

    window.notices.show_idle_press("There is no spine here.")
    window.toolbar.choose(Tool.BRUSH)
    assert window.message.text == ""

    window.show_failure(UnreadableInputError("It is damaged."))
    window.toolbar.choose(Tool.LOOK)
    assert "damaged" in window.message.text
    window.session.mark_saved()
    window.opener.open_paths([tmp_path / "a.nii", tmp_path / "b.nii"])
    wait_for_sorting(window)
    assert window.message.text == ""

    window.show_failure(MemoryLimitError("Too little."))
    window.settings.changed.emit()
    assert window.message.text == ""

    window.show_failure(UnreadableInputError("It is damaged."))
    window.session.open(Case(case.volume))
    assert window.message.text == ""
