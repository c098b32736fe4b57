"""Corrections by hand on the open case: what the tools do when a slice is pressed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.cases.session import Session
from app.corrections.brush import paint
from app.corrections.correction import Correction
from app.corrections.cutting import cut
from app.corrections.mask_editor import MaskEditor
from app.corrections.pieces import keep_component, remove_component
from app.corrections.shaping import grown, grown_at, holes_filled, shrunk, shrunk_at
from app.corrections.tools import BRUSH_MM, Command, Tool
from app.work.jobs import Job, Jobs
from inference.errors import ScratchDiskError, SpineContextError
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback

Find = Callable[[CancelCheck], Correction | None]
"""Makes a correction, which may be slow; raises ``CancelledError`` when asked to stop."""


@dataclass(frozen=True, eq=False)
class Found:
    """A correction, and what it was made with and for.

    Attributes:
        correction: None if there is nothing to correct.
        editor: of the mask that it was made for.
    """

    what: Tool | Command
    correction: Correction | None
    editor: MaskEditor | None


@dataclass(frozen=True, eq=False)
class Prepared:
    """An editor, and the mask that it holds a copy of."""

    mask: Mask
    editor: MaskEditor


class CorrectionController(QObject):
    """Turns presses in the slices into corrections of the session's mask.

    Connect each slice view's presses to ``press``, ``drag`` and ``release``, with the voxel axis
    across the view.
    """

    voxels_changed = Signal()
    """The voxels of the session's mask changed in place; the stroke may not be over."""
    history_changed = Signal(tuple, bool)
    """What can be undone, one ``Tool`` or ``Command`` per step, latest first; and whether anything
    can be redone."""
    told = Signal(str)
    """A sentence about a press that changed nothing."""
    failed = Signal(SpineContextError)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        """Correct the mask of the session's case; ``jobs`` owns the slow work."""
        super().__init__(parent)
        self._jobs = jobs
        self.tool = Tool.LOOK
        self.radius_mm = BRUSH_MM
        self.is_ball = False
        self._session = session
        self._editor: MaskEditor | None = None
        self._copied: Mask | None = None
        self._last: Voxel | None = None
        self._stroke_changed = False
        self._search: Job | None = None
        self._line_from: tuple[int, Voxel] | None = None
        self._line_to: Voxel | None = None
        session.case_changed.connect(self._follow_mask)
        session.mask_changed.connect(self._follow_mask)

    def set_tool(self, tool: Tool) -> None:
        """Use another tool from now on."""
        self._put_down()
        self.tool = tool
        if tool is not Tool.LOOK:
            self._prepare()

    def set_radius(self, radius_mm: float) -> None:
        """Change the radius of brush and eraser."""
        self.radius_mm = radius_mm

    def set_ball(self, is_ball: bool) -> None:
        """Let the brush reach across slices, or keep it in one."""
        self.is_ball = is_ball

    def press(self, across: int, voxel: Voxel) -> None:
        """The left button was pressed on ``voxel`` in a slice across axis ``across``."""
        if self.tool is Tool.LOOK or self._search is not None:
            return
        editor = self._editor_of_the_case()
        if editor is None:
            return
        match self.tool:
            case Tool.REMOVE:
                self._find(partial(remove_component, editor.mask, voxel), Tool.REMOVE)
            case Tool.KEEP:
                self._find(partial(keep_component, editor.mask, voxel), Tool.KEEP)
            case Tool.CUT:
                self._begin_line(across, voxel)
            case Tool.GROW | Tool.SHRINK:
                self._shape(editor, across, voxel)
            case _:
                self._paint(editor, across, voxel, voxel)

    def do(self, command: Command) -> None:
        """Change the whole mask."""
        self._put_down()
        editor = self._editor_of_the_case() if self._search is None else None
        if editor is not None:
            make = {Command.GROW: grown, Command.SHRINK: shrunk, Command.FILL: holes_filled}
            self._find(partial(make[command], editor.mask), command)

    def drag(self, across: int, voxel: Voxel) -> None:
        """The pointer moved to ``voxel`` with the button down."""
        if self.tool is Tool.CUT:
            self._line_to = voxel
        elif self._editor is not None and self._last is not None:
            self._paint(self._editor, across, self._last, voxel)

    def release(self) -> None:
        """The button was released."""
        if self.tool is Tool.CUT:
            self._end_line()
        elif self._editor is not None and self._last is not None:
            self._last = None
            self._editor.end_stroke()
            if self._stroke_changed:
                self._stroke_changed = False
                self._publish()

    def undo(self, steps: int = 1) -> None:
        """Take the last corrections back."""
        self._walk(MaskEditor.undo, steps)

    def redo(self) -> None:
        """Redo the correction that was undone last."""
        self._walk(MaskEditor.redo)

    def _walk(self, step: Callable[[MaskEditor], None], steps: int = 1) -> None:
        self._put_down()
        editor = self._editor
        if editor and self._search is None and (editor.can_undo or editor.can_redo):
            for _ in range(steps):
                step(editor)
            self._publish()

    def _put_down(self) -> None:
        """End a stroke, and forget an unfinished line."""
        self._line_from = self._line_to = None
        self.release()

    def _begin_line(self, across: int, voxel: Voxel) -> None:
        """Begin a line, which is dragged from end to end or set by clicking both ends."""
        if self._line_from is not None and self._line_from[0] == across:
            self._line_to = voxel
        else:
            self._line_from, self._line_to = (across, voxel), None

    def _end_line(self) -> None:
        if self._line_from is None or self._line_to is None:
            return
        (across, start), end = self._line_from, self._line_to
        self._line_from = self._line_to = None
        if self._editor is not None and self._search is None and start != end:
            find = partial(cut, self._editor.mask, start, end, across=across)
            self._find(lambda cancel: find(cancel=cancel), Tool.CUT)

    def _shape(self, editor: MaskEditor, across: int, voxel: Voxel) -> None:
        shape = grown_at if self.tool is Tool.GROW else shrunk_at
        change = shape(editor.mask, voxel, None if self.is_ball else across, self.radius_mm)
        if change is None:
            self.told.emit(self.tr("There is no edge of the spine under the brush."))
        else:
            editor.correct(change, self.tool)
            self._publish()

    def _paint(self, editor: MaskEditor, across: int, start: Voxel, end: Voxel) -> None:
        self._last = end
        move = paint(
            editor.mask,
            start,
            end,
            across=None if self.is_ball else across,
            radius_mm=self.radius_mm,
            erase=self.tool is Tool.ERASER,
        )
        if move is None:
            return
        self._stroke_changed = True
        editor.continue_stroke(move, self.tool)
        if self._is_shown(editor):
            self.voxels_changed.emit()
        else:
            self._publish()

    def _find(self, find: Find, what: Tool | Command) -> None:
        """Make the correction on a thread, because a large mask takes half a second."""
        editor = self._editor

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Found:  # noqa: ARG001
            return Found(what, find(cancel), editor)

        self._search = Job(work)
        self._search.succeeded.connect(self._found)
        self._search.failed.connect(self._failed)
        self._search.cancelled.connect(self._search_over)
        self._jobs.start(self._search)

    def _search_over(self) -> None:
        self._search = None

    def _found(self, found: Found) -> None:
        self._search_over()
        if found.correction is None:
            self.told.emit(self._why_nothing(found.what))
        elif found.editor is not None and found.editor is self._editor:
            found.editor.correct(found.correction, found.what)
            self._publish()

    def _why_nothing(self, what: Tool | Command) -> str:
        match what:
            case Tool.REMOVE:
                return self.tr("There is no spine here.")
            case Tool.KEEP:
                return self.tr("There is no other piece, or no spine here.")
            case Tool.CUT:
                return self.tr("This line cuts nothing off. Draw it right across.")
            case Command.FILL:
                return self.tr("There are no holes in the spine.")
            case _:
                return self.tr("There is nothing to change.")

    def _failed(self, error: SpineContextError) -> None:
        self._search_over()
        self.failed.emit(error)

    def _prepare(self) -> None:
        """Copy the mask on a thread, before the first press: a large one takes several frames."""
        case = self._session.case
        if self._editor is not None or case is None or case.mask is None:
            return
        mask = case.mask

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> object:  # noqa: ARG001
            with suppress(ScratchDiskError):  # the first press says so
                return Prepared(mask, MaskEditor(mask))
            return None

        preparing = Job(work)
        preparing.succeeded.connect(self._take_prepared)
        self._jobs.start(preparing)

    def _take_prepared(self, prepared: Prepared | None) -> None:
        case = self._session.case
        here = case is not None and prepared is not None and case.mask is prepared.mask
        if self._editor is None and prepared is not None and here:
            self._editor, self._copied = prepared.editor, prepared.mask

    def _editor_of_the_case(self) -> MaskEditor | None:
        """The mask's editor, made at the first correction; None without a mask or without room."""
        case = self._session.case
        if self._editor is None and case is not None and case.mask is not None:
            try:
                self._editor = MaskEditor(case.mask)
            except ScratchDiskError as error:
                self.failed.emit(error)
        return self._editor

    def _publish(self) -> None:
        if self._editor is not None:
            self._copied = None
            self._session.set_mask(self._editor.mask)
            self.history_changed.emit(self._editor.done, self._editor.can_redo)

    def _follow_mask(self) -> None:
        """Forget the editor once the session holds another mask."""
        case = self._session.case
        untouched = case is not None and case.mask is not None and case.mask is self._copied
        if self._editor is not None and not untouched and not self._is_shown(self._editor):
            self._editor = self._copied = None
            self._last = None
            self._stroke_changed = False
            self.history_changed.emit((), False)

    def _is_shown(self, editor: MaskEditor) -> bool:
        """Whether the session holds the voxels that the editor changes in place."""
        case = self._session.case
        mask = case.mask if case is not None else None
        return mask is not None and mask.voxels is editor.mask.voxels
