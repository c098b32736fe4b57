"""The settings in effect while the window is open."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.settings.dialog import SettingsDialog
from app.settings.kept import KeptSettings
from app.settings.places import documents_folder
from app.settings.store import GIB, Settings
from app.slices.image import HuWindow, NamedWindow
from app.widgets.dialogs import run_dialog
from app.work.asking import asked
from app.work.jobs import Jobs
from app.work.keeping import PATIENCE_SECONDS
from inference.cases.settings import DEFAULT_FORMATS, RunSettings, VertebraSettings
from inference.model.bundled import DEFAULT_MODEL


class SettingsController(QObject):
    """Holds the user's settings, lets them be changed, and saves them."""

    changed = Signal()
    """The user changed the settings in the dialog."""
    not_kept = Signal(str)
    """A sentence: the choice holds only until the program ends."""

    def __init__(self, kept: KeptSettings, window: QWidget, jobs: Jobs) -> None:
        """Load from ``kept``; the dialog stands over ``window``, ``jobs`` owns what it asks."""
        super().__init__(window)
        self._kept = kept
        self._window = window
        self._jobs = jobs
        loaded = self._loaded = kept.load()
        self.current: Settings = loaded.settings
        self.locked = loaded.locked
        self.notes = loaded.notes

    @property
    def run(self) -> RunSettings:
        """The settings of a run, which writes only export formats that hold the spine."""
        from inference.export import FORMATS  # imported here because it is slow to load

        chosen = tuple(one for one in self.current.export_formats if one in FORMATS)
        return RunSettings(
            model=self.current.model or DEFAULT_MODEL,
            mode=self.current.mode,
            formats=chosen or DEFAULT_FORMATS,
            max_ram=round(self.current.max_ram_gib * GIB),
            threads=self.current.threads,
        )

    @property
    def chosen_export_folder(self) -> Path | None:
        """Where the user or the administrator wants exports to go; None if not set."""
        return Path(self.current.export_folder) if self.current.export_folder else None

    @property
    def export_folder(self) -> Path:
        """The chosen export folder, or else the user's documents."""
        return self.chosen_export_folder or documents_folder()

    def change(self) -> None:
        """Let the user change the settings."""
        loaded = asked(self._kept.load_in_time, None, self._jobs)
        if loaded is None:
            loaded = replace(self._loaded, settings=self.current)
        dialog = SettingsDialog(loaded, self._jobs, self._window)
        if not run_dialog(dialog):
            return
        self.current = dialog.settings
        self.changed.emit()
        saved = self._kept.save(dialog.settings, since=loaded.settings)
        saved.add_done_callback(self._tell_if_lost)
        QTimer.singleShot(round(1000 * PATIENCE_SECONDS), self, partial(self._tell_if_late, saved))

    def _tell_if_lost(self, saved: "Future[None]") -> None:
        """Say that the settings could not be saved, from the thread that tried."""
        error = saved.exception()
        if isinstance(error, OSError):
            reason = self.tr("The settings could not be saved ({0}).").format(error.strerror)
            with suppress(RuntimeError):  # the window is gone
                self.not_kept.emit(reason)

    def _tell_if_late(self, saved: "Future[None]") -> None:
        if not saved.done():
            self.not_kept.emit(
                self.tr(
                    "The settings have not been saved yet: their drive does not answer. They hold "
                    "until the program ends."
                )
            )

    def remember_formats(self, formats: tuple[str, ...]) -> None:
        """Start the next export with the same choice."""
        self._remember(replace(self.current, export_formats=formats))

    @property
    def vertebrae(self) -> VertebraSettings | None:
        """What the queue writes about vertebrae; None if it does not tell them apart."""
        chosen, surfaces = self.current.vertebrae, self.current.vertebra_stl
        return VertebraSettings(surfaces=surfaces) if chosen or surfaces else None

    def remember_vertebrae(self, chosen: VertebraSettings | None) -> None:
        """Start the next queue with the same choice."""
        surfaces = chosen is not None and chosen.surfaces
        changed = replace(self.current, vertebrae=chosen is not None, vertebra_stl=surfaces)
        self._remember(changed)

    @property
    def grey_windows(self) -> tuple[NamedWindow, ...]:
        """The user's own grey windows."""
        return tuple(
            NamedWindow(name, HuWindow(centre, width))
            for name, centre, width in self.current.grey_windows
        )

    def remember_windows(self, windows: Sequence[NamedWindow]) -> None:
        """Keep the user's own grey windows."""
        kept = tuple((one.name, one.window.centre, one.window.width) for one in windows)
        self._remember(replace(self.current, grey_windows=kept))

    def remember_show_patient(self, shown: bool) -> None:
        """Show from now on whose CT is open, or hide it."""
        self._remember(replace(self.current, show_patient=shown))

    def _remember(self, changed: Settings) -> None:
        before, self.current = self.current, changed
        if changed == before:
            return
        self._kept.save(changed, since=before)  # failing to remember it is no reason to stop
