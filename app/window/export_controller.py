"""Everything that leaves the window: a case's export, and single tables and pictures."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.cases.case_queue import CaseQueue
from app.cases.export_places import ExportPlaces
from app.cases.output_folders import OutputFolders
from app.cases.session import Case, Session
from app.exports.single_files import SingleFiles
from app.measurements.board import MeasurementBoard
from app.measurements.panel import MeasurementPanel
from app.measurements.wording import rows
from app.settings.controller import SettingsController
from app.slices.view_grid import ViewGrid
from app.widgets.dialogs import run_dialog
from app.window.figures_controller import FiguresController
from app.work.asking import asked
from app.work.jobs import Jobs
from inference.errors import SpineContextError

if TYPE_CHECKING:
    from app.exports.exporting import ExportRequest
    from app.window.result_tools import ResultTools
    from inference.values.table import Table


class ExportController(QObject):
    """Gathers what is shown of the session's case, and lets the user export it."""

    told = Signal(str)
    """Why nothing can be exported yet."""
    failed = Signal(SpineContextError)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        queue: CaseQueue,
        settings: SettingsController,
        jobs: Jobs,
        outputs: OutputFolders,
        places: ExportPlaces,
        views: ViewGrid,
        figures: FiguresController,
        board: MeasurementBoard,
        measuring: MeasurementPanel,
    ) -> None:
        """Ask over ``window``; ``places`` knows which folders to suggest."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._queue = queue
        self._settings = settings
        self._jobs = jobs
        self._outputs = outputs
        self._places = places
        self._views = views
        self._figures = figures
        self._board = board
        self._measuring = measuring
        self._tools: ResultTools | None = None
        self.files = SingleFiles(window, jobs)
        self.files.failed.connect(self.failed)
        measuring.copy_asked.connect(self._copy_measurements)
        measuring.save_asked.connect(self._save_measurements)

    def use_tools(self, tools: "ResultTools") -> None:
        """Also export the surface and the vertebrae of these."""
        self._tools = tools
        tools.surface.save_asked.connect(self._save_surface)

    def export(self) -> None:
        """Let the user export what was found."""
        case = self._session.case
        if case is None or case.mask is None or self._tools is None:
            return
        if self._queue.by_hand or self._queue.shows:
            return
        from app.exports.dialog import ExportDialog  # imported here because it is slow to load
        from app.exports.exporting import Exportable
        from app.surface.canvas import SHARPNESS

        measured = rows(self._board.all, case.volume)
        controller = self._tools.vertebrae.controller
        if controller.busy:
            self.told.emit(self.tr("The vertebrae are being worked out. Export once that is done."))
            return
        if self._tools.correcting:
            self.told.emit(self.tr("A correction is being worked out. Export once that is done."))
            return
        vertebrae = controller.vertebrae
        views = [view.picture(SHARPNESS) for view in self._views.slices.values()]
        surface = self._tools.surface.drawing()
        known = self._figures.known
        exportable = Exportable.of(case, known, views, measured, vertebrae, surface)
        formats = self._settings.current.export_formats
        folder = self._folder_for(case)
        dialog = ExportDialog(exportable, folder, formats, self._jobs, self._window)
        dialog.begun.connect(self._note_output)
        dialog.exported.connect(partial(self._take_export, case))
        dialog.ended.connect(self._forget_output)
        run_dialog(dialog)

    def copy_figures(self) -> None:
        """Put the mask's figures on the clipboard, once they are known."""
        if table := self._figures.table:
            self.files.copy(table)

    def save_figures(self) -> None:
        """Save the mask's figures, once they are known."""
        if table := self._figures.table:
            self._save_table(table, "figures")

    def _copy_measurements(self) -> None:
        self.files.copy(self._measuring.table)

    def _save_measurements(self) -> None:
        self._save_table(self._measuring.table, "measurements")

    def _save_table(self, table: "Table", of_what: str) -> None:
        """Suggest a name that matches the case's other exports."""
        if case := self._session.case:
            first = self._folder_for(case) / f"{case.volume.name}_{of_what}"
            self.files.save(table, first)

    def _save_surface(self) -> None:
        """Save the 3D view alone, as it is turned and cut."""
        case = self._session.case
        if case is not None and self._tools is not None:
            first = self._folder_for(case) / f"{case.volume.name}_3d"
            self.files.save_picture(self._tools.surface.drawing(), first)

    def _folder_for(self, case: Case) -> Path:
        settings, places = self._settings, self._places
        writable = asked(partial(places.writable, case), None, self._jobs)
        otherwise = writable or settings.export_folder
        return places.offered(case, settings.chosen_export_folder, otherwise)

    def _note_output(self, request: "ExportRequest") -> None:
        self._outputs.begin(request.folder)

    def _forget_output(self, request: "ExportRequest") -> None:
        self._outputs.end(request.folder)

    def _take_export(self, case: Case, request: "ExportRequest") -> None:
        """Note that nothing of this case would be lost any more."""
        self._places.note(case, request.folder)
        changed = case.vertebrae is not None and case.vertebrae.by_hand
        now = self._session.case
        same = now is not None and (now.mask, now.vertebrae) == (case.mask, case.vertebrae)
        if same and request.keeps_the_spine and (request.vertebrae or not changed):
            self._session.mark_saved()
        self._settings.remember_formats(request.formats)
