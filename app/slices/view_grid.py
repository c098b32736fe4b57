"""The views side by side: three planes, and a fourth place for the surface."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.slices.look import Look
from app.slices.planes import Plane
from app.wording import empty_surface_text
from inference.values.slabs import release
from inference.values.volume import Volume

if TYPE_CHECKING:
    from app.slices.labels import LabelLayer
    from app.slices.slice_pane import SlicePane
    from app.slices.slice_view import SliceView

PLACES = {Plane.AXIAL: (0, 0), Plane.SAGITTAL: (0, 1), Plane.CORONAL: (1, 0)}
FOURTH_PLACE = (1, 1)
SEAM = 2
"""Pixels between views."""

RELEASE_MS = 500
"""How long pages of a scratch file that the views have read stay in memory. A sagittal slice reads
a few bytes of every page of a CT, and so loads all of it. Reading it again delays a frame by about
ten milliseconds, which is not noticeable once in this time."""


class ViewGrid(QWidget):
    """All views of one CT, two by two; each can be enlarged and restored."""

    pointed = Signal(object)
    """The voxel x, y, z under the pointer in any view, or None."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Empty views that share ``look``."""
        super().__init__(parent)
        self._look = look
        self._panes: dict[Plane, SlicePane] = {}
        self._places: dict[QWidget, tuple[int, int]] = {}
        self._large: QWidget | None = None
        self._volume: Volume | None = None
        self._mask: NDArray[np.uint8] | None = None
        self._compared: NDArray[np.uint8] | None = None
        self._labels: LabelLayer | None = None
        self._release = QTimer(self, interval=RELEASE_MS)
        self._release.timeout.connect(self._give_back)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SEAM)
        self._put(self._promise(), FOURTH_PLACE)
        for line in range(2):
            self._grid.setRowStretch(line, 1)
            self._grid.setColumnStretch(line, 1)

    @property
    def slices(self) -> "dict[Plane, SliceView]":
        """The view of each plane; made when first requested."""
        self.make_slices()
        return {plane: pane.view for plane, pane in self._panes.items()}

    def make_slices(self) -> None:
        """Make the missing views of the planes, which takes longer than a frame."""
        for plane in Plane:
            self.make_slice(plane)

    def make_slice(self, plane: Plane) -> None:
        """Make the view of a plane, if it is missing."""
        if plane in self._panes:
            return
        from app.slices.slice_pane import SlicePane  # imported here because it is slow to load

        pane = self._panes[plane] = SlicePane(plane, self._look, self)
        self._put(pane, PLACES[plane])
        pane.view.pointed.connect(self.pointed)
        pane.maximise_asked.connect(self._toggle_sender)

    def set_fourth(self, widget: QWidget) -> None:
        """Put a widget into the fourth place."""
        for other, place in list(self._places.items()):
            if place == FOURTH_PLACE:
                del self._places[other]
                other.deleteLater()
        self._put(widget, FOURTH_PLACE)

    def show_volume(self, volume: Volume | None) -> None:
        """Show another CT, or none."""
        if volume is not None:
            self.make_slices()
            self._release.start()
        else:
            self._release.stop()
        self._volume = volume
        self._mask = self._compared = self._labels = None
        for pane in self._panes.values():
            pane.show_volume(volume)

    def show_mask(self, voxels: NDArray[np.uint8] | None) -> None:
        """Draw a mask over the CT; call it again after its voxels changed."""
        self._mask = voxels
        for pane in self._panes.values():
            pane.view.show_mask(voxels)

    def show_compared(self, voxels: NDArray[np.uint8] | None) -> None:
        """Draw the outline of another mask too, or stop drawing it."""
        self._compared = voxels
        for pane in self._panes.values():
            pane.view.show_compared(voxels)

    def show_labels(self, layer: "LabelLayer | None") -> None:
        """Colour the mask by its labels; None gives it one colour."""
        self._labels = layer
        for pane in self._panes.values():
            pane.view.show_labels(layer)

    def refresh_mask(self) -> None:
        """Redraw the mask after its voxels changed in place."""
        for pane in self._panes.values():
            pane.view.refresh_mask()

    def fit_all(self) -> None:
        """Show whole slices everywhere."""
        for pane in self._panes.values():
            pane.view.fit()

    def stop(self) -> None:
        """Stop playing through slices."""
        for pane in self._panes.values():
            pane.stop()

    def toggle_large(self, chosen: QWidget) -> None:
        """Make one view fill the grid, or restore all."""
        self._large = None if self._large is chosen else chosen
        for widget, (row, column) in self._places.items():
            widget.setVisible(self._large in (None, widget))
            if self._large in (None, widget):
                # An empty row or column would keep its share of the space.
                for line in range(2):
                    small = self._large is None
                    self._grid.setRowStretch(line, int(small or line == row))
                    self._grid.setColumnStretch(line, int(small or line == column))
        chosen.setFocus()

    def _give_back(self) -> None:
        """Release the memory of scratch files that were viewed."""
        if self._volume is not None:
            release(self._volume.voxels)
        for mask in (self._mask, self._compared):
            if mask is not None:
                release(mask)
        if self._labels is not None:
            release(self._labels.voxels)

    def _put(self, widget: QWidget, place: tuple[int, int]) -> None:
        self._places[widget] = place
        self._grid.addWidget(widget, *place)

    def _promise(self) -> QLabel:
        """The placeholder in the fourth place until there is a surface."""
        label = QLabel(empty_surface_text())
        label.setWordWrap(True)  # the views keep their share of the space
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setStyleSheet("background: black; color: #9a9a9a;")
        return label

    def _toggle_sender(self) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self.toggle_large(sender)
