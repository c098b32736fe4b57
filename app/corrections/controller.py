"""Corrections by hand on the open case: what the tools do when a slice is pressed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.cases.session import Session
from app.corrections.mask_editor import (
    Correction,
    MaskEditor,
    keep_component,
    paint,
    remove_component,
)
from app.corrections.toolbar import BRUSH_MM, Tool
from app.failures import failure_text
from app.work.jobs import Job, Jobs
from inference.errors import ScratchDiskError, SpineContextError
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback

FindPiece = Callable[[Mask, Voxel, CancelCheck], Correction | None]
"""The correction of the piece at a voxel; asked to stop, it raises ``CancelledError``."""


class CorrectionController(QObject):
    """Turns presses in the slices into corrections of the session's mask.

    Connect each slice view's presses to ``press``, ``drag`` and ``release``, with the voxel axis
    across the view.
    """

    voxels_changed = Signal()
    """The voxels of the session's mask changed in place; a stroke may go on."""
    history_changed = Signal(bool, bool)
    """Whether there is something to undo and to redo."""
    told = Signal(str)
    """A sentence about a press that changed nothing."""

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        """Correct the mask of whatever case the session holds; ``jobs`` owns what takes long."""
        super().__init__(parent)
        self._jobs = jobs
        self.tool = Tool.LOOK
        self.radius_mm = BRUSH_MM
        self._session = session
        self._editor: MaskEditor | None = None
        self._last: Voxel | None = None
        self._search: Job | None = None
        session.case_changed.connect(self._follow_mask)
        session.mask_changed.connect(self._follow_mask)

    def set_tool(self, tool: Tool) -> None:
        """Use another tool from now on."""
        self.release()
        self.tool = tool

    def set_radius(self, radius_mm: float) -> None:
        """Give brush and eraser another radius."""
        self.radius_mm = radius_mm

    def press(self, across: int, voxel: Voxel) -> None:
        """The left button went down on ``voxel`` in a slice whose axis across is ``across``."""
        if self.tool is Tool.LOOK or self._search is not None:
            return
        editor = self._editor_of_the_case()
        if editor is None:
            return
        if self.tool is Tool.REMOVE:
            self._find(editor.mask, voxel, remove_component)
        elif self.tool is Tool.KEEP:
            self._find(editor.mask, voxel, keep_component)
        else:
            self._paint(editor, across, voxel, voxel)

    def drag(self, across: int, voxel: Voxel) -> None:
        """The pointer moved on to ``voxel`` with the button down."""
        if self._editor is not None and self._last is not None:
            self._paint(self._editor, across, self._last, voxel)

    def release(self) -> None:
        """The button went up."""
        if self._editor is not None and self._last is not None:
            self._last = None
            self._editor.end_stroke()
            self._publish()

    def undo(self) -> None:
        """Take the last correction back."""
        self._walk(MaskEditor.undo)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._walk(MaskEditor.redo)

    def _walk(self, step: Callable[[MaskEditor], None]) -> None:
        self.release()
        if self._editor is not None and self._search is None:
            step(self._editor)
            self._publish()

    def _paint(self, editor: MaskEditor, across: int, start: Voxel, end: Voxel) -> None:
        self._last = end
        move = paint(
            editor.mask,
            start,
            end,
            across=across,
            radius_mm=self.radius_mm,
            erase=self.tool is Tool.ERASER,
        )
        if move is None:
            return
        editor.continue_stroke(move)
        if self._is_shown(editor):
            self.voxels_changed.emit()
        else:
            self._publish()

    def _find(
        self,
        mask: Mask,
        voxel: Voxel,
        find: Callable[[Mask, Voxel, CancelCheck], Correction | None],
    ) -> None:
        """Look for the piece on a thread: a large mask takes half a second."""

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Correction | None:  # noqa: ARG001
            return find(mask, voxel, cancel)

        self._search = Job(work)
        self._search.succeeded.connect(self._found)
        self._search.failed.connect(self._failed)
        self._search.cancelled.connect(self._search_over)
        self._jobs.start(self._search)

    def _search_over(self) -> None:
        self._search = None

    def _found(self, correction: Correction | None) -> None:
        self._search_over()
        if correction is None:
            self.told.emit(
                self.tr("There is no spine here.")
                if self.tool is Tool.REMOVE
                else self.tr("There is no other piece, or no spine here.")
            )
        elif self._editor is not None:
            self._editor.correct(correction)
            self._publish()

    def _failed(self, error: SpineContextError) -> None:
        self._search_over()
        self.told.emit(failure_text(error))

    def _editor_of_the_case(self) -> MaskEditor | None:
        """The editor of the mask, made at the first correction; None without a mask or room."""
        case = self._session.case
        if self._editor is None and case is not None and case.mask is not None:
            try:
                self._editor = MaskEditor(case.mask)
            except ScratchDiskError as error:
                self.told.emit(failure_text(error))
        return self._editor

    def _publish(self) -> None:
        if self._editor is not None:
            self._session.set_mask(self._editor.mask)
            self.history_changed.emit(self._editor.can_undo, self._editor.can_redo)

    def _follow_mask(self) -> None:
        """Forget the editor when the session holds another mask."""
        if self._editor is not None and not self._is_shown(self._editor):
            self._editor = None
            self._last = None
            self.history_changed.emit(False, False)

    def _is_shown(self, editor: MaskEditor) -> bool:
        """Whether the session holds the voxels that the editor changes in place."""
        case = self._session.case
        mask = case.mask if case is not None else None
        return mask is not None and mask.voxels is editor.mask.voxels
