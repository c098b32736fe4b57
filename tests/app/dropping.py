"""Drops on the window, and their outcome."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow

LONG = 120_000
"""Milliseconds that a run may take on a busy machine; it takes one or two seconds."""


def drop(window: MainWindow, paths: Sequence[Path]) -> None:
    """Drop them; several have been sorted out when this returns."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop_data(window, data)
    if len(paths) > 1:
        wait_for_sorting(window)


def wait_for_sorting(window: MainWindow) -> None:
    """Let what was started last come to its end."""
    sorting = window.jobs.live[-1]
    while sorting in window.jobs.live:
        QTest.qWait(10)


def drop_data(window: MainWindow, data: QMimeData) -> None:
    for kind, where in ((QDragEnterEvent, QPoint(50, 50)), (QDropEvent, QPointF(50, 50))):
        event = kind(
            where,
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(window, event)


def open_and_wait(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    drop(window, [path])
    qtbot.waitUntil(lambda: window.session.case is not None, timeout=LONG)
