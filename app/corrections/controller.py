"""Corrections by hand on the open case: what the tools do when a slice is pressed."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.cases.session import Session
from app.corrections.brush import paint
from app.corrections.correction import Correction
from app.corrections.cutting import cut
from app.corrections.mask_editor import MaskEditor
from app.corrections.pieces import keep_component, remove_component
from app.corrections.shaping import grown, grown_at, holes_filled, shrunk, shrunk_at
from app.corrections.tools import BRUSH_MM, Command, Tool
from app.work.jobs import Job, Jobs
from inference.errors import SpineContextError
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, ProgressCallback

Find = Callable[[CancelCheck], Correction | None]
"""Makes a correction, which may be slow; raises ``CancelledError`` when asked to stop."""

Act = Callable[[MaskEditor], None]
"""What the user does with a tool."""


@dataclass(frozen=True)
class InHand:
    """What the user corrects with.

    Attributes:
        radius_mm: of brush and eraser.
        is_ball: whether the brush reaches across slices.
    """

    tool: Tool = Tool.LOOK
    radius_mm: float = BRUSH_MM
    is_ball: bool = False


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

    Corrections are made in a copy of the mask. A large one takes many frames to copy or to search,
    so a thread does it, and what the user does meanwhile is done afterwards, in order.
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
        self._in_hand = InHand()
        self._session = session
        self._editor: MaskEditor | None = None
        self._source: Mask | None = None
        self._copying: Job | None = None
        self._waiting: list[Act] = []
        self._last: Voxel | None = None
        self._stroke_changed = False
        self._search: Job | None = None
        self._line_from: tuple[int, Voxel] | None = None
        self._line_to: Voxel | None = None
        session.case_changed.connect(self._follow_mask)
        session.mask_changed.connect(self._follow_mask)

    @property
    def busy(self) -> bool:
        """Whether a correction is still to come, so that the mask is about to change."""
        return self._search is not None or bool(self._waiting)

    def set_tool(self, tool: Tool) -> None:
        """Use another tool from now on."""
        self._afterwards(lambda _: self._put_down())
        self._in_hand = dataclasses.replace(self._in_hand, tool=tool)
        if tool is not Tool.LOOK:
            self._copy()

    def set_radius(self, radius_mm: float) -> None:
        """Change the radius of brush and eraser."""
        self._in_hand = dataclasses.replace(self._in_hand, radius_mm=radius_mm)

    def set_ball(self, is_ball: bool) -> None:
        """Let the brush reach across slices, or keep it in one."""
        self._in_hand = dataclasses.replace(self._in_hand, is_ball=is_ball)

    def press(self, across: int, voxel: Voxel) -> None:
        """The left button was pressed on ``voxel`` in a slice across axis ``across``."""
        if self._in_hand.tool is not Tool.LOOK:
            self._begin(partial(self._press, self._in_hand, across, voxel))

    def do(self, command: Command) -> None:
        """Change the whole mask."""
        self._begin(partial(self._do, command))

    def drag(self, across: int, voxel: Voxel) -> None:
        """The pointer moved to ``voxel`` with the button down."""
        self._afterwards(partial(self._drag, self._in_hand, across, voxel))

    def release(self) -> None:
        """The button was released."""
        self._afterwards(partial(self._release, self._in_hand))

    def undo(self, steps: int = 1) -> None:
        """Take the last corrections back."""
        self._afterwards(partial(self._walk, MaskEditor.undo, steps))

    def redo(self) -> None:
        """Redo the correction that was undone last."""
        self._afterwards(partial(self._walk, MaskEditor.redo, 1))

    def _begin(self, act: Act) -> None:
        """Do what needs a copy of the mask: now, or once there is one that nobody searches."""
        if self._editor is not None or self._waiting or self._copy():
            self._waiting.append(act)
            self._catch_up()

    def _afterwards(self, act: Act) -> None:
        """Do what follows on something begun: now, or after it."""
        if self._editor is not None or self._waiting:
            self._waiting.append(act)
            self._catch_up()

    def _press(self, held: InHand, across: int, voxel: Voxel, editor: MaskEditor) -> None:
        match held.tool:
            case Tool.REMOVE:
                self._find(partial(remove_component, editor.mask, voxel), Tool.REMOVE)
            case Tool.KEEP:
                self._find(partial(keep_component, editor.mask, voxel), Tool.KEEP)
            case Tool.CUT:
                self._begin_line(across, voxel)
            case Tool.GROW | Tool.SHRINK:
                self._shape(held, editor, across, voxel)
            case _:
                self._paint(held, editor, across, voxel, voxel)

    def _do(self, command: Command, editor: MaskEditor) -> None:
        self._put_down()
        make = {Command.GROW: grown, Command.SHRINK: shrunk, Command.FILL: holes_filled}
        self._find(partial(make[command], editor.mask), command)

    def _drag(self, held: InHand, across: int, voxel: Voxel, editor: MaskEditor) -> None:
        if held.tool is Tool.CUT:
            self._line_to = voxel
        elif self._last is not None:
            self._paint(held, editor, across, self._last, voxel)

    def _release(self, held: InHand, editor: MaskEditor) -> None:
        if held.tool is Tool.CUT:
            self._end_line(editor)
        else:
            self._end_stroke()

    def _walk(self, step: Callable[[MaskEditor], None], steps: int, editor: MaskEditor) -> None:
        self._put_down()
        if editor.can_undo or editor.can_redo:
            for _ in range(steps):
                step(editor)
            self._publish()

    def _put_down(self) -> None:
        """End a stroke, and forget an unfinished line."""
        self._line_from = self._line_to = None
        self._end_stroke()

    def _end_stroke(self) -> None:
        if self._editor is not None and self._last is not None:
            self._last = None
            self._editor.end_stroke()
            if self._stroke_changed:
                self._stroke_changed = False
                self._publish()

    def _begin_line(self, across: int, voxel: Voxel) -> None:
        """Begin a line, which is dragged from end to end or set by clicking both ends."""
        if self._line_from is not None and self._line_from[0] == across:
            self._line_to = voxel
        else:
            self._line_from, self._line_to = (across, voxel), None

    def _end_line(self, editor: MaskEditor) -> None:
        if self._line_from is None or self._line_to is None:
            return
        (across, start), end = self._line_from, self._line_to
        self._line_from = self._line_to = None
        if start != end:
            find = partial(cut, editor.mask, start, end, across=across)
            self._find(lambda cancel: find(cancel=cancel), Tool.CUT)

    def _shape(self, held: InHand, editor: MaskEditor, across: int, voxel: Voxel) -> None:
        shape = grown_at if held.tool is Tool.GROW else shrunk_at
        change = shape(editor.mask, voxel, None if held.is_ball else across, held.radius_mm)
        if change is None:
            self.told.emit(self.tr("There is no edge of the spine under the brush."))
        else:
            editor.correct(change, held.tool)
            self._publish()

    def _paint(
        self, held: InHand, editor: MaskEditor, across: int, start: Voxel, end: Voxel
    ) -> None:
        self._last = end
        move = paint(
            editor.mask,
            start,
            end,
            across=None if held.is_ball else across,
            radius_mm=held.radius_mm,
            erase=held.tool is Tool.ERASER,
        )
        if move is None:
            return
        self._stroke_changed = True
        editor.continue_stroke(move, held.tool)
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
        self._catch_up()

    def _found(self, found: Found) -> None:
        if found.editor is not None and found.editor is self._editor:
            if found.correction is None:
                self.told.emit(self._why_nothing(found.what))
            else:
                found.editor.correct(found.correction, found.what)
                self._publish()
        self._search_over()

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
        self.failed.emit(error)
        self._search_over()

    def _copy(self) -> bool:
        """Copy the mask of the case, if there is one; return whether a copy is being made."""
        case = self._session.case
        if self._editor is None and self._copying is None and case and case.mask is not None:
            mask = self._source = case.mask

            def work(*, progress: ProgressCallback, cancel: CancelCheck) -> object:  # noqa: ARG001
                return Prepared(mask, MaskEditor(mask))

            self._copying = Job(work)
            self._copying.succeeded.connect(self._copied)
            self._copying.failed.connect(self._copy_failed)
            self._jobs.start(self._copying)
        return self._copying is not None

    def _copied(self, prepared: Prepared) -> None:
        self._copying = None
        if prepared.mask is self._source:
            self._editor = prepared.editor
            self._catch_up()
        elif self._waiting and not self._copy():
            self._waiting = []

    def _copy_failed(self, error: SpineContextError) -> None:
        """Say so if anything waits for the copy; the next press tries again."""
        self._copying = None
        if self._waiting:
            self._waiting = []
            self.failed.emit(error)

    def _catch_up(self) -> None:
        """Do the first thing that waits, and each of the others in its own turn."""
        if self._waiting and self._editor is not None and self._search is None:
            self._waiting.pop(0)(self._editor)
            if self._waiting:
                QTimer.singleShot(0, self, self._catch_up)

    def _publish(self) -> None:
        if self._editor is not None:
            self._source = None
            self._session.set_mask(self._editor.mask)
            self.history_changed.emit(self._editor.done, self._editor.can_redo)

    def _follow_mask(self) -> None:
        """Forget the editor, and what waits for it, once the session holds another mask."""
        case = self._session.case
        if case is not None and case.mask is not None and case.mask is self._source:
            return
        editor = self._editor
        if editor is not None and self._is_shown(editor):
            return
        self._editor = self._source = self._last = self._line_from = self._line_to = None
        self._stroke_changed = False
        self._waiting = []
        if self._search is not None:
            self._search.cancel()
        if editor is not None:
            self.history_changed.emit((), False)

    def _is_shown(self, editor: MaskEditor) -> bool:
        """Whether the session holds the voxels that the editor changes in place."""
        case = self._session.case
        mask = case.mask if case is not None else None
        return mask is not None and mask.voxels is editor.mask.voxels
