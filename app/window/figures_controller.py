"""The figures of the session's mask: shown, and offered as a table.

The engine has measured what it found; any other mask is measured on a thread.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.cases.session import Session
from app.window.result_panel import ResultPanel
from app.work.jobs import Jobs
from app.work.mask_product import MaskProduct
from inference.errors import CancelledError

if TYPE_CHECKING:
    from inference.mask.figures import MaskFigures
    from inference.values.mask import Mask
    from inference.values.progress import CancelCheck
    from inference.values.table import Table


class FiguresController(QObject):
    """Keeps the figures of the current mask.

    Attributes:
        known: of the current mask; None until they are measured.
    """

    measured = Signal(object)
    """``MaskFigures`` of the session's mask."""

    def __init__(self, session: Session, jobs: Jobs, panel: ResultPanel, parent: QObject) -> None:
        """Show the figures in ``panel``."""
        super().__init__(parent)
        self._session = session
        self._panel = panel
        self.known: MaskFigures | None = None
        self._product = MaskProduct(self._measure, jobs, self)
        self._product.made.connect(self._show)

    def follow(self, mask: "Mask | None") -> None:
        """Show the figures of the session's mask; None if there is none."""
        case = self._session.case
        found = case.segmentation if case else None
        if found is not None and mask is found.mask:
            self._product.follow(None)
            self._show(found.figures)
        else:
            self._product.follow(mask)

    def postpone(self) -> None:
        """The mask's voxels are changing in place: measure them once they rest."""
        self._product.postpone()

    def forget(self) -> None:
        """Forget the figures, because the mask is no longer shown."""
        self.known = None

    @property
    def table(self) -> "Table | None":
        """The figures for a file or the clipboard; None while unknown."""
        from inference.report import figures_table  # imported here because it is slow to load

        case = self._session.case
        if case is None or case.mask is None or self.known is None:
            return None
        return figures_table(self.known, case.mask.corrected, case.segmentation)

    def _measure(self, mask: "Mask", cancel: "CancelCheck") -> object:
        """Measure the session's mask, on a thread."""
        from inference.mask.figures import measure  # imported here because it is slow to load

        case = self._session.case
        if case is None or case.mask is not mask:
            raise CancelledError("The mask is no longer shown.")
        return measure(mask, case.volume, cancel)

    def _show(self, figures: "MaskFigures") -> None:
        self.known = figures
        self.measured.emit(figures)
        self._panel.show_figures(figures)
