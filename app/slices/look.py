"""How a case is viewed: crosshair, grey window, overlay and slab, shared by all views."""

import dataclasses
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.slices.image import BONE, HuWindow
from app.slices.slab import Slab
from inference.values.geometry import Voxel


@dataclass(frozen=True)
class Overlay:
    """How the spine is drawn over the CT.

    Attributes:
        shown: whether it is drawn at all.
        outline: whether only its edge is drawn.
        opacity: 0 to 1.
    """

    shown: bool = True
    outline: bool = False
    opacity: float = 0.45


class Look(QObject):
    """What all views show and how; each view redraws itself when something changes here."""

    cursor_changed = Signal()
    window_changed = Signal()
    """The grey window, or whether it is inverted."""
    slab_changed = Signal()
    overlay_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start at the first voxel with the bone window."""
        super().__init__(parent)
        self._cursor: Voxel = (0, 0, 0)
        self._window = BONE
        self._inverted = False
        self._slab: Slab | None = None
        self._overlay = Overlay()

    @property
    def cursor(self) -> Voxel:
        """The voxel x, y, z under the crosshair."""
        return self._cursor

    @property
    def window(self) -> HuWindow:
        """The HU that are spread from black to white."""
        return self._window

    @property
    def inverted(self) -> bool:
        """Whether bone is dark and air bright."""
        return self._inverted

    @property
    def slab(self) -> Slab | None:
        """The slab that is shown; None for single slices of the CT."""
        return self._slab

    @property
    def overlay(self) -> Overlay:
        """How the spine is drawn."""
        return self._overlay

    def move_cursor(self, voxel: Voxel) -> None:
        """Move the crosshair to another voxel."""
        if voxel != self._cursor:
            self._cursor = voxel
            self.cursor_changed.emit()

    def set_window(self, window: HuWindow) -> None:
        """Change the grey window."""
        if window != self._window:
            self._window = window
            self.window_changed.emit()

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white, or swap them back."""
        if inverted != self._inverted:
            self._inverted = inverted
            self.window_changed.emit()

    def set_slab(self, slab: Slab | None) -> None:
        """Show slabs, or single slices of the CT."""
        if slab != self._slab:
            self._slab = slab
            self.slab_changed.emit()

    def change_overlay(
        self,
        *,
        shown: bool | None = None,
        outline: bool | None = None,
        opacity: float | None = None,
    ) -> None:
        """Change what is given and keep the rest."""
        given = {"shown": shown, "outline": outline, "opacity": opacity}
        changes = {name: value for name, value in given.items() if value is not None}
        changed = dataclasses.replace(self._overlay, **changes)  # type: ignore[arg-type]
        if changed != self._overlay:
            self._overlay = changed
            self.overlay_changed.emit()
