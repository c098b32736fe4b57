"""The parts of pyqtgraph that are used, loaded without Qt's OpenGL modules.

pyqtgraph always imports these modules. Nothing here draws with them, and they would add ten
megabytes to the installer, so empty stand-ins replace them while it loads.
"""

import sys
from types import ModuleType

from PySide6.QtWidgets import QWidget

_STOOD_IN_FOR = ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets")


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    module.QOpenGLWidget = QWidget  # type: ignore[attr-defined]  # pyqtgraph inherits from it
    return module


_loaded = {name: sys.modules[name] for name in _STOOD_IN_FOR if name in sys.modules}
sys.modules.update({name: _stand_in(name) for name in _STOOD_IN_FOR})
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
finally:
    for _name in _STOOD_IN_FOR:
        del sys.modules[_name]
    sys.modules.update(_loaded)

__all__ = [
    "ROI",
    "GraphicsView",
    "ImageItem",
    "InfiniteLine",
    "PlotCurveItem",
    "Point",
    "TextItem",
    "ViewBox",
]
