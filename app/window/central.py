"""The middle of the window: the welcome page or the open case, and the column beside them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.slices.view_grid import ViewGrid
from app.window.drop_frame import DropFrame
from app.window.overlay import Overlay
from app.window.side_panel import SidePanel
from app.window.welcome_page import WelcomePage


class CentralWidget(QWidget):
    """Lays out the window's large parts, and shows one of its two pages."""

    def __init__(
        self,
        welcome: WelcomePage,
        views: ViewGrid,
        side: SidePanel,
        laid_over: Sequence[QWidget],
    ) -> None:
        """Show the welcome page.

        Args:
            laid_over: panels that appear over the pages, from the top down.
        """
        super().__init__()
        self._welcome = welcome
        self._views = views
        self.pages = QStackedWidget()
        self.pages.addWidget(welcome)
        self.pages.addWidget(views)
        beside = QHBoxLayout(self)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.pages, 1)
        beside.addWidget(side)
        self.drop_frame = DropFrame(views)
        overlay = Overlay(self.pages)
        for panel in laid_over:
            overlay.add(panel)

    def show_welcome(self) -> None:
        """Show what to do while no case is open."""
        self.pages.setCurrentWidget(self._welcome)

    def show_viewer(self) -> None:
        """Show the open case."""
        self.pages.setCurrentWidget(self._views)

    def show_hovering(self, hovering: bool) -> None:
        """Show on either page whether what the user drags would be accepted."""
        self._welcome.show_hovering(hovering)
        self.drop_frame.show_hovering(hovering)
