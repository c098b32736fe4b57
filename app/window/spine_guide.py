"""Moves the crosshair to the spine, unless the user is looking elsewhere."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.cases.session import Session
from app.slices.look import Look
from app.slices.planes import middle_voxel
from inference.values.geometry import Geometry, Voxel

if TYPE_CHECKING:
    from inference.mask.figures import MaskFigures
    from inference.values.mask import Mask


class SpineGuide(QObject):
    """Moves the crosshair only while it is where this class has put it."""

    def __init__(self, session: Session, look: Look, parent: QObject) -> None:
        """Move nowhere yet."""
        super().__init__(parent)
        self._session = session
        self._look = look
        self._home: Voxel | None = None
        self._opened: Mask | None = None

    def begin(self, geometry: Geometry) -> None:
        """Start in the middle of another CT."""
        self._home = middle_voxel(geometry)
        self._look.move_cursor(self._home)

    def lead_to(self, spine: Voxel | None) -> None:
        """Go to the spine, if the user has not moved the crosshair since it was last moved here."""
        if spine is not None and self._look.cursor == self._home:
            self._home = spine
            self._look.move_cursor(spine)

    def lead_to_opened(self) -> None:
        """Go to an opened mask once it is measured."""
        case = self._session.case
        self._opened = case.mask if case else None
        self._home = self._look.cursor

    def follow_figures(self, figures: "MaskFigures") -> None:
        """Go to a result or an opened mask, but not to a mask that is being corrected."""
        case = self._session.case
        if case and case.mask and (case.mask is self._opened or case.mask.corrected is False):
            self.lead_to(figures.middle)
