"""Pictures of the straightened spine, one dot per millimetre: CT, vertebrae and names."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from app.slices.image import OVERLAY_COLOUR, greys, overlay_table
from app.slices.labels import UNLABELLED, LabelLayer, Writing
from app.slices.look import Overlay
from inference.mask.straightened import StraightenedView
from inference.values.geometry import as_triple
from inference.values.volume import AIR_HU, Volume


@dataclass(frozen=True, eq=False)
class Sampled:
    """What a straightened picture shows, rows from head to feet.

    Attributes:
        hu: rows × columns.
        labels: the same shape; 0 is background.
    """

    hu: NDArray[np.int16]
    labels: NDArray[np.uint8]

    @classmethod
    def along(cls, view: StraightenedView, volume: Volume, layer: LabelLayer) -> "Sampled":
        """Sample a CT and its vertebrae there."""
        geometry = volume.geometry
        return cls(
            view.picture(volume.voxels, geometry, AIR_HU), view.picture(layer.voxels, geometry, 0)
        )


def straightened_image(
    sampled: Sampled, grey_table: NDArray[np.uint8], layer: LabelLayer, overlay: Overlay
) -> QImage:
    """The grey picture with the vertebrae in their colours."""
    grey = greys(sampled.hu, grey_table)
    pixels = np.repeat(grey[..., np.newaxis], 3, axis=2).astype(np.float32)
    if overlay.shown:
        shown = _edges(sampled.labels) if overlay.outline else sampled.labels
        table = overlay_table(overlay.opacity, layer.colours(OVERLAY_COLOUR))
        values = np.where(shown > 0, shown + np.uint8(UNLABELLED), 0)
        paint = table[np.minimum(values, len(table) - 1)].astype(np.float32)
        opacity = paint[..., 3:] / 255
        pixels += opacity * (paint[..., :3] - pixels)
    image = np.ascontiguousarray(np.rint(pixels).astype(np.uint8))
    height, width = grey.shape
    # Qt owns the copy; without it the image would point into memory that numpy frees.
    return QImage(image.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _edges(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The labels of the dots that touch a different label."""
    padded = np.pad(labels, 1)
    inner = padded[1:-1, 1:-1]
    around = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    edge = np.logical_or.reduce([inner != beside for beside in around])
    return np.where(edge, labels, 0).astype(np.uint8)


def straightened_names(
    view: StraightenedView, sampled: Sampled, volume: Volume, layer: LabelLayer
) -> Iterator[Writing]:
    """The name of each visible vertebra at the middle of its body; positions are in dots."""
    seen = set(np.unique(sampled.labels).tolist())
    for label, structure in layer.structures.items():
        if label not in seen or not structure.shown or structure.middle is None:
            continue
        (point,) = volume.geometry.to_patient(np.array([structure.middle], dtype=float))
        row, column, _ = view.to_picture(as_triple(point))
        yield Writing(QPointF(column + 0.5, row + 0.5), structure.text, structure.unsure)
