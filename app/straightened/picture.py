"""Pictures of the straightened spine, one dot per millimetre: CT, vertebrae and names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from app.slices.image import OVERLAY_COLOUR, greys, overlay_table
from app.slices.labels import LabelLayer, Writing
from app.slices.look import Overlay
from inference.mask.straightened import StraightenedView
from inference.values.geometry import as_triple
from inference.values.volume import AIR_HU, Volume

GREYS = 256
"""Values of a grey."""


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
        places = view.places(volume.geometry)
        return cls(places.sample(volume.voxels, AIR_HU), places.sample(layer.voxels, 0))


def straightened_image(
    sampled: Sampled, grey_table: NDArray[np.uint8], mixed: NDArray[np.uint32], overlay: Overlay
) -> QImage:
    """The grey picture with the vertebrae in their colours, from ``mixed_colours``."""
    labels = sampled.labels if overlay.shown else np.zeros_like(sampled.labels)
    if overlay.outline:
        labels = _edges(labels)
    rows = np.minimum(labels, len(mixed) - 1).astype(np.intp)
    pixels = mixed.take(rows * GREYS + greys(sampled.hu, grey_table))
    height, width = pixels.shape
    # Qt owns the copy; without it the image would point into memory that numpy frees.
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def mixed_colours(opacity: float, layer: LabelLayer) -> NDArray[np.uint32]:
    """The colour of each label, 0 for none, over each grey: labels × greys, as 0xffRRGGBB."""
    clear, _, *own = overlay_table(opacity, layer.colours(OVERLAY_COLOUR)).astype(np.float32)
    paint = np.array([clear, *own])[:, np.newaxis]
    grey = np.arange(GREYS, dtype=np.float32)[:, np.newaxis]
    mixed = np.rint(grey + paint[..., 3:] / 255 * (paint[..., :3] - grey)).astype(np.uint32)
    red, green, blue = np.moveaxis(mixed, -1, 0)
    return np.asarray(0xFF << 24 | red << 16 | green << 8 | blue, np.uint32)


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
    yield from names_seen(sampled, names_along(view, volume, layer))


def names_along(view: StraightenedView, volume: Volume, layer: LabelLayer) -> Mapping[int, Writing]:
    """The name of each shown label at the middle of its body, however far from the picture."""
    names = {}
    for label, structure in layer.structures.items():
        if structure.shown and structure.middle is not None:
            (point,) = volume.geometry.to_patient(np.array([structure.middle], dtype=float))
            row, column, _ = view.to_picture(as_triple(point))
            at = QPointF(column + 0.5, row + 0.5)
            names[label] = Writing(at, structure.text, structure.unsure)
    return names


def names_seen(sampled: Sampled, names: Mapping[int, Writing]) -> Iterator[Writing]:
    """The names of those labels that a picture shows."""
    voxels = np.bincount(sampled.labels.ravel(), minlength=max(names, default=0) + 1)
    return (name for label, name in names.items() if voxels[label])
