"""The window's size when it opens: as it was left, but never larger than the screen."""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget

from app.work.keeping import Keeping
from inference.system.small_files import changing, write_whole

AT_FIRST = QSize(1280, 800)
"""Pixels, if the screen has them."""

LEAST = QSize(720, 360)
"""Pixels: room for every state of the window in every language, on any ward PC's screen. Without
it, the least size would change with what the window shows; X11 desktops at a fractional scale
make a window a pixel smaller with each such change, which moves the images.
"""

FRAME = QMargins(8, 36, 8, 8)
"""Space for the desktop's frame and title bar, whose size is not known in advance. Windows has 31
and 8 pixels, Linux desktops at most as many."""


@dataclass(frozen=True)
class WindowSize:
    """What is remembered about a window.

    Attributes:
        size: pixels inside the frame, while it is not maximised.
    """

    size: QSize
    maximised: bool = False


def placed(size: QSize, available: QRect) -> QRect:
    """A window of this size, or as large as the screen allows, centred on the screen.

    Args:
        available: the part of the screen without the task bar.
    """
    inside = available.marginsRemoved(FRAME)
    place = QRect(inside.topLeft(), size.boundedTo(inside.size()))
    place.moveCenter(inside.center())
    return place


def place_window(window: QWidget, file: Path, keeping: Keeping) -> None:
    """Give a window, before it is shown, its earlier size as far as the screen allows."""
    window.setMinimumSize(LEAST)
    kept = keeping.answer(partial(_read, file), None) or WindowSize(AT_FIRST)
    window.setGeometry(placed(kept.size, window.screen().availableGeometry()))
    if kept.maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def keep_window_size(window: QWidget, file: Path, keeping: Keeping) -> None:
    """Let the size of a window be remembered for the next start."""
    large = window.isMaximized() or window.isFullScreen()
    size = window.normalGeometry().size() if large else window.size()
    keeping.do(partial(_write, file, WindowSize(size, window.isMaximized())))


def _write(file: Path, kept: WindowSize) -> None:
    size = [kept.size.width(), kept.size.height()]
    # Failing to keep it is no reason to stop.
    with suppress(OSError), changing(file):
        write_whole(file, json.dumps({"size": size, "maximised": kept.maximised}))


def _read(file: Path) -> WindowSize | None:
    """The remembered size; None if there is none or it makes no sense."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        width, height = found["size"]
        size = QSize(int(width), int(height))
        return WindowSize(size, bool(found["maximised"])) if size.isValid() else None
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return None
