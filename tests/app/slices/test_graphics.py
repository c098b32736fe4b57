"""What of pyqtgraph is loaded, and that it may be loaded in steps."""

import subprocess
import sys

import pytest

LOAD = """
import sys
import app.slices.graphics
print(*(name for name in sys.modules if name.startswith(("pyqtgraph", "PySide6.QtOpenGL"))))
from pyqtgraph.graphicsItems.PlotItem import PlotItem
print(PlotItem.__module__)
"""

IN_STEPS = """
import sys
from app.slices.graphics_loading import loading_steps
for step in list(loading_steps())[: int(sys.argv[1])]:
    before = len(sys.modules)
    step()
    assert len(sys.modules) > before, "each step loads something"
    step()
    package = sys.modules["pyqtgraph"]
import app.slices.graphics
import pyqtgraph
assert pyqtgraph is package
for name in [name for name in sys.modules if name.startswith("pyqtgraph.")]:
    assert sys.modules[name] is not None, name
    assert not hasattr(sys.modules[name], "__path__") or sys.modules[name].__file__, name
pyqtgraph.setConfigOption("antialias", True)
assert app.slices.graphics.ViewBox.__module__ == "pyqtgraph.graphicsItems.ViewBox.ViewBox"
for module in (pyqtgraph.functions, sys.modules["pyqtgraph.widgets.GraphicsView"]):
    assert module.getConfigOption("antialias"), "all parts share one configuration"
print(*(name for name in sys.modules if name.startswith(("pyqtgraph", "PySide6.QtOpenGL"))))
from pyqtgraph.graphicsItems.PlotItem import PlotItem
print(PlotItem.__module__)
"""

ONCE_ALL = 145
"""Modules of pyqtgraph 0.14 that it loads by itself."""


@pytest.fixture(scope="module")
def printed() -> tuple[str, ...]:
    run = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    return tuple(run.stdout.splitlines())


def test_of_pyqtgraph_only_what_draws_slices_is_loaded(printed: tuple[str, ...]) -> None:
    loaded = printed[0].split()
    assert "pyqtgraph.graphicsItems.ImageItem" in loaded
    for unused in ("pyqtgraph.parametertree", "pyqtgraph.imageview", "pyqtgraph.multiprocess"):
        assert not any(name.startswith(unused) for name in loaded)
    assert not any(name.startswith("PySide6.QtOpenGL") for name in loaded)
    assert len(loaded) < ONCE_ALL / 2


def test_what_was_left_out_can_be_imported_afterwards(printed: tuple[str, ...]) -> None:
    assert printed[1] == "pyqtgraph.graphicsItems.PlotItem.PlotItem"


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_loaded_in_steps_it_is_the_same_wherever_they_are_cut_short(
    steps: int, printed: tuple[str, ...]
) -> None:
    command = [sys.executable, "-c", IN_STEPS, str(steps)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    in_steps = run.stdout.splitlines()
    assert set(in_steps[0].split()) == set(printed[0].split())
    assert in_steps[1] == printed[1]
