"""Where a slice lies in its widget: zoom and pan as pure functions."""

from dataclasses import dataclass, replace

from app.slices.planes import View

ZOOM_LIMITS = (0.5, 40.0)
"""Against the whole slice fitted into the widget."""


@dataclass(frozen=True)
class Placement:
    """A slice in a widget.

    Attributes:
        view: how the slice is laid out.
        width, height: of the widget in (device-independent) pixels.
        zoom: 1 fits the whole slice.
        pan: pixels right and down by which the slice is moved from the middle.
    """

    view: View
    width: float
    height: float
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)

    @property
    def pixels_per_mm(self) -> float:
        """The scale, the same along both axes however the voxels are shaped."""
        width_mm, height_mm = self.view.size_mm
        return self.zoom * min(self.width / width_mm, self.height / height_mm)

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the whole slice in pixels of the widget."""
        width, height = (side * self.pixels_per_mm for side in self.view.size_mm)
        left = (self.width - width) / 2 + self.pan[0]
        top = (self.height - height) / 2 + self.pan[1]
        return left, top, width, height

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Column and row under a point of the widget."""
        left, top, width, height = self.rectangle
        return (
            (x - left) / width * self.view.right.size,
            (y - top) / height * self.view.down.size,
        )

    def to_widget(self, column: float, row: float) -> tuple[float, float]:
        """The point of the widget at a column and row."""
        left, top, width, height = self.rectangle
        return (
            left + column / self.view.right.size * width,
            top + row / self.view.down.size * height,
        )

    def zoomed(self, factor: float, x: float, y: float) -> "Placement":
        """Enlarged about a point of the widget, which stays over what it is over."""
        low, high = ZOOM_LIMITS
        column, row = self.to_image(x, y)
        zoomed = replace(self, zoom=min(max(self.zoom * factor, low), high))
        moved_x, moved_y = zoomed.to_widget(column, row)
        return zoomed.panned(x - moved_x, y - moved_y)

    def panned(self, dx: float, dy: float) -> "Placement":
        """Moved by pixels."""
        return replace(self, pan=(self.pan[0] + dx, self.pan[1] + dy))

    def resized(self, width: float, height: float) -> "Placement":
        """In a widget of another size; what was in the middle stays there."""
        scale = replace(self, width=width, height=height).pixels_per_mm / self.pixels_per_mm
        pan = (self.pan[0] * scale, self.pan[1] * scale)
        return replace(self, width=width, height=height, pan=pan)
