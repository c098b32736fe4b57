"""Runs the real window in a separate process through a user's session.

    python -m tests.benchmarks.survival.actor CT OTHER_CT --out DIR [--end STEP --after SECONDS]

The default session goes through the usual steps; ``--aside`` selects one with less common actions.

Each step is announced on standard output when it begins. With ``--end``, the window is closed the
given number of seconds after that step has begun, otherwise at the end of the session. If a run or
a queued case fails, the window's message goes to standard error, after ``TOLD``, and the step is
tried again.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QMessageBox,
    QPushButton,
)

from app.application import create_application, run_until_closed
from app.cases.case_queue import State
from app.cases.session import Case
from app.corrections.tools import Tool
from app.exports import single_files
from app.settings.places import admin_file, user_file
from app.settings.store import SettingsStore
from app.signals import EndingSignals
from app.slices.planes import Plane
from app.surface.surface_view import SurfaceView
from app.window import main_window, queue_controller
from app.window.main_window import MainWindow
from app.window.message_bar import MessageBar

TICK_MS = 5
STEPS = (
    "load",
    "open",
    "run",
    "result",
    "correct",
    "export",
    "queue reads",
    "queue runs",
    "queue writes",
    "reopen",
    "quit",
)

ASIDE_STEPS = (
    "load",
    "open",
    "open a mask",
    "compare",
    "vertebrae",
    "straightened",
    "save 3D",
    "export vertebrae",
    "settings",
    "help",
    "many queued",
    "quit",
)

TOLD = "told: "

PHANTOM_CT, PHANTOM_SPINE = (
    Path(str(resources.files("assets") / "phantom" / f"phantom_{what}.nii.gz"))
    for what in ("ct", "spine")
)

MANY = 20
"""Cases that are queued at once."""

LOOK_MS = 100
"""How long a dialog stays open."""

Condition = Callable[[], bool]


class Story(QObject):
    """One window and the steps of its session."""

    def __init__(self, window: MainWindow, options: argparse.Namespace) -> None:
        """Start with the next event."""
        super().__init__(window)
        self._window = window
        self._options = options
        self._steps = self._aside() if options.aside else self._story()
        self._done: Condition = lambda: True
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._go_on)
        self._clock.start()

    def _go_on(self) -> None:
        if self._done():
            step = next(self._steps, None)
            if step is None:
                self._clock.stop()
                self._window.close()
            else:
                self._done = step

    def _begin(self, step: str) -> None:
        print(step, flush=True)
        if step == self._options.end:
            QTimer.singleShot(round(1000 * self._options.after), self._end)

    def _end(self) -> None:
        self._clock.stop()
        print("closing", flush=True)
        self._window.close()

    def _story(self) -> Iterator[Condition]:
        """Start each step and yield the condition for its end."""
        window, (ct, other) = self._window, self._options.cts
        self._begin("load")
        window.load_engine()
        yield lambda: not window.jobs.live
        self._begin("open")
        window.opener.open_paths([ct])
        yield lambda: window.session.case is not None
        self._begin("run")
        while self._case.mask is None:
            window.run()
            yield lambda: not window.flow.busy
            if self._case.mask is None:
                _tell_failure(window.message.text, _offers_details(window.message))
        self._begin("result")
        yield lambda: not window.jobs.live
        self._begin("correct")
        self._correct()
        yield lambda: not window.jobs.live
        self._begin("export")
        QTimer.singleShot(0, self._export)  # returns when its dialog is closed
        yield lambda: self._press("Export")
        yield lambda: self._press("Close")
        for step, state in (
            ("queue reads", State.READING),
            ("queue runs", State.RUNNING),
            ("queue writes", State.WRITING),
        ):
            if state is State.READING:
                window.opener.open_paths([ct, other])
                yield lambda: len(window.queue.cases) == 2
                window.queue_panel.start_asked.emit()
            yield partial(self._is_any, state)
            self._begin(step)
        yield lambda: not window.queue.busy
        while failed := [case for case in window.queue.cases if case.state is State.FAILED]:
            for case in failed:
                _tell_failure(case.note, bool(case.details))
            window.queue.add([case.path for case in failed])
            window.queue_panel.start_asked.emit()
            # The queue looks for existing results before it begins.
            yield self._queue_is_through
        self._begin("reopen")
        window.queue_panel.look_asked.emit(window.queue.cases[0])
        yield lambda: not window.jobs.live and not window.queue.busy
        self._begin("quit")
        yield lambda: True

    @property
    def _case(self) -> Case:
        assert self._window.session.case is not None
        return self._window.session.case

    def _is_any(self, state: State) -> bool:
        return any(case.state is state for case in self._window.queue.cases)

    def _queue_is_through(self) -> bool:
        queue = self._window.queue
        return not queue.busy and all(case.state is not State.WAITING for case in queue.cases)

    def _aside(self) -> Iterator[Condition]:
        """The same for the session with less common actions; the phantom has vertebrae."""
        window = self._window
        self._begin("load")
        window.load_engine()
        yield lambda: not window.jobs.live
        self._begin("open")
        window.opener.open_paths([PHANTOM_CT])
        yield lambda: window.session.case is not None
        for step, is_done in (
            ("open a mask", lambda: self._case.mask is not None),
            ("compare", lambda: self._case.compared is not None),
        ):
            self._begin(step)
            QTimer.singleShot(0, lambda: window.masks.take(PHANTOM_SPINE))
            yield is_done
        self._begin("vertebrae")
        window.vertebrae.find_asked.emit()
        yield lambda: self._case.vertebrae is not None
        self._begin("straightened")
        window.vertebrae.straight_chosen.emit(True)
        yield lambda: not window.jobs.live
        self._begin("save 3D")
        picture = self._options.out / "3d.png"
        patch.object(single_files, "chosen_file", lambda *_: picture).start()
        window.vertebrae.straight_chosen.emit(False)
        surface = window.findChild(SurfaceView)
        assert surface is not None
        surface.save_asked.emit()
        yield lambda: picture.exists() and not window.jobs.live
        self._begin("export vertebrae")
        QTimer.singleShot(0, self._export)
        yield lambda: self._tick("STL of each vertebra")
        yield lambda: self._press("Export")
        yield lambda: self._press("Close")
        for step, show in (("settings", window.settings.change), ("help", window.show_help)):
            self._begin(step)
            QTimer.singleShot(0, show)
            yield lambda: QApplication.activeModalWidget() is not None
            seen = QDeadlineTimer(LOOK_MS)
            yield seen.hasExpired
            if dialog := QApplication.activeModalWidget():
                dialog.close()
            yield lambda: QApplication.activeModalWidget() is None
        self._begin("many queued")
        folder = self._options.out.parent / "many"
        folder.mkdir()
        for number in range(MANY):
            shutil.copy(self._options.cts[0], folder / f"{number}.nii.gz")
        window.opener.open_paths(sorted(folder.iterdir()))
        yield partial(self._is_any, State.WAITING)
        window.queue_panel.start_asked.emit()
        yield partial(self._is_any, State.RUNNING)
        self._begin("quit")
        yield lambda: True

    def _export(self) -> None:
        """Export, unless the window is being closed, because a question is open then."""
        if self._clock.isActive():
            self._window.export()

    def _correct(self) -> None:
        """Erase at the crosshair; enough of the spine remains for an export."""
        self._window.toolbar.choose(Tool.ERASER)
        self._window.views.slices[Plane.AXIAL].setFocus()
        self._window.toolbar.apply_asked.emit()
        self._window.toolbar.choose(Tool.LOOK)

    def _tick(self, text: str) -> bool:
        """Tick an enabled box; return whether there was one."""
        for box in self._window.findChildren(QCheckBox):
            if text in box.text().replace("&", "") and box.isVisible() and box.isEnabled():
                box.setChecked(True)
                return True
        return False

    def _press(self, text: str) -> bool:
        """Press an enabled button; return whether there was one."""
        for button in self._window.findChildren(QPushButton):
            if button.text().replace("&", "") == text and button.isVisible() and button.isEnabled():
                button.click()
                return True
        return False


def _tell_failure(text: str, offers_details: bool) -> None:
    offered = "with details" if offers_details else "without details"
    print(f"{TOLD}{offered}: {text}", file=sys.stderr, flush=True)


def _offers_details(message: MessageBar) -> bool:
    buttons = message.findChildren(QPushButton)
    return any(one.text() == "Copy details" and one.isVisible() for one in buttons)


def main() -> int:
    """Run the session and return the exit code of the application."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cts", type=Path, nargs=2)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--aside", action="store_true", help="take less common actions")
    parser.add_argument("--end", choices=sorted({*STEPS, *ASIDE_STEPS}))
    parser.add_argument("--after", type=float, default=0.0)
    options = parser.parse_args()
    application = create_application()
    endings = EndingSignals(application)
    patch.object(queue_controller, "chosen_folder", lambda *_: options.out).start()
    settings_file = user_file()
    if sys.platform == "win32":  # on systems where no variable sets their place
        config = Path(os.environ["HOME"]) / ".config"
        main_window.config_folder = lambda: config
        settings_file = config / "settings.toml"
    typed = {"model": options.model, "mode": "full", "export_folder": str(options.out)}
    window = MainWindow(SettingsStore(settings_file, admin_file(), typed))
    window.show()
    Consent(window)
    Story(window, options)
    code = run_until_closed(application, window, window.jobs, window.keeping)
    endings.ignore()
    return code


class Consent(QObject):
    """A user who answers yes to every question as soon as it appears."""

    def __init__(self, parent: QObject) -> None:
        """Start watching for questions."""
        super().__init__(parent)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._say_yes)
        self._clock.start()

    def _say_yes(self) -> None:
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                yes = (b for b in box.buttons() if self._is_yes(box, b))
                next(yes).click()

    def _is_yes(self, box: QMessageBox, button: QAbstractButton) -> bool:
        """Whether a button means yes; one with an ellipsis would open another dialog."""
        accepts = box.buttonRole(button) == QMessageBox.ButtonRole.AcceptRole
        return accepts and not button.text().endswith("…")


if __name__ == "__main__":
    sys.exit(main())
