"""Texts of the user's, such as names of folders: they never widen what they stand in."""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

LEAST_WIDTH = 60
"""Pixels: the first and the last letters of a name, and dots between them."""


class ElidedLabel(QLabel):
    """A label as narrow as its layout makes it: what does not fit is left out in the middle.

    The whole text is its tooltip then, and always its name for screen readers. Where it wraps
    (``setWordWrap``), each word is shortened that is longer than a line.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """A label of plain text."""
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        """The whole text, whatever of it is seen."""
        return self._whole

    def setText(self, text: str) -> None:  # noqa: N802
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def sizeHint(self) -> QSize:  # noqa: N802
        """The room that the whole text takes on one line; wrapped, that of what is seen."""
        size = super().sizeHint()
        if not self.wordWrap():
            lines = self._whole.splitlines() or [""]
            widest = max(self.fontMetrics().horizontalAdvance(line) for line in lines)
            size.setWidth(widest + self._beside())
        return size

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Little: the rest can be left out."""
        size = super().minimumSizeHint()
        size.setWidth(min(self.sizeHint().width(), LEAST_WIDTH))
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much as fits now."""
        super().resizeEvent(event)
        self._fit()

    def _beside(self) -> int:
        """Pixels of the width that are not for text."""
        margins = self.contentsMargins()
        return margins.left() + margins.right() + 2 * self.margin() + 2 * self.frameWidth()

    def _fit(self) -> None:
        width = self.width() - self._beside()
        shorten = shortened_words if self.wordWrap() else shortened_lines
        shown = shorten(self._whole, self.fontMetrics(), width)
        if shown != super().text():
            super().setText(shown)
        hint = f"<p>{html.escape(self._whole)}</p>" if shown != self._whole else ""
        if hint != self.toolTip():
            self.setToolTip(hint)


def shortened_lines(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text with every line cut in its middle that is wider than ``width`` pixels."""
    return "\n".join(_shortened(line, metrics, width) for line in text.split("\n"))


def shortened_words(text: str, metrics: QFontMetrics, width: int) -> str:
    """The same of every word; lines can be broken between words."""
    lines = (
        " ".join(_shortened(word, metrics, width) for word in line.split(" "))
        for line in text.split("\n")
    )
    return "\n".join(lines)


def _shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
