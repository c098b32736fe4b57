"""The correction tools on an open case, from the toolbar to the mask."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.cases.session import Case, Session
from app.corrections.controller import CorrectionController
from app.corrections.correction import Correction
from app.corrections.mask_editor import MaskEditor
from app.corrections.shaping import grown
from app.corrections.toolbar import EditToolbar
from app.corrections.tools import Command, Tool
from app.work.jobs import Jobs
from inference.errors import ScratchDiskError, SpineContextError
from inference.values.geometry import Geometry, Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck
from inference.values.volume import Volume

GEOMETRY = Geometry((14, 12, 10), (0.8, 0.5, 2.5))
ACROSS_AXIAL = 2


def a_case() -> Case:
    """A CT whose mask has a large piece and a small one."""
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[1:6, 1:6, 1:6] = 1
    voxels[8:, 9:, 9:] = 1
    volume = Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "case")
    return Case(volume, mask=Mask(voxels, GEOMETRY))


@pytest.fixture
def session() -> Session:
    session = Session()
    session.open(a_case())
    return session


@pytest.fixture
def correcting(session: Session, jobs: Jobs) -> CorrectionController:
    return CorrectionController(session, jobs)


def mask_of(session: Session) -> Mask:
    assert session.case is not None
    assert session.case.mask is not None
    return session.case.mask


def dab(correcting: CorrectionController, voxel: Voxel) -> None:
    """Press the tool on a voxel of an axial slice and lift it."""
    correcting.press(ACROSS_AXIAL, voxel)
    correcting.release()


def when_copied(jobs: Jobs, qtbot: QtBot) -> None:
    """Wait until the mask is copied."""
    qtbot.waitUntil(lambda: not jobs.live)


@pytest.fixture
def slow_copies(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Masks are copied only once this is set."""
    go_on = threading.Event()
    copy = MaskEditor.__init__

    def slow(editor: MaskEditor, mask: Mask) -> None:
        go_on.wait(30)
        copy(editor, mask)

    monkeypatch.setattr(MaskEditor, "__init__", slow)
    return go_on


