"""Draws a slice of the CT with the spine over it."""

import enum
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.slices.crosshair import Crosshair
from app.slices.graphics import GraphicsView, ImageItem, ViewBox
from app.slices.image import (
    COMPARED_COLOUR,
    OVERLAY_COLOUR,
    grey_table,
    greys,
    spine_pixels,
)
from app.slices.labels import LabelLayer, Writing, labelled_pixels, writings
from app.slices.look import Look, Overlay
from app.slices.marks import draw_marks
from app.slices.overlay import SpineOverlay
from app.slices.planes import Plane, View, view_of
from app.slices.reader import SliceReader
from app.slices.slab import Projection, Slab, shown_mm
from app.widgets.names import draw_name
from app.widgets.soon import Soon
from app.wording import number_text
from inference.values.geometry import Voxel
from inference.values.volume import Volume

BACKGROUND = QColor(0, 0, 0)

LEAST_SIZE = (120, 80)
"""Pixels: a view on a low screen, below a queue, has no more."""

COMPARED_LOOK = Overlay(outline=True, opacity=1.0)
"""How the other mask is drawn, whatever the first one looks like."""

SPINE_HEIGHT, COMPARED_HEIGHT = 0.3, 0.6
"""Between the CT at 0 and the crosshair at 1."""

ZOOM_LIMITS = (0.5, 40.0)
"""Relative to the whole slice fitted into the view."""


class Part(enum.Flag):
    """What of a canvas is drawn anew."""

    CROSSHAIR = enum.auto()
    SPINE = enum.auto()
    CT = enum.auto()


