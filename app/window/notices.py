"""Messages above the images: notes, warnings and failures, and when they disappear."""

import functools

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.cases.session import Session
from app.corrections.toolbar import EditToolbar
from app.failures import failure_text, settings_help
from app.settings.controller import SettingsController
from app.window.message_bar import ATTEMPTS, End, MessageBar, Offer, Tone
from inference.errors import SpineContextError


class Notices(QObject):
    """Shows messages in the bar, with a helpful offer, until their cause is gone."""

    def __init__(
        self,
        message: MessageBar,
        session: Session,
        settings: SettingsController,
        toolbar: EditToolbar,
        parent: QObject,
    ) -> None:
        """Show them in ``message``."""
        super().__init__(parent)
        self._message = message
        self._settings = settings
        session.case_changed.connect(lambda: message.end(End.CASE, End.MASK))
        session.mask_changed.connect(lambda: message.end(End.MASK))
        toolbar.tool_chosen.connect(lambda: message.end(End.TOOL))
        settings.changed.connect(lambda: message.end(End.SETTINGS))
        settings.not_kept.connect(self.show_warning)

    def show_warning(self, text: str) -> None:
        """Warn about the settings."""
        self._message.show_message(text, Tone.WARNING, ends=frozenset({End.SETTINGS}))

    def show_note(self, text: str) -> None:
        """Tell the user something about what they tried."""
        self._message.show_message(text, Tone.NOTE)

    def show_idle_press(self, text: str) -> None:
        """Explain why a press in a slice changed nothing."""
        ends = ATTEMPTS | {End.MASK, End.TOOL}
        self._message.show_message(text, Tone.NOTE, ends=ends)

    def show_failure(self, error: SpineContextError) -> None:
        """Say what failed, and offer what helps."""
        offer, ends = None, ATTEMPTS
        locked = self._settings.locked
        if settings_help(error, locked):
            offer = Offer(self.tr("Settings…"), self._settings.change)
            ends |= {End.SETTINGS}
        elif error.details:
            copy = functools.partial(QGuiApplication.clipboard().setText, error.details)
            offer = Offer(self.tr("Copy details"), copy)
        self._message.show_message(failure_text(error, locked), Tone.ERROR, offer, ends)
