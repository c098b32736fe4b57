"""A typical session in the window on a real screen: pictures of its steps, and their times.

    xvfb-run -s "-screen 0 1366x768x24" python -m tests.benchmarks.story CT --out FOLDER

``CT`` is a DICOM folder or anything else that the window opens. Figures go to standard output and
to ``story.json``. ``--language de`` runs it in German, QT_SCALE_FACTOR=1.5 in the environment at
150 %.
"""

import argparse
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.cases.inputs import demo_ct
from app.cases.session import Case
from app.corrections.tools import Tool
from app.exports.dialog import ExportDialog
from app.settings.store import SettingsStore
from app.slices.planes import Plane
from app.translation import install_translation
from app.window.main_window import MainWindow
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.app.dialogs import when_dialog_shows
from tests.benchmarks.program import application_of_program
from tests.benchmarks.slice_view import LONG_SCAN, turn_wheel
from tests.benchmarks.turns import Turns, let_events_run, wait_until

FRAMES = 200
PAINTING_MS = 3000
"""Wait after the first voxel of a run before its picture, so that there is something to see."""

DIALOG_MS = 200
"""What a dialog needs to stand as it will stay."""

SAMPLE_SECONDS = 0.05


def main() -> None:
    """Run the session once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ct", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/story"))
    parser.add_argument("--language", choices=("en", "de"), default="en")
    parser.add_argument("--to-the-result", action="store_true", help="end there, without figures")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    application = application_of_program()
    QStandardPaths.setTestModeEnabled(True)  # leaves the user's own recent folders alone
    install_translation(application, options.language)
    with TemporaryDirectory() as folder:
        store = SettingsStore(Path(folder) / "settings.toml", Path(folder) / "admin.toml")
        story = Story(application, MainWindow(store), options.out, Path(folder))
        if options.to_the_result:
            story.tell_to_the_result(options.ct)
            return
        figures = story.tell(options.ct)
    (options.out / "story.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print("| what | figure |\n| --- | --- |")
    for name, value in figures.items():
        print(f"| {name} | {value:.3g} |")


class Story:
    """Drives one window as a user would."""

    def __init__(
        self, application: QApplication, window: MainWindow, out: Path, exports: Path
    ) -> None:
        """Show the window at the size of the ward PC's screen."""
        self._app = application
        self._exports = exports
        self._window = window
        self._out = out
        self._memory = PeakMemory()
        window.resize(window.screen().size())
        window.welcome.forget_asked.emit()
        window.move(0, 0)
        window.show()
        application.processEvents()
        self._usable_s = seconds_since_start()
        window.load_engine()

    def tell(self, ct: Path) -> dict[str, float]:
        """Go through all steps in order and return their figures."""
        figures = {"start to usable window, s": self._usable_s}
        self._picture("1_empty")
        figures["folder dropped to first image, s"] = self._drop(ct)
        self._picture("2_opened")
        figures["sagittal frames a second, this CT"] = self._scroll()
        figures["cancel until the run has ended, s"] = self._cancel()
        figures |= self._run()
        self._window.look.change_overlay(outline=True, opacity=1.0)
        QTest.keyClick(self._window.views.slices[Plane.SAGITTAL], Qt.Key.Key_Return)
        self._settle()
        self._picture("5_large_outline")
        QTest.keyClick(self._window.views.slices[Plane.SAGITTAL], Qt.Key.Key_Return)
        self._window.look.change_overlay(outline=False, opacity=0.45)
        self._correct()
        turns = Turns()
        figures["export in every format, s"] = self._export(turns)
        figures["longest stall during the export, ms"] = 1000 * turns.stop().wall
        self._queue(ct)
        figures["peak memory of all processes, MiB"] = self._memory.stop() / 2**20
        figures["sagittal frames a second, 512 x 512 x 600"] = self._scroll_long_scan()
        return figures

    def tell_to_the_result(self, ct: Path) -> None:
        """Open and run, for pictures of the run and of its result."""
        self._drop(ct)
        self._run()
        self._memory.stop()

    def _run(self) -> dict[str, float]:
        """Find the spine, with pictures on the way and of the result; return the figures."""
        turns = Turns()
        start = time.perf_counter()
        self._window.run()
        wait_until(self._spine_is_seen)
        first = time.perf_counter() - start
        let_events_run(PAINTING_MS)
        self._picture("3_running")
        turns.go_on()
        wait_until(lambda: not self._window.flow.busy)
        figures = {
            "run to first spine, s": first,
            "run, s": time.perf_counter() - start,
            "longest stall during the run, ms": 1000 * turns.stop().wall,
        }
        self._settle()
        self._picture("4_result")
        return figures

    def tell_of_memory(self, ct: Path) -> dict[str, float]:
        """Open, run, correct and export; return the figures, mainly of memory."""
        figures = {"folder dropped to first image, s": self._drop(ct)}
        start = time.perf_counter()
        self._window.run()
        wait_until(lambda: not self._window.flow.busy)
        figures["run, s"] = time.perf_counter() - start
        self._settle()
        self._correct()
        figures["export in every format, s"] = self._export(Turns())
        figures["peak memory of all processes, MiB"] = self._memory.stop() / 2**20
        return figures

    def _drop(self, path: Path) -> float:
        start = time.perf_counter()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        where = self._window.rect().center()
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        facts = copy, data, left, Qt.KeyboardModifier.NoModifier
        for event in (QDragEnterEvent(where, *facts), QDropEvent(QPointF(where), *facts)):
            self._app.sendEvent(self._window, event)
        wait_until(lambda: self._window.session.case is not None)
        self._app.processEvents()
        return time.perf_counter() - start

    def _cancel(self) -> float:
        """Start a run and cancel it between its windows."""
        self._window.run()
        wait_until(self._spine_is_seen)
        start = time.perf_counter()
        self._window.cancel()
        wait_until(lambda: not self._window.flow.busy)
        return time.perf_counter() - start

    def _correct(self) -> None:
        """Paint a stroke with the mouse, take a picture, and undo the stroke."""
        toolbar = self._window.toolbar
        view = self._window.views.slices[Plane.AXIAL]
        before_ml = self._mask().volume_ml  # by slabs, as a copy would take memory
        toolbar.choose(Tool.BRUSH)
        wait_until(lambda: not self._window.jobs.live)  # the mask is being copied
        left = view.rect().center() - QPoint(60, 0)
        button = Qt.MouseButton.LeftButton
        QTest.mousePress(view.viewport(), button, pos=left)
        for step in range(12):
            QTest.mouseMove(view.viewport(), left + QPoint(4 * step, step))
        self._picture("6_brush")
        QTest.mouseRelease(view.viewport(), button, pos=left + QPoint(44, 11))
        if self._mask().volume_ml == before_ml:
            raise RuntimeError("the brush painted nothing")
        toolbar.undo_asked.emit(1)
        toolbar.choose(Tool.LOOK)
        if self._mask().volume_ml != before_ml:
            raise RuntimeError("undo did not bring the mask back")

    def _mask(self) -> Mask:
        case = self._window.session.case
        if case is None or case.mask is None:
            raise RuntimeError("there is no spine")
        return case.mask

    def _export(self, turns: Turns) -> float:
        """Tick every format available for this CT, and export."""
        took: list[float] = []
        ticked: list[int] = []

        def use_dialog(dialog: QDialog) -> None:
            assert isinstance(dialog, ExportDialog)
            let_events_run(DIALOG_MS)
            dialog._folder.setText(str(self._exports / "case"))
            for box in dialog._boxes.values():
                box.setChecked(box.isEnabled())
            ticked.append(len(dialog.request.formats))
            start = time.perf_counter()
            dialog._export.click()
            wait_until(lambda: dialog._job is None)
            took.append(time.perf_counter() - start)
            self._picture("7_exported")
            turns.go_on()
            dialog.reject()

        when_dialog_shows(ExportDialog, use_dialog)
        self._window.export()
        written = len(list((self._exports / "case").iterdir()))
        if written != ticked[0]:
            raise RuntimeError(f"{written} files were written")
        return took[0]

    def _queue(self, ct: Path) -> None:
        """Drop two cases, run the queue, and open the first again."""
        window = self._window
        window.opener.open_paths([ct, demo_ct()])
        wait_until(lambda: bool(window.queue.cases))
        formats = window.queue_panel.formats.chosen
        window.queue.start(self._exports / "queue", replace(window.settings.run, formats=formats))
        wait_until(lambda: not window.queue.active)
        window.queue_panel.look_asked.emit(window.queue.cases[0])
        first = window.session.case
        wait_until(lambda: window.session.case is not first and not window.flow.busy)
        wait_until(lambda: window.session.case is not None and window.session.case.mask is not None)
        self._settle()
        self._picture("8_queue")
        window.queue.clear()

    def _spine_is_seen(self) -> bool:
        """Whether the run has shown anything, judging by every eighth voxel."""
        job = self._window.flow.running
        return job is None or bool(job.spine_so_far[::2, ::2, ::2].any())

    def _scroll(self) -> float:
        """Frames per second while scrolling in the sagittal view, with each frame painted."""
        view = self._window.views.slices[Plane.SAGITTAL].viewport()
        before = self._window.look.cursor
        start = time.perf_counter()
        for frame in range(FRAMES):
            turn_wheel(view, 1 if frame < FRAMES / 2 else -1)
            view.repaint()
        seconds = time.perf_counter() - start
        self._window.look.move_cursor(before)
        return FRAMES / seconds

    def _scroll_long_scan(self) -> float:
        rng = np.random.default_rng(0)
        voxels = rng.integers(-1000, 1500, LONG_SCAN.shape, dtype=np.int16)
        self._window.session.open(Case(Volume(voxels, LONG_SCAN, "long")))
        self._window.views.show_mask((voxels > 1000).view(np.uint8))
        return self._scroll()

    def _settle(self) -> None:
        """Wait for the surface and the figures."""
        tools = self._window._tools
        wait_until(lambda: tools is not None and not tools.surface.is_empty)
        let_events_run(500)

    def _picture(self, name: str) -> None:
        self._app.processEvents()
        self._window.screen().grabWindow(0).save(str(self._out / f"{name}.png"))


class PeakMemory:
    """Samples the peak memory of this process and its children together."""

    def __init__(self) -> None:
        """Start sampling."""
        self._peak = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Stop sampling and return the peak in bytes."""
        self._end.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(resident_bytes(pid) for pid in process_tree()))


def process_tree() -> list[int]:
    """Ids of this process and its children (proc(5))."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task").glob("*/children")
    pids = [own]
    for file in children:
        try:
            pids += [int(pid) for pid in file.read_text().split()]
        except OSError:
            continue  # that thread has ended
    return pids


def resident_bytes(pid: int) -> int:
    """Physical memory of a process; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def seconds_since_start() -> float:
    """Age of this process (field 22 of stat in proc(5))."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


if __name__ == "__main__":
    main()
