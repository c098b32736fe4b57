"""How the spine and the CT are drawn: overlay and grey window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.slices.image import BONE, LUNG, SOFT_TISSUE, HuWindow
from app.slices.look import Look


class LookPanel(QWidget):
    """Controls for a ``Look``; shows what it is set to, whoever set it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Controls that show ``look`` as it is."""
        super().__init__(parent)
        self._look = look
        self._shown = QCheckBox(self.tr("Show the &spine"))
        self._shown.setToolTip(self.tr("O"))
        self._shown.toggled.connect(lambda on: look.change_overlay(shown=on))
        self._outline = QCheckBox(self.tr("&Outline only"))
        self._outline.toggled.connect(lambda on: look.change_overlay(outline=on))
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(10, 100)
        self._opacity.setAccessibleName(self.tr("Opacity of the spine in percent"))
        self._opacity.valueChanged.connect(
            lambda per_cent: look.change_overlay(opacity=per_cent / 100)
        )
        opacity_label = QLabel(self.tr("O&pacity"))
        opacity_label.setBuddy(self._opacity)
        opacity = QHBoxLayout()
        opacity.addWidget(opacity_label)
        opacity.addWidget(self._opacity, 1)
        self._window = QLabel()
        self._window.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        checks = QHBoxLayout()
        checks.addWidget(self._shown)
        checks.addWidget(self._outline)
        layout.addLayout(checks)
        layout.addLayout(opacity)
        self._presets: dict[HuWindow, QPushButton] = {}
        layout.addLayout(self._preset_buttons())
        layout.addWidget(self._window)
        look.overlay_changed.connect(self._show_overlay)
        look.window_changed.connect(self._show_window)
        self._show_overlay()
        self._show_window()

    def _preset_buttons(self) -> QHBoxLayout:
        presets = QHBoxLayout()
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
            presets.addWidget(button)
        return presets

    def _choose(self, window: HuWindow) -> None:
        self._look.set_window(window)
        self._show_window()  # the button of the window that it was already has come up

    def _show_overlay(self) -> None:
        overlay = self._look.overlay
        self._shown.setChecked(overlay.shown)
        self._outline.setChecked(overlay.outline)
        self._opacity.setValue(round(overlay.opacity * 100))

    def _show_window(self) -> None:
        window = self._look.window
        for preset, button in self._presets.items():
            button.setChecked(preset == window)
        self._window.setText(
            self.tr("Centre {0:.0f}, width {1:.0f} HU").format(window.centre, window.width)
        )
