"""The window on a real desktop: with a window manager, real mouse and key events, and real drops.

    python -m tests.benchmarks.desktop --out FOLDER [--screen 1366x768@1.5] [--language de] [--dark]

By default, it tries all screens in both languages, light and dark. For each, it creates a screen
(Xvfb) with a window manager (openbox), and ``xdotool`` plays a whole session on the phantom:
dropping a folder, choosing a series, the run, the result, 3D, measuring, correcting, vertebrae,
dropping another mask to compare, exporting, the queue, and the question before quitting. It takes
a picture of the screen at every step, for somebody to look at. ``--quick`` replaces the model by a
threshold.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QMessageBox,
    QTreeWidget,
    QWidget,
)
from shiboken6 import isValid

from app.application import create_application
from app.cases.inputs import demo_ct
from app.corrections.tools import Tool
from app.exports.dialog import ExportDialog
from app.settings.store import SettingsStore
from app.slices.planes import Plane
from app.surface.surface_view import SurfaceView
from app.translation import install_translation
from app.window.main_window import MainWindow
from app.window.series_dialog import SeriesDialog
from app.work.mask_product import REST_MS
from inference.read import open_ct
from inference.values.geometry import Geometry
from tests.read.dicom_factory import SeriesSettings, write_series
from tests.tiny_models import write_threshold_model

SCREENS = ("1024x768@1", "1366x768@1", "1366x768@1.5", "2560x1440@2")
"""Size in pixels, and the scale factor."""

PHANTOM_SPINE = Path(str(resources.files("assets"))) / "phantom" / "phantom_spine.nii.gz"
LONG_NAME = "CT_Abdomen_venoes_1.5mm_B30f_0004"
PATIENT_SECONDS = 600.0
SETTLE_SECONDS = 0.6
"""Wait before a picture: by then the effects of an action have been drawn."""

SOURCE_ABOVE = 30
"""Pixels between the bottom of the screen and the window that files are dragged from."""

Found = TypeVar("Found")
Place = tuple[float, float]
"""A point on the screen, in its pixels."""


@dataclass(frozen=True)
class Look:
    """What varies between sessions."""

    screen: str
    language: str
    dark: bool

    @property
    def name(self) -> str:
        """Name of the folder of its pictures."""
        return (
            f"{self.screen.replace('@', '_at_')}_{self.language}_{'dark' if self.dark else 'light'}"
        )

    @property
    def arguments(self) -> list[str]:
        """The arguments that select only this look."""
        dark = ["--dark"] if self.dark else []
        return ["--screen", self.screen, "--language", self.language, *dark]


class GuiThread(QObject):
    """Lets another thread query the window, whatever dialog is open."""

    _asked = Signal(object)

    def __init__(self) -> None:
        """Answer on the thread that creates it."""
        super().__init__()
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def ask(self, question: Callable[[], Found]) -> Found:
        """The result of ``question``, called on the GUI thread."""
        answer: Future[Found] = Future()
        self._asked.emit((question, answer))
        return answer.result(PATIENT_SECONDS)

    def _answer(self, asked: tuple[Callable[[], object], "Future[object]"]) -> None:
        question, answer = asked
        try:
            answer.set_result(question())
        except Exception as error:  # passed on to the asking thread
            answer.set_exception(error)


class Hands:
    """The mouse, the keyboard and pictures of the screen."""

    def __init__(self, gui: GuiThread, out: Path) -> None:
        """Put pictures into ``out``."""
        self._gui = gui
        self._out = out
        self._taken = 0

    def place(self, widget: QWidget, at: QPoint | None = None) -> Place:
        """Where a point of a widget (by default its middle) is on the screen."""

        def find() -> Place:
            point = widget.mapToGlobal(at if at is not None else widget.rect().center())
            scale = widget.devicePixelRatio()
            return point.x() * scale, point.y() * scale

        return self._gui.ask(find)

    def click(self, place: Place, button: int = 1) -> None:
        """Press and release a mouse button."""
        self._do("mousemove", *place, "click", button)

    def press(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a point of a widget, or in its middle."""
        self.click(self.place(widget, at))

    def drag(self, places: list[Place]) -> None:
        """Hold the left button down from the first to the last place."""
        first, *others = places
        self._do("mousemove", *first, "mousedown", 1)
        time.sleep(0.3)
        for x, y in others:
            self._do("mousemove", x, y)
            time.sleep(0.15)
        self._do("mouseup", 1)

    def key(self, *keys: str) -> None:
        """Type keys by their X names, once a window takes them."""
        self._wait_for(_takes_keys)
        self._do("key", "--clearmodifiers", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", 5, text)

    def carry(self, paths: list[Path], to: Place, hovering: str | None = None) -> None:
        """Drag files from another program and drop them, with a picture in between if asked for."""
        bottom = self._gui.ask(lambda: QApplication.primaryScreen().geometry().bottom())
        y = bottom - SOURCE_ABOVE
        source = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.drag_source", "0", str(y), *map(str, paths)]
        )
        scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
        start = (8 * scale, (y + 8) * scale)
        time.sleep(2.0)
        while not _is_seen(source.pid):
            time.sleep(0.3)
        time.sleep(0.5)
        self._do("mousemove", *start, "mousedown", 1)
        time.sleep(1.0)
        for share in (0.1, 0.3, 0.6, 0.9, 1.0, 1.0):
            here = [a + share * (b - a) for a, b in zip(start, to, strict=True)]
            self._do("mousemove", *here)
            time.sleep(0.4)
        if hovering:
            self.picture(hovering)
        self._do("mouseup", 1)

    def picture(self, name: str) -> None:
        """Take a picture of the whole screen, once all windows on it have been drawn."""
        self._wait_for(_all_are_exposed)
        time.sleep(SETTLE_SECONDS)
        self._taken += 1
        file = self._out / f"{self._taken:02d}_{name}.png"
        self._gui.ask(lambda: QApplication.primaryScreen().grabWindow(0).save(str(file)))

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENT_SECONDS
        while not self._gui.ask(ready) and time.monotonic() < end:
            time.sleep(0.1)

    def _do(self, *words: str | float) -> None:
        rounded = [word if isinstance(word, str) else str(round(word)) for word in words]
        subprocess.run(["xdotool", *rounded], check=True)


