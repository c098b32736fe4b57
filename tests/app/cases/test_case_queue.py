"""The queue runs cases like the command line: it resumes, reads ahead, writes what is chosen."""

import csv
import dataclasses
import json
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QMessageBox, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.cases.case_queue import State
from app.slices.planes import Plane
from app.window.format_button import FORMAT_NAMES, FormatButton
from app.window.main_window import MainWindow
from inference.cases.engine import LocalEngine
from inference.cases.outcomes import SUMMARY_FILE
from inference.cases.runner import CaseRunner, ReadCase
from inference.cases.settings import CaseInput, VertebraSettings
from inference.export import FORMATS
from inference.values.geometry import Geometry
from inference.values.progress import CancelCheck
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import drop
from tests.app.results import show_result
from tests.read.dicom_factory import grainy, write_series
from tests.spine_alone import write_spine_alone

LONG = 60_000
GEOMETRY = Geometry((40, 36, 30), (1.5, 1.5, 2.0))


@pytest.fixture
def cts(tmp_path: Path) -> list[Path]:
    """Three DICOM series with rods of bone in water."""
    folders = []
    for number, name in enumerate(("one", "two", "three")):
        voxels = np.full(GEOMETRY.shape, -1000, np.int16)
        voxels[:, 4:32, 4:36] = 0
        voxels[4 : 20 + 2 * number, 10:24, 12:28] = 400
        write_series(tmp_path / name, grainy(voxels), GEOMETRY)
        folders.append(tmp_path / name)
    return folders


def run_queue(window: MainWindow, cts: list[Path], out: Path, qtbot: QtBot) -> None:
    window.queue.clear()
    window.queue.add(cts)
    window.queue.start(out, window.settings.run)
    qtbot.waitUntil(lambda: not window.queue.active, timeout=LONG)


def states(window: MainWindow) -> list[State]:
    return [case.state for case in window.queue.cases]


