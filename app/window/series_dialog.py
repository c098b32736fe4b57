"""Which of several series is meant."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.slices.image import SOFT_TISSUE, grey_image, grey_table
from app.translation import translated
from app.widgets.dialogs import dialog_buttons, resize_within_screen
from app.wording import series_name, sides_text
from app.work.opening import SeriesOffer

SIZE = (620, 480)
PICTURE_PIXELS = 96


class SeriesDialog(QDialog):
    """A list of series with picture, size and verdict; those that cannot be used are greyed.

    Where only one can be used it is no question, and says what became of the others.
    """

    def __init__(self, offers: Sequence[SeriesOffer], parent: QWidget | None = None) -> None:
        """Show the offers, the recommended one selected, or else the first."""
        super().__init__(parent)
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
        layout.addWidget(QLabel(heading))
        layout.addWidget(self.list)
        layout.addWidget(self._buttons())
        resize_within_screen(self, *SIZE)

    @property
    def chosen_uid(self) -> str:
        """The identifier of the selected series."""
        return self._offers[self.list.currentRow()].series.uid

    @property
    def _is_a_choice(self) -> bool:
        return sum(offer.series.usable for offer in self._offers) > 1

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
        lines = [series_name(series.description), f"{size}, {sides} mm" if sides else size]
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
        item.setIcon(_icon(offer.picture))
        if series.problems:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            # Grey, but not as pale as Qt draws what cannot be chosen: the reason is to be read.
            item.setForeground(self.palette().placeholderText())
        return item


def _icon(hu: NDArray[np.int16] | None) -> QIcon:
    """The slice, the same whether the series is chosen, greyed or neither."""
    picture = _picture(hu)
    icon = QIcon(picture)
    for mode in (QIcon.Mode.Selected, QIcon.Mode.Disabled):
        icon.addPixmap(picture, mode)
    return icon


def _picture(hu: NDArray[np.int16] | None) -> QPixmap:
    """The slice in the soft tissue window in a black square; an empty one where there is none."""
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
