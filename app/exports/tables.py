"""Figures leave the window: to the clipboard, or as a file that the user names."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.tables import translated_table
from app.widgets.dialogs import chosen_file
from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback
from inference.values.table import Table, tsv_text

CSV = ".csv"


class TableExports(QObject):
    """Copies and saves tables, in the window's language."""

    saved = Signal(object)
    """The path of the file that was written."""
    failed = Signal(SpineContextError)

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        """Ask over ``window``; ``jobs`` owns what writes."""
        super().__init__(window)
        self._window = window
        self._jobs = jobs

    def copy(self, table: Table) -> None:
        """Put a table on the clipboard."""
        QGuiApplication.clipboard().setText(tsv_text(translated_table(table)))

    def save(self, table: Table, first: Path) -> None:
        """Write a table to where the user says; ``first`` is offered, without its ending."""
        path = chosen_file(self._window, self.tr("Save as CSV"), f"{first}{CSV}", "CSV")
        if path is None:
            return
        path = path if path.suffix.lower() == CSV else path.with_name(path.name + CSV)
        job = Job(partial(_write, path, translated_table(table)))
        job.succeeded.connect(self.saved)
        job.failed.connect(self.failed)
        self._jobs.start(job)


def _write(
    path: Path,
    table: Table,
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,  # noqa: ARG001
) -> Path:
    from inference.export.table import write_csv  # here, because it loads what takes long

    write_csv(path, table)
    return path