class SliceCanvas(GraphicsView):
    """One plane of a CT, drawn as its ``Look`` says.

    It draws what it is given and knows nothing about mouse and keys. Its view box is in millimetres
    from the upper left corner of the slice, so that voxels have the same proportions as in the
    patient.

    What changes is noted at once and drawn when the canvas is painted, so that many changes are
    drawn once, and nothing is while it is hidden.
    """

    def __init__(self, plane: Plane, look: Look, parent: QWidget | None = None) -> None:
        """An empty canvas."""
        super().__init__(parent, useOpenGL=False, background=BACKGROUND)
        self.plane = plane
        self._look = look
        self.volume: Volume | None = None
        self._view: View | None = None
        self._hu: SliceReader | None = None
        self._mask: SliceReader | None = None
        self._compared: SliceReader | None = None
        self._labels: SliceReader | None = None
        self._layer: LabelLayer | None = None
        self._outdated = Part(0)
        self._soon = Soon(self._catch_up_if_visible, self)
        self._writings: tuple[Writing, ...] = ()
        self._table = grey_table(look.window, look.inverted)
        self._shown_index = -1
        self._framed = True
        self.box = ViewBox(
            lockAspect=True, enableMouse=False, enableMenu=False, invertY=True, defaultPadding=0
        )
        self.setCentralItem(self.box)
        self._ct = ImageItem(axisOrder="row-major")
        self.box.addItem(self._ct, ignoreBounds=True)
        self._spine = SpineOverlay(self.box, SPINE_HEIGHT)
        self._other_spine = SpineOverlay(self.box, COMPARED_HEIGHT)
        self._other_spine.set_look(COMPARED_LOOK, (COMPARED_COLOUR,))
        self._crosshair = Crosshair(self.box)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setMinimumSize(*LEAST_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.title)
        look.cursor_changed.connect(self._follow_cursor)
        look.window_changed.connect(self._follow_window)
        look.overlay_changed.connect(self._follow_overlay)
        look.slab_changed.connect(self._draw_all_soon)
        self.show_volume(None)

    @property
    def title(self) -> str:
        """The plane's name for the user."""
        return {
            Plane.AXIAL: self.tr("Axial"),
            Plane.SAGITTAL: self.tr("Sagittal"),
            Plane.CORONAL: self.tr("Coronal"),
        }[self.plane]

    @property
    def view(self) -> View | None:
        """How the CT is laid out here; None without a CT."""
        return self._view

    @property
    def index(self) -> int:
        """The voxel index of the current slice, along the axis across."""
        return self._look.cursor[self._view.across.axis] if self._view else 0

    @property
    def pixels_per_mm(self) -> float:
        """The scale, the same along both axes whatever the shape of the voxels."""
        return float(self.width() / self.box.viewRect().width())

    def show_volume(self, volume: Volume | None) -> None:
        """Show another CT, whole, without a mask."""
        self.volume = volume
        self._view = view_of(volume.geometry, self.plane) if volume else None
        self._hu = self._reader(volume.voxels) if volume else None
        self._mask = self._compared = self._labels = self._layer = None
        if self._view is not None:
            voxels = QTransform.fromScale(self._view.right.spacing, self._view.down.spacing)
            self._ct.setTransform(voxels)
            self._spine.set_voxels(voxels)
            self._other_spine.set_voxels(voxels)
        self._crosshair.set_visible(volume is not None)
        self._follow_overlay()
        self.fit()
        self._draw_all_soon()

    def show_mask(self, voxels: NDArray[np.uint8] | None) -> None:
        """Draw a mask (z, y, x, on the CT's grid) over the CT; call it again after changes."""
        self._mask = self._reader(voxels)
        self._draw_soon(Part.SPINE)

    def show_compared(self, voxels: NDArray[np.uint8] | None) -> None:
        """Draw the outline of another mask over both in its own colour, or stop drawing it."""
        self._compared = self._reader(voxels)
        self._draw_soon(Part.SPINE)

    def show_labels(self, layer: LabelLayer | None) -> None:
        """Colour the mask by its labels and write their names; None gives it one colour."""
        self._layer = layer
        self._labels = self._reader(layer.voxels if layer else None)
        self._follow_overlay()

    def refresh_mask(self) -> None:
        """Redraw the masks after their voxels or labels changed in place."""
        for reader in (self._mask, self._compared, self._labels):
            if reader is not None:
                reader.forget()
        self._draw_soon(Part.SPINE)

    def catch_up(self) -> None:
        """Draw what has changed."""
        outdated, self._outdated = self._outdated, Part(0)
        if Part.CROSSHAIR in outdated and self._view is not None:
            self._crosshair.move_to(QPointF(*self._view.middle_mm(self._look.cursor)))
        if Part.CT in outdated:
            self._draw_ct()
        if Part.SPINE in outdated:
            self._draw_spine()
            self._draw_compared()
        if outdated & (Part.CT | Part.SPINE):
            self.scene().update()  # the marks and names are in the foreground

    def _reader(self, voxels: NDArray[Any] | None) -> SliceReader | None:
        if self._view is None or voxels is None:
            return None
        return SliceReader(self._view, voxels)

    def _draw_ct(self) -> None:
        self._shown_index = self.index
        if self._hu is None:
            self._ct.clear()
        else:
            hu = self._hu.slice_at(self.index, self._look.slab)
            self._ct.setImage(greys(hu, self._table), autoLevels=False)

    def _draw_spine(self) -> None:
        """Draw the mask, coloured by its labels if it has any."""
        self._writings = ()
        mask, labels = self._slice_of(self._mask), self._slice_of(self._labels)
        if self._view is None or mask is None:
            self._spine.clear()
        elif self._layer is None or labels is None:
            self._spine.show(spine_pixels(mask))
        else:
            pixels = labelled_pixels(mask, labels)
            self._spine.show(pixels)
            self._writings = tuple(writings(self._layer, self._view, pixels))

    def _draw_compared(self) -> None:
        compared = self._slice_of(self._compared)
        if compared is None:
            self._other_spine.clear()
        else:
            self._other_spine.show(spine_pixels(compared))

    def _slice_of(self, mask: SliceReader | None) -> NDArray[np.uint8] | None:
        """The slice of a mask or of its labels that is drawn; None if none is."""
        slab = self._look.slab
        if mask is None or not self._look.overlay.shown:
            return None
        covered = Slab(Projection.MAXIMUM, slab.thickness_mm) if slab else None
        return mask.slice_at(self.index, covered)

    def fit(self) -> None:
        """Show the whole slice."""
        if self._view is not None:
            self.box.setRange(QRectF(0, 0, *self._view.size_mm), padding=0)

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a point of the widget, or about its middle."""
        if self._view is None:
            return
        width_mm, height_mm = self._view.size_mm
        fitting = min(self.width() / width_mm, self.height() / height_mm)
        low, high = (limit * fitting / self.pixels_per_mm for limit in ZOOM_LIMITS)
        factor = min(max(factor, low), high)
        middle = self.to_mm(about or QRectF(self.rect()).center())
        self.box.scaleBy((1 / factor, 1 / factor), center=middle)
        self.scene().update()

    def pan_by(self, moved: QPoint) -> None:
        """Move the slice by this many pixels of the widget."""
        if self._view is not None:
            scale = self.pixels_per_mm
            self.box.translateBy(x=-moved.x() / scale, y=-moved.y() / scale)

    def to_mm(self, pos: QPointF) -> QPointF:
        """A point of the widget in millimetres from the slice's upper left corner."""
        return self.box.mapToView(pos)

    def voxel_at(self, pos: QPointF) -> Voxel | None:
        """The voxel at a point of the widget; None outside the image."""
        if self._view is None:
            return None
        column, row = self._view.column_and_row(*self.to_mm(pos).toTuple())
        if not self._view.contains(column, row):
            return None
        return self._view.voxel_at(math.floor(column), math.floor(row), self.index)

    def picture(self, sharpness: int) -> QImage:
        """A picture of the view, ``sharpness`` times the widget's pixels along each side."""
        picture = QImage(self.size() * sharpness, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(sharpness)
        self.catch_up()
        self._framed = False
        with QPainter(picture) as painter:
            self.render(painter, QRectF(self.rect()), self.rect())
        self._framed = True
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what is shown now."""
        self.catch_up()
        super().paintEvent(event)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: ARG002, N802
        """Draw the marks; the scene's units are the widget's pixels."""
        if self._view is None:
            return
        marks = draw_marks(
            painter,
            self.rect(),
            self._view.edges,
            title=f"{self.title}  {self.index + 1}/{self._view.across.size}{self._slab_text()}",
            pixels_per_mm=self.pixels_per_mm,
            focused=self._framed and self.hasFocus(),
            accent=self.palette().highlight().color(),
        )
        for writing in self._writings:
            at = self.box.mapViewToScene(writing.at)
            draw_name(painter, at, writing.text, italic=writing.unsure, beside=marks)

    def _slab_text(self) -> str:
        """What the slab shows, as a line below the title; empty without a slab."""
        slab = self._look.slab
        if slab is None or self._view is None:
            return ""
        name = {Projection.MEAN: self.tr("Mean"), Projection.MAXIMUM: self.tr("Maximum")}
        thick = number_text(shown_mm(self._view, self.index, slab.thickness_mm), 1)
        return "\n" + self.tr("{0}, {1} mm").format(name[slab.projection], thick)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus frame."""
        super().focusInEvent(event)
        self.scene().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the focus frame."""
        super().focusOutEvent(event)
        self.scene().update()

    def _draw_soon(self, parts: Part) -> None:
        self._outdated |= parts
        self._soon.ask()

    def _draw_all_soon(self) -> None:
        self._draw_soon(Part.CROSSHAIR | Part.SPINE | Part.CT)

    def _catch_up_if_visible(self) -> None:
        if self.isVisible():
            self.catch_up()

    def _follow_cursor(self) -> None:
        if self._view is None:
            return
        if self._shown_index == self.index:
            self._draw_soon(Part.CROSSHAIR)
        else:
            self._draw_all_soon()

    def _follow_window(self) -> None:
        self._table = grey_table(self._look.window, self._look.inverted)
        self._draw_soon(Part.CT)

    def _follow_overlay(self) -> None:
        colours = self._layer.colours(OVERLAY_COLOUR) if self._layer else (OVERLAY_COLOUR,)
        self._spine.set_look(self._look.overlay, colours)
        self._draw_soon(Part.SPINE)
