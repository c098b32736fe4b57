"""The spine's surface beside the slices: to be turned with the mouse or by keys."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.surface.canvas import SurfaceCanvas
from app.surface.image import Parts
from app.surface.render import Camera, DrawableSurface
from app.work.jobs import Jobs


class SurfaceView(QWidget):
    """Shows a surface; drag turns it, the wheel zooms, the middle button moves it."""

    maximise_asked = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        """An empty view; ``jobs`` owns what draws it."""
        super().__init__(parent)
        self._canvas = SurfaceCanvas(jobs, self)
        self._canvas.maximise_asked.connect(self.maximise_asked)
        self.setFocusProxy(self._canvas)
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
            button.clicked.connect(lambda _=False, a=azimuth: self._canvas.look_from(a))
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._canvas, 1)
        layout.addLayout(buttons)

    @property
    def camera(self) -> Camera:
        """How the surface is seen."""
        return self._canvas.camera

    @property
    def is_empty(self) -> bool:
        """Whether there is no surface to see."""
        return self._canvas.is_empty

    def show_surface(self, surface: DrawableSurface | None) -> None:
        """Show another surface, turned like the one before, or none."""
        self._canvas.show_surface(surface)

    def show_parts(self, parts: Parts) -> None:
        """Draw the parts of the surface like this."""
        self._canvas.show_parts(parts)

    def reset(self) -> None:
        """Show the whole surface from the front."""
        self._canvas.look_from(0.0)

    def picture(self) -> QImage:
        """What is shown, without the buttons, as sharp as it gets."""
        return self._canvas.picture()
