"""The Qt application object, set up the same for the program and for its tests."""

import os
import sys
from importlib import resources
from typing import NoReturn

import shiboken6
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.work.jobs import Jobs
from app.work.keeping import Keeping
from inference.system.logs import LOGGER

BLUE = "#1f6ea6"
"""For highlights and selections; white text on it has a contrast of 5.4 to 1."""

QUIET_OPACITY = 0.65
"""Of secondary text: a contrast of about 6 to 1 on a light or dark background."""


BORDER_SHARE = 0.45
"""Share of the text colour in the border colour; the rest is the background. This gives a contrast
of about 3 to 1, light or dark, as WCAG 2.2 asks of controls (1.4.11)."""

FUSION_OUTLINE = 140
"""Fusion draws outlines darker than a widget's background by this ``QColor.darker`` factor, in
percent."""

OUTLINED = ("QLineEdit", "QComboBox", "QAbstractSpinBox", "QSlider", "QProgressBar", "QMenu")
"""Classes whose edges Fusion draws itself and whose background is not the window's."""


WRITING_SECONDS = 3.0
"""How long the end of the program waits for the last settings to be written. A disk takes a few
milliseconds; a network drive that is gone would take them in half a minute, or never."""

SWITCH_SECONDS = 0.001 if sys.platform == "win32" else 0.0002
"""How long a thread may keep Python's lock while the window waits for it. It is waited for at each
call of Qt that lets go of the lock, and a turn of the event loop has dozens: with Python's own 5 ms
they add up to a tenth of a second. Two threads that compete for the lock need no more processor
time for it, measured down to 0.1 ms. Windows counts whole milliseconds."""


def create_application() -> QApplication:
    """The one QApplication of the process; its names decide where settings lie on disk."""
    sys.setswitchinterval(SWITCH_SECONDS)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
    application.setApplicationName("SpineContext")
    application.setApplicationDisplayName("SpineContext Desktop")
    application.setDesktopFileName("spinecontext")
    application.setWindowIcon(QIcon(str(resources.files("assets") / "icons" / "spinecontext.svg")))
    application.setStyle("Fusion")
    application.styleHints().colorSchemeChanged.connect(lambda: _raise_contrast(application))
    _raise_contrast(application)
    return application


def run_until_closed(
    application: QApplication, window: QWidget, jobs: Jobs, keeping: Keeping
) -> int:
    """Run until a window is closed, wait for its jobs and for what is remembered to be written,
    delete it, and return the exit code.

    Qt says that it is about to quit before it has handled the last events, each of which may begin
    a job. So the jobs are waited for when none can begin any more.

    The window is deleted while Qt and Python are both intact. Whatever is left when Python exits is
    deleted in arbitrary order, children before or after their parents, which sometimes crashes.

    If a job or the writing is stuck, the process ends here, for Python would wait for its thread.
    What the job has not finished lies beside its target, and the next start removes it.
    """
    code = application.exec()
    jobs.finish()
    written = keeping.finish(WRITING_SECONDS)
    if not written:
        LOGGER.warning("what is remembered could not be written in time")
    if jobs.hanging or not written:
        _end_now(code)
    shiboken6.delete(window)
    return code


def _end_now(code: int) -> NoReturn:
    """End the process without waiting for its threads."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as in a program without a terminal
            stream.flush()
    os._exit(code)


def _raise_contrast(application: QApplication) -> None:
    """Raise the contrast of secondary and selected text, and of borders.

    WCAG 2.2 asks for 4.5 to 1. Qt's own palette has 4 to 1 and 3.7 to 1, and 1.4 to 1 for borders
    in the dark theme.
    """
    palette = application.palette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor(BLUE))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("white"))
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlphaF(QUIET_OPACITY)
    palette.setColor(QPalette.ColorRole.PlaceholderText, colour)
    border = border_of(palette)
    palette.setColor(QPalette.ColorRole.Dark, border)
    application.setPalette(palette)
    palette.setColor(QPalette.ColorRole.Window, border.lighter(FUSION_OUTLINE))
    for name in OUTLINED:
        # PySide6's stub asks for bytes, its binding for a str.
        application.setPalette(palette, name)  # type: ignore[arg-type]


def border_of(palette: QPalette) -> QColor:
    """A colour between text and background. Fusion's own borders vanish on a dark background."""
    text = palette.color(QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorRole.Window)
    parts = (
        (text.red(), ground.red()),
        (text.green(), ground.green()),
        (text.blue(), ground.blue()),
    )
    return QColor(*(round(BORDER_SHARE * one + (1 - BORDER_SHARE) * other) for one, other in parts))
