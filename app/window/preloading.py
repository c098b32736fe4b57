"""Work in the background while the user decides what to open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType

from PySide6.QtCore import QObject, QTimer

from app.cases.output_folders import OutputFolders
from inference.system.scratch import remove_stale_folders
from inference.values.progress import CancelCheck, ProgressCallback, stopping

MODULES = (
    "inference.read",
    "inference.pipeline",
    "inference.mask.surface",
    "inference.mask.figures",
    "inference.cases.vertebrae",
)
"""Modules that take a second or more to load. None of Qt: its classes are created on first use, and
the program sometimes crashes if two threads do that at once."""

GUI_MODULES = (
    "app.slices.graphics",
    "app.slices.slice_pane",
    "app.measurements.controller",
    "app.surface.surface_view",
    "app.corrections.controller",
    "app.straightened.view",
    "app.window.vertebra_tools",
    "app.window.result_tools",
    "app.exports.report_pdf",
    "app.exports.dialog",
)
"""What else cases and results need; the GUI thread loads it, one module per turn."""


QT_MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
"""Those of whose classes pyqtgraph asks for every single one."""

NAMES_PER_TURN = 50
"""Names of Qt that are looked up in one turn, which takes up to 10 ms."""


def load_engine(
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,
) -> None:
    """Work that loads what reading and results need, so that the first of each is not delayed."""
    for module in stopping(MODULES, cancel):
        import_module(module)


def tidy(
    outputs: OutputFolders,
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,  # noqa: ARG001
) -> None:
    """Work that removes what a killed program left on the disk."""
    remove_stale_folders()
    outputs.tidy()


def qt_classes() -> Iterator[Callable[[], object]]:
    """Acts that together create all classes of ``QT_MODULES``; PySide creates each at first use."""
    for name in QT_MODULES:
        module = import_module(name)
        names = dir(module)
        for start in range(0, len(names), NAMES_PER_TURN):
            yield partial(_look_up, module, names[start : start + NAMES_PER_TURN])


def _look_up(module: ModuleType, names: Sequence[str]) -> None:
    for name in names:
        getattr(module, name, None)


def in_turns(acts: Iterable[Callable[[], object]], parent: QObject) -> None:
    """Do one thing after another, each in its own turn of the event loop, to keep it responsive."""
    left = iter(acts)
    timer = QTimer(parent, interval=0)

    def go_on() -> None:
        act = next(left, None)
        if act is None:
            timer.stop()
            timer.deleteLater()
        else:
            act()

    timer.timeout.connect(go_on)
    timer.start()
