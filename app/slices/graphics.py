"""What slices are drawn with: the parts of pyqtgraph that are used, loaded without the others."""

from app.slices.graphics_loading import load_rest

load_rest()

from pyqtgraph import (  # noqa: E402
    ROI,
    GraphicsView,
    ImageItem,
    InfiniteLine,
    PlotCurveItem,
    Point,
    TextItem,
    ViewBox,
)
from pyqtgraph.graphicsItems.ROI import Handle  # noqa: E402

__all__ = [
    "ROI",
    "GraphicsView",
    "Handle",
    "ImageItem",
    "InfiniteLine",
    "PlotCurveItem",
    "Point",
    "TextItem",
    "ViewBox",
]
