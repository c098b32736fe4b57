"""Copies figures to the clipboard, and saves figures and pictures to files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from app.translation import translated_table
from app.widgets.dialogs import chosen_file, may_replace
from app.work.asking import asked
from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError
from inference.values.progress import CancelCheck, ProgressCallback
from inference.values.table import Table, tsv_text

CSV = ".csv"
PNG = ".png"


class SingleFiles(QObject):
    """Copies and saves tables, in the window's language, and saves pictures."""

    saved = Signal(object)
    """The path of the file that was written."""
    failed = Signal(SpineContextError)

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        """Ask over ``window``; ``jobs`` owns the writing."""
        super().__init__(window)
        self._window = window
        self._jobs = jobs

    def copy(self, table: Table) -> None:
        """Put a table on the clipboard, for a spreadsheet in the language of the system."""
        text = tsv_text(translated_table(table), QLocale.system().decimalPoint())
        QGuiApplication.clipboard().setText(text)

    def save(self, table: Table, first: Path) -> None:
        """Write a table where the user chooses; ``first`` is suggested, without its ending."""
        write = partial(_write_table, translated_table(table))
        self._save(self.tr("Save as CSV"), first, CSV, "CSV", write)

    def save_picture(self, draw: Callable[[], QImage], first: Path) -> None:
        """Write what ``draw`` gives, with the notice below it, where the user chooses."""
        self._save(self.tr("Save as PNG"), first, PNG, "PNG", partial(_write_picture, draw))

    def _save(
        self, title: str, first: Path, ending: str, kind: str, write: Callable[[Path], None]
    ) -> None:
        named = first.with_name(first.name + ending)
        path = chosen_file(self._window, title, named, kind, self._jobs)
        if path is None:
            return
        if path.suffix.lower() != ending:  # the file dialog has asked about another name
            path = path.with_name(path.name + ending)
            there = asked(path.exists, False, self._jobs)
            if not may_replace(self._window, [path.name] if there else []):
                return

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Path:  # noqa: ARG001
            write(path)
            return path

        job = Job(work)
        job.succeeded.connect(self.saved)
        job.failed.connect(self.failed)
        self._jobs.start(job)


def _write_table(table: Table, path: Path) -> None:
    from inference.export.table import write_csv  # imported here because it is slow to load

    write_csv(path, table)


def _write_picture(draw: Callable[[], QImage], path: Path) -> None:
    # Imported here because they are slow to load.
    from app.exports.picture import compose, write_picture
    from inference.export import staged_folder

    with staged_folder(path.parent) as stage:
        stage.write({path.name: lambda file: write_picture(compose([draw()]), file)})