def _all_are_exposed() -> bool:
    """Whether the desktop has let every window of the program draw itself.

    The handle of a dialog that has just been closed may be that of a deleted window.
    """
    windows = [window for window in QGuiApplication.topLevelWindows() if isValid(window)]
    return all(window.isExposed() for window in windows if window.isVisible())


def _takes_keys() -> bool:
    """Whether a window of the program has the desktop's focus: none has while a dialog closes."""
    return QApplication.activeWindow() is not None


def _is_seen(pid: int) -> bool:
    """Whether a program has a visible window."""
    words = ["xdotool", "search", "--onlyvisible", "--pid", str(pid)]
    return bool(subprocess.run(words, capture_output=True, check=False).stdout.strip())


class DesktopStory:
    """The session, which runs on a separate thread from the window."""

    def __init__(self, gui: GuiThread, hands: Hands, window: MainWindow, folder: Path) -> None:
        """Write all files below ``folder``."""
        self._gui = gui
        self._hands = hands
        self._window = window
        self._folder = folder

    def tell(self) -> None:
        """Go through all steps in order."""
        self._look_around()
        self._open()
        self._find()
        self._turn()
        self._measure()
        self._correct()
        self._name_vertebrae()
        self._compare()
        self._export()
        self._queue()
        self._leave()

    def _look_around(self) -> None:
        hands = self._hands
        hands.picture("empty")
        hands.key("F1")
        self._until(lambda: self._dialog(QDialog) is not None)
        hands.picture("guide")
        hands.key("Escape")
        self._until(lambda: self._dialog(QDialog) is None)
        hands.key("ctrl+comma")
        self._until(lambda: self._dialog(QDialog) is not None)
        hands.picture("settings")
        hands.key("Escape")
        self._until(lambda: self._dialog(QDialog) is None)

    def _open(self) -> None:
        """Drop a folder with two series, and choose the first."""
        hands, window = self._hands, self._window
        study = self._folder / LONG_NAME
        write_study(study)
        hands.carry([study], hands.place(window.central), "folder_over_the_window")
        self._until(lambda: self._dialog(SeriesDialog) is not None)
        hands.picture("chooser")
        hands.key("Return")
        self._until(lambda: window.session.case is not None)
        hands.picture("opened")
        self._menus()

    def _menus(self) -> None:
        bar = self._window.menuBar()
        middles = self._gui.ask(lambda: [bar.actionGeometry(one).center() for one in bar.actions()])
        for number, middle in enumerate(middles):
            self._hands.click(self._hands.place(bar, middle))
            self._until(lambda: QApplication.activePopupWidget() is not None)
            self._hands.picture(f"menu_{number}")
            self._hands.key("Escape")
            self._until(lambda: QApplication.activePopupWidget() is None)

    def _find(self) -> None:
        hands, window = self._hands, self._window
        hands.press(window.side.run._run)
        self._until(lambda: window.flow.busy)
        time.sleep(1.0)
        hands.picture("running")
        self._until(lambda: not window.flow.busy)
        self._until(lambda: window._tools is not None and not window._tools.surface.is_empty)
        time.sleep(1.0)
        hands.picture("result")

    @property
    def _surface(self) -> SurfaceView:
        assert self._window._tools is not None
        return self._window._tools.surface

    def _turn(self) -> None:
        """Turn the spine, cut it, and move the crosshair to what is clicked."""
        hands, surface = self._hands, self._surface
        x, y = hands.place(surface._canvas)
        hands.drag([(x, y), (x + 40, y + 5), (x + 90, y + 10)])
        self._gui.ask(lambda: surface._slider.setValue(30))
        hands.click((x, y))
        hands.picture("turned_and_cut")
        self._gui.ask(lambda: surface._slider.setValue(0))
        self._gui.ask(surface.reset)

    def _measure(self) -> None:
        hands, window = self._hands, self._window
        view = window.views.slices[Plane.SAGITTAL].viewport()
        middle = self._gui.ask(lambda: view.rect().center())
        for key, places in (
            ("d", [(-40, -30), (30, -20)]),
            ("c", [(-40, 10), (20, 15), (-40, 60), (20, 50)]),
        ):
            hands.press(view, middle - QPoint(0, 60))
            hands.key(key)
            ends = [hands.place(view, middle + QPoint(*offset)) for offset in places]
            for start, end in zip(ends[::2], ends[1::2], strict=True):
                hands.drag([start, end])
        hands.picture("measured")
        hands.key("Escape")

    def _correct(self) -> None:
        """Paint a stroke with the mouse."""
        hands, window = self._hands, self._window
        hands.key("b")
        self._until(lambda: window.toolbar.tool is Tool.BRUSH)
        hands.drag(self._around_the_middle([(10 * n, 30 - 2 * n) for n in range(5)]))
        hands.picture("brush")
        hands.key("l")

    def _name_vertebrae(self) -> None:
        hands, window = self._hands, self._window
        hands.key("v")
        self._until(lambda: window._tools is not None and window._tools.vertebrae.found)
        self._until_it_rests()
        self._gui.ask(lambda: window.side.area.ensureWidgetVisible(window.vertebrae))
        hands.picture("vertebrae")
        rows = window.vertebrae._list
        hands.press(rows.viewport(), self._gui.ask(lambda: _middle_of_row(rows, 2)))
        hands.press(window.vertebrae._name_button)
        self._until(lambda: self._dialog(QDialog) is not None)
        hands.picture("naming")
        hands.key("Escape")
        self._until(lambda: self._dialog(QDialog) is None)
        button = window.vertebrae._straight_button
        self._gui.ask(lambda: window.side.area.ensureWidgetVisible(button))
        hands.press(button)
        self._until_it_rests()
        hands.picture("straightened")
        hands.press(button)

    def _compare(self) -> None:
        """Drop another mask and choose what to do with it."""
        hands, window = self._hands, self._window
        hands.carry([PHANTOM_SPINE], hands.place(window.central), "mask_over_the_window")
        self._until(lambda: self._dialog(QMessageBox) is not None)
        hands.picture("what_for")
        self._answer(0)
        self._until(lambda: window.comparison.isVisible())
        self._until_it_rests()
        self._gui.ask(lambda: window.side.area.ensureWidgetVisible(window.comparison))
        time.sleep(2.0)
        hands.picture("compared")
        self._gui.ask(window.masks.close_comparison)

    def _export(self) -> None:
        hands, window = self._hands, self._window
        hands.key("ctrl+e")
        self._until(lambda: self._dialog(ExportDialog) is not None)
        dialog = self._gui.ask(lambda: self._dialog(ExportDialog))
        assert isinstance(dialog, ExportDialog)

        def tick() -> None:
            dialog._folder.setText(str(self._folder / "exports" / LONG_NAME))
            for box in dialog._boxes.values():
                box.setChecked(box.isEnabled())

        self._gui.ask(tick)
        hands.picture("export")
        hands.press(dialog._export)
        self._until(lambda: dialog._job is not None)
        self._until(lambda: dialog._job is None)
        hands.picture("exported")
        hands.key("Escape")
        self._until(lambda: self._dialog(ExportDialog) is None)
        assert window.session.case is not None

    def _queue(self) -> None:
        """Drop several CTs, run them, and be asked before the queue stops."""
        hands, window = self._hands, self._window
        cases = [self._folder / name for name in (f"{LONG_NAME}_a", f"{LONG_NAME}_b")]
        for case in cases:
            write_study(case, thick=False)
        empty = self._folder / "empty"
        empty.mkdir()
        hands.carry([*cases, empty], hands.place(window.central))
        self._until(lambda: window.queue_panel.isVisible())
        hands.picture("queue")
        hands.press(window.queue_panel._start)
        self._until(lambda: self._dialog(QDialog) is not None)
        hands.picture("folder_for_the_results")
        (self._folder / "results").mkdir()
        hands.write(str(self._folder / "results"))
        hands.key("Return")
        self._until(lambda: window.queue.shown_run is not None)
        hands.picture("queue_running")
        hands.key("Escape")
        if self._soon(lambda: self._dialog(QMessageBox) is not None):
            hands.picture("stop_the_queue")
            hands.key("Return")
        self._until(lambda: not window.queue.active)
        hands.picture("queue_done")

    def _leave(self) -> None:
        """Quit with a corrected case from the queue open: first stay, then leave."""
        hands, window = self._hands, self._window
        self._gui.ask(lambda: window.queue_panel.look_asked.emit(window.queue.cases[0]))
        self._until_it_rests()
        self._until(lambda: not self._surface.is_empty)
        hands.picture("queued_case")
        hands.click(self._around_the_middle([(0, -40)])[0])
        hands.key("b")
        hands.drag(self._around_the_middle([(10 * n, 30) for n in range(4)]))
        hands.key("ctrl+q")
        self._until(lambda: self._dialog(QMessageBox) is not None)
        hands.picture("leaving")
        hands.key("Return")
        self._until(lambda: self._dialog(QMessageBox) is None)
        assert self._gui.ask(window.isVisible), "Return stays"
        hands.key("ctrl+q")
        self._until(lambda: self._dialog(QMessageBox) is not None)
        self._answer(0)
        self._until(lambda: not window.isVisible())

    def _around_the_middle(self, offsets: list[tuple[int, int]]) -> list[Place]:
        """Points of the axial view, in the window's pixels from its middle."""
        view = self._window.views.slices[Plane.AXIAL].viewport()
        middle = self._gui.ask(lambda: view.rect().center())
        return [self._hands.place(view, middle + QPoint(*offset)) for offset in offsets]

    def _answer(self, number: int) -> None:
        """Click one of a question's answers."""

        def button() -> QAbstractButton:
            box = self._dialog(QMessageBox)
            assert isinstance(box, QMessageBox)
            accepting = QMessageBox.ButtonRole.AcceptRole
            return [b for b in box.buttons() if box.buttonRole(b) == accepting][number]

        self._hands.press(self._gui.ask(button))

    def _dialog(self, kind: type[QDialog]) -> QDialog | None:
        """The open dialog if it is of this kind, once it has been drawn."""
        found = QApplication.activeModalWidget()
        handle = found.windowHandle() if isinstance(found, kind) else None
        seen = handle is not None and isValid(handle) and handle.isExposed()
        return found if isinstance(found, kind) and seen else None

    def _until(self, done: Callable[[], object], seconds: float = PATIENT_SECONDS) -> None:
        if not self._soon(done, seconds):
            self._hands.picture("stuck")
            raise TimeoutError

    def _until_it_rests(self) -> None:
        """Wait until nothing is at work, and nothing waits to be made from a mask."""
        time.sleep(2 * REST_MS / 1000)
        self._until(lambda: not self._window.jobs.live)

    def _soon(self, done: Callable[[], object], seconds: float = 15) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._gui.ask(done):
                return True
            time.sleep(0.2)
        return False


