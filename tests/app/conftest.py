"""Qt without a screen for the tests of the window, and a separate user folder."""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from app.work.jobs import Jobs
from inference.values.geometry import Geometry
from tests.read.dicom_factory import grainy, write_series
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((40, 36, 30), (1.5, 1.5, 2.0))


def leave(window: MainWindow) -> None:
    """Let a window close without a question, and leave no thread behind."""
    window.session.open(None)
    window.jobs.finish()


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the window keeps what it remembers; empty for each test."""
    folder = tmp_path / "config"
    monkeypatch.setattr("app.window.main_window.config_folder", lambda: folder)
    return folder


def write_rod(folder: Path) -> None:
    """Write a DICOM series with a rod of bone in fat."""
    voxels = np.full(GEOMETRY.shape, -100, np.int16)
    voxels[4:26, 10:24, 12:28] = 400
    write_series(folder, grainy(voxels), GEOMETRY)


@pytest.fixture
def ct_folder(tmp_path: Path) -> Path:
    """A DICOM series with a rod of bone in fat."""
    write_rod(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:  # noqa: ARG001
    """An owner of jobs that leaves no thread behind."""
    jobs = Jobs()
    yield jobs
    jobs.finish()
    jobs.deleteLater()  # here, rather than by the garbage collector on another thread


@pytest.fixture(scope="session")
def loaded_process() -> multiprocessing.context.BaseContext | None:
    """Starts processes as copies of one that has loaded the engine, where the system can fork.

    It is started before any test changes the environment, which its copies inherit.
    """
    if sys.platform != "linux":
        return None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.work.engine_process", "inference.cases.engine"])
    forkserver.ensure_running()
    return context


@pytest.fixture
def prompt_engine(
    loaded_process: multiprocessing.context.BaseContext | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engines that start at once: loading the libraries takes longer than a run of these tests.

    The tests of ``SegmentJob``, and those that start the whole program, start them as it does.
    """
    if loaded_process is not None:
        start = SimpleNamespace(get_context=lambda _: loaded_process)
        monkeypatch.setattr("app.work.child.multiprocessing", start)


@pytest.fixture
def quick_window(tmp_path: Path, qtbot: QtBot, prompt_engine: None) -> MainWindow:  # noqa: ARG001
    """A window whose model is a threshold, so that a run takes a second."""
    model = write_threshold_model(tmp_path / "threshold.onnx")
    typed = {"model": str(model), "mode": "full"}
    window = MainWindow(SettingsStore(tmp_path / "user.toml", tmp_path / "admin.toml", typed))
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    return window
