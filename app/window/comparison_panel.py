"""How well the case's mask and another one agree, in figures."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.cases.session import Session
from app.slices.image import COMPARED_COLOUR, OVERLAY_COLOUR
from app.widgets.figure_rows import FigureRows
from app.wording import number_text
from app.work.jobs import Jobs
from app.work.mask_product import MaskProduct
from inference.values.mask import Mask
from inference.values.progress import CancelCheck

SWATCH = "■"
"""Shows the colour a mask is drawn in."""


class ComparisonPanel(QWidget):
    """Dice, HD95 and volumes while two masks are compared; hidden otherwise."""

    close_asked = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        """Follow the masks of ``session``; ``jobs`` owns the counting of their voxels."""
        super().__init__(parent)
        self._session = session
        self._counted = MaskProduct(self._count, jobs, self)
        self._counted.made.connect(self._show)
        self._compared: Mask | None = None
        self._dice, self._apart, self._own, self._other = (QLabel() for _ in range(4))
        rows = FigureRows()
        for name, text, value in (
            ("Dice", self.tr("Agreement (Dice)"), self._dice),
            ("apart", self.tr("Surfaces (HD95)"), self._apart),
            ("own", _coloured(OVERLAY_COLOUR.name(), self.tr("This mask")), self._own),
            ("other", _coloured(COMPARED_COLOUR.name(), self.tr("Other mask")), self._other),
        ):
            value.setObjectName(f"comparison_{name}")
            rows.add(text, value)
        close = QPushButton(self.tr("Close comparison"))
        close.clicked.connect(self.close_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        layout.addWidget(close)
        self.setAccessibleName(self.tr("Comparison of two masks"))
        session.comparison_changed.connect(self._follow)
        session.mask_changed.connect(self._follow)
        session.case_changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        case = self._session.case
        mask = case.mask if case else None
        compared = case.compared if case else None
        self.setVisible(mask is not None and compared is not None)
        if compared is not self._compared:
            self._compared = compared
            self._counted.follow(None)
        if mask is None or compared is None:
            return
        for value in (self._dice, self._apart, self._own, self._other):
            value.setText("…")
        self._counted.follow(mask)

    def _count(self, mask: Mask, cancel: CancelCheck) -> object:
        from inference.mask.overlap import agreement  # imported here because it is slow to load

        compared = self._compared
        return agreement(mask, compared, cancel) if compared is not None else None

    def _show(self, found: object) -> None:
        from inference.mask.overlap import Agreement
        from inference.mask.surface_gap import FURTHEST_MM

        if not isinstance(found, Agreement):
            return
        self._dice.setText(number_text(found.dice, 3))
        apart = self.tr("more than {0} mm apart").format(number_text(FURTHEST_MM))
        if found.hd95_mm is not None:
            apart = self.tr("95 % within {0} mm").format(number_text(found.hd95_mm, 1))
        self._apart.setText(self.tr("none: a mask is empty") if found.any_empty else apart)
        for value, whole, alone in (
            (self._own, found.volume_ml, found.only_ml),
            (self._other, found.other_volume_ml, found.other_only_ml),
        ):
            text = self.tr("{0} mL\n{1} mL of it only here")
            value.setText(text.format(number_text(whole, 1), number_text(alone, 1)))


def _coloured(colour: str, text: str) -> str:
    return f'<span style="color: {colour}">{SWATCH}</span> {text}'