def _middle_of_row(rows: QTreeWidget, row: int) -> QPoint:
    item = rows.topLevelItem(row)
    assert item is not None
    return rows.visualItemRect(item).center()


def write_study(folder: Path, *, thick: bool = True) -> None:
    """Write the phantom as a DICOM series, and as a second one with thicker slices."""
    phantom = open_ct(demo_ct())
    voxels, geometry = phantom.voxels, phantom.geometry
    named = SeriesSettings("M").but(
        PatientName="Mustermann^Erika Maria", SeriesDescription="Abdomen venoes 2.5 B30f"
    )
    write_series(folder, voxels, geometry, named)
    if thick:
        x, y, z = geometry.spacing
        coarse = np.ascontiguousarray(voxels[::2])
        width, height, _ = geometry.size
        grid = Geometry(
            (width, height, len(coarse)), (x, y, 2 * z), geometry.origin, geometry.direction
        )
        other = SeriesSettings("M", "1.2.3.9").but(
            PatientName="Mustermann^Erika Maria", SeriesDescription="Abdomen venoes 5.0 B30f"
        )
        write_series(folder, coarse, grid, other)


def tell_here(look: Look, out: Path, *, quick: bool) -> int:
    """Play the session on the screen of this process and return the exit code."""
    application = create_application()
    application.setQuitOnLastWindowClosed(False)  # the teller ends it
    if look.dark:
        # A bare desktop has no colour scheme; Qt derives the other colours from these two.
        application.setPalette(QPalette(QColor(53, 53, 53), QColor(40, 40, 40)))
        application.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    install_translation(application, look.language)
    out.mkdir(parents=True, exist_ok=True)
    failures: list[BaseException] = []
    with TemporaryDirectory() as name, patch("app.window.main_window.config_folder") as config:
        folder = Path(name)
        config.return_value = folder / "config"  # leaves what the user's own window remembers alone
        typed: dict[str, object] = {}
        if quick:
            model = write_threshold_model(folder / "threshold.onnx")
            typed = {"model": str(model), "mode": "full"}
        window = MainWindow(SettingsStore(folder / "user.toml", folder / "admin.toml", typed))
        window.show()
        window.load_engine()
        gui = GuiThread()
        story = DesktopStory(gui, Hands(gui, out), window, folder)

        def tell() -> None:
            try:
                story.tell()
            except BaseException as error:
                failures.append(error)
            gui.ask(application.exit)  # quitting would ask the window first

        teller = threading.Thread(target=tell)
        teller.start()
        application.exec()
        teller.join()
        window.session.open(None)
        window.jobs.finish()
    for failure in failures:
        raise failure
    return 0


