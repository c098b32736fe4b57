"""Connects the views, the board and the panel of the measurements.

The window imports this with its first CT, because it is slow to load.
"""

from PySide6.QtCore import QObject

from app.measurements.board import MeasurementBoard
from app.measurements.layer import MeasurementLayer
from app.measurements.measurement import Measurement
from app.measurements.panel import MeasurementPanel
from app.slices.look import Look
from app.slices.view_grid import ViewGrid


class MeasurementController(QObject):
    """Lets the views take the measurements that the panel asks for."""

    def __init__(
        self,
        views: ViewGrid,
        look: Look,
        board: MeasurementBoard,
        panel: MeasurementPanel,
        parent: QObject,
    ) -> None:
        """Put a layer onto each view."""
        super().__init__(parent)
        self._views = views
        self._look = look
        for view in views.slices.values():
            layer = MeasurementLayer(view, look, board)
            panel.kind_chosen.connect(layer.measure)
        panel.look_asked.connect(self._look_at)

    def _look_at(self, measurement: Measurement) -> None:
        """Go to the slice and the first point of a measurement."""
        view = self._views.slices[measurement.plane].view
        if view is not None:
            column, row = view.column_and_row(*measurement.points[0])
            self._look.move_cursor(view.voxel_at(column, row, measurement.index))
