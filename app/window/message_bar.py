"""A sentence for the user that does not stand in the way."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget


class Tone(enum.Enum):
    """How serious a message is: its heading, and the colours of ground and text.

    The colours keep a contrast of at least 7 to 1 (WCAG 2.2, AAA) in the dark and the light theme.
    """

    NOTE = ("#d9e8f7", "#10263c")
    WARNING = ("#fff1c9", "#3a2b00")
    ERROR = ("#fbdcd8", "#4a0d06")


@dataclass(frozen=True)
class Offer:
    """A button beside a message: what it says and what it does."""

    text: str
    act: Callable[[], None]


class MessageBar(QFrame):
    """One message at a time; the next one replaces it, Escape or its button closes it.

    Use it for what the user should know but need not answer.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """A hidden bar."""
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._offer: Offer | None = None
        self._offered = QPushButton()
        self._offered.clicked.connect(self._take_offer)
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self._text, 1)
        for button in (self._offered, close):
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty if nothing is."""
        return self._text.text()

    def show_message(self, text: str, tone: Tone, offer: Offer | None = None) -> None:
        """Show a sentence in the place of the one before, with a button if there is an offer."""
        ground, ink = tone.value
        self.setStyleSheet(f"MessageBar {{ background: {ground}; }} QLabel {{ color: {ink}; }}")
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._offer = offer
        self._offered.setVisible(offer is not None)
        self._offered.setText(offer.text if offer else "")
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self._text.clear()
        self.hide()
        self.closed.emit()

    def _take_offer(self) -> None:
        if self._offer is not None:
            self._offer.act()
