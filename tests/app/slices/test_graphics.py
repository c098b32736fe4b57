"""What of pyqtgraph is loaded."""

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
