"""The main window: puts the parts together and decides what comes next."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QMainWindow, QWidget

from app.session import Session


class MainWindow(QMainWindow):
    """The program's only window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the window; nothing heavy is loaded yet."""
        super().__init__(parent)
        self.session = Session(self)
        self.setWindowTitle(self.tr("SpineContext Desktop"))
        self.resize(1280, 720)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open one input, or queue several."""
