"""A small window that files can be dragged from, as from a file manager.

    python -m tests.benchmarks.drag_source X Y PATH...

It is at X, Y on the screen, on top of all other windows, and exits soon after a drop.
"""

import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

SIDE = 24
"""Pixels; small enough to hide nothing of the window below."""

AFTERWARDS_MS = 20_000
"""How long the dropped data remain available, because the other program may be slow."""


class DragSource(QWidget):
    """Starts a drag of ``paths`` as soon as it is pressed."""

    def __init__(self, paths: list[str]) -> None:
        """Create a window without a frame."""
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.BypassWindowManagerHint,
        )
        self._paths = paths
        self.setFixedSize(SIDE, SIDE)
        self.setStyleSheet("background: #c8a020;")

    def mousePressEvent(self, _: QMouseEvent) -> None:  # noqa: N802
        """Drag the files, then exit."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        icon = QPixmap(SIDE, SIDE)
        icon.fill(QColor("#c8a020"))
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(icon)
        self.hide()
        drag.exec(Qt.DropAction.CopyAction)
        QTimer.singleShot(AFTERWARDS_MS, QApplication.quit)


def main() -> None:
    """Show the window until something has been dropped."""
    application = QApplication([])
    x, y, *paths = sys.argv[1:]
    source = DragSource(paths)
    source.move(int(x), int(y))
    source.show()
    application.exec()


if __name__ == "__main__":
    main()
