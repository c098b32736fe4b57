"""The main window: assembles the parts and decides what comes next."""

import functools
import gc
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QPushButton,
)

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import CaseQueue
from app.cases.export_places import ExportPlaces
from app.cases.inputs import dropped_paths
from app.cases.output_folders import OutputFolders
from app.cases.recent_folders import RecentFolders
from app.cases.reopening import Reopening
from app.cases.session import Case, Session
from app.corrections.toolbar import EditToolbar
from app.measurements.board import MeasurementBoard
from app.measurements.panel import MeasurementPanel
from app.settings.controller import SettingsController
from app.settings.kept import KeptSettings
from app.settings.places import admin_file, config_folder, user_file
from app.settings.store import SettingsStore
from app.slices.graphics_loading import loading_steps
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.view_grid import ViewGrid
from app.vertebrae.panel import VertebraPanel
from app.widgets.dialogs import agreed, run_dialog
from app.widgets.style import STYLE, restyle
from app.widgets.tab_order import order_tabs
from app.window.activity_bar import ActivityBar
from app.window.availability import Availability
from app.window.central import CentralWidget
from app.window.closing import Closing
from app.window.comparison_panel import ComparisonPanel
from app.window.export_controller import ExportController
from app.window.figures_controller import FiguresController
from app.window.help_dialog import HelpDialog
from app.window.mask_opener import MaskOpener
from app.window.menus import Commands, fill_menus
from app.window.message_bar import End, MessageBar
from app.window.notices import Notices
from app.window.opener import Opener
from app.window.patient_controller import PatientController
from app.window.pointer_label import PointerLabel
from app.window.preloading import GUI_MODULES, in_turns, load_engine, qt_classes, tidy
from app.window.queue_controller import QueueController
from app.window.recent_menu import RecentMenu
from app.window.recovery_controller import RecoveryController
from app.window.run_panel import BUTTON_HEIGHT
from app.window.side_panel import SidePanel
from app.window.spine_guide import SpineGuide
from app.window.tool_switch import ToolSwitch
from app.window.welcome_page import WelcomePage
from app.window.window_size import place_window
from app.work.asking import asked
from app.work.jobs import Job, Jobs
from app.work.keeping import Keeping
from app.work.opening import OpenJob
from app.work.segmenting import SegmentJob
from inference.errors import SpineContextError
from inference.values.geometry import Voxel
from inference.values.messages import visible

if TYPE_CHECKING:
    from app.measurements.controller import MeasurementController
    from app.window.result_tools import ResultTools


