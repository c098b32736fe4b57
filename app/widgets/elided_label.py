"""Labels for the user's own texts, such as folder names, that never widen their panel."""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

LEAST_WIDTH = 60
"""Pixels: the first and last letters of a name, with dots between them."""


class ElidedLabel(QLabel):
    """A label as narrow as its layout makes it; what does not fit is left out in the middle.

    The whole text is then its tooltip, and always its name for screen readers. If it wraps
    (``setWordWrap``), words longer than a line are shortened.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """A label of plain text."""
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        """The whole text, however much of it is visible."""
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
        """The size of the whole text on one line; if it wraps, of the visible text."""
        size = super().sizeHint()
        if not self.wordWrap():
            lines = self._whole.splitlines() or [""]
            widest = max(self.fontMetrics().horizontalAdvance(line) for line in lines)
            size.setWidth(widest + self._beside())
        return size

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A small size, because the rest can be left out."""
        size = super().minimumSizeHint()
        size.setWidth(min(self.sizeHint().width(), LEAST_WIDTH))
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much as fits now."""
        super().resizeEvent(event)
        self._fit()

    def _beside(self) -> int:
        """Pixels of the width that are not available for text."""
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
    """The text with the middle cut out of every line wider than ``width`` pixels."""
    return "\n".join(_shortened(line, metrics, width) for line in text.split("\n"))


def shortened_words(text: str, metrics: QFontMetrics, width: int) -> str:
    """The same for every word; lines can break between words."""
    lines = (
        " ".join(_shortened(word, metrics, width) for word in line.split(" "))
        for line in text.split("\n")
    )
    return "\n".join(lines)


def _shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