@contextmanager
def a_screen(screen: str) -> Iterator[dict[str, str]]:
    """Create a screen with a window manager and give the environment for programs on it."""
    size, scale = screen.split("@")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    if scale != "1":
        environment["QT_SCALE_FACTOR"] = scale
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield environment
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


def main() -> int:
    """Play the session on each chosen screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/desktop"))
    parser.add_argument("--screen", action="append", metavar="WIDTHxHEIGHT@SCALE")
    parser.add_argument("--language", choices=("en", "de"))
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--quick", action="store_true", help="replace the model by a threshold")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen = options.screen or SCREENS
    languages = (options.language,) if options.language else ("en", "de")
    schemes = (True,) if options.dark else (False,) if options.screen else (False, True)
    looks = [Look(s, language, dark) for s in chosen for language in languages for dark in schemes]
    if options.here:
        return tell_here(looks[0], options.out, quick=options.quick)
    failed = 0
    for look in looks:
        with a_screen(look.screen) as environment:
            again = [sys.executable, "-m", "tests.benchmarks.desktop", "--here", *look.arguments]
            again += ["--out", str(options.out / look.name), *(["--quick"] * options.quick)]
            code = subprocess.run(again, env=environment, check=False).returncode
        print(f"{look.name}: {'failed' if code else 'told'}", flush=True)
        failed += bool(code)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
