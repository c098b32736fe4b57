"""Loads the parts of pyqtgraph that are used, in steps, without the others.

pyqtgraph always imports all of itself, which takes four times as long as the parts that draw
slices, and Qt's OpenGL modules, which would add ten megabytes to the installer. Empty stand-ins
replace what is not used while it loads.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec, module_from_spec
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

_MISSED = ("PySide6.QtSvg", "PySide6.QtTest")
"""Modules without which pyqtgraph loads as well."""

_LAST = "pyqtgraph.widgets.GraphicsView"
"""The last of its own modules that it imports."""

_PAUSES = (
    "pyqtgraph.colormap",
    "pyqtgraph.graphicsItems.GraphicsItem",
    "pyqtgraph.graphicsItems.InfiniteLine",
    "pyqtgraph.graphicsItems.PlotCurveItem",
)
"""Modules before which loading may pause. What is loaded between two of them takes about ten
milliseconds, and all of it forty, for which the window would not answer."""


def loading_steps() -> Iterator[Callable[[], None]]:
    """Acts that together load most of pyqtgraph; of what is loaded, none does anything."""
    return (partial(_load_until, pause) for pause in _PAUSES)


def load_rest() -> None:
    """Load what the steps have not loaded."""
    if _LAST not in sys.modules:
        with _only_what_is_used():
            _execute()


def _load_until(pause: str) -> None:
    """Load what pyqtgraph imports before ``pause``."""
    if pause not in sys.modules:
        with _only_what_is_used(), _set_aside({pause: None}), suppress(ImportError):
            _execute()


def _execute() -> None:
    """Execute pyqtgraph's own code, again if it was executed in part.

    As with ``importlib.reload``, the package stays the same object, and what it has imported is not
    imported again.
    """
    spec = find_spec("pyqtgraph")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("No module named 'pyqtgraph'", name="pyqtgraph")
    package = sys.modules.setdefault("pyqtgraph", module_from_spec(spec))
    spec.loader.exec_module(package)


@contextmanager
def _only_what_is_used() -> Iterator[None]:
    stand_ins = {name: _stand_in(name, held) for name, held in _STOOD_IN_FOR.items()}
    with _set_aside({**stand_ins, **dict.fromkeys(_MISSED)}):
        yield


def _stand_in(module_name: str, class_name: str) -> ModuleType:
    module = ModuleType(module_name)
    setattr(module, class_name, QWidget)  # pyqtgraph inherits from some
    return module


@contextmanager
def _set_aside(replacements: dict[str, ModuleType | None]) -> Iterator[None]:
    """Replace modules meanwhile; an import of one replaced by None fails."""
    loaded = {name: sys.modules[name] for name in replacements if name in sys.modules}
    sys.modules.update(replacements)  # type: ignore[arg-type]  # None is allowed there
    try:
        yield
    finally:
        for name in replacements:
            sys.modules.pop(name, None)
        sys.modules.update(loaded)
