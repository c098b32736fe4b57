"""A menu of what was opened last."""

import html
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.widgets.elided_label import shortened_lines
from inference.values.messages import visible

NAME_WIDTH = 320
"""Pixels of a name; a longer one is shortened in the middle."""


class RecentMenu(QMenu):
    """Lists the paths anew each time it is opened."""

    recent_asked = Signal(Path)
    forget_asked = Signal()

    def __init__(self, paths: Callable[[], Sequence[Path]], parent: QWidget | None = None) -> None:
        """Offer what ``paths`` returns."""
        super().__init__(parent)
        self._paths = paths
        self.setTitle(self.tr("Open &recent"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for path in self._paths():
            name = shortened_lines(visible(path.name), self.fontMetrics(), NAME_WIDTH)
            ask = partial(self.recent_asked.emit, path)
            action = self.addAction(name.replace("&", "&&"), ask)
            action.setToolTip(f"<p>{html.escape(visible(str(path)))}</p>")
        self.addSeparator()
        self.addAction(self.tr("&Clear list"), self.forget_asked.emit)
