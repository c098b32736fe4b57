"""Figures that the engine has measured are shown as they are; those of other masks are measured."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.window.main_window import MainWindow
from inference.mask import figures as module
from inference.mask.figures import measure
from inference.values.mask import Mask
from inference.values.progress import CancelCheck
from inference.values.volume import Volume
from tests.app.dropping import LONG, open_and_wait
from tests.app.results import A_CT, a_result


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Mask]:
    """The masks that the window's own process measures."""
    masks: list[Mask] = []

    def noted(mask: Mask, volume: Volume, cancel: CancelCheck) -> module.MaskFigures:
        masks.append(mask)
        return measure(mask, volume, cancel)

    monkeypatch.setattr(module, "measure", noted)
    return masks


def test_what_a_run_found_is_not_measured_again(
    quick_window: MainWindow, ct_folder: Path, qtbot: QtBot, measured: list[Mask]
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    with qtbot.waitSignal(quick_window.flow.run_done, timeout=LONG):
        quick_window.run()
    case = quick_window.session.case
    assert case is not None
    assert case.mask is not None
    assert quick_window.figures.known == measure(case.mask, case.volume)
    qtbot.waitUntil(lambda: not quick_window.jobs.live, timeout=LONG)
    assert not measured


def test_what_a_queue_found_is_not_measured_again(
    quick_window: MainWindow, ct_folder: Path, tmp_path: Path, qtbot: QtBot, measured: list[Mask]
) -> None:
    quick_window.queue.add([ct_folder])
    quick_window.queue.start(tmp_path / "out", quick_window.settings.run)
    qtbot.waitUntil(lambda: not quick_window.queue.active, timeout=LONG)
    assert quick_window.figures.known is not None
    qtbot.waitUntil(lambda: not quick_window.jobs.live, timeout=LONG)
    assert not measured


def test_a_corrected_mask_is_measured_and_an_undone_correction_is_not(
    quick_window: MainWindow, tmp_path: Path, qtbot: QtBot, measured: list[Mask]
) -> None:
    found = a_result(tmp_path / "threshold.onnx")
    quick_window.session.open(Case(A_CT))
    quick_window.session.set_result(found)
    assert quick_window.figures.known is found.figures
    corrected = Mask(np.ones_like(found.mask.voxels), found.mask.geometry, corrected=True)
    quick_window.session.set_mask(corrected)
    assert quick_window.figures.known is None, "they would be those of another mask"
    qtbot.waitUntil(lambda: quick_window.figures.known is not None, timeout=LONG)
    assert measured == [corrected]
    quick_window.session.set_mask(found.mask)
    assert quick_window.figures.known is found.figures
    assert measured == [corrected]
