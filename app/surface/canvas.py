"""Draws and turns the spine's surface."""

import dataclasses
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.surface.image import BACKGROUND, Parts, hidden_of, surface_image
from app.surface.orientation_cube import draw_cube
from app.surface.render import Camera, Cut, DrawableSurface, place_of, point_under
from app.widgets.names import draw_name
from app.widgets.picture_views import WHEEL_STEP, fill_with_picture
from app.wording import empty_surface_text
from app.work.jobs import Job, Jobs
from inference.values.geometry import Triple, as_triple
from inference.values.progress import CancelCheck, ProgressCallback, stop_if

REST_MS = 120
"""The whole surface is drawn once nothing has moved for this long."""

SHARPNESS = 2
"""Drawn pixels for each of the widget's, at rest; this smooths the edges."""

FILL = 0.9
"""Share of the view that a surface fills at first."""

DEGREES_PER_PIXEL = 0.5
KEY_DEGREES = 15.0
ZOOM_STEP = 1.2
ZOOM_LIMITS = (0.5, 20.0)
"""Relative to the scale at which the whole surface is seen."""

LEAST_SIZE = (120, 60)
"""Pixels: a slice's, less the buttons below."""

INSIDE_MM = 0.5
"""How far behind the surface the chosen point lies. On the surface itself two voxels are equally
near, and one of them is not spine."""

CUBE_PIXELS = 72
TEXT_COLOUR = QColor(190, 196, 204)

TURNS = {
    Qt.Key.Key_Left: (KEY_DEGREES, 0.0),
    Qt.Key.Key_Right: (-KEY_DEGREES, 0.0),
    Qt.Key.Key_Up: (0.0, -KEY_DEGREES),
    Qt.Key.Key_Down: (0.0, KEY_DEGREES),
}
"""Degrees of azimuth and elevation; the near side follows the arrow, as with the mouse."""


Shown = tuple[DrawableSurface, Parts, Camera, Cut | None, QSize]
"""Everything that a picture depends on."""


