"""Sets up a benchmark of the window as the program is."""

import sys
from importlib.util import find_spec

from PySide6.QtWidgets import QApplication

from app.application import create_application


def application_of_program() -> QApplication:
    """The application, with child processes that start as the program's do.

    Otherwise each would first load the benchmark, with all of Qt and the window.
    """
    sys.modules["__main__"].__spec__ = find_spec("app.__main__")
    return create_application()
