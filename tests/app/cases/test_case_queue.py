"""The queue runs cases as the command line does: it resumes, reads ahead, writes what is chosen."""

import dataclasses
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.cases.case_queue import State
from app.window.main_window import MainWindow
from inference.cases.engine import LocalEngine
from inference.cases.runner import CaseRunner
from inference.cases.settings import CaseInput
from inference.values.geometry import Geometry
from inference.values.progress import CancelCheck
from tests.read.dicom_factory import write_series

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
        write_series(tmp_path / name, voxels, GEOMETRY)
        folders.append(tmp_path / name)
    return folders


def run_queue(window: MainWindow, cts: list[Path], out: Path, qtbot: QtBot) -> None:
    window.queue.fill(cts)
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
    assert "hold no mask that can be shown" in quick_window.message.text


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
    run_queue(quick_window, cts, tmp_path / "out", qtbot)
    assert states(quick_window) == [State.DONE] * 3


def test_a_cancelled_queue_leaves_nothing_half_and_goes_on_from_there(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    quick_window.queue.fill(cts)
    with qtbot.waitSignal(quick_window.flow.run_started, timeout=LONG):
        quick_window.queue.start(out, quick_window.settings.run)
    quick_window.queue.cancel()
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    assert State.WAITING in states(quick_window)
    assert not list(out.glob(".*"))
    quick_window.queue.start(out, quick_window.settings.run)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    assert states(quick_window) == [State.DONE] * 3
    assert len(list(out.iterdir())) == 9


def test_the_memory_in_the_report_is_that_of_the_process_that_did_the_work(
    quick_window: MainWindow, cts: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[int] = []
    quick_window.flow.run_started.connect(
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
