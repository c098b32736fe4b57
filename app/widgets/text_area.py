"""A text that may be longer than there is room for."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.widgets.elided_label import ElidedLabel

LEAST_LINES = 2
"""Lines that are always visible; scroll for the others."""

SPARE = 2
"""Pixels beyond the text, so that no rounding makes it scroll."""

NONE = Qt.TextInteractionFlag.NoTextInteraction
SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class TextArea(QScrollArea):
    """Shows a text at its full height if there is room, and scrolls it otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty text, which can be selected and copied."""
        super().__init__(parent)
        self.label = ElidedLabel()
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setWidget(self.label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.label.setAutoFillBackground(False)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """The whole text."""
        return self.label.text()

    def setText(self, text: str) -> None:  # noqa: N802
        """Show another text."""
        self.label.setText(text)
        # Without a text, Tab should skip it.
        self.label.setTextInteractionFlags(SELECTABLE if text else NONE)
        self._scroll_if_needed()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Scroll only what does not fit."""
        self._scroll_if_needed()
        super().resizeEvent(event)

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """That of the text."""
        return self.label.heightForWidth(width) + SPARE

    def sizeHint(self) -> QSize:  # noqa: N802
        """That of the text."""
        return QSize(self.label.sizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The height of a few lines."""
        lines = min(LEAST_LINES, self.label.text().count("\n") + 1)
        height = lines * self.fontMetrics().lineSpacing() + SPARE
        return QSize(self.label.minimumSizeHint().width(), height)

    def _scroll_if_needed(self) -> None:
        """Qt alone would keep a scroll bar that is only needed because it takes some width."""
        fits = self.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
