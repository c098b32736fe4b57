"""A run in its child process."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.work.engine_process import RunSettings
from app.work.jobs import Jobs
from app.work.segmenting import SegmentJob
from inference.errors import ModelRefusedError, SpineContextError
from inference.model.loading import load_model
from inference.pipeline import segment
from inference.values.geometry import Geometry
from inference.values.volume import Volume
from tests.tiny_models import write_threshold_model

LONG = 120_000
"""Milliseconds that a child process may take on a busy machine; alone it takes one second."""

RAS = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_threshold_model(tmp_path_factory.mktemp("model") / "m.onnx")


def rod() -> Volume:
    geometry = Geometry((60, 60, 60), (1.0, 1.0, 1.0), direction=RAS)
    voxels = np.zeros(geometry.shape, np.int16)
    voxels[10:50, 10:35, 20:45] = 400
    return Volume(voxels, geometry, "rod")


def test_a_run_finds_what_the_engine_finds_and_shows_it_growing(
    jobs: Jobs, qtbot: QtBot, model: Path
) -> None:
    volume = rod()
    job = SegmentJob(volume, RunSettings(model=str(model), mode="full"))
    grown = []
    job.spine_grew.connect(lambda: grown.append(int(job.spine_so_far.sum())))
    with (
        qtbot.waitSignal(job.memory_told, timeout=LONG),
        qtbot.waitSignal(job.succeeded, timeout=LONG) as signal,
    ):
        jobs.start(job)
    expected = segment(volume, model=load_model(str(model)), mode="full")
    (found,) = signal.args
    assert np.array_equal(found.mask.voxels, expected.mask.voxels)
    assert found.mask.geometry == volume.geometry
    assert (found.model, found.windows_run) == (expected.model, expected.windows_run)
    qtbot.waitUntil(lambda: len(grown) == expected.windows_run)
    assert grown[0] > 0
    assert np.array_equal(job.spine_so_far, expected.mask.voxels)


def test_cancel_ends_a_run_within_a_second(jobs: Jobs, qtbot: QtBot, model: Path) -> None:
    job = SegmentJob(rod(), RunSettings(model=str(model)))
    jobs.start(job)
    qtbot.wait(200)
    start = time.monotonic()
    with qtbot.waitSignal(job.cancelled, timeout=5_000):
        job.cancel()
    assert time.monotonic() - start < 1.0


def test_a_refused_model_is_told_as_the_engine_tells_it(
    jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"nonsense")
    job = SegmentJob(rod(), RunSettings(model=str(path)))
    with qtbot.waitSignal(job.failed, timeout=LONG) as signal:
        jobs.start(job)
    (error,) = signal.args
    assert isinstance(error, ModelRefusedError)
    assert "m.onnx is damaged" in str(error)


def crash(*arguments: object) -> None:  # noqa: ARG001
    os._exit(9)


def test_a_crash_is_told_and_the_window_lives_on(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.segmenting.run", crash)
    job = SegmentJob(rod(), RunSettings())
    with qtbot.waitSignal(job.failed, timeout=LONG) as signal:
        jobs.start(job)
    (error,) = signal.args
    assert isinstance(error, SpineContextError)
    assert "stopped unexpectedly" in str(error)
    assert "The CT is still open" in str(error)
