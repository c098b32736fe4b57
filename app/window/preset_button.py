"""Chooses, keeps and forgets the user's own grey windows."""

import html
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.slices.image import HuWindow, NamedWindow
from app.slices.look import Look
from app.widgets.dialogs import asked_name
from app.widgets.elided_label import shortened_lines

NAME_WIDTH = 240
"""Pixels of a name in the menu; a longer one is shortened in the middle."""


class PresetButton(QToolButton):
    """A menu of further grey windows, to which the current one can be added."""

    changed = Signal(object)
    """All the user's own windows, a tuple of ``NamedWindow``."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """A menu without the user's own windows."""
        super().__init__(parent)
        self._look = look
        self._own: tuple[NamedWindow, ...] = ()
        self.setText(self.tr("…"))
        self.setToolTip(self.tr("Further grey windows"))
        self.setAccessibleName(self.tr("Further grey windows"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def set_own(self, own: Sequence[NamedWindow]) -> None:
        """Offer these windows as the user's own."""
        self._own = tuple(own)

    def keep(self, name: str) -> None:
        """Keep the current window under a name, replacing one of that name."""
        kept = NamedWindow(name, self._look.window)
        self._change((*(one for one in self._own if one.name != name), kept))

    def forget(self, name: str) -> None:
        """Forget the window of this name."""
        self._change(tuple(one for one in self._own if one.name != name))

    def _change(self, own: tuple[NamedWindow, ...]) -> None:
        self._own = own
        self.changed.emit(own)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for one in (*self._further(), *self._own):
            text = self.tr("{0} ({1:.0f}, {2:.0f})").format(
                self._menu_name(one), one.window.centre, one.window.width
            )
            action = menu.addAction(text, partial(self._look.set_window, one.window))
            action.setToolTip(f"<p>{html.escape(one.name)}</p>")
        menu.addSeparator()
        menu.addAction(self.tr("&Keep these values…"), self._ask_for_name)
        if self._own:
            forget = menu.addMenu(self.tr("&Forget"))
            for one in self._own:
                action = forget.addAction(self._menu_name(one), partial(self.forget, one.name))
                action.setToolTip(f"<p>{html.escape(one.name)}</p>")
            forget.setToolTipsVisible(True)

    def _menu_name(self, window: NamedWindow) -> str:
        return shortened_lines(window.name, self.fontMetrics(), NAME_WIDTH).replace("&", "&&")

    def _further(self) -> tuple[NamedWindow, ...]:
        """The usual presets of CT viewers that have no button of their own."""
        return (
            NamedWindow(self.tr("Abdomen"), HuWindow(60, 400)),
            NamedWindow(self.tr("Mediastinum"), HuWindow(50, 350)),
            NamedWindow(self.tr("Brain"), HuWindow(40, 80)),
            NamedWindow(self.tr("Everything"), HuWindow(1023, 4095)),
        )

    def _ask_for_name(self) -> None:
        name = asked_name(self.window(), self.tr("Keep a grey window"), self.tr("&Name"))
        if name:
            self.keep(name)
