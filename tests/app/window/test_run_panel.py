"""The progress of a run."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.window import run_panel
from app.window.run_panel import RunPanel, RunProgress
from app.work.jobs import Jobs
from app.work.segmenting import SegmentJob
from inference.cases.settings import RunSettings
from inference.values.geometry import Geometry
from inference.values.progress import Progress
from inference.values.volume import Volume


def test_a_run_never_goes_back_and_at_a_steady_pace_the_time_left_is_right() -> None:
    run = RunProgress(now=100.0)
    assert run.seconds_left(100.0) is None
    run.step(Progress("resample", 1, 1), 105.0)
    run.step(Progress("find", 1, 1), 115.0)
    for done in range(1, 11):
        run.step(Progress("predict", done, 10), 115.0 + 8 * done)
    fraction = run.fraction
    assert fraction == pytest.approx(0.95)
    run.step(Progress("find", 0, 1), 195.0)
    assert run.fraction == fraction
    assert run.seconds_left(195.0) == pytest.approx(5.0, abs=0.5)


def test_the_time_left_moves_during_a_long_step(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = [0.0]
    monkeypatch.setattr(run_panel.time, "monotonic", lambda: clock[0])
    panel = RunPanel()
    qtbot.addWidget(panel)
    volume = Volume(np.zeros((2, 2, 2), np.int16), Geometry((2, 2, 2), (1.0, 1.0, 1.0)), "CT")
    job = SegmentJob(volume, RunSettings(model=str(tmp_path / "none")))
    panel.follow(job, None)
    clock[0] = 10.0
    job.progressed.emit(Progress("predict", 5, 16))
    said = [panel._stage.text()]
    for clock[0] in (12.0, 20.0, 100.0):
        panel._clock.timeout.emit()
        said.append(panel._stage.text())
    assert said == [
        "Outlining the spine, 15 s left",
        "Outlining the spine, 13 s left",
        "Outlining the spine, 5 s left",
        "Outlining the spine",
    ]
    assert panel._clock.isActive()
    panel._finish()
    assert not panel._clock.isActive()


def test_a_run_that_begins_before_the_last_one_says_it_is_over_stays_shown(
    jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = RunPanel()
    qtbot.addWidget(panel)
    volume = Volume(np.zeros((2, 2, 2), np.int16), Geometry((2, 2, 2), (1.0, 1.0, 1.0)), "CT")
    first, second = (SegmentJob(volume, RunSettings(model=str(tmp_path / "none"))) for _ in "ab")
    first.cancelled.connect(lambda: panel.follow(second, None))
    panel.follow(first, None)
    with qtbot.waitSignal(first.finished):
        first.cancel()
        jobs.start(first)
    assert panel._run.isHidden()
    assert not panel._cancel.isHidden()
    with qtbot.waitSignal(second.finished):
        second.cancel()
        jobs.start(second)
    assert not panel._run.isHidden()
