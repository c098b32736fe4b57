"""What is done in the background while the user decides what to open."""

from importlib import import_module

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
"""What takes a second or more to load. Nothing of Qt: its classes are made as they are first looked
at, and where two threads do that at once the program now and then crashes."""

TOOLS = "app.window.result_tools"
"""What the first result needs beyond that, for the GUI thread to load."""


def load_engine(
    outputs: OutputFolders,
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,
) -> None:
    """Work that loads what reading and results need, so that the first of each need not wait.

    It also removes what a killed program has left on the disk.
    """
    remove_stale_folders()
    for module in stopping(MODULES, cancel):
        import_module(module)
    outputs.tidy()
