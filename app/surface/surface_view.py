"""The spine's surface beside the slices, turned by mouse or keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.surface.canvas import SurfaceCanvas
from app.surface.image import Parts
from app.surface.render import Camera, DrawableSurface
from app.work.jobs import Jobs

BUTTON_PADDING = 4
"""Pixels around the text of a button."""

CUT_STEPS = 100
"""Steps of the cutting slider: a spine is about 400 mm long."""


class SurfaceView(QWidget):
    """Shows a surface: dragging turns it, the wheel zooms, the middle button moves it."""

    maximise_asked = Signal()
    point_chosen = Signal(tuple)
    """LPS millimetres of the clicked point, just inside the surface."""
    save_asked = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        """An empty view; ``jobs`` owns the drawing."""
        super().__init__(parent)
        self._canvas = SurfaceCanvas(jobs, self)
        self._canvas.maximise_asked.connect(self.maximise_asked)
        self._canvas.point_chosen.connect(self.point_chosen)
        self.setFocusProxy(self._canvas)
        self._slider = QSlider(Qt.Orientation.Vertical)
        self._slider.setRange(0, CUT_STEPS)
        self._slider.setAccessibleName(self.tr("Cut away"))
        self._slider.setToolTip(
            self.tr("Cut away from where you look now; turn the spine to look into it")
        )
        self._slider.valueChanged.connect(lambda step: self._canvas.cut_away(step / CUT_STEPS))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for text, azimuth in (
            (self.tr("Front"), 0.0),
            (self.tr("Left"), 90.0),
            (self.tr("Back"), 180.0),
            (self.tr("Right"), 270.0),
        ):
            button = QPushButton(text)
            button.setToolTip(self.tr("Show the whole spine from this side"))
            # Otherwise the buttons would take more than half of the views on a low screen.
            button.setStyleSheet(f"padding: {BUTTON_PADDING}px;")
            text_width = button.fontMetrics().horizontalAdvance(text)
            button.setMinimumWidth(text_width + 3 * BUTTON_PADDING)
            button.clicked.connect(lambda _=False, a=azimuth: self._canvas.look_from(a))
            buttons.addWidget(button)
        buttons.addWidget(self._more())
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self._canvas, 1)
        above.addWidget(self._slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(above, 1)
        layout.addLayout(buttons)

    @property
    def camera(self) -> Camera:
        """How the surface is seen."""
        return self._canvas.camera

    @property
    def is_empty(self) -> bool:
        """Whether there is no surface to show."""
        return self._canvas.is_empty

    def show_surface(self, surface: DrawableSurface | None) -> None:
        """Show another surface, turned and cut like the one before, or none."""
        self._canvas.show_surface(surface)
        self._slider.setEnabled(surface is not None)
        if surface is None:
            self._slider.setValue(0)

    def show_parts(self, parts: Parts) -> None:
        """Draw the parts of the surface like this."""
        self._canvas.show_parts(parts)

    def reset(self) -> None:
        """Show the whole surface from the front."""
        self._canvas.look_from(0.0)

    def _more(self) -> QToolButton:
        """The rarer directions, and saving the picture."""
        more = QToolButton()
        more.setText(self.tr("More"))
        more.setAccessibleName(self.tr("More about the 3D view"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(more)
        for text, act in (
            (self.tr("From above"), partial(self._canvas.look_from, 0.0, 90.0)),
            (self.tr("From below"), partial(self._canvas.look_from, 0.0, -90.0)),
            (self.tr("Nothing cut away"), partial(self._slider.setValue, 0)),
            (self.tr("Save picture…"), self._ask_to_save),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        more.setMenu(menu)
        return more

    def _ask_to_save(self) -> None:
        if not self.is_empty:
            self.save_asked.emit()

    def drawing(self) -> Callable[[], QImage]:
        """A function that draws the view without its buttons, as sharply as possible.

        It takes longer than a frame and can run on any thread.
        """
        return self._canvas.drawing()
