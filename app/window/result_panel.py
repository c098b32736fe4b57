"""The result in figures, with its confidence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.cases.session import Origin
from app.translation import translated
from app.widgets.elided_label import ElidedLabel
from app.widgets.figure_rows import FigureRows
from app.widgets.table_buttons import TableButtons
from app.wording import duration_text, number_text, sides_text, spread_text

if TYPE_CHECKING:
    from inference.mask.figures import MaskFigures
    from inference.pipeline import Segmentation


class ResultPanel(QWidget):
    """The spine's figures, time, model, confidence and notes; hidden while there is no result."""

    copy_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """A hidden panel."""
        super().__init__(parent)
        self._nothing = ""
        self._doubt = QLabel()
        self._doubt.setWordWrap(True)
        self._doubt.setStyleSheet(
            "background: #fff1c9; color: #3a2b00; padding: 6px; border-radius: 4px;"
        )
        self._notes = ElidedLabel()
        self._notes.setWordWrap(True)
        self._volume, self._length = QLabel(), QLabel()
        self._extent, self._hu = QLabel(), QLabel()
        self._time, self._model, self._finder = QLabel(), ElidedLabel(), QLabel()
        self._rows = FigureRows()
        for text, value in self._figures():
            self._rows.add(text, value)
        self._length.setToolTip(
            self.tr("Along the middle of the vertebral bodies, from the first to the last one")
        )
        self._hu.setToolTip(self.tr("Mean and standard deviation of all voxels of the spine"))
        self._extent.setToolTip(self.tr("Left to right × front to back × head to foot"))
        self._finder.setToolTip(
            self.tr(
                "How confident the program is that it searched in the right place. It does "
                "not tell how accurate the outline is."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._doubt)
        layout.addWidget(self._notes)
        layout.addLayout(self._rows)
        self._buttons = TableButtons(self.tr("the figures of the spine"))
        self._buttons.copy_asked.connect(self.copy_asked)
        self._buttons.save_asked.connect(self.save_asked)
        layout.addWidget(self._buttons)
        self.hide()

    def show_result(self, result: "Segmentation | None", origin: Origin) -> None:
        """Show a mask and its result; ``show_figures`` follows once they are known.

        Args:
            result: None if no run of this program made the mask, so that only its figures are
                known.
            origin: of the mask.
        """
        self.show()
        for value in (self._time, self._model, self._finder):
            self._rows.set_visible(value, result is not None)
        for figure in (self._volume, self._length, self._extent, self._hu):
            figure.setText("…")
        self._buttons.setEnabled(False)
        self._nothing = self.tr("No spine was found in this CT.")
        if result is None:
            self._nothing = self.tr("There is no spine in this mask.")
            self._doubt.hide()
            self._notes.show()
            self._notes.setText(
                self.tr("The mask was restored with its corrections.")
                if origin is Origin.RESTORED
                else self.tr("The mask was opened from a file.")
            )
            return
        self._doubt.setVisible(result.unsure)
        self._doubt.setText(self.tr("Unsure: the spine was hard to locate. Check all slices."))
        self._notes.setVisible(bool(result.notes))
        self._notes.setText("\n".join(map(translated, result.notes)))
        self._time.setText(duration_text(sum(result.seconds.values())))
        self._model.setText(f"{result.model.name} {result.model.version}")
        sure = result.finder_confidence
        self._finder.setText(
            self.tr("none: the whole CT was searched")
            if sure is None
            else self.tr("{0} %").format(round(100 * sure))
        )

    def show_figures(self, figures: "MaskFigures") -> None:
        """Show the size of the spine and the HU in it."""
        self._volume.setText(self.tr("{0} mL").format(number_text(figures.volume_ml)))
        self._length.setText(
            self.tr("not measurable")
            if figures.length_mm is None
            else self.tr("{0} mm").format(number_text(figures.length_mm))
        )
        self._hu.setText(spread_text(figures.mean_hu, figures.deviation_hu))
        self._buttons.setEnabled(True)
        self._extent.setText(self.tr("{0} mm").format(sides_text(figures.extent_mm)))
        if figures.volume_ml == 0:
            self._doubt.setText(self._nothing)
            self._doubt.show()

    def _figures(self) -> Sequence[tuple[str, QLabel]]:
        return (
            (self.tr("Volume"), self._volume),
            (self.tr("Length"), self._length),
            (self.tr("Extent"), self._extent),
            (self.tr("Density"), self._hu),
            (self.tr("Time"), self._time),
            (self.tr("Model"), self._model),
            (self.tr("Confidence"), self._finder),
        )
