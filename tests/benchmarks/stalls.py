"""Measures the longest turn of the window's event loop in each step of a session.

    python -m tests.benchmarks.stalls CT [--mask MASK]

The window opens ``CT``. With ``--mask``, the spine is read from that file, on the CT's grid, and
no segmentation is run. Wall-clock time is what a user waits, including other programs. The
processor time of the window's own thread is the least that a turn can take; that of all threads in
the process is the most that Python's lock can make of it on a quiet machine.
"""

import argparse
import os
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.cases.inputs import demo_ct
from app.corrections.tools import Command, Tool
from app.exports.dialog import ExportDialog
from app.settings.store import SettingsStore
from app.slices.planes import Plane
from app.surface.surface_view import SurfaceView
from app.window.main_window import MainWindow
from app.work.mask_product import REST_MS
from tests.app.dialogs import when_dialog_shows
from tests.benchmarks.program import application_of_program
from tests.benchmarks.slice_view import turn_wheel
from tests.benchmarks.turns import Turns, let_events_run, wait_until

NOTCHES = 30
AFTERWARDS_MS = 600
"""Time after a step that still belongs to it, for example for the sharp picture of the spine."""

Step = tuple[str, Callable[[], object]]


class Story:
    """The steps of a session, each run to its end."""

    def __init__(self, window: MainWindow, ct: Path, mask: Path | None, folder: Path) -> None:
        """Use ``ct`` and export to ``folder``."""
        self._window = window
        self._ct = ct
        self._mask = mask
        self._folder = folder

    def steps(self) -> Iterator[Step]:
        """All steps in order."""
        window = self._window
        yield "load the engine", self._load
        yield "open", self._open
        yield "find the spine" if self._mask is None else "open a mask", self._find
        for plane in Plane:
            yield f"scroll, {plane.value}", partial(self._scroll, plane)
        yield "a stroke of the brush", self._paint
        yield "scroll, sagittal, after it", lambda: self._scroll(Plane.SAGITTAL)
        yield "grow everywhere", lambda: self._correct(Command.GROW)
        yield "undo", lambda: self._undo()
        yield "turn in 3D", self._turn
        yield "cut away in 3D", lambda: self._surface._slider.setValue(40)
        yield "choose in 3D, cut", self._choose
        yield "export in every format", self._export
        yield "find the vertebrae", self._find_vertebrae
        yield "scroll, sagittal, vertebrae", lambda: self._scroll(Plane.SAGITTAL)
        yield "choose a vertebra", self._choose_a_vertebra
        yield "straightened view", lambda: self._straighten(True)
        yield "close", window.opener.close_case
        yield "a queue of two", self._queue

    def _load(self) -> None:
        self._window.load_engine()
        self._rest()
        let_events_run(AFTERWARDS_MS)

    def _rest(self) -> None:
        """Wait until nothing is at work, and nothing waits to be made from a mask."""
        at_work = True
        while at_work:
            wait_until(lambda: not self._window.jobs.live)
            let_events_run(2 * REST_MS)
            at_work = bool(self._window.jobs.live)

    def _open(self) -> None:
        self._window.opener.open_paths([self._ct])
        wait_until(lambda: self._window.session.case is not None)
        self._rest()

    def _find(self) -> None:
        if self._mask is None:
            self._window.run()
        else:
            self._window.masks.take(self._mask)
        case = self._window.session
        wait_until(lambda: case.case is not None and case.case.mask is not None)
        self._rest()

    def _scroll(self, plane: Plane) -> None:
        view = self._window.views.slices[plane].viewport()
        for notch in range(NOTCHES):
            turn_wheel(view, 1 if notch < NOTCHES / 2 else -1)
            let_events_run(20)

    def _paint(self) -> None:
        view = self._window.views.slices[Plane.AXIAL]
        self._window.toolbar.choose(Tool.BRUSH)
        left = view.rect().center() - QPoint(40, 0)
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=left)
        for step in range(12):
            QTest.mouseMove(view.viewport(), left + QPoint(4 * step, step))
            let_events_run(10)
        end = left + QPoint(44, 11)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
        self._window.toolbar.choose(Tool.LOOK)
        self._rest()

    def _correct(self, command: Command) -> None:
        self._window.toolbar.command_asked.emit(command)
        self._rest()

    @property
    def _surface(self) -> SurfaceView:
        assert self._window._tools is not None
        return self._window._tools.surface

    def _undo(self) -> None:
        self._window.toolbar.undo_asked.emit(1)
        self._rest()

    def _turn(self) -> None:
        canvas = self._surface._canvas
        for _ in range(NOTCHES):
            canvas.turn_by(5.0, 1.0)
            let_events_run(20)

    def _choose(self) -> None:
        canvas = self._surface._canvas
        for step in range(5):
            at = canvas.rect().center() + QPoint(0, 20 * (step - 2))
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
            let_events_run(200)

    def _export(self) -> None:
        """Open the dialog, tick every format available for this CT, and export."""

        def use_dialog(dialog: QDialog) -> None:
            assert isinstance(dialog, ExportDialog)
            let_events_run(AFTERWARDS_MS)
            dialog._folder.setText(str(self._folder / "case"))
            for box in dialog._boxes.values():
                box.setChecked(box.isEnabled())
            dialog._export.click()
            wait_until(lambda: dialog._job is None)
            dialog.reject()

        when_dialog_shows(ExportDialog, use_dialog)
        self._window.export()

    def _find_vertebrae(self) -> None:
        self._window.vertebrae._first.click()
        self._rest()

    def _choose_a_vertebra(self) -> None:
        """Choose the third in the list; the crosshair and all views follow."""
        rows = self._window.vertebrae._list
        third = rows.topLevelItem(2)
        assert third is not None
        rows.setCurrentItem(third)
        self._rest()

    def _straighten(self, shown: bool) -> None:
        self._window.vertebrae.straight_chosen.emit(shown)
        self._rest()

    def _queue(self) -> None:
        """Let two copies of the demo case be run one after the other."""
        window = self._window
        cases = [Path(shutil.copy(demo_ct(), self._folder / f"{name}.nii.gz")) for name in "ab"]
        window.opener.open_paths(cases)
        wait_until(lambda: len(window.queue.cases) == len(cases))
        window.queue.start(self._folder, window.settings.run)
        wait_until(lambda: not window.queue.active)


def main() -> None:
    """Print a row for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ct", type=Path)
    parser.add_argument("--mask", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = application_of_program()
    print("| step | seconds | wall, ms | own thread, ms | all threads, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with TemporaryDirectory() as name, patch("app.window.main_window.config_folder") as config:
        folder = config.return_value = Path(name)  # leaves the user's own files alone
        store = SettingsStore(folder / "settings.toml", folder / "admin.toml")
        window = MainWindow(store)
        window.resize(1366, 738)
        window.show()
        application.processEvents()
        for step, act in Story(window, options.ct, options.mask, folder).steps():
            turns, begun = Turns(), time.perf_counter()
            act()
            let_events_run(AFTERWARDS_MS)
            longest, seconds = turns.stop(), time.perf_counter() - begun
            told = (1000 * one for one in (longest.wall, longest.own, longest.process))
            print(f"| {step} | {seconds:.1f} |", *(f" {one:.0f} |" for one in told), flush=True)
        window.jobs.finish()


if __name__ == "__main__":
    main()
