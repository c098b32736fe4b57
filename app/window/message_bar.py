"""Shows the user a sentence without getting in the way."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.widgets.text_area import TextArea


class Tone(enum.Enum):
    """How serious a message is: its heading, and the colours of background and text.

    The colours have a contrast of at least 7 to 1 (WCAG 2.2, AAA) in both themes.
    """

    NOTE = ("#d9e8f7", "#10263c")
    WARNING = ("#fff1c9", "#3a2b00")
    ERROR = ("#fbdcd8", "#4a0d06")


class End(enum.Enum):
    """What ends the cause of a message."""

    CASE = "another CT is open, or none"
    ATTEMPT = "the user opens something or begins a run"
    MASK = "the mask changed"
    TOOL = "another tool is in use"
    SETTINGS = "the settings changed"


ATTEMPTS = frozenset({End.CASE, End.ATTEMPT})
"""These end messages about something that was tried."""


@dataclass(frozen=True)
class Offer:
    """A button beside a message: what it says and what it does."""

    text: str
    act: Callable[[], None]


@dataclass(frozen=True)
class Message:
    """A sentence with its tone, button and end.

    Attributes:
        ends: any of these removes it.
    """

    text: str
    tone: Tone
    offer: Offer | None
    ends: frozenset[End]


class MessageBar(QFrame):
    """One message at a time: the last one whose cause still exists.

    For what the user should know but need not answer.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        """A hidden bar."""
        super().__init__(parent)
        self._messages: list[Message] = []
        self._text = TextArea()
        self._offered = QPushButton()
        self._offered.clicked.connect(self._take_offer)
        close = QPushButton(self.tr("Close"))
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.close_last)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addWidget(self._text, 1)
        for button in (self._offered, close):
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """The shown text; empty if there is none."""
        return self._messages[-1].text if self._messages else ""

    def show_message(
        self,
        text: str,
        tone: Tone,
        offer: Offer | None = None,
        ends: frozenset[End] = ATTEMPTS,
    ) -> None:
        """Show a sentence, with a button if there is an offer, until one of ``ends`` happens."""
        message = Message(text, tone, offer, ends)
        self._messages = [one for one in self._messages if one.text != text]
        self._messages.append(message)
        self._show_last()

    def end(self, *happened: End) -> None:
        """Remove messages whose cause has ended."""
        before = list(self._messages)
        self._messages = [one for one in before if one.ends.isdisjoint(happened)]
        if self._messages != before:
            self._show_last()

    def close_last(self) -> None:
        """Remove the shown message and show the one before it again."""
        del self._messages[-1:]
        self._show_last()

    def _show_last(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        last = self._messages[-1]
        ground, ink = last.tone.value
        self.setStyleSheet(
            f"MessageBar {{ background: {ground}; }} QLabel {{ color: {ink}; }}"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        self._text.setText(last.text)
        self._offered.setVisible(last.offer is not None)
        self._offered.setText(last.offer.text if last.offer else "")

    def _take_offer(self) -> None:
        if self._messages and (offer := self._messages[-1].offer):
            offer.act()
