"""The tools for viewing and correcting a result, beyond the slices.

The window imports this with its first result, because it is slow to load.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.cases.session import Session
from app.corrections.controller import CorrectionController
from app.corrections.toolbar import EditToolbar
from app.corrections.tools import Tool
from app.slices.look import Look
from app.slices.planes import nearest_voxel
from app.slices.slice_view import SliceView
from app.slices.view_grid import ViewGrid
from app.straightened.view import StraightView
from app.surface.render import DrawableSurface
from app.surface.surface_view import SurfaceView
from app.vertebrae.panel import VertebraPanel
from app.window.vertebra_tools import VertebraTools
from app.work.jobs import Jobs
from app.work.mask_product import MaskProduct
from inference.errors import SpineContextError
from inference.mask.surface import extract_surface
from inference.values.geometry import Triple
from inference.values.mask import Mask
from inference.values.progress import CancelCheck


class ResultTools(QObject):
    """Connects the correction tools and the surface to the session and its views."""

    told = Signal(str)
    """A sentence about a press that changed nothing."""
    failed = Signal(SpineContextError)
    """A correction failed."""
    painted = Signal()
    """The mask's voxels changed in place; the stroke may not be over."""

    def __init__(
        self,
        session: Session,
        views: ViewGrid,
        look: Look,
        toolbar: EditToolbar,
        panel: VertebraPanel,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        """Put the surface beside the slices and connect the tools."""
        super().__init__(parent)
        self._session = session
        self._views = views
        self._look = look
        self._toolbar = toolbar
        self._correcting = CorrectionController(session, jobs, self)
        self.surface = SurfaceView(jobs)
        self.surface.point_chosen.connect(self._look_at)
        self._straight = StraightView(look)
        self._fourth = QStackedWidget()
        self._fourth.addWidget(self.surface)
        self._fourth.addWidget(self._straight)
        views.set_fourth(self._fourth)
        self._show_straight(False)
        panel.straight_chosen.connect(self._show_straight)
        for view in (self.surface, self._straight):
            view.maximise_asked.connect(self._toggle_fourth)
        self._drawing = MaskProduct(_drawable, jobs, self)
        self._drawing.made.connect(self.surface.show_surface)
        self.vertebrae = VertebraTools(
            session, views, look, self.surface, self._straight, panel, jobs, self
        )
        self.vertebrae.told.connect(self.told)
        self.vertebrae.drawn.connect(self.follow_mask)
        session.mask_changed.connect(self.follow_mask)
        session.case_changed.connect(self.follow_mask)
        self._connect_tools()
        self.follow_mask()

    @property
    def correcting(self) -> bool:
        """Whether a correction is still being worked out."""
        return self._correcting.busy

    def _connect_tools(self) -> None:
        correcting, toolbar = self._correcting, self._toolbar
        for view in self._views.slices.values():
            view.pressed.connect(correcting.press)
            view.dragged.connect(correcting.drag)
            view.released.connect(correcting.release)
            view.brush_resized.connect(toolbar.resize_brush)
        toolbar.tool_chosen.connect(self._use_tool)
        toolbar.command_asked.connect(correcting.do)
        toolbar.ball_chosen.connect(correcting.set_ball)
        toolbar.radius_changed.connect(self._set_radius)
        toolbar.apply_asked.connect(self._use_at_crosshair)
        toolbar.undo_asked.connect(correcting.undo)
        toolbar.redo_asked.connect(correcting.redo)
        correcting.voxels_changed.connect(self._views.refresh_mask)
        correcting.voxels_changed.connect(self._drawing.postpone)
        correcting.voxels_changed.connect(self.painted)
        correcting.history_changed.connect(toolbar.set_history)
        correcting.told.connect(self.told)
        correcting.failed.connect(self.failed)

    def follow_mask(self) -> None:
        """Show the surface of the session's mask, unless its vertebrae are shown."""
        case = self._session.case
        mask = case.mask if case else None
        if mask is None:
            self.surface.show_surface(None)
        self._drawing.follow(None if self.vertebrae.found else mask)

    def _use_tool(self, tool: Tool) -> None:
        self._correcting.set_tool(tool)
        for view in self._views.slices.values():
            view.editing = tool is not Tool.LOOK
            view.show_brush(self._toolbar.radius_mm if tool.has_radius else None)
            view.show_lines(tool is Tool.CUT)

    def _set_radius(self, radius_mm: float) -> None:
        self._correcting.set_radius(radius_mm)
        self._use_tool(self._toolbar.tool)

    def _use_at_crosshair(self) -> None:
        """Use the tool in the view that has the focus, for people who work by keys."""
        view = self._views.focusWidget()
        if isinstance(view, SliceView):
            view.press_at_crosshair()

    def _look_at(self, point: Triple) -> None:
        """Move the crosshair to a point of the surface, LPS millimetres."""
        if case := self._session.case:
            self._look.move_cursor(nearest_voxel(case.volume.geometry, point))

    def _show_straight(self, shown: bool) -> None:
        """Show the straightened view in the fourth place, or the surface."""
        self._fourth.setCurrentWidget(self._straight if shown else self.surface)

    def _toggle_fourth(self) -> None:
        self._views.toggle_large(self._fourth)
        view = self.surface if self.surface.isVisible() else self._straight
        view.setFocus()


def _drawable(mask: Mask, cancel: CancelCheck) -> DrawableSurface | None:
    return DrawableSurface.of(extract_surface(mask, cancel))