def test_what_an_earlier_queue_has_finished_is_kept_and_can_be_looked_at(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    run_queue(quick_window, cts[:2], out, qtbot)
    masks = [out / "one_spine.nii.gz", out / "two_spine.nii.gz"]
    before = [mask.stat().st_mtime_ns for mask in masks]
    notes = [case.note for case in quick_window.queue.cases]
    masks[1].write_bytes(b"damaged")
    run_queue(quick_window, cts[:2], out, qtbot)
    assert states(quick_window) == [State.DONE, State.DONE]
    assert [case.note for case in quick_window.queue.cases] == notes
    after = [mask.stat().st_mtime_ns for mask in masks]
    assert after[0] == before[0]
    assert after[1] != before[1]
    quick_window.queue_panel._list.setCurrentRow(0)
    quick_window.queue_panel._ask_to_look()
    qtbot.waitUntil(
        lambda: bool(quick_window.session.case and quick_window.session.case.mask), timeout=LONG
    )
    case = quick_window.session.case
    assert case is not None
    assert case.segmentation is not None
    assert case.segmentation.model.name


def test_the_command_line_goes_on_where_the_queue_stopped(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    run_queue(quick_window, cts[:1], out, qtbot)
    settings = quick_window.settings.run
    runner = CaseRunner(out, settings, LocalEngine(settings))
    summary = runner.run_all([CaseInput(cts[0], "one")])
    assert (summary.done, summary.finished_earlier) == (0, 1)


def test_the_formats_of_the_last_export_are_written(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.settings.current = dataclasses.replace(
        quick_window.settings.current, export_formats=("nrrd", "dicomseg", "png")
    )
    run_queue(quick_window, cts[:1], tmp_path / "out", qtbot)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "one_report.json",
        "one_spine.dcm",
        "one_spine.nrrd",
        SUMMARY_FILE,
    ]


def test_results_without_a_mask_that_can_be_read_say_so(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.settings.current = dataclasses.replace(
        quick_window.settings.current, export_formats=("stl",)
    )
    run_queue(quick_window, cts[:1], tmp_path / "out", qtbot)
    quick_window.queue_panel._list.setCurrentRow(0)
    quick_window.queue_panel._ask_to_look()
    assert "contain no mask that can be shown" in quick_window.message.text


def test_the_next_case_is_read_while_one_is_run(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second_was_read = threading.Event()
    segment, read_unfinished = CaseRunner.segment, CaseRunner.read_unfinished

    def read(self: CaseRunner, case: CaseInput, cancel: CancelCheck) -> object:
        read = read_unfinished(self, case, cancel)
        if case.name == "two":
            second_was_read.set()
        return read

    def segment_after_it(*arguments: object) -> object:
        assert second_was_read.wait(timeout=30)
        return segment(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(CaseRunner, "read_unfinished", read)
    monkeypatch.setattr(CaseRunner, "segment", segment_after_it)
    run_queue(quick_window, cts[:2], tmp_path / "out", qtbot)
    assert states(quick_window) == [State.DONE] * 2


def test_a_cancelled_queue_leaves_nothing_half_and_goes_on_from_there(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    quick_window.queue.add(cts[:2])
    with qtbot.waitSignal(quick_window.queue.run_shown, timeout=LONG):
        quick_window.queue.start(out, quick_window.settings.run)
    quick_window.queue.cancel()
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    assert State.WAITING in states(quick_window)
    assert not list(out.glob(".*"))
    quick_window.queue.start(out, quick_window.settings.run)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    assert states(quick_window) == [State.DONE] * 2
    assert len(list(out.iterdir())) == 7, "three files of each, and the summary"


def test_the_memory_in_the_report_is_that_of_the_process_that_did_the_work(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[int] = []
    quick_window.queue.run_shown.connect(
        lambda job: job.memory_told.connect(lambda use: told.append(use.peak_bytes))
    )
    run_queue(quick_window, cts[:1], tmp_path / "out", qtbot)
    report = json.loads((tmp_path / "out" / "one_report.json").read_text("utf-8"))
    assert report["peak_rss_bytes"] == pytest.approx(max(told), rel=0.2)


def test_a_folder_that_cannot_be_written_to_stops_the_queue_before_it_begins(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    run_queue(quick_window, cts, tmp_path / "file" / "out", qtbot)
    assert states(quick_window) == [State.WAITING] * 3
    assert "cannot be written" in quick_window.message.text


def test_a_queue_whose_results_would_replace_an_input_runs_nothing(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    kept = tmp_path / "one_spine.nii.gz"
    kept.write_bytes(b"a CT with the name of a mask")
    run_queue(quick_window, [cts[0], kept], tmp_path, qtbot)
    assert states(quick_window) == [State.WAITING] * 2
    assert "is an input, and a result would replace it" in quick_window.message.text
    assert kept.read_bytes() == b"a CT with the name of a mask"


def named(window: MainWindow, state: State) -> list[str]:
    return [case.name for case in window.queue.cases if case.state is state]


def started(window: MainWindow, cts: list[Path], out: Path, qtbot: QtBot) -> None:
    """A queue whose first case is running."""
    window.queue.add(cts)
    with qtbot.waitSignal(window.queue.run_shown, timeout=LONG):
        window.queue.start(out, window.settings.run)


def finish(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.queue.active, timeout=LONG)


def rows(window: MainWindow) -> list[str]:
    cases = window.queue_panel._list
    return [cases.item(row).text() for row in range(cases.count())]


def activate(window: MainWindow, row: int) -> None:
    """Do what a double click does."""
    window.queue_panel._list.setCurrentRow(row)
    window.queue_panel._list.itemActivated.emit(window.queue_panel._list.item(row))


def test_cases_that_are_added_or_dropped_while_it_runs_are_run_too(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    started(quick_window, cts[:1], tmp_path / "out", qtbot)
    quick_window.queue.add([cts[1]])
    drop(quick_window, [cts[2], cts[0]])
    assert len(quick_window.queue.cases) == 3, "none twice"
    assert "Added to the queue" in quick_window.message.text
    finish(quick_window, qtbot)
    assert named(quick_window, State.DONE) == ["one", "two", "three"]


def test_a_case_that_is_added_at_work_replaces_no_input(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    """Neither is an input of the queue replaced, nor the case itself by one that was there."""
    kept = tmp_path / "two_spine.nii.gz"
    lost = tmp_path / "one_spine.nii.gz"
    for path in (kept, lost):
        path.write_bytes(b"a CT with the name of a mask")
    started(quick_window, [cts[0], kept], tmp_path, qtbot)
    quick_window.queue.add([lost, cts[1], cts[2]])
    finish(quick_window, qtbot)
    cases = {case.name: case for case in quick_window.queue.cases}
    for name, path in (("two", kept), ("one_spine", lost)):
        assert cases[name].state is State.FAILED
        assert f"{path.name} is an input, and a result would replace it." in cases[name].note
    assert kept.read_bytes() == b"a CT with the name of a mask"
    assert [cases[name].state for name in ("one", "three")] == [State.DONE] * 2


def test_a_later_start_replaces_no_input_of_a_case_that_is_done(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    named_as_result = tmp_path / "three_spine.nii.gz"
    named_as_result.write_bytes(b"damaged")
    run_queue(quick_window, [named_as_result], tmp_path / "out", qtbot)
    quick_window.queue.add([cts[2]])
    quick_window.queue.start(tmp_path, quick_window.settings.run)
    finish(quick_window, qtbot)
    assert named(quick_window, State.WAITING) == ["three"]
    assert named_as_result.read_bytes() == b"damaged"


@pytest.mark.parametrize("button", ["C&ontinue", "&Stay"])
def test_a_case_that_is_added_at_work_replaces_results_only_if_the_user_agrees(
    button: str, quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    earlier = tmp_path / "out" / "two_spine.nii.gz"
    earlier.parent.mkdir()
    earlier.write_bytes(b"corrected by hand")

    def answer(box: QDialog) -> None:
        assert isinstance(box, QMessageBox)
        assert "two_spine.nii.gz" in box.text()
        next(one for one in box.buttons() if one.text() == button).click()

    started(quick_window, cts[:1], tmp_path / "out", qtbot)
    when_dialog_shows(QMessageBox, answer)
    quick_window.queue.add([cts[1]])
    finish(quick_window, qtbot)
    replaced = button == "C&ontinue"
    assert named(quick_window, State.DONE) == (["one", "two"] if replaced else ["one"])
    assert len(quick_window.queue.cases) == (2 if replaced else 1)
    assert (earlier.read_bytes() != b"corrected by hand") is replaced


def test_a_case_that_is_added_at_work_can_be_removed_before_it_was_checked(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    started(quick_window, cts[:1], tmp_path / "out", qtbot)
    quick_window.queue.add([cts[1]])
    quick_window.queue.remove("two")
    finish(quick_window, qtbot)
    assert [case.name for case in quick_window.queue.cases] == ["one"]


def test_a_queue_that_is_stopped_runs_nothing_that_was_just_added(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    started(quick_window, cts[:1], tmp_path / "out", qtbot)
    quick_window.queue.add([cts[1]])
    quick_window.queue.cancel()
    finish(quick_window, qtbot)
    qtbot.waitUntil(lambda: not quick_window.jobs.live, timeout=LONG)
    assert states(quick_window) == [State.WAITING] * 2


def test_a_case_of_a_name_that_is_taken_gets_another(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    quick_window.queue.add([tmp_path / "a" / "CT", tmp_path / "b" / "CT"])
    before = [case.name for case in quick_window.queue.cases]
    quick_window.queue.add([tmp_path / "c" / "CT", tmp_path / "d" / "A_ct"])
    after = [case.name for case in quick_window.queue.cases]
    assert after[:2] == before == ["a_CT", "b_CT"]
    assert len({name.casefold() for name in after}) == 4


def test_a_waiting_case_is_taken_off_and_one_at_work_is_not(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    started(quick_window, cts, tmp_path / "out", qtbot)
    panel = quick_window.queue_panel
    panel._list.setCurrentRow(0)
    assert not panel._remove.isEnabled()
    quick_window.queue.remove("one")
    panel._list.setCurrentRow(2)
    assert panel._remove.isEnabled()
    panel._remove.click()
    finish(quick_window, qtbot)
    assert named(quick_window, State.DONE) == ["one", "two"]
    quick_window.queue.remove("one")
    assert len(rows(quick_window)) == 1
    assert (tmp_path / "out" / "one_spine.nii.gz").exists(), "what was written stays"


def test_a_finished_case_is_looked_at_while_others_run_and_the_run_again_after_it(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()
    segment = CaseRunner.segment

    def segment_when_told(self: CaseRunner, read: ReadCase, *others: object) -> object:
        if read.case.name == "three":
            assert go_on.wait(timeout=60)
        return segment(self, read, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(CaseRunner, "segment", segment_when_told)
    window = quick_window
    started(window, cts, tmp_path / "out", qtbot)
    qtbot.waitUntil(lambda: named(window, State.DONE) == ["one"], timeout=LONG)
    activate(window, 0)

    def shows_the_first() -> bool:
        case = window.session.case
        return case is not None and case.volume.name == "one" and case.segmentation is not None

    qtbot.waitUntil(shows_the_first, timeout=LONG)
    assert window.queue.active
    assert not window.queue.shows
    assert window._export.isEnabled(), "it is the user's own now"
    with qtbot.waitSignal(window.queue.changed, timeout=LONG):
        go_on.set()
    qtbot.waitUntil(lambda: named(window, State.RUNNING) == ["three"], timeout=LONG)
    assert shows_the_first(), "the next case does not take its place"
    assert window.side.run._run.isVisible(), "no run of another case is shown with it"
    qtbot.waitUntil(lambda: window.queue._runs.running is not None, timeout=LONG)
    with qtbot.waitSignal(window.queue.run_shown, timeout=LONG):
        activate(window, 2)
    case = window.session.case
    assert case is not None
    assert case.volume.name == "three"
    assert not window._export.isEnabled()
    finish(window, qtbot)
    assert named(window, State.DONE) == ["one", "two", "three"]
    case = window.session.case
    assert case is not None
    assert case.mask is not None
    assert case.saved, "the queue has written it"


def test_a_waiting_case_can_be_looked_at(
    quick_window: MainWindow, cts: list[Path], qtbot: QtBot
) -> None:
    quick_window.queue.add(cts)
    with qtbot.waitSignal(quick_window.flow.opened, timeout=LONG):
        activate(quick_window, 1)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.name == "two"
    assert case.mask is None


def test_work_of_the_users_stays_while_the_queue_runs(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    show_result(quick_window, tmp_path)
    mine = quick_window.session.case
    assert mine is not None
    quick_window.queue.add(cts[:1])
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    finish(quick_window, qtbot)
    here = quick_window.session.case
    assert here is not None
    assert here.volume is mine.volume
    assert here.unsaved


@pytest.mark.parametrize("stop", ["Escape", "the run's Cancel", "the queue's Stop"])
def test_every_way_to_stop_the_queue_asks(
    stop: str,
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def answer(_window: object, question: str, _yes: str) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr("app.window.queue_controller.agreed", answer)
    started(quick_window, cts, tmp_path / "out", qtbot)
    run = quick_window.side.run
    stops = {
        "Escape": quick_window.cancel,
        "the run's Cancel": run._cancel.click,
        "the queue's Stop": quick_window.queue_panel._stop.click,
    }
    stops[stop]()
    assert ["Stop the queue?" in question for question in asked] == [True]
    assert quick_window.queue.active
    assert run._cancel.isEnabled(), "the run goes on"
    assert run._stage.text() != "Cancelling…"
    stops[stop]()
    assert not run._cancel.isEnabled()
    finish(quick_window, qtbot)
    assert State.WAITING in states(quick_window)


def test_one_table_of_all_cases_lies_with_their_results(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    bad, water = tmp_path / "bad", tmp_path / "water"
    bad.mkdir()
    voxels = np.full(GEOMETRY.shape, -1000, np.int16)
    voxels[:, 4:32, 4:36] = 0
    write_series(water, grainy(voxels), GEOMETRY)
    out = tmp_path / "out"
    run_queue(quick_window, [cts[0], bad, water], out, qtbot)
    with (out / SUMMARY_FILE).open(encoding="utf-8-sig", newline="") as file:
        done, failed, empty = csv.DictReader(file)
    assert (done["Name"], done["Outcome"]) == ("one", "done")
    assert float(done["Volume (mL)"]) > 0
    assert float(done["Time (s)"]) > 0
    assert (failed["Name"], failed["Outcome"]) == ("bad", "failed")
    assert "bad is empty" in failed["Note"]
    assert (empty["Name"], empty["Outcome"]) == ("water", "no spine found")
    assert not (out / "water_spine.stl").exists()
    assert rows(quick_window)[2].startswith("water\n    done, but no spine was found")


def test_what_becomes_of_a_case_is_seen_below_a_long_name(
    quick_window: MainWindow, tmp_path: Path
) -> None:
    long = "1.3.6.1.4.1.14519.5.2.1.7009.2401." * 3 + "2"
    quick_window.queue.add([tmp_path / f"{long}.nii.gz"])
    (row,) = rows(quick_window)
    assert row.startswith("1.3.6")
    assert row.endswith("2\n    waiting")
    assert len(row) < len(long)
    assert long in quick_window.queue_panel._list.item(0).toolTip()


def test_a_failure_is_read_in_full_in_a_tooltip_and_in_a_dialog(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / ("a_long_name_" * 12)
    bad.mkdir()
    run_queue(quick_window, [bad], tmp_path / "out", qtbot)
    (case,) = quick_window.queue.cases
    item = quick_window.queue_panel._list.item(0)
    assert case.note in item.toolTip()
    read: list[str] = []

    def look(dialog: QDialog) -> None:
        shown = dialog.findChild(QPlainTextEdit)
        assert shown is not None
        read.append(shown.toPlainText())
        dialog.reject()

    when_dialog_shows(QDialog, look)
    activate(quick_window, 0)
    assert read == [case.note]


def test_a_case_that_failed_is_tried_again_when_it_is_added_again(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    late = tmp_path / "late"
    late.mkdir()
    run_queue(quick_window, [late], tmp_path / "out", qtbot)
    assert states(quick_window) == [State.FAILED]
    for file in cts[0].iterdir():
        shutil.copy(file, late)
    quick_window.queue.add([late])
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    finish(quick_window, qtbot)
    assert states(quick_window) == [State.DONE]


def end_the_engine(*arguments: object) -> None:  # noqa: ARG001
    os._exit(9)


def test_a_case_whose_engine_ended_is_told_with_details_and_the_next_gets_another(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("app.work.segmenting.run", end_the_engine)
        run_queue(quick_window, cts[:1], tmp_path / "out", qtbot)
    assert states(quick_window) == [State.FAILED]
    assert "stopped unexpectedly" in quick_window.queue.cases[0].note

    def copy_details(dialog: QDialog) -> None:
        buttons = dialog.findChildren(QPushButton)
        next(one for one in buttons if one.text() == "Copy details").click()
        dialog.reject()

    when_dialog_shows(QDialog, copy_details)
    activate(quick_window, 0)
    assert "ended with 9" in QGuiApplication.clipboard().text()
    quick_window.queue.add(cts[:2])
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    finish(quick_window, qtbot)
    assert states(quick_window) == [State.DONE, State.DONE]


def test_a_case_whose_dicom_file_could_not_be_written_is_told(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.work.writing.write", end_the_engine)
    quick_window.queue.add(cts[:1])
    settings = dataclasses.replace(quick_window.settings.run, formats=("nifti", "dicomseg"))
    quick_window.queue.start(tmp_path / "out", settings)
    finish(quick_window, qtbot)
    (case,) = quick_window.queue.cases
    assert case.state is State.FAILED
    assert "The writing of the DICOM segmentation stopped unexpectedly" in case.note
    assert not list((tmp_path / "out").glob("one_spine*"))


class Painted(QObject):
    """Notes when a widget is painted."""

    def __init__(self, widget: QWidget, notes: list[str]) -> None:
        super().__init__(widget)
        self._notes = notes
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self._notes.append("painted")
        return False


def test_a_case_is_shown_painted_and_run_in_turns_of_the_event_loop(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    """All at once would hold up the window for longer than 50 ms."""
    notes: list[str] = []
    window = quick_window
    run_queue(window, cts[:1], tmp_path / "first", qtbot)  # so that the views are there
    window.session.open(None)
    Painted(window.views.slices[Plane.AXIAL].viewport(), notes)
    window.session.case_changed.connect(lambda: notes.append("shown"))
    window.queue.run_shown.connect(lambda _: notes.append("run"))
    run_queue(window, cts[1:2], tmp_path / "out", qtbot)
    assert notes[0] == "shown"
    assert "painted" in notes[: notes.index("run")]


def test_a_result_is_painted_before_it_is_written(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    """Threads that write and read would compete with the window for the processor."""
    notes: list[str] = []
    window = quick_window

    def note_writing() -> None:
        if State.WRITING in states(window):
            notes.append("written")

    run_queue(window, cts[:1], tmp_path / "first", qtbot)  # so that the views are there
    Painted(window.views.slices[Plane.AXIAL].viewport(), notes)
    window.queue.run_done.connect(lambda: notes.append("result"))
    window.queue.changed.connect(note_writing)
    run_queue(window, cts[1:2], tmp_path / "out", qtbot)
    assert "painted" in notes[notes.index("result") : notes.index("written")]


def test_a_queue_that_is_cancelled_before_its_case_is_run_never_runs_it(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.cases.case_queue.PAINTING_MS", 300)
    runs: list[object] = []
    window = quick_window
    window.queue.run_shown.connect(runs.append)
    window.queue.add(cts[:1])
    window.queue.start(tmp_path / "out", window.settings.run)
    qtbot.waitUntil(lambda: states(window) == [State.RUNNING], timeout=LONG)
    qtbot.wait(50)
    window.queue.cancel()
    finish(window, qtbot)
    assert states(window) == [State.WAITING]
    qtbot.wait(400)
    assert runs == []
    window.queue.start(tmp_path / "out", window.settings.run)
    finish(window, qtbot)
    assert states(window) == [State.DONE]


def test_what_the_user_has_chosen_in_the_list_stays_chosen(
    quick_window: MainWindow, cts: list[Path]
) -> None:
    quick_window.queue.add(cts[:2])
    quick_window.queue_panel._list.setCurrentRow(1)
    quick_window.queue.add(cts[2:])
    assert quick_window.queue_panel._list.currentRow() == 1


def tick(window: MainWindow, name: str) -> None:
    """Press a format in the menu."""
    menu = window.queue_panel.formats.menu()
    next(action for action in menu.actions() if action.text() == name).trigger()


def test_the_formats_that_are_ticked_are_written_and_kept(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr("app.window.queue_controller.chosen_folder", lambda *_: out)
    settings = quick_window.settings
    settings.remember_formats(("stl", "pdf"))
    quick_window.queue.add(cts[:1])
    quick_window.queue.clear()
    button = quick_window.queue_panel.formats
    assert button.text() == "Writes STL", "what was exported last, as far as it is a mask"
    tick(quick_window, "NRRD")
    tick(quick_window, "STL")
    tick(quick_window, "NRRD")
    assert button.chosen == ("nrrd",), "one stays ticked"
    assert settings.current.export_formats == ("nrrd", "pdf")
    quick_window.queue.add(cts[:1])
    quick_window.queue_panel._start.click()
    qtbot.waitUntil(lambda: quick_window.queue.active)
    assert not button.isEnabled()
    finish(quick_window, qtbot)
    assert sorted(path.name for path in out.iterdir()) == [
        "one_report.json",
        "one_spine.nrrd",
        SUMMARY_FILE,
    ]


def test_a_start_is_told_as_lost_if_something_else_began_just_before_it(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.window.queue_controller.chosen_folder", lambda *_: tmp_path)
    told: list[str] = []
    monkeypatch.setattr("app.window.queue_controller.tell", lambda _, title, __: told.append(title))
    quick_window.queue.add(cts[:1])
    quick_window.queue_panel._start.click()
    quick_window.opener.look_at(cts[1])
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The queue has not started"]
    assert quick_window.queue.cases[0].state is State.WAITING
    qtbot.waitUntil(lambda: not quick_window.queue.busy, timeout=LONG)


def test_every_format_of_a_mask_can_be_ticked() -> None:
    assert set(FORMAT_NAMES) == set(FORMATS)


def test_a_written_case_is_told_of_while_the_next_one_still_runs(
    quick_window: MainWindow,
    cts: list[Path],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    queue = quick_window.queue
    done_while_running: list[str] = []

    def look() -> None:
        if named(quick_window, State.RUNNING) == ["two"]:
            done_while_running.extend(named(quick_window, State.DONE))

    queue.changed.connect(look)
    run_queue(quick_window, cts[:2], tmp_path / "out", qtbot)
    assert "one" in done_while_running


@pytest.fixture
def spine(tmp_path: Path) -> Path:
    """A CT with five vertebrae."""
    return write_spine_alone(tmp_path / "phantom.nii.gz", planes=48)


def test_vertebrae_that_are_ticked_are_written_kept_and_shown_again(
    quick_window: MainWindow,
    spine: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr("app.window.queue_controller.chosen_folder", lambda *_: out)
    settings, button = quick_window.settings, quick_window.queue_panel.formats
    settings.remember_formats(("nifti",))
    quick_window.queue.add([spine])
    quick_window.queue.clear()
    tick(quick_window, "STL of each vertebra")
    assert button.text() == "Writes NIfTI, vertebrae", "surfaces want vertebrae"
    tick(quick_window, "Vertebrae apart")
    assert button.vertebrae is None, "without vertebrae there are no surfaces of them"
    tick(quick_window, "Vertebrae apart")
    assert settings.current.vertebrae
    assert not settings.current.vertebra_stl
    quick_window.queue.add([spine])
    quick_window.queue_panel._start.click()
    qtbot.waitUntil(lambda: quick_window.queue.active)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=5 * LONG)
    assert (out / "phantom_vertebrae.nii.gz").exists()
    assert not list(out.glob("*.stl"))
    quick_window.session.open(None)
    look_at_first(quick_window, qtbot)
    case = quick_window.session.case
    assert case is not None
    assert case.vertebrae is not None
    assert case.saved
    count = case.vertebrae.found.count
    assert len(quick_window.vertebrae._rows) == count > 3
    (out / "phantom_vertebrae.nii.gz").unlink()
    quick_window.session.open(None)
    look_at_first(quick_window, qtbot)
    assert quick_window.session.case is not None
    assert quick_window.session.case.vertebrae is None
    assert "Find them again" in quick_window.message.text


def look_at_first(window: MainWindow, qtbot: QtBot) -> None:
    window.queue_panel._list.setCurrentRow(0)
    window.queue_panel._ask_to_look()
    shown = lambda: bool(window.session.case and window.session.case.mask)  # noqa: E731
    qtbot.waitUntil(shown, timeout=5 * LONG)


def test_an_administrator_decides_about_vertebrae_in_the_queue() -> None:
    button = FormatButton()
    button.choose_vertebrae(VertebraSettings(surfaces=True), {"vertebrae", "vertebra_stl"})
    assert button.vertebrae == VertebraSettings(surfaces=True)
    options = [action for action in button.menu().actions() if "ertebra" in action.text()]
    assert [action.isEnabled() for action in options] == [False, False]


def test_a_queue_that_begins_while_another_window_is_active_leaves_the_focus_not_on_stop(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    quick_window.queue.add(cts[:1])
    panel = quick_window.queue_panel
    quick_window.activateWindow()
    panel._start.setFocus()
    other = QDialog()  # as the one that asks for a folder is until the desktop has closed it
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not quick_window.isActiveWindow())
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    assert quick_window.focusWidget() is panel._list
    finish(quick_window, qtbot)
