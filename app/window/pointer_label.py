"""Shows in the status bar what is under the pointer."""

from PySide6.QtWidgets import QLabel, QWidget

from app.slices.planes import patient_position
from app.wording import hu_text, position_text
from inference.values.geometry import Voxel
from inference.values.volume import Volume

LEFT_MARGIN = 6
"""Pixels, so that the text does not touch the window's edge."""


class PointerLabel(QLabel):
    """HU and position of a voxel; what the mouse does if it points at none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty label."""
        super().__init__(parent)
        self.setContentsMargins(LEFT_MARGIN, 0, 0, 0)

    def show_voxel(
        self, volume: Volume | None, voxel: Voxel | None, *, in_slab: bool = False
    ) -> None:
        """Show a voxel x, y, z of a CT; either may be None.

        Args:
            in_slab: whether it lies in the middle of a thick slab, which shows other HU.
        """
        if volume is None:
            self.clear()
        elif voxel is None:
            self.setText(
                self.tr("Wheel: scroll · Right drag: brightness · Ctrl+wheel: zoom · F1: help")
            )
        else:
            x, y, z = voxel
            value = hu_text(int(volume.voxels[z, y, x]))
            if in_slab:
                value = self.tr("{0} in the middle slice").format(value)
            self.setText(f"{value}    {position_text(patient_position(volume.geometry, voxel))}")
