"""The parts of pyqtgraph that are used, loaded without the others.

pyqtgraph always imports all of itself, which takes four times as long as the parts that draw
slices, and Qt's OpenGL modules, which would add ten megabytes to the installer. Empty stand-ins
replace what is not used while it loads.
"""

import sys
from types import ModuleType

from PySide6.QtWidgets import QWidget

_ITEMS = (
    *("ArrowItem", "AxisItem", "BarGraphItem", "BoxplotItem", "ButtonItem", "ColorBarItem"),
    *("CurvePoint", "DateAxisItem", "ErrorBarItem", "FillBetweenItem", "GradientEditorItem"),
    *("GradientLegend", "GraphicsLayout", "GraphicsWidgetAnchor", "GraphItem", "GridItem"),
    *("HistogramLUTItem", "IsocurveItem", "LabelItem", "LegendItem", "LinearRegionItem"),
    *("PColorMeshItem", "PlotDataItem", "PlotItem", "ScaleBar", "ScatterPlotItem", "TargetItem"),
    "VTickGroup",
)
_WIDGETS = (
    *("BusyCursor", "CheckTable", "ColorButton", "ColorMapMenu", "ColorMapWidget", "ComboBox"),
    *("DataFilterWidget", "DataTreeWidget", "DiffTreeWidget", "FeedbackButton", "FileDialog"),
    *("GradientWidget", "GraphicsLayoutWidget", "GroupBox", "HistogramLUTWidget"),
    *("JoystickButton", "LayoutWidget", "PathButton", "PlotWidget", "ProgressDialog"),
    *("RawImageWidget", "RemoteGraphicsView", "ScatterPlotWidget", "SpinBox", "TableWidget"),
    *("TreeWidget", "ValueLabel", "VerticalLabel"),
)
_STOOD_IN_FOR = {
    "PySide6.QtOpenGL": "QOpenGLWidget",
    "PySide6.QtOpenGLWidgets": "QOpenGLWidget",
    "pyqtgraph.imageview": "ImageView",
    **{f"pyqtgraph.graphicsItems.{name}": name for name in _ITEMS},
    **{f"pyqtgraph.widgets.{name}": name for name in _WIDGETS},
}
"""Modules, and the only class that pyqtgraph imports from each by its name."""


def _stand_in(module_name: str, class_name: str) -> ModuleType:
    module = ModuleType(module_name)
    setattr(module, class_name, QWidget)  # pyqtgraph inherits from some
    return module


_loaded = {name: sys.modules[name] for name in _STOOD_IN_FOR if name in sys.modules}
sys.modules.update({name: _stand_in(name, held) for name, held in _STOOD_IN_FOR.items()})
try:
    from pyqtgraph import (
        ROI,
        GraphicsView,
        ImageItem,
        InfiniteLine,
        PlotCurveItem,
        Point,
        TextItem,
        ViewBox,
    )
    from pyqtgraph.graphicsItems.ROI import Handle
finally:
    for _name in _STOOD_IN_FOR:
        del sys.modules[_name]
    sys.modules.update(_loaded)

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
