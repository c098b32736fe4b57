"""Turns slices of HU or of a mask into pictures, as pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, qRgba

INT16_VALUES, UINT8_VALUES = 1 << 16, 1 << 8

OVERLAY_COLOUR = QColor(0, 158, 255)
"""A blue close to Okabe and Ito's (jfly.uni-koeln.de/color), but brighter for a dark background. It
looks the same with red-green colour blindness, and like no grey of a CT."""

COMPARED_COLOUR = QColor(255, 176, 0)
"""An orange that is distinguishable from the blue for everybody; drawn only as a line."""


@dataclass(frozen=True)
class HuWindow:
    """The HU range that is shown from black to white.

    Attributes:
        centre: HU of middle grey.
        width: HU from black to white, at least 1.
    """

    centre: float
    width: float


@dataclass(frozen=True)
class NamedWindow:
    """A grey window that can be chosen by name."""

    name: str
    window: HuWindow


BONE = HuWindow(400, 1800)
SOFT_TISSUE = HuWindow(50, 400)
LUNG = HuWindow(-600, 1500)
"""The usual presets of CT viewers, with the centres and widths radiologists are used to."""


def grey_table(window: HuWindow, inverted: bool = False) -> NDArray[np.uint8]:
    """The grey of every int16 HU, indexed by its bits as uint16; swapped if ``inverted``.

    Linear between the ends of the window, as in DICOM PS3.3 C.11.2.1.3.2.
    """
    hu = np.arange(INT16_VALUES, dtype=np.uint16).view(np.int16).astype(np.float32)
    grey = (hu - (window.centre - window.width / 2)) * (255.0 / window.width)
    table: NDArray[np.uint8] = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return 255 - table if inverted else table


def greys(hu: NDArray[np.generic], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The greys of a slice of int16 HU, rows by columns, through a ``grey_table``."""
    return table.take(np.ascontiguousarray(hu).view(np.uint16))


def grey_image(hu: NDArray[np.generic], table: NDArray[np.uint8]) -> QImage:
    """The picture of a slice of int16 HU, rows by columns, through a ``grey_table``."""
    pixels = greys(hu, table)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def spine_pixels(mask: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The pixels to colour in a slice of a mask, rows by columns: 1, and 0 where it is clear."""
    return np.asarray(mask != 0).view(np.uint8)


def overlay_table(
    opacity: float, colours: Sequence[QColor] = (OVERLAY_COLOUR,)
) -> NDArray[np.uint8]:
    """Rows of red, green, blue and alpha: for clear pixels, then for each value from 1 on."""
    rows = [
        (colour.red(), colour.green(), colour.blue(), round(opacity * colour.alpha()))
        for colour in colours
    ]
    return np.array([(0, 0, 0, 0), *rows], np.uint8)


def colour_table(opacity: float, colours: Sequence[QColor]) -> Sequence[int]:
    """An ``overlay_table`` as Qt takes it: a colour for every value that a pixel can have.

    Values without a colour get the last one. Making a table takes as long as drawing a slice.
    """
    rows = [qRgba(*row) for row in overlay_table(opacity, colours).tolist()]
    return rows + rows[-1:] * (UINT8_VALUES - len(rows))


def indexed_image(pixels: NDArray[np.uint8], colours: Sequence[int]) -> QImage:
    """The picture of a slice, rows by columns, through a ``colour_table``."""
    height, width = pixels.shape
    whole = np.ascontiguousarray(pixels)
    image = QImage(whole.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colours)
    return image


def occupied(pixels: NDArray[np.generic]) -> tuple[slice, slice]:
    """The smallest box, rows and columns, around all pixels that are not 0; empty without any."""
    sides = []
    for axis in (1, 0):
        places = np.flatnonzero(pixels.any(axis=axis))
        sides.append(slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 0))
    rows, columns = sides
    return rows, columns


def outline_segments(mask: NDArray[np.generic]) -> NDArray[np.float64]:
    """The sides of pixels between spine and background; the picture's border is not a side.

    Args:
        mask: a slice, rows by columns.

    Returns:
        n×2×2: both ends of each side, (column, row), where pixel (0, 0) reaches from 0 to 1.
    """
    spine = np.asarray(mask != 0)
    row, column = np.nonzero(spine[:, 1:] != spine[:, :-1])
    upright = np.stack([column + 1, row, column + 1, row + 1], axis=-1)
    row, column = np.nonzero(spine[1:] != spine[:-1])
    level = np.stack([column, row + 1, column + 1, row + 1], axis=-1)
    return np.concatenate([upright, level]).reshape(-1, 2, 2).astype(np.float64)
