"""A run in its child process."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

import inference.pipeline
from app.work.array_pipe import PipeEnd, receive_array, send_array
from app.work.engine_process import Ready, run
from app.work.jobs import Jobs
from app.work.segmenting import SegmentJob
from inference.cases.settings import RunSettings
from inference.errors import DefectError, ModelRefusedError
from inference.model.loading import load_model
from inference.pipeline import segment
from inference.system.logs import log_file, logging_to_file
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
        qtbot.waitSignal(job.succeeded, timeout=LONG) as told,
    ):
        jobs.start(job)
    expected = segment(volume, model=load_model(str(model)), mode="full")
    (found,) = told.args
    assert np.array_equal(found.mask.voxels, expected.mask.voxels)
    assert found.mask.geometry == volume.geometry
    assert (found.model, found.windows_run) == (expected.model, expected.windows_run)
    assert found.figures == expected.figures
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


def take_no_ct(window: PipeEnd, *_: object) -> None:
    window.send(Ready())
    time.sleep(LONG)


def stop_amid_a_message(window: PipeEnd, *_: object) -> None:
    window.send(Ready())
    receive_array(window, rod().geometry.shape, np.int16)
    # Only the length of a message, as the system may cut it.
    os.write(window.fileno(), (1000).to_bytes(4, "big"))
    time.sleep(LONG)


ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a message comes whole or not at all")


@pytest.mark.parametrize("halt", [take_no_ct, pytest.param(stop_amid_a_message, marks=ON_POSIX)])
def test_cancel_ends_a_run_whose_child_stands_still(
    halt: Callable[..., None], jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.segmenting.run", halt)
    sent = threading.Event()

    def send(pipe: PipeEnd, array: NDArray[Any]) -> None:
        sent.set()
        send_array(pipe, array)

    monkeypatch.setattr("app.work.segmenting.send_array", send)
    job = SegmentJob(rod(), RunSettings())
    jobs.start(job)
    qtbot.waitUntil(sent.is_set, timeout=LONG)
    qtbot.wait(300)  # the job's thread is now in the pipe
    assert jobs.live
    with qtbot.waitSignal(job.cancelled, timeout=5_000):
        job.cancel()


def test_a_refused_model_is_told_as_the_engine_tells_it(
    jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"nonsense")
    job = SegmentJob(rod(), RunSettings(model=str(path)))
    with qtbot.waitSignal(job.failed, timeout=LONG) as told:
        jobs.start(job)
    (error,) = told.args
    assert isinstance(error, ModelRefusedError)
    assert "m.onnx is damaged" in str(error)


def run_with_a_defect(*arguments: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ITK ERROR: MUSTERMANN")

    inference.pipeline.segment = broken  # type: ignore[assignment]
    run(*arguments)


def test_a_defect_in_the_child_is_told_as_such_and_its_place_is_logged(
    jobs: Jobs, qtbot: QtBot, model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("app.work.segmenting.run", run_with_a_defect)
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    job = SegmentJob(rod(), RunSettings(model=str(model)))
    with logging_to_file(), qtbot.waitSignal(job.failed, timeout=LONG) as told:
        jobs.start(job)
    (error,) = told.args
    assert isinstance(error, DefectError)
    assert "Unexpected error (RuntimeError)" in str(error)
    file = log_file()
    assert file is not None
    for text in (error.details, file.read_text("utf-8")):
        assert "app/work/engine_process.py" in text
        assert "in broken" in text
        assert "MUSTERMANN" not in text


def crash(*arguments: object) -> None:  # noqa: ARG001
    os._exit(9)


def kill(*arguments: object) -> None:  # noqa: ARG001
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_child_that_the_system_has_ended_is_told_as_a_lack_of_memory(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.segmenting.run", kill)
    job = SegmentJob(rod(), RunSettings())
    with qtbot.waitSignal(job.failed, timeout=LONG) as told:
        jobs.start(job)
    (error,) = told.args
    assert "out of memory" in str(error)
    assert "ended with -9" in error.details


def test_a_crash_is_told_and_the_window_lives_on(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.segmenting.run", crash)
    job = SegmentJob(rod(), RunSettings())
    with qtbot.waitSignal(job.failed, timeout=LONG) as told:
        jobs.start(job)
    (error,) = told.args
    assert isinstance(error, DefectError)
    assert "stopped unexpectedly (exit code 9)" in str(error)
    assert "memory" not in str(error)
    assert "ended with 9" in error.details
