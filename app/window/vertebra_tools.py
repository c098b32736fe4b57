"""Connects the vertebrae, their panel, the slices and the 3D view."""

import numpy as np
from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from app.cases.session import Session
from app.slices.look import Look
from app.slices.view_grid import ViewGrid
from app.straightened.view import Spine, StraightView
from app.surface.image import PartLook
from app.surface.render import DrawableSurface
from app.surface.surface_view import SurfaceView
from app.vertebrae.controller import VertebraController
from app.vertebrae.layer import colour_of, layer_of, middle_of
from app.vertebrae.naming_dialog import NamingDialog
from app.vertebrae.panel import VertebraPanel
from app.vertebrae.wording import is_proposal, name_text
from app.widgets.dialogs import agreed, run_dialog
from app.work.jobs import Jobs
from app.work.mask_product import MaskProduct
from inference.cases.vertebrae import CaseVertebrae
from inference.errors import SpineContextError
from inference.export.vertebrae import alone
from inference.mask.surface import extract_surface
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Voxel
from inference.values.progress import CancelCheck, stop_if
from inference.values.slabs import label_boxes, slabs


class VertebraTools(QObject):
    """Shows the vertebrae of the session's case in all views, and lets the user change them."""

    told = Signal(str)
    failed = Signal(SpineContextError)
    drawn = Signal(bool)
    """Whether the 3D view shall show vertebrae rather than the whole spine."""
    undo_key_taken = Signal(bool)
    """Whether Ctrl+Z undoes changes of the vertebrae, or is given back."""

    def __init__(
        self,
        session: Session,
        views: ViewGrid,
        look: Look,
        surface: SurfaceView,
        straight: StraightView,
        panel: VertebraPanel,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        """Connect everything; there are no vertebrae yet."""
        super().__init__(parent)
        self._session = session
        self._views = views
        self._look = look
        self._surface = surface
        self._straight = straight
        self._panel = panel
        self._has_undo_key = False
        self._shown = True
        self.controller = VertebraController(session, jobs, self)
        self._drawing = MaskProduct(_drawable, jobs, self)
        self._drawing.made.connect(surface.show_surface)
        # The slices alone take a turn of the event loop that one might notice.
        self._surfaces_turn = QTimer(self, singleShot=True, interval=0)
        self._surfaces_turn.timeout.connect(self._draw_surface)
        self._connect()

    @property
    def found(self) -> bool:
        """Whether there are vertebrae to show."""
        return self.controller.vertebrae is not None

    def show(self, shown: bool) -> None:
        """Draw them, or leave the views to a current run."""
        self._shown = shown
        self._show_layer(self.controller.vertebrae)

    def _connect(self) -> None:
        controller, panel = self.controller, self._panel
        controller.changed.connect(self._show_vertebrae)
        controller.hidden_changed.connect(self._draw)
        controller.busy_changed.connect(panel.set_busy)
        controller.told.connect(self.told)
        controller.failed.connect(self.failed)
        panel.find_asked.connect(self._find)
        panel.cancel_asked.connect(controller.cancel)
        panel.look_asked.connect(self._look_at)
        panel.hidden_changed.connect(controller.hide)
        panel.name_asked.connect(self._name)
        panel.confirm_asked.connect(controller.confirm)
        panel.merge_asked.connect(self._merge)
        panel.split_asked.connect(lambda: controller.split(self._look.cursor))
        panel.give_asked.connect(lambda step: controller.give(self._look.cursor, step))
        panel.only_asked.connect(self._show_only)
        panel.undo_asked.connect(controller.undo)
        panel.redo_asked.connect(controller.redo)
        for view in self._views.slices.values():
            view.menu_asked.connect(self._offer_menu)

    def _find(self) -> None:
        """Tell them apart, once the user agrees to lose manual changes."""
        question = self.tr("Find the vertebrae again? Your names and changes will be lost.")
        now = self.controller.vertebrae
        if (
            now is None
            or not now.by_hand
            or agreed(self._panel.window(), question, self.tr("&Find them again"))
        ):
            self.controller.find()

    def _show_vertebrae(self) -> None:
        controller = self.controller
        vertebrae = controller.vertebrae
        self._panel.show_vertebrae(vertebrae)
        self._panel.set_history(can_undo=controller.can_undo, can_redo=controller.can_redo)
        takes = controller.can_undo or controller.can_redo
        if takes or self._has_undo_key:
            self.undo_key_taken.emit(takes)
        self._has_undo_key = takes
        self._drawing.follow(vertebrae.found if vertebrae else None)
        self.drawn.emit(vertebrae is not None)
        self._draw()

    def _draw(self) -> None:
        """Update colours, names and visibility in all views."""
        vertebrae = self.controller.vertebrae
        self._panel.show_hidden(self.controller.hidden)
        self._show_layer(vertebrae)
        self._surfaces_turn.start()

    def _draw_surface(self) -> None:
        vertebrae = self.controller.vertebrae
        self._surface.show_parts(self._parts(vertebrae) if vertebrae else {})

    def _show_layer(self, vertebrae: CaseVertebrae | None) -> None:
        """Show vertebrae in the slices and the straightened view, or none."""
        case = self._session.case
        if vertebrae is None or case is None or not self._shown:
            self._views.show_labels(None)
            self._straight.show_spine(None)
            return
        layer, line = layer_of(vertebrae, self.controller.hidden), vertebrae.found.line
        self._views.show_labels(layer)
        self._straight.show_spine(Spine(case.volume, line, layer) if line else None)

    def _parts(self, vertebrae: CaseVertebrae) -> dict[int, PartLook]:
        unsure, hidden = is_proposal(vertebrae), self.controller.hidden
        return {
            place: PartLook(
                name_text(vertebrae, place),
                unsure,
                colour_of(place),
                place not in hidden,
                facts.position_mm,
            )
            for place, facts in enumerate(vertebrae.table, start=1)
        }

    def _look_at(self, place: int) -> None:
        vertebrae = self.controller.vertebrae
        if vertebrae is not None and place <= vertebrae.found.count:
            voxel = middle_of(vertebrae, place) or _any_voxel(vertebrae.found, place)
            if voxel is not None:
                self._look.move_cursor(voxel)

    def _here(self) -> int | None:
        """The vertebra at the crosshair, or else the selected one."""
        vertebrae = self.controller.vertebrae
        if vertebrae is None:
            return None
        x, y, z = self._look.cursor
        return int(vertebrae.found.labels[z, y, x]) or self._panel.chosen

    def _name(self) -> None:
        vertebrae, place = self.controller.vertebrae, self._here()
        if vertebrae is None:
            return
        if place is None:
            self.told.emit(self.tr("Put the crosshair on a vertebra, or choose one in the list."))
            return
        dialog = NamingDialog(vertebrae, place, self._panel.window())
        if run_dialog(dialog):
            self.controller.name(place, dialog.number)

    def _merge(self, step: int) -> None:
        place = self._here()
        if place is not None:
            self.controller.merge(place + min(step, 0))

    def _show_only(self) -> None:
        vertebrae, place = self.controller.vertebrae, self._here()
        if vertebrae is not None and place is not None:
            self.controller.hide(set(range(1, vertebrae.found.count + 1)) - {place})

    def _offer_menu(self, voxel: Voxel, at: QPoint) -> None:
        """Show the menu of a right-clicked vertebra, with the crosshair moved there first."""
        vertebrae = self.controller.vertebrae
        x, y, z = voxel
        place = int(vertebrae.found.labels[z, y, x]) if vertebrae else 0
        if vertebrae is not None and place:
            self._look.move_cursor(voxel)
            self._panel.show_menu(name_text(vertebrae, place), at)


def _any_voxel(found: Vertebrae, place: int) -> Voxel | None:
    """A voxel of a vertebra; None if there is none."""
    for planes, slab in slabs(found.labels):
        z, y, x = np.nonzero(slab == place)
        if len(z):
            middle = len(z) // 2
            return int(x[middle]), int(y[middle]), int(z[middle]) + planes.start
    return None


def _drawable(found: Vertebrae, cancel: CancelCheck) -> DrawableSurface | None:
    """The surfaces of all vertebrae as one."""
    surfaces = {}
    for number, box in label_boxes(found.labels).items():
        stop_if(cancel)
        surfaces[number] = extract_surface(alone(found.labels, found.geometry, number, box), cancel)
    return DrawableSurface.of_parts(surfaces)
