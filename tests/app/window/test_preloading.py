"""What is loaded while the user decides what to open."""

import subprocess
import sys

from app.window.preloading import MODULES

WITHOUT_QT = """
import sys
from importlib import import_module
for module in sys.argv[1:]:
    import_module(module)
print([name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "pyqtgraph"))])
"""


def test_nothing_of_qt_is_loaded_off_the_gui_thread() -> None:
    command = [sys.executable, "-c", WITHOUT_QT, *MODULES]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
