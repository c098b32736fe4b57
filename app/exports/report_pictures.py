"""The pictures of the report: slices through the spine, and its surface from two sides.

They are drawn for the page, on the export's thread, whatever the views show.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage, QPainter

from app.slices.image import BONE, grey_image, grey_table, overlay_table, spine_pixels
from app.slices.look import Overlay
from app.slices.planes import Plane, view_of
from app.surface.image import surface_image
from app.surface.render import Camera, Solid
from inference.mask.surface import extract_surface
from inference.values.geometry import Slices, Voxel
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, stop_if
from inference.values.slabs import bounding_box
from inference.values.volume import Volume

MARGIN_MM = 15.0
"""CT shown around the spine: enough to see what lies beside it."""

PIXELS = 1400
"""Along the longer side of a picture: 300 per printed inch when it is as high as possible."""

MOST_PIXELS_PER_MM = 4.0
"""More would only enlarge the voxels of a short spine."""

Edges = tuple[str, str, str, str]
"""Orientation letters at the left, right, top and bottom."""

FRONT, LEFT = 0.0, 90.0
"""Azimuths of the surface, in degrees."""

EDGES_OF_SIDES: dict[float, Edges] = {FRONT: ("R", "L", "H", "F"), LEFT: ("A", "P", "H", "F")}


@dataclass(frozen=True, eq=False)
class ReportPicture:
    """A picture with what is written on it.

    Attributes:
        size_mm: width and height of what it shows, in millimetres of the patient.
    """

    title: str
    image: QImage
    size_mm: tuple[float, float]
    edges: Edges


def report_pictures(
    volume: Volume, mask: Mask, slices: Voxel | None, cancel: CancelCheck
) -> tuple[ReportPicture, ...]:
    """Sagittal and coronal through the spine, its surface from the front and from the left.

    Args:
        slices: voxel indices x, y, z of the slices to show.

    Returns:
        No pictures if the mask is empty.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    box = bounding_box(mask.voxels)
    if box is None or slices is None:
        return ()
    stop_if(cancel)
    around = _widened(box, mask)
    solid = Solid(extract_surface(mask, cancel))
    return (
        _slice_picture(volume, mask, around, Plane.SAGITTAL, slices),
        _slice_picture(volume, mask, around, Plane.CORONAL, slices),
        *(_surface_picture(solid, azimuth) for azimuth in (FRONT, LEFT)),
    )


def _widened(box: Slices, mask: Mask) -> Slices:
    """A box, slices z, y, x, enlarged by ``MARGIN_MM`` on each side within the scan."""
    sides = []
    for side, length, mm in zip(box, mask.voxels.shape, mask.geometry.spacing[::-1], strict=True):
        more = round(MARGIN_MM / mm)
        sides.append(slice(max(side.start - more, 0), min(side.stop + more, length)))
    z, y, x = sides
    return z, y, x


def _slice_picture(
    volume: Volume, mask: Mask, box: Slices, plane: Plane, slices: Voxel
) -> ReportPicture:
    """The part of a slice that lies in a box, with the spine over it."""
    view = view_of(volume.geometry.part(*box), plane)
    index = slices[view.across.axis] - box[2 - view.across.axis].start
    hu, spine = (view.slice_of(voxels[box], index) for voxels in (volume.voxels, mask.voxels))
    table = overlay_table(Overlay().opacity)
    red, green, blue, alpha = table[1].astype(np.uint32)
    colour = np.uint32(alpha << 24 | red << 16 | green << 8 | blue)
    coloured = np.ascontiguousarray(spine_pixels(spine) * colour)
    height, width = coloured.shape
    overlay = QImage(coloured.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
    columns, rows = _pixels(view.size_mm)
    sides = (columns, rows, Qt.AspectRatioMode.IgnoreAspectRatio)
    image = grey_image(hu, grey_table(BONE)).convertToFormat(QImage.Format.Format_RGB32)
    image = image.scaled(*sides, Qt.TransformationMode.SmoothTransformation)
    painter = QPainter(image)
    painter.drawImage(0, 0, overlay.scaled(*sides, Qt.TransformationMode.FastTransformation))
    painter.end()
    title = {
        Plane.SAGITTAL: QCoreApplication.translate("report_pdf", "Sagittal"),
        Plane.CORONAL: QCoreApplication.translate("report_pdf", "Coronal"),
    }[plane]
    return ReportPicture(title, image, view.size_mm, view.edges)


def _surface_picture(solid: Solid, azimuth: float) -> ReportPicture:
    left, back, head = solid.size_mm
    across = left if azimuth == FRONT else back
    size_mm = across + 2 * MARGIN_MM, head + 2 * MARGIN_MM
    columns, rows = _pixels(size_mm)
    camera = Camera(azimuth, 0.0, rows / size_mm[1])
    title = {
        FRONT: QCoreApplication.translate("report_pdf", "From the front"),
        LEFT: QCoreApplication.translate("report_pdf", "From the left"),
    }[azimuth]
    image = surface_image(solid, camera, columns, rows, 1)
    return ReportPicture(title, image, size_mm, EDGES_OF_SIDES[azimuth])


def _pixels(size_mm: tuple[float, float]) -> tuple[int, int]:
    """Columns and rows of a picture of this size."""
    per_mm = min(MOST_PIXELS_PER_MM, PIXELS / max(size_mm))
    return max(1, round(size_mm[0] * per_mm)), max(1, round(size_mm[1] * per_mm))
