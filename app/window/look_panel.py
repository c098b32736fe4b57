"""Controls how the spine and the CT are drawn: overlay, grey window, thick slices."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.slices.image import BONE, LUNG, SOFT_TISSUE, HuWindow
from app.slices.look import Look
from app.slices.slab import THICKNESS_MM, Projection, Slab
from app.window.preset_button import PresetButton

CENTRE_HU = (-1024, 3071)
"""The range of a 12-bit scanner."""

WIDTH_HU = (1, 4096)

SLAB_MM = 10
"""Initial thickness: a third of a vertebra's height."""


class LookPanel(QWidget):
    """Controls for a ``Look`` that follow its state, whoever changes it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Show the state of ``look``."""
        super().__init__(parent)
        self._look = look
        self.presets = PresetButton(look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for row in (self._overlay_row(), self._opacity_row(), self._preset_row()):
            layout.addLayout(row)
        for row in (self._window_row(), self._slab_row()):
            layout.addLayout(row)
        look.overlay_changed.connect(self._show_overlay)
        look.window_changed.connect(self._show_window)
        look.slab_changed.connect(self._show_slab)
        self._show_overlay()
        self._show_window()
        self._show_slab()

    def _overlay_row(self) -> QHBoxLayout:
        look = self._look
        self._shown = QCheckBox(self.tr("Show the &spine"))
        self._shown.setToolTip(self.tr("O"))
        self._shown.toggled.connect(lambda on: look.change_overlay(shown=on))
        self._outline = QCheckBox(self.tr("&Outline only"))
        self._outline.toggled.connect(lambda on: look.change_overlay(outline=on))
        return _row(self._shown, self._outline)

    def _opacity_row(self) -> QHBoxLayout:
        look = self._look
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(10, 100)
        self._opacity.setAccessibleName(self.tr("Opacity of the spine in percent"))
        self._opacity.valueChanged.connect(
            lambda per_cent: look.change_overlay(opacity=per_cent / 100)
        )
        label = QLabel(self.tr("O&pacity"))
        label.setBuddy(self._opacity)
        return _row(label, self._opacity)

    def _preset_row(self) -> QHBoxLayout:
        self._presets: dict[HuWindow, QPushButton] = {}
        for text, key, window in (
            (self.tr("Bone"), "1", BONE),
            (self.tr("Soft tissue"), "2", SOFT_TISSUE),
            (self.tr("Lung"), "3", LUNG),
        ):
            button = QPushButton(text)
            button.setToolTip(self.tr("Key {0}").format(key))
            button.setAccessibleName(self.tr("Grey window for {0}").format(text))
            button.setCheckable(True)
            button.setProperty("choice", True)
            button.clicked.connect(lambda _=False, window=window: self._choose(window))
            self._presets[window] = button
        return _row(*self._presets.values(), self.presets)

    def _window_row(self) -> QHBoxLayout:
        self._centre = self._hu_box(CENTRE_HU, self.tr("Centre of the grey window in HU"))
        self._width = self._hu_box(WIDTH_HU, self.tr("Width of the grey window in HU"))
        self._inverted = QCheckBox(self.tr("&Invert"))
        self._inverted.setToolTip(self.tr("Dark bone on bright air (I)"))
        self._inverted.toggled.connect(self._look.set_inverted)
        centre, width = QLabel(self.tr("&Centre")), QLabel(self.tr("&Width"))
        centre.setBuddy(self._centre)
        width.setBuddy(self._width)
        return _row(centre, self._centre, width, self._width, self._inverted)

    def _slab_row(self) -> QHBoxLayout:
        self._projection = QComboBox()
        self._projection.addItem(self.tr("Single slices"), None)
        self._projection.addItem(self.tr("Mean"), Projection.MEAN)
        self._projection.addItem(self.tr("Maximum"), Projection.MAXIMUM)
        self._projection.setAccessibleName(self.tr("What a thick slice shows"))
        self._projection.setToolTip(self.tr("Several slices seen as one"))
        self._thickness = QSpinBox()
        self._thickness.setRange(*map(int, THICKNESS_MM))
        self._thickness.setSingleStep(5)
        self._thickness.setValue(SLAB_MM)
        self._thickness.setSuffix(self.tr(" mm"))
        self._thickness.setAccessibleName(self.tr("Thickness of a thick slice"))
        self._projection.currentIndexChanged.connect(self._set_slab)
        self._thickness.valueChanged.connect(self._set_slab)
        return _row(self._projection, self._thickness)

    def _hu_box(self, limits: tuple[int, int], name: str) -> QSpinBox:
        box = QSpinBox()
        box.setRange(*limits)
        box.setSingleStep(10)
        box.setKeyboardTracking(False)
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.valueChanged.connect(self._set_window)
        return box

    def _choose(self, window: HuWindow) -> None:
        self._look.set_window(window)
        self._show_window()  # the button of the current window was released by the click

    def _set_window(self) -> None:
        self._look.set_window(HuWindow(self._centre.value(), self._width.value()))

    def _set_slab(self) -> None:
        projection = self._projection.currentData()
        self._look.set_slab(Slab(projection, self._thickness.value()) if projection else None)

    def _show_overlay(self) -> None:
        overlay = self._look.overlay
        self._shown.setChecked(overlay.shown)
        self._outline.setChecked(overlay.outline)
        self._opacity.setValue(round(overlay.opacity * 100))

    def _show_window(self) -> None:
        window = self._look.window
        for preset, button in self._presets.items():
            button.setChecked(preset == window)
        for box, value in ((self._centre, window.centre), (self._width, window.width)):
            with QSignalBlocker(box):  # rounding it here must not change the look
                box.setValue(round(value))
        self._inverted.setChecked(self._look.inverted)

    def _show_slab(self) -> None:
        slab = self._look.slab
        with QSignalBlocker(self._projection), QSignalBlocker(self._thickness):
            self._projection.setCurrentIndex(
                self._projection.findData(slab.projection if slab else None)
            )
            if slab:
                self._thickness.setValue(round(slab.thickness_mm))
        self._thickness.setEnabled(slab is not None)


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side; sliders and fields share the remaining room."""
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, int(isinstance(widget, QSlider | QSpinBox | QComboBox)))
    return row