@pytest.fixture
def slow_growing(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Masks grow only once this is set."""
    go_on = threading.Event()

    def slow(mask: Mask, cancel: CancelCheck) -> Correction | None:
        go_on.wait(30)
        return grown(mask, cancel)

    monkeypatch.setattr("app.corrections.controller.grown", slow)
    return go_on


def test_what_is_done_while_the_mask_is_copied_is_done_afterwards_in_order(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    slow_copies: threading.Event,
) -> None:
    before = mask_of(session).voxels.copy()
    done: list[tuple[Tool, ...]] = []
    correcting.history_changed.connect(lambda steps, _: done.append(steps))
    correcting.set_tool(Tool.BRUSH)
    correcting.set_radius(0.4)
    correcting.press(ACROSS_AXIAL, (8, 2, 3))
    correcting.drag(ACROSS_AXIAL, (12, 2, 3))
    correcting.release()
    correcting.set_tool(Tool.ERASER)
    dab(correcting, (10, 2, 3))
    correcting.set_tool(Tool.LOOK)
    assert np.array_equal(mask_of(session).voxels, before), "the copy is not there yet"
    slow_copies.set()
    qtbot.waitUntil(lambda: bool(done) and done[-1] == (Tool.ERASER, Tool.BRUSH))
    qtbot.waitUntil(lambda: not correcting.busy and not jobs.live)
    assert mask_of(session).voxels[3, 2, 8:13].tolist() == [1, 1, 0, 1, 1]
    correcting.undo(2)
    assert np.array_equal(mask_of(session).voxels, before)


def test_what_waits_for_the_copy_of_one_mask_is_not_done_to_the_next(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    slow_copies: threading.Event,
) -> None:
    correcting.set_tool(Tool.ERASER)
    correcting.set_radius(0.4)
    dab(correcting, (3, 3, 3))
    session.open(a_case())
    dab(correcting, (4, 4, 4))
    slow_copies.set()
    qtbot.waitUntil(lambda: not mask_of(session).voxels[4, 4, 4])
    when_copied(jobs, qtbot)
    assert mask_of(session).voxels[3, 3, 3]


def test_a_press_is_forgotten_where_its_case_is_closed_before_the_copy(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    slow_copies: threading.Event,
) -> None:
    correcting.set_tool(Tool.ERASER)
    dab(correcting, (3, 3, 3))
    session.open(None)
    dab(correcting, (3, 3, 3))
    slow_copies.set()
    when_copied(jobs, qtbot)
    session.open(a_case())
    correcting.set_tool(Tool.ERASER)
    when_copied(jobs, qtbot)
    assert mask_of(session).voxels[3, 3, 3]
    dab(correcting, (3, 3, 3))
    assert not mask_of(session).voxels[3, 3, 3]


def test_a_mask_is_copied_before_the_first_press_and_not_by_it(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = mask_of(session)
    correcting.set_tool(Tool.BRUSH)
    qtbot.waitUntil(lambda: not jobs.live)
    monkeypatch.delattr(MaskEditor, "__init__")  # another one could not be made
    session.mark_saved()
    correcting.undo()
    assert mask_of(session) is found, "nothing was corrected yet"
    dab(correcting, (10, 4, 8))
    assert mask_of(session).voxels[8, 4, 10]
    assert not found.voxels[8, 4, 10]


def test_what_was_copied_of_another_case_is_not_corrected(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.BRUSH)
    other = a_case()
    session.open(other)
    qtbot.waitUntil(lambda: not jobs.live)
    assert other.mask is not None
    other.mask.voxels[:] = 0
    dab(correcting, (10, 4, 8))
    when_copied(jobs, qtbot)
    assert mask_of(session).voxels[8, 4, 10]
    assert not mask_of(session).voxels[2, 2, 2]


def test_a_correction_of_one_mask_is_not_made_on_the_next(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    slow_growing: threading.Event,
) -> None:
    correcting.set_tool(Tool.BRUSH)
    when_copied(jobs, qtbot)
    correcting.do(Command.GROW)
    session.open(a_case())
    correcting.set_tool(Tool.BRUSH)
    qtbot.waitUntil(lambda: correcting._editor is not None)
    before = mask_of(session).voxels.copy()
    slow_growing.set()
    qtbot.waitUntil(lambda: not jobs.live)
    assert np.array_equal(mask_of(session).voxels, before)
    assert not mask_of(session).corrected


def test_what_is_asked_for_while_a_correction_is_computed_is_done_afterwards_in_order(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    slow_growing: threading.Event,
) -> None:
    history: list[tuple[object, ...]] = []
    correcting.history_changed.connect(lambda done, _: history.append(done))
    correcting.set_tool(Tool.BRUSH)
    when_copied(jobs, qtbot)
    before = mask_of(session).voxels.copy()
    correcting.do(Command.GROW)
    correcting.do(Command.FILL)  # finds nothing
    correcting.do(Command.SHRINK)
    correcting.undo()
    dab(correcting, (13, 0, 9))
    correcting.do(Command.GROW)
    assert history == []
    slow_growing.set()
    qtbot.waitUntil(lambda: bool(history) and len(history[-1]) == 3)
    assert history[-1] == (Command.GROW, Tool.BRUSH, Command.GROW)
    assert (Command.SHRINK, Command.GROW) in history
    qtbot.waitUntil(lambda: not correcting.busy)
    correcting.undo(3)
    assert np.array_equal(mask_of(session).voxels, before)


def test_an_answer_about_another_mask_is_not_told(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr("app.corrections.controller.grown", lambda *_: go_on.wait(30) and None)
    correcting.do(Command.GROW)
    qtbot.waitUntil(lambda: correcting._search is not None)
    session.open(a_case())
    with qtbot.assertNotEmitted(correcting.told):
        go_on.set()
        qtbot.waitUntil(lambda: not jobs.live)
    dab(correcting, (10, 10, 9))


def test_remove_takes_the_pressed_piece_away(
    session: Session, correcting: CorrectionController, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.REMOVE)
    with qtbot.waitSignal(session.mask_changed):
        correcting.press(ACROSS_AXIAL, (10, 10, 9))
    assert not mask_of(session).voxels[8:].any()
    assert mask_of(session).voxels[2, 2, 2]
    assert mask_of(session).corrected


def test_a_disk_without_room_for_the_copy_is_told_and_nothing_changes(
    session: Session,
    correcting: CorrectionController,
    jobs: Jobs,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(*_: object) -> None:
        raise ScratchDiskError("There is no room.")

    monkeypatch.setattr("app.corrections.controller.MaskEditor", no_room)
    told: list[SpineContextError] = []
    correcting.failed.connect(told.append)
    before = mask_of(session)
    correcting.set_tool(Tool.BRUSH)
    when_copied(jobs, qtbot)
    assert not told, "nobody has pressed yet"
    for _ in range(2):
        told.clear()
        dab(correcting, (10, 10, 9))
        when_copied(jobs, qtbot)
        assert [error.fact for error in told] == ["There is no room."]
    assert mask_of(session) is before


def test_keep_leaves_the_pressed_piece_alone(
    session: Session, correcting: CorrectionController, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.KEEP)
    with qtbot.waitSignal(session.mask_changed):
        correcting.press(ACROSS_AXIAL, (10, 10, 9))
    assert not mask_of(session).voxels[:8].any()
    assert mask_of(session).voxels[9, 10, 10]


def test_a_press_beside_the_spine_is_told_and_changes_nothing(
    session: Session, correcting: CorrectionController, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.REMOVE)
    before = mask_of(session)
    with qtbot.waitSignal(correcting.told) as told:
        correcting.press(ACROSS_AXIAL, (0, 0, 0))
    assert "no spine here" in told.args[0]
    assert mask_of(session) is before


def test_a_stroke_is_seen_while_it_goes_on_and_undone_as_one(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    before = mask_of(session).voxels.copy()
    correcting.set_tool(Tool.BRUSH)
    correcting.set_radius(1.0)
    when_copied(jobs, qtbot)
    correcting.press(ACROSS_AXIAL, (8, 2, 3))
    with qtbot.waitSignal(correcting.voxels_changed):
        correcting.drag(ACROSS_AXIAL, (12, 2, 3))
    assert mask_of(session).voxels[3, 2, 8:13].all()
    with qtbot.waitSignal(correcting.history_changed) as history:
        correcting.release()
    assert history.args == [(Tool.BRUSH,), False]
    correcting.undo()
    assert np.array_equal(mask_of(session).voxels, before)
    correcting.redo()
    assert mask_of(session).voxels[3, 2, 8:13].all()


def test_a_stroke_that_changes_nothing_is_no_work_that_can_be_lost(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    session.mark_saved()
    correcting.set_radius(0.4)
    for tool, voxel in ((Tool.BRUSH, (3, 3, 3)), (Tool.ERASER, (10, 3, 3))):
        correcting.set_tool(tool)
        when_copied(jobs, qtbot)
        with qtbot.assertNotEmitted(session.mask_changed):
            correcting.press(ACROSS_AXIAL, voxel)
            correcting.drag(ACROSS_AXIAL, voxel)
            correcting.release()
    assert session.case is not None
    assert not session.case.unsaved
    dab(correcting, (3, 3, 3))
    assert session.case.unsaved


def test_the_eraser_wipes(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.ERASER)
    when_copied(jobs, qtbot)
    correcting.set_radius(0.5)
    dab(correcting, (3, 3, 3))
    assert not mask_of(session).voxels[3, 3, 3]
    assert mask_of(session).voxels[4, 3, 3]


def test_looking_around_changes_nothing(session: Session, correcting: CorrectionController) -> None:
    before = mask_of(session)
    correcting.press(ACROSS_AXIAL, (3, 3, 3))
    correcting.drag(ACROSS_AXIAL, (4, 3, 3))
    correcting.release()
    assert mask_of(session) is before


def test_another_case_has_no_history(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.ERASER)
    when_copied(jobs, qtbot)
    dab(correcting, (3, 3, 3))
    session.open(a_case())
    correcting.undo()
    assert mask_of(session).voxels[3, 3, 3]


def test_a_correction_is_work_that_can_be_lost(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    session.mark_saved()
    correcting.set_tool(Tool.ERASER)
    when_copied(jobs, qtbot)
    dab(correcting, (3, 3, 3))
    assert session.case is not None
    assert session.case.unsaved


def test_every_button_of_the_toolbar_has_a_label(qtbot: QtBot) -> None:
    toolbar = EditToolbar()
    qtbot.addWidget(toolbar)
    buttons = [toolbar.widgetForAction(action) for action in toolbar.actions()]
    assert [button.text() for button in buttons if isinstance(button, QToolButton)] == [
        "Look",
        "Remove piece",
        "Brush",
        "Eraser",
        "Cut off",
        "More",
        "Undo",
        "Redo",
    ]


def test_the_toolbar_tells_tool_radius_undo_and_redo(qtbot: QtBot) -> None:
    toolbar = EditToolbar()
    qtbot.addWidget(toolbar)
    toolbar.offer(True)
    buttons = {button.text(): button for button in toolbar.findChildren(QToolButton)}
    radius = toolbar.findChild(QDoubleSpinBox)
    assert isinstance(radius, QDoubleSpinBox)
    assert not radius.isEnabled()
    with qtbot.waitSignal(toolbar.tool_chosen) as chosen:
        qtbot.mouseClick(buttons["Brush"], Qt.MouseButton.LeftButton)
    assert chosen.args == [Tool.BRUSH]
    assert toolbar.tool is Tool.BRUSH
    with qtbot.waitSignal(toolbar.radius_changed) as changed:
        radius.setValue(7.5)
    assert changed.args == [7.5]
    toolbar.set_history((Tool.BRUSH,), can_redo=False)
    with qtbot.waitSignal(toolbar.undo_asked):
        qtbot.mouseClick(buttons["Undo"], Qt.MouseButton.LeftButton)
    assert not buttons["Redo"].isEnabled()


def test_a_line_is_dragged_or_its_ends_are_clicked(
    session: Session, correcting: CorrectionController, qtbot: QtBot
) -> None:
    correcting.set_tool(Tool.CUT)
    for dragged in (True, False):
        session.open(a_case())
        with qtbot.waitSignal(session.mask_changed):
            correcting.press(ACROSS_AXIAL, (4, 0, 3))
            if dragged:
                correcting.drag(ACROSS_AXIAL, (4, 7, 3))
            else:
                correcting.release()
                correcting.press(ACROSS_AXIAL, (4, 7, 3))
            correcting.release()
        voxels = mask_of(session).voxels
        assert voxels[1:6, 1:6, 1:4].all()
        assert not voxels[:6, :, 4:].any()


def test_a_line_that_is_left_is_not_cut(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    before = mask_of(session)
    correcting.set_tool(Tool.CUT)
    qtbot.waitUntil(lambda: not jobs.live)
    correcting.press(ACROSS_AXIAL, (4, 0, 3))
    correcting.drag(ACROSS_AXIAL, (4, 7, 3))
    correcting.set_tool(Tool.LOOK)
    correcting.release()
    assert not jobs.live
    assert mask_of(session) is before


def test_the_ball_reaches_over_slices_and_the_disc_does_not(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    correcting.set_radius(3.0)
    for ball in (False, True):
        session.open(a_case())
        correcting.set_ball(ball)
        correcting.set_tool(Tool.BRUSH)
        when_copied(jobs, qtbot)
        dab(correcting, (11, 3, 4))
        voxels = mask_of(session).voxels
        assert voxels[4, 3, 11]
        assert bool(voxels[5, 3, 11]) == ball
        assert not voxels[6, 3, 11]


def test_steps_are_listed_by_what_they_were_done_with_and_undone_together(
    session: Session, correcting: CorrectionController, jobs: Jobs, qtbot: QtBot
) -> None:
    before = mask_of(session).voxels.copy()
    correcting.set_tool(Tool.ERASER)
    when_copied(jobs, qtbot)
    dab(correcting, (3, 3, 3))
    with qtbot.waitSignal(correcting.history_changed) as filled:
        correcting.do(Command.GROW)
    correcting.set_tool(Tool.SHRINK)
    with qtbot.waitSignal(correcting.history_changed) as history:
        correcting.press(ACROSS_AXIAL, (5, 3, 2))
    assert filled.args == [(Command.GROW, Tool.ERASER), False]
    assert history.args == [(Tool.SHRINK, Command.GROW, Tool.ERASER), False]
    toolbar = EditToolbar()
    qtbot.addWidget(toolbar)
    toolbar.offer(True)
    toolbar.set_history(*history.args)
    assert [action.text() for action in toolbar.history] == [
        "Shrink here",
        "Grow everywhere by a voxel",
        "Eraser",
    ]
    toolbar.undo_asked.connect(correcting.undo)
    toolbar.history[2].trigger()
    assert np.array_equal(mask_of(session).voxels, before)


def test_what_changes_nothing_is_told(
    session: Session, correcting: CorrectionController, qtbot: QtBot
) -> None:
    before = mask_of(session)
    with qtbot.waitSignal(correcting.told) as told:
        correcting.do(Command.FILL)
    assert "no holes" in told.args[0]
    correcting.set_tool(Tool.GROW)
    with qtbot.waitSignal(correcting.told) as told:
        correcting.press(ACROSS_AXIAL, (0, 11, 0))
    assert "no edge" in told.args[0]
    assert np.array_equal(mask_of(session).voxels, before.voxels)
