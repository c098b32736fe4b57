"""One tool at a time: measuring, correcting, or the vertebrae; Ctrl+Z undoes the one in use."""

from PySide6.QtCore import QObject

from app.corrections.toolbar import EditToolbar
from app.corrections.tools import Tool
from app.measurements.measurement import Kind
from app.measurements.panel import MeasurementPanel
from app.vertebrae.panel import VertebraPanel


class ToolSwitch(QObject):
    """Puts one tool down when another is chosen, and passes the undo shortcut on."""

    def __init__(
        self,
        toolbar: EditToolbar,
        measuring: MeasurementPanel,
        vertebrae: VertebraPanel,
        parent: QObject,
    ) -> None:
        """Follow the user's choices in these."""
        super().__init__(parent)
        self._toolbar = toolbar
        self._measuring = measuring
        self._vertebrae = vertebrae
        toolbar.tool_chosen.connect(self._leave_measuring)
        measuring.kind_chosen.connect(self._begin_measuring)
        measuring.undo_key_taken.connect(toolbar.lend_undo_key)
        measuring.undo_key_taken.connect(lambda: vertebrae.take_undo_key(False))

    def put_down(self) -> None:
        """Go back to looking around."""
        self._measuring.choose(None)
        self._toolbar.choose(Tool.LOOK)

    def lend_undo_key_to_vertebrae(self, taken: bool) -> None:
        """Let Ctrl+Z undo changes of the vertebrae, or of the mask again."""
        self._measuring.rest()
        self._toolbar.lend_undo_key(taken)
        self._vertebrae.take_undo_key(taken)

    def _begin_measuring(self, kind: Kind | None) -> None:
        """Put the correcting tool down."""
        if kind is not None and self._toolbar.tool is not Tool.LOOK:
            self._toolbar.choose(Tool.LOOK)
            self._measuring.choose(kind)

    def _leave_measuring(self, tool: Tool) -> None:
        """Stop measuring; while the user corrects, Ctrl+Z undoes corrections."""
        if tool is Tool.LOOK:
            self._measuring.choose(None)
        else:
            self._measuring.rest()