class SurfaceCanvas(QWidget):
    """Draws a surface: coarsely while it turns, sharply at rest."""

    maximise_asked = Signal()
    point_chosen = Signal(tuple)
    """LPS millimetres of the clicked point, just inside the surface."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.camera = Camera()
        self._surface: DrawableSurface | None = None
        self._parts: Parts = {}
        self._cut: Cut | None = None
        self._image: QImage | None = None
        self._outdated = False
        self._sharp_job: Job | None = None
        self._sharp_of: Shown | None = None
        self._search: Job | None = None
        self._last_pos = QPointF()
        self._pressed_at: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._draw_sharp)
        fill_with_picture(
            self,
            LEAST_SIZE,
            self.tr("3D view of the spine"),
            self.tr(
                "The arrow keys rotate the spine, plus and minus zoom, 0 shows the whole "
                "spine from the front, Space moves the crosshair to what is in the middle, "
                "Return enlarges or restores the view."
            ),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is no surface to show."""
        return self._surface is None

    def show_surface(self, surface: DrawableSurface | None) -> None:
        """Show another surface, turned like the one before, or none."""
        first = self._surface is None
        self._surface = surface
        self._image = None
        if first:
            self.look_from(0.0)
        else:
            self._turned(self.camera)

    def show_parts(self, parts: Parts) -> None:
        """Draw the parts of the surface like this; parts not mentioned look like bone."""
        self._parts = parts
        self._turned(self.camera)

    def look_from(self, azimuth: float, elevation: float = 0.0) -> None:
        """Show the whole surface, upright or along the body."""
        scale = self._scale_along_body() if elevation else self._fitting_scale()
        self._turned(Camera(azimuth, elevation, scale))

    def cut_away(self, share: float) -> None:
        """Cut away a share, 0 to 1, of the surface from the side that faced the viewer at first."""
        if self._surface is None or share <= 0:
            self._cut = None
        else:
            viewer = as_triple(self.camera.rotation[2])
            towards = self._cut.towards if self._cut is not None else viewer
            self._cut = Cut.across(self._surface.whole, towards, share)
        self._turned(self.camera)

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        fitting = self._fitting_scale()
        low, high = (limit * fitting for limit in ZOOM_LIMITS)
        scale = min(max(self.camera.pixels_per_mm * factor, low), high)
        right, down = (pixels * scale / self.camera.pixels_per_mm for pixels in self.camera.shift)
        self._turned(dataclasses.replace(self.camera, pixels_per_mm=scale, shift=(right, down)))

    def turn_by(self, azimuth: float, elevation: float) -> None:
        """Turn by degrees; the head stays up and the feet down."""
        self._turned(
            dataclasses.replace(
                self.camera,
                azimuth=(self.camera.azimuth + azimuth) % 360.0,
                elevation=min(max(self.camera.elevation + elevation, -90.0), 90.0),
            )
        )

    def drawing(self) -> Callable[[], QImage]:
        """A function that draws the present view as sharply as possible, on any thread."""
        return partial(_picture, self.size(), self._shown(self._surface) if self._surface else None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the surface and the cube."""
        if self._outdated and self._surface is not None:
            self._draw_coarse(self._surface)
        painter = QPainter(self)
        if self._surface is None or self._image is None:
            _paint_nothing(painter, self.size())
        else:
            _paint(painter, self._shown(self._surface), self._image)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 4))
            painter.drawRect(self.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the surface's size relative to the view."""
        old = event.oldSize()
        if self._surface is None or old.isEmpty():
            self.look_from(self.camera.azimuth)
            return
        ratio = self._fitting_scale() / self._fitting_scale(old.width(), old.height())
        self.zoom_by(ratio)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom."""
        self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / WHEEL_STEP))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to turn or to move."""
        self._last_pos = event.position()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Turn with the left button, move with the middle one."""
        moved = event.position() - self._last_pos
        self._last_pos = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.turn_by(-moved.x() * DEGREES_PER_PIXEL, moved.y() * DEGREES_PER_PIXEL)
        elif event.buttons() & Qt.MouseButton.MiddleButton:
            right, down = self.camera.shift
            shift = (right + moved.x(), down + moved.y())
            self._turned(dataclasses.replace(self.camera, shift=shift))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose what is under a click."""
        begun, self._pressed_at = self._pressed_at, None
        if event.button() != Qt.MouseButton.LeftButton or begun is None:
            return
        moved = (event.position() - begun).manhattanLength()
        if moved < QApplication.startDragDistance():
            self._choose(begun)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask to be enlarged, or restored."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximise_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Everything the mouse does, by keys."""
        key = Qt.Key(event.key())
        if key in TURNS:
            self.turn_by(*TURNS[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.look_from(0.0)
        elif key == Qt.Key.Key_Space:
            self._choose(QPointF(self.rect().center()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.maximise_asked.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, at: QPointF) -> None:
        """Find on a thread what is shown at a point of the widget, and emit it."""
        if self._surface is None:
            return
        if self._search is not None:
            self._search.cancel()
        surface, parts, camera, cut, size = self._shown(self._surface)

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> Triple | None:  # noqa: ARG001
            width, height = size.toTuple()
            hidden, pixel = hidden_of(parts), (at.x(), at.y())
            point = point_under(surface.whole, camera, width, height, pixel, hidden, cut)
            stop_if(cancel)
            return point and as_triple(np.array(point) - INSIDE_MM * camera.rotation[2])

        self._search = Job(work)
        self._search.succeeded.connect(self._tell_chosen)
        self._jobs.start(self._search)

    def _tell_chosen(self, point: Triple | None) -> None:
        if point is not None:
            self.point_chosen.emit(point)

    def _scale_along_body(self) -> float:
        """Pixels per millimetre at which the surface fits, seen from its head or feet."""
        if self._surface is None:
            return 1.0
        left, back, _ = self._surface.whole.size_mm
        return FILL * min(self.width(), self.height()) / float(np.hypot(left, back))

    def _fitting_scale(self, width: int | None = None, height: int | None = None) -> float:
        """Pixels per millimetre at which the upright surface fits however it is turned."""
        if self._surface is None:
            return 1.0
        left, back, head = self._surface.whole.size_mm
        around = float(np.hypot(left, back))
        return FILL * min((width or self.width()) / around, (height or self.height()) / head)

    def _turned(self, camera: Camera) -> None:
        """Show the coarse surface when next painted, and the whole one when movement stops."""
        self.camera = camera
        self._outdated = True
        if self._surface is not None:
            self._rest.start()
        self.update()

    def _draw_coarse(self, surface: DrawableSurface) -> None:
        """Draw what turns fast enough; only once for all that has changed since the last time."""
        self._outdated = False
        coarse, width, height = surface.turning(self.camera.pixels_per_mm), *self.size().toTuple()
        self._image = surface_image(coarse, self.camera, width, height, 1, self._parts, self._cut)

    def _draw_sharp(self) -> None:
        """Draw the whole surface on a thread; one picture at a time."""
        if self._surface is None or self._sharp_job is not None:
            return
        surface, parts, camera, cut, size = self._sharp_of = self._shown(self._surface)

        def work(*, progress: ProgressCallback, cancel: CancelCheck) -> QImage:  # noqa: ARG001
            width, height = size.toTuple()
            return surface_image(surface.whole, camera, width, height, SHARPNESS, parts, cut)

        self._sharp_job = Job(work)
        self._sharp_job.succeeded.connect(self._show_sharp)
        self._sharp_job.finished.connect(self._sharp_done)
        self._jobs.start(self._sharp_job)

    def _show_sharp(self, image: QImage) -> None:
        if self._is_sharp():
            self._image, self._outdated = image, False
            self.update()

    def _sharp_done(self) -> None:
        self._sharp_job = None
        if not self._is_sharp():
            self._rest.start()

    def _shown(self, surface: DrawableSurface) -> Shown:
        return surface, self._parts, self.camera, self._cut, self.size()

    def _is_sharp(self) -> bool:
        """Whether the last sharp picture shows the present state."""
        return self._surface is not None and self._sharp_of == self._shown(self._surface)


def _picture(size: QSize, shown: Shown | None) -> QImage:
    """The picture of a view of this size, ``SHARPNESS`` times as large, on any thread."""
    picture = QImage(size * SHARPNESS, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SHARPNESS)
    with QPainter(picture) as painter:
        if shown is None:
            _paint_nothing(painter, size)
        else:
            surface, parts, camera, cut, _ = shown
            width, height = size.toTuple()
            image = surface_image(surface.whole, camera, width, height, SHARPNESS, parts, cut)
            _paint(painter, shown, image)
    return picture


def _paint_nothing(painter: QPainter, size: QSize) -> None:
    """Say that there is no surface."""
    rect = QRect(QPoint(), size)
    painter.fillRect(rect, BACKGROUND)
    painter.setPen(TEXT_COLOUR)
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(rect, centred, empty_surface_text())


def _paint(painter: QPainter, shown: Shown, image: QImage) -> None:
    """Draw the surface, the cube, and the name of each part over it."""
    surface, parts, camera, _, size = shown
    width, height = size.toTuple()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, width, height), image)
    draw_cube(
        painter, QRectF(width - CUBE_PIXELS - 4, 4, CUBE_PIXELS, CUBE_PIXELS), camera.rotation
    )
    for part in parts.values():
        if part.at is not None and part.shown:
            at = QPointF(*place_of(surface.whole, camera, width, height, part.at))
            draw_name(painter, at, part.text, italic=part.unsure)
