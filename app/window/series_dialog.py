"""Asks which of several series is meant."""

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.cases.identity import SEPARATOR, person_text, study_details
from app.slices.image import SOFT_TISSUE, grey_image, grey_table
from app.translation import translated
from app.widgets.dialogs import FittingDialog, dialog_buttons, resize_within_screen
from app.widgets.elided_label import ElidedLabel, shortened_lines
from app.wording import numbered_series_name, sides_text
from app.work.opening import SeriesOffer
from inference.values.messages import visible

SIZE = (620, 480)
PICTURE_PIXELS = 96
NAME_WIDTH = 400
"""Pixels of a series' name; a longer one is shortened in the middle."""


class SeriesDialog(FittingDialog):
    """A list of series with picture, size and verdict; unusable ones are greyed out.

    If only one is usable, it asks nothing and says why the others are not.
    """

    def __init__(
        self,
        offers: Sequence[SeriesOffer],
        parent: QWidget | None = None,
        *,
        show_patient: bool = True,
    ) -> None:
        """Show the offers, the recommended one selected, or else the first.

        Args:
            show_patient: whether it shows whose series they are, and their dates.
        """
        super().__init__(parent)
        self._show_patient = show_patient
        self.setWindowTitle(self.tr("Choose a series"))
        self._offers = tuple(offers)
        self.list = QListWidget()
        self.list.setIconSize(QSize(PICTURE_PIXELS, PICTURE_PIXELS))
        self.list.setSpacing(4)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Series in this input"))
        self.list.itemActivated.connect(self.accept)
        for offer in self._offers:
            self.list.addItem(self._item(offer))
        recommended = [offer.recommended for offer in self._offers]
        self.list.setCurrentRow(recommended.index(True) if any(recommended) else 0)
        layout = QVBoxLayout(self)
        heading = (
            self.tr("Several series can be opened. Which one?")
            if self._is_a_choice
            else self.tr("Only one of these series can be used. It has been opened.")
        )
        told = QLabel(heading)
        told.setWordWrap(True)
        layout.addWidget(told)
        people = self._people
        if len(people) == 1:
            person = ElidedLabel(people[0])
            person.setProperty("heading", True)
            layout.addWidget(person)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._buttons())
        resize_within_screen(self, *SIZE)

    @property
    def chosen_uid(self) -> str:
        """The identifier of the selected series."""
        return self._offers[self.list.currentRow()].series.uid

    @property
    def _is_a_choice(self) -> bool:
        return sum(offer.series.usable for offer in self._offers) > 1

    @property
    def _people(self) -> list[str]:
        """Whose series these are; none if that is hidden."""
        told = [person_text(offer.series.facts) for offer in self._offers] * self._show_patient
        return [person for person in dict.fromkeys(told) if person]

    def _buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = dialog_buttons(kinds.Open | kinds.Cancel if self._is_a_choice else kinds.Close)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _item(self, offer: SeriesOffer) -> QListWidgetItem:
        series = offer.series
        x, y, z = series.size
        size = self.tr("{0} × {1} pixels, {2} slices").format(x, y, z)
        sides = sides_text([mm for mm in series.spacing if mm], 2)
        name = numbered_series_name(series.description, series.facts.series_number)
        shown = shortened_lines(visible(name), self.fontMetrics(), NAME_WIDTH)
        lines = [shown, f"{size}, {sides} mm" if sides else size]
        if when := self._when_and_whose(offer):
            lines.insert(1, when)
        if series.problems:
            reasons = "; ".join(map(translated, series.problems))
            lines.append(self.tr("Cannot be used: {0}.").format(reasons))
        elif offer.recommended and self._is_a_choice:
            lines.append(
                self.tr("Recommended: it covers most of the body, {0:.0f} mm.").format(
                    series.height_mm
                )
            )
        else:
            lines.append(self.tr("Covers {0:.0f} mm.").format(series.height_mm))
        item = QListWidgetItem("\n".join(lines))
        item.setToolTip(f"<p>{html.escape(visible(name))}</p>")
        item.setIcon(_icon(offer.picture))
        if series.problems:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            # Grey, but darker than Qt's disabled text, because the reason must be legible.
            item.setForeground(self.palette().placeholderText())
        return item

    def _when_and_whose(self, offer: SeriesOffer) -> str:
        """The date of the study, and the patient if there are several."""
        facts = offer.series.facts
        if not self._show_patient:
            return ""
        whose = [person_text(facts)] if len(self._people) > 1 else []
        return SEPARATOR.join(part for part in (*whose, *study_details(facts)) if part)


def _icon(hu: NDArray[np.int16] | None) -> QIcon:
    """The slice, which looks the same whether the series is selected, disabled or neither."""
    picture = _picture(hu)
    icon = QIcon(picture)
    for mode in (QIcon.Mode.Selected, QIcon.Mode.Disabled):
        icon.addPixmap(picture, mode)
    return icon


def _picture(hu: NDArray[np.int16] | None) -> QPixmap:
    """The slice in the soft tissue window in a black square; empty if there is none."""
    square = QPixmap(PICTURE_PIXELS, PICTURE_PIXELS)
    square.fill(Qt.GlobalColor.black)
    if hu is not None:
        slice_ = grey_image(hu, grey_table(SOFT_TISSUE)).scaled(
            square.size(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        corner = square.rect().center() - slice_.rect().center()
        with QPainter(square) as painter:
            painter.drawImage(corner, slice_)
    return square