class MainWindow(QMainWindow):
    """The program's only window."""

    def __init__(self, store: SettingsStore | None = None, keeping: Keeping | None = None) -> None:
        """Build the window; nothing slow is loaded yet.

        Args:
            store: where the settings are; the user's own if None.
            keeping: reads and writes what is remembered; one of its own if None.
        """
        super().__init__()
        self.jobs = Jobs(self)
        self.keeping = keeping or Keeping()
        kept = KeptSettings(store or SettingsStore(user_file(), admin_file()), self.keeping)
        self.settings = SettingsController(kept, self, self.jobs)
        self.session = Session(self)
        self.look = Look(self)
        self.flow = CaseFlow(self.session, self.jobs, self)
        locked = self.settings.locked
        self.queue = CaseQueue(self.session, self.flow, self.jobs, self, locked)
        self._reopening = Reopening(self.session, self.flow, self.jobs, self)
        self._recent = RecentFolders(config_folder() / "recent.json", self.keeping)
        self._places = ExportPlaces(config_folder() / "exports.json", self.keeping)
        self._outputs = OutputFolders(config_folder() / "unfinished.json", self.keeping)
        self._tools: ResultTools | None = None
        self.welcome = WelcomePage()
        self.views = ViewGrid(self.look)
        self.side = SidePanel(self.look)
        self.message = MessageBar()
        self.patient = PatientController(self, self.session, self.settings, self.side)
        self.opener = Opener(
            self,
            self.session,
            self.flow,
            self.queue,
            self.message,
            self._recent,
            self.patient,
            self.jobs,
            self._changes_are_coming,
        )
        self.activity = ActivityBar()
        self.masks = MaskOpener(
            self, self.session, self.queue, self.activity, self.jobs, self._changes_are_coming
        )
        self.guide = SpineGuide(self.session, self.look, self)
        self.figures = FiguresController(self.session, self.jobs, self.side.result, self)
        self._recovery = RecoveryController(
            self,
            self.session,
            self.flow,
            self.queue,
            self.masks,
            self.jobs,
            self.keeping,
            config_folder(),
        )
        self.comparison = ComparisonPanel(self.session, self.jobs)
        self.queueing = QueueController(
            self, self.queue, self._reopening, self.settings, self.opener, self._outputs, self.jobs
        )
        self.queue_panel = self.queueing.panel
        self._pointed = PointerLabel()
        self._export = QPushButton(self.tr("Export…"))
        self.toolbar = EditToolbar()
        self.board = MeasurementBoard(self)
        self.measuring = MeasurementPanel(self.board)
        self._measuring: MeasurementController | None = None
        self.vertebrae = VertebraPanel()
        self.notices = Notices(self.message, self.session, self.settings, self.toolbar, self)
        self._switch = ToolSwitch(self.toolbar, self.measuring, self.vertebrae, self)
        self.exporting = ExportController(
            self,
            self.session,
            self.queue,
            self.settings,
            self.jobs,
            self._outputs,
            self._places,
            self.views,
            self.figures,
            self.board,
            self.measuring,
        )
        self.central = CentralWidget(
            self.welcome, self.views, self.side, [self.message, self.activity]
        )
        self._arrange()
        self.recent_menu = RecentMenu(self._recent.paths, self)
        actions = fill_menus(
            self.menuBar(),
            self._commands(),
            self.look,
            self.toolbar.commands,
            self.measuring.commands,
            self.patient.switch,
            self.vertebrae.commands,
            self.recent_menu,
        )
        Availability(
            actions,
            self.session,
            self.flow,
            self.queue,
            self.masks,
            self._vertebrae_are_worked_out,
            self._recent.paths,
            self,
        )
        size_file = config_folder() / "window.json"
        self._closing = Closing(
            self,
            self.jobs,
            self.queue,
            self.opener,
            self._recovery,
            self.message,
            [self.central, self.menuBar(), self.toolbar],
            size_file,
            self.keeping,
        )
        self._connect()
        self._show_case()
        place_window(self, size_file, self.keeping)
        if self.settings.notes:
            self.notices.show_warning("\n".join(self.settings.notes))

    def _arrange(self) -> None:
        """Lay out the parts."""
        self.setStyleSheet(STYLE)
        self.setAcceptDrops(True)
        self._export.setToolTip(self.tr("Ctrl+E"))
        self._export.setMinimumHeight(BUTTON_HEIGHT)
        self.side.pin(self._export)
        self.side.hold(self.queue_panel)
        self.side.insert(self.measuring)
        self.side.insert(self.vertebrae)
        self.side.insert(self.comparison)
        order_tabs(self.side)
        self.toolbar.setMovable(False)
        self.addToolBar(self.toolbar)
        self.setCentralWidget(self.central)
        self.statusBar().addWidget(self._pointed, 1)
        notice = QLabel(self.tr("For research use, not for diagnosis"))
        self.statusBar().addPermanentWidget(notice)

    def _commands(self) -> Commands:
        """The commands behind the menus."""
        return Commands(
            open_folder=self.opener.ask_for_folder,
            open_file=self.opener.ask_for_file,
            open_demo=self.opener.open_demo,
            open_mask=self.masks.ask_for_mask,
            compare_mask=self.masks.ask_for_comparison,
            close_comparison=self.masks.close_comparison,
            find_spine=self.run,
            cancel=self.cancel,
            export=self.exporting.export,
            change_settings=self.settings.change,
            close_case=self.opener.close_case,
            quit=self.close,
            show_whole_slices=self.views.fit_all,
            toggle_full_screen=self.toggle_full_screen,
            show_help=self.show_help,
            show_about=self.show_about,
        )

    def _connect(self) -> None:
        """Connect the parts to each other."""
        self.masks.no_mask.connect(self._open_instead)
        self.masks.told.connect(self.notices.show_note)
        self.masks.opened.connect(self.guide.lead_to_opened)
        self.masks.failed.connect(self.notices.show_failure)
        self.comparison.close_asked.connect(self.masks.close_comparison)
        self.session.comparison_changed.connect(self._show_compared)
        self.welcome.folder_asked.connect(self.opener.ask_for_folder)
        self.welcome.file_asked.connect(self.opener.ask_for_file)
        self.opener.export_asked.connect(self.exporting.export)
        self.opener.recent_changed.connect(self._show_recent)
        self.welcome.demo_asked.connect(self.opener.open_demo)
        self.welcome.recent_asked.connect(self.opener.open_recent)
        self.welcome.forget_asked.connect(self._forget_recent)
        self.recent_menu.recent_asked.connect(self.opener.open_recent)
        self.recent_menu.forget_asked.connect(self._forget_recent)
        QShortcut(QKeySequence("Esc"), self, self._escape)
        self.side.run.run_asked.connect(self.run)
        self.side.run.cancel_asked.connect(self._stop_shown_run)
        self._export.clicked.connect(self.exporting.export)
        self.views.pointed.connect(self._show_pointed)
        self.session.case_changed.connect(self._show_case)
        self.session.mask_changed.connect(self._show_mask)
        self.flow.open_started.connect(self._follow_opening)
        self.flow.run_started.connect(self._follow_run)
        self.flow.run_done.connect(self._focus_next_step)
        self.flow.run_done.connect(self._show_spine)
        self.masks.opened.connect(self._show_spine)
        self.flow.failed.connect(self._end_of_job)
        self.flow.failed.connect(self.notices.show_failure)
        self.queue.changed.connect(self._follow_queue)
        self.queue.failed.connect(self.notices.show_failure)
        self.queue.run_shown.connect(self._follow_run)
        self.queue.run_done.connect(self._show_spine)
        self.queue.run_ended.connect(self._end_of_job)
        self.flow.cancelled.connect(self._end_of_job)
        flow = self.flow
        for end in (flow.opened, flow.run_done, flow.failed, flow.cancelled):
            end.connect(self.opener.open_waiting)
        # Queued, so that all others have handled the end before the next thing begins.
        self.queue.changed.connect(self.opener.open_waiting, Qt.ConnectionType.QueuedConnection)
        self.side.look.presets.set_own(self.settings.grey_windows)
        self.side.look.presets.changed.connect(self.settings.remember_windows)
        self.figures.measured.connect(self.guide.follow_figures)
        self.side.result.copy_asked.connect(self.exporting.copy_figures)
        self.side.result.save_asked.connect(self.exporting.save_figures)
        self.exporting.told.connect(self.notices.show_note)
        self.exporting.failed.connect(self.notices.show_failure)
        self._reopening.failed.connect(self.notices.show_failure)
        self.jobs.failed.connect(self.notices.show_failure)

    def load_engine(self) -> None:
        """Load and build what is slow, and tidy up, while the user decides what to open."""
        loading = Job(load_engine)
        loading.succeeded.connect(self._prepare)
        loading.succeeded.connect(self._recovery.offer)
        loading.succeeded.connect(self._tidy)
        self.jobs.start(loading)

    def _tidy(self) -> None:
        """Remove what a killed program left behind, for which nothing waits: a network drive that
        holds it may be gone.
        """
        self.jobs.start(Job(functools.partial(tidy, self._outputs)))

    def _prepare(self) -> None:
        """Load and make what the first case and the first result need, piece by piece."""
        load = (functools.partial(import_module, module) for module in GUI_MODULES)
        make = (functools.partial(self.views.make_slice, plane) for plane in Plane)
        first, last = (self._settle,), (self._make_measuring, self._make_tools, self._settle)
        in_turns(chain(first, qt_classes(), loading_steps(), load, make, last), self)

    def _settle(self) -> None:
        """Let Python's garbage collector never again look through all that was loaded, for which it
        keeps the window waiting; not once a case is open, which must be freed when it is closed.
        """
        if self.session.case is None and not self.flow.busy:
            gc.freeze()

    def run(self) -> None:
        """Find the spine in the open CT, once the user agrees to lose corrections."""
        case = self.session.case
        if case is None or self.queue.busy:
            return
        question = self.tr("Find the spine again? Your corrections will be lost.")
        lost = case.corrections_unsaved or self._changes_are_coming()
        if lost and not agreed(self, question, self.tr("&Find it again")):
            return
        self.message.end(End.ATTEMPT)
        self.flow.run(self.settings.run)

    def cancel(self) -> None:
        """Stop what is running; if nothing is, put the tool down and close the message."""
        if self.queue.by_hand:
            self.flow.cancel()
        elif self.queue.active:
            self.queueing.stop()
        elif self.masks.busy:
            self.masks.cancel()
        elif self._tools and self._vertebrae_are_worked_out():
            self._tools.vertebrae.controller.cancel()
        else:
            self.views.stop()
            self._switch.put_down()
            self.message.close_last()

    def _vertebrae_are_worked_out(self) -> bool:
        return self._tools is not None and self._tools.vertebrae.controller.busy

    def _changes_are_coming(self) -> bool:
        tools = self._tools
        return tools is not None and (tools.correcting or tools.vertebrae.controller.changing)

    def _escape(self) -> None:
        """Stop measuring, which goes on beside a run; otherwise cancel."""
        if self.measuring.kind is not None:
            self._switch.put_down()
        else:
            self.cancel()

    def _stop_shown_run(self) -> None:
        """Stop the run that the panel shows, and with one of the queue's the queue, if agreed."""
        if self.queue.shown_run is not None:
            self.queueing.stop()
        else:
            self.flow.cancel()

    def export(self) -> None:
        """Let the user export what was found."""
        self.exporting.export()

    def toggle_full_screen(self) -> None:
        """Switch full screen on or off."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_help(self) -> None:
        """Show the guide, and what mouse and keys do."""
        run_dialog(HelpDialog(self))

    def show_about(self) -> None:
        """Say what the program is and whose work it builds on."""
        # Imported here because they are slow to load.
        from app.about.dialog import AboutDialog
        from app.about.facts import about_facts, model_card

        card = asked(functools.partial(model_card, self.settings.current.model), "", self.jobs)
        run_dialog(AboutDialog(about_facts(card), self))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files and folders."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.central.show_hovering(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002, N802
        """Stop showing that they would be accepted."""
        self.central.show_hovering(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped."""
        event.acceptProposedAction()
        self.central.show_hovering(False)
        paths = dropped_paths(event.mimeData())
        if len(paths) != 1 or not self.masks.take(paths[0]):
            self.opener.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about work that would be lost, and close once everything running has ended."""
        self._closing.take(event)

    def _forget_recent(self) -> None:
        self._recent.clear()
        self._places.clear()
        self._show_recent()

    def _show_recent(self) -> None:
        self.welcome.show_recent(self._recent.paths())

    def _follow_queue(self) -> None:
        """Protect the case that the queue shows, and make its button the next step."""
        self.welcome.set_next_step(not self.queue.cases)
        self._show_column()
        self.side.run.set_allowed(not self.queue.active)
        self._export.setEnabled(not self.queue.shows)
        self._offer_tools()

    def _offer_tools(self) -> None:
        """Let a result be corrected, unless something is about to take its place."""
        case = self.session.case
        shown = case is not None and case.mask is not None
        shown &= not (self.queue.shows or self.flow.running)
        changeable = shown and not self.queue.by_hand
        self.toolbar.offer(changeable)
        self.vertebrae.offer(shown, changeable)

    def _follow_opening(self, job: OpenJob) -> None:
        self.central.pages.setFocus()  # otherwise it may go to Cancel
        self.activity.follow(job, visible(job.path.name))
        self.welcome.setEnabled(False)
        self._offer_tools()

    def _follow_run(self, job: SegmentJob) -> None:
        """Show this run in place of an earlier result."""
        self._focus_slices()  # otherwise it may go to Cancel, where Space would end the run
        self.side.run.follow(job, self.settings.run.max_ram)
        self._show_result(None)
        job.spine_grew.connect(self._show_growth)

    def _focus_next_step(self) -> None:
        """Let Space export the result of a run."""
        self._export.setFocus()

    def _show_spine(self) -> None:
        """Show a new result, even if an earlier one was hidden."""
        if not self.look.overlay.shown:
            self.look.change_overlay(shown=True)

    def _show_growth(self) -> None:
        """Show what a run has found so far."""
        if job := self.flow.running or self.queue.shown_run:
            self.views.show_mask(job.spine_so_far)
            self.guide.lead_to(job.spine_middle)

    def _show_case(self) -> None:
        """Show the session's CT, or what to do if there is none."""
        case = self.session.case
        self.side.run.leave()
        self.views.show_volume(None)
        self.measuring.show_volume(case.volume if case else None)
        self.welcome.setEnabled(True)
        self._show_column()
        self.toolbar.setVisible(case is not None)
        if case is None:
            self.toolbar.offer(False)
            self._show_pointed(None)
            self._show_recent()
            self.central.show_welcome()
            return
        self.guide.begin(case.volume.geometry)
        self.views.show_volume(case.volume)
        self._make_measuring()
        self.side.show_volume(case.volume)
        self.central.show_viewer()
        self._show_pointed(None)
        self._show_mask()
        self._focus_slices()

    def _show_column(self) -> None:
        """Show what stands beside the views while there is anything in it."""
        has_case = self.session.case is not None
        self.side.show_case(has_case)
        self.side.setVisible(has_case or bool(self.queue.cases))

    def _focus_slices(self) -> None:
        """Give the slices the focus, unless the queue's list has it."""
        if not self.queue_panel.isAncestorOf(self.focusWidget()):
            self.views.slices[Plane.AXIAL].setFocus()

    def _show_mask(self) -> None:
        """Show the session's mask and its figures, or that there is none; not beside a run, which
        shows what it has found so far.
        """
        if self.flow.running is not None:
            return
        case = self.session.case
        mask = case.mask if case else None
        self._show_result(case if mask else None)
        self.side.run.set_again(mask is not None)
        self.figures.follow(mask)
        if mask:
            self._make_tools()

    def _show_compared(self) -> None:
        case = self.session.case
        self.views.show_compared(case.compared.voxels if case and case.compared else None)

    def _open_instead(self, path: Path) -> None:
        self.opener.open_paths([path])

    def _show_result(self, case: Case | None) -> None:
        """Show a case's mask with its tools; None hides them."""
        mask = case.mask if case else None
        self.figures.forget()
        self.views.show_mask(mask.voxels if mask else None)
        if case and mask:
            self.side.result.show_result(case.segmentation, case.origin)
        else:
            self.side.result.hide()
        self._offer_tools()
        self._export.setEnabled(not self.queue.shows)
        if self._tools is not None:
            self._tools.vertebrae.show(mask is not None)
        self._export.setVisible(mask is not None)
        restyle(self._export, "emphasised", case is not None and case.unsaved)

    def _make_measuring(self) -> None:
        """Make what measures in the slices, if it is not there yet."""
        if self._measuring is not None:
            return
        # Imported here because it is slow to load.
        from app.measurements.controller import MeasurementController

        self._measuring = MeasurementController(
            self.views, self.look, self.board, self.measuring, self
        )

    def _make_tools(self) -> None:
        """Make what a result is looked at and corrected with, if it is not there yet."""
        if self._tools is not None or self.jobs.closed:
            return
        from app.window.result_tools import ResultTools  # imported here because it is slow to load

        tools = self._tools = ResultTools(
            self.session, self.views, self.look, self.toolbar, self.vertebrae, self.jobs, self
        )
        tools.told.connect(self.notices.show_idle_press)
        tools.painted.connect(self.figures.postpone)
        for part in (tools, tools.vertebrae):
            part.failed.connect(self.notices.show_failure)
        tools.vertebrae.undo_key_taken.connect(self._switch.lend_undo_key_to_vertebrae)
        self.exporting.use_tools(tools)

    def _show_pointed(self, voxel: Voxel | None) -> None:
        """Show what is under the pointer."""
        case = self.session.case
        in_slab = self.look.slab is not None
        self._pointed.show_voxel(case.volume if case else None, voxel, in_slab=in_slab)

    def show_failure(self, error: SpineContextError) -> None:
        """Say what failed, and offer what helps."""
        self.notices.show_failure(error)

    def _end_of_job(self) -> None:
        """Remove the display of a job that ended without a result."""
        self.welcome.setEnabled(True)
        if self.session.case is None:
            self.welcome.focus_next_step()
        self._show_mask()
