"""What the window knows: the open CT and its result."""

import dataclasses
import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.cases.inputs import demo_ct
from inference.values.mask import Mask
from inference.values.volume import Volume

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.pipeline import Segmentation


class Origin(enum.Enum):
    """Where a mask comes from, whatever was corrected since."""

    RUN = "run"
    FILE = "file"
    RESTORED = "restored"
    """Corrections that an earlier run of the program could not export."""


@dataclass(frozen=True, eq=False)
class Case:
    """An open CT and what has been made of it.

    Attributes:
        volume: the CT.
        segmentation: what the last run found; None before a run, and if no run of this program
            made the mask.
        mask: what is shown and exported: the run's mask with the user's corrections.
        vertebrae: those of the mask, once requested.
        saved: whether the present mask and vertebrae have been exported or came from a file.
        compared: another mask on the CT's grid, for viewing only.
        path: what was opened; None if the CT does not come from a file.
        origin: of the mask, if there is one.
    """

    volume: Volume
    segmentation: "Segmentation | None" = None
    mask: Mask | None = None
    vertebrae: "CaseVertebrae | None" = None
    saved: bool = False
    compared: Mask | None = None
    path: Path | None = None
    origin: Origin = Origin.RUN

    @property
    def unsaved(self) -> bool:
        """Whether closing it would lose work."""
        return self.mask is not None and not self.saved

    @property
    def missed(self) -> bool:
        """Whether it would be missed: a spine of a real CT that was not exported."""
        real = self.unsaved and self.path != demo_ct()
        return real and self.mask is not None and bool(self.mask.voxels.any())

    @property
    def corrections_unsaved(self) -> bool:
        """Whether a person's work would be lost, which no run can restore.

        This means corrections of the mask, and names and changes of vertebrae.
        """
        mask, vertebrae = self.mask, self.vertebrae
        corrected = mask is not None and mask.corrected is True
        return self.unsaved and (corrected or (vertebrae is not None and vertebrae.by_hand))


class Session(QObject):
    """The one open case; everything that shows part of it listens here."""

    case_changed = Signal()
    """Another CT, or none: everything is new."""
    mask_changed = Signal()
    """The same CT with another mask, or with other facts about it."""
    comparison_changed = Signal()
    """The same CT with another mask to compare, or without one."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start without a case."""
        super().__init__(parent)
        self._case: Case | None = None

    @property
    def case(self) -> Case | None:
        """The open case."""
        return self._case

    def open(self, case: Case | None) -> None:
        """Show another CT, or none."""
        self._case = case
        self.case_changed.emit()

    def set_result(self, segmentation: "Segmentation") -> None:
        """Take over the result of a run."""
        self._replace(segmentation, segmentation.mask, Origin.RUN, saved=False)

    def set_mask(self, mask: Mask) -> None:
        """Take over a corrected mask."""
        self._update(mask=mask, saved=False)

    def set_opened(self, mask: Mask) -> None:
        """Take over a mask from a file."""
        self._replace(None, mask, Origin.FILE, saved=True)

    def set_restored(self, mask: Mask) -> None:
        """Take over a mask with the corrections of an earlier run of the program."""
        self._replace(None, dataclasses.replace(mask, corrected=True), Origin.RESTORED, saved=False)

    def compare_with(self, mask: Mask | None) -> None:
        """Show another mask beside the case's own, or stop showing one."""
        if self._case is not None and self._case.compared is not mask:
            self._case = dataclasses.replace(self._case, compared=mask)
            self.comparison_changed.emit()

    def set_vertebrae(self, vertebrae: "CaseVertebrae | None", *, changed: bool) -> None:
        """Take over vertebrae of the mask, or none.

        Args:
            changed: whether they contain a person's work that was not exported.
        """
        saved = self._case is not None and self._case.saved and not changed
        self._update(vertebrae=vertebrae, saved=saved)

    def mark_saved(self) -> None:
        """Note that the present mask and vertebrae have been exported."""
        self._update(saved=True)

    def _replace(
        self, segmentation: "Segmentation | None", mask: Mask, origin: Origin, *, saved: bool
    ) -> None:
        self._update(
            segmentation=segmentation, mask=mask, origin=origin, vertebrae=None, saved=saved
        )

    def _update(self, **changes: object) -> None:
        if self._case is None:
            raise RuntimeError("there is no case to change")
        self._case = dataclasses.replace(self._case, **changes)  # type: ignore[arg-type]
        self.mask_changed.emit()
