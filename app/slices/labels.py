"""Structures of a label map as drawn over a slice: their colours and names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from app.slices.image import occupied
from app.slices.planes import View
from inference.values.geometry import Voxel

UNLABELLED = 1
"""Pixel value of spine without a label in an overlay; 0 is clear, and label n is n + 1."""


@dataclass(frozen=True)
class Structure:
    """How a structure is drawn.

    Attributes:
        text: its name.
        unsure: whether the name is only a proposal, which is written in italics.
        middle: where its name is written, if the slice meets the structure there.
    """

    text: str
    unsure: bool
    colour: QColor
    shown: bool = True
    middle: Voxel | None = None


@dataclass(frozen=True, eq=False)
class LabelLayer:
    """A label map on the grid of a CT.

    Attributes:
        voxels: uint8, z, y, x; 0 is background.
        structures: by their labels, which are below 255.
    """

    voxels: NDArray[np.uint8]
    structures: Mapping[int, Structure]

    def colours(self, unlabelled: QColor) -> list[QColor]:
        """The colours of pixel values from ``UNLABELLED`` on; hidden structures are transparent."""
        clear = QColor(0, 0, 0, 0)
        colours = [unlabelled]
        for label in range(1, max(self.structures, default=0) + 1):
            structure = self.structures.get(label)
            colours.append(structure.colour if structure and structure.shown else clear)
        return colours


@dataclass(frozen=True)
class Writing:
    """A name in a slice; ``at`` is in millimetres from the slice's upper left corner."""

    at: QPointF
    text: str
    unsure: bool


def labelled_pixels(mask: NDArray[np.generic], labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixel values of an overlay, from a slice of a mask and of its labels."""
    pixels: NDArray[np.uint8] = np.add(labels, UNLABELLED, dtype=np.uint8)
    pixels *= mask != 0
    return pixels


def writings(layer: LabelLayer, view: View, pixels: NDArray[np.uint8]) -> Iterator[Writing]:
    """The names of the structures in a slice, each written on its structure.

    Args:
        pixels: of the slice, rows by columns, from ``labelled_pixels``.
    """
    part = occupied(pixels)
    spine = pixels[part]
    counts = np.bincount(spine.ravel(), minlength=UNLABELLED + 1)
    for value in (np.flatnonzero(counts[UNLABELLED + 1 :]) + UNLABELLED + 1).tolist():
        structure = layer.structures.get(value - UNLABELLED)
        if structure is None or not structure.shown:
            continue
        place = _middle(structure, view)
        if place is None or pixels[place] != value:
            row, column = _nearest(*np.nonzero(spine == value))
            place = part[0].start + row, part[1].start + column
        at = QPointF((place[1] + 0.5) * view.right.spacing, (place[0] + 0.5) * view.down.spacing)
        yield Writing(at, structure.text, structure.unsure)


def _middle(structure: Structure, view: View) -> tuple[int, int] | None:
    """Row and column of a structure's middle in any slice."""
    if structure.middle is None:
        return None
    column, row = view.position_of(structure.middle)
    return int(row), int(column)


def _nearest(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> tuple[int, int]:
    """Row and column of the pixel nearest to the middle of all of them."""
    nearest = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
    return int(rows[nearest]), int(columns[nearest])
