"""The picture of a surface in the colour of bone."""

import dataclasses

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from app.surface.render import Camera, Solid, draw

BACKGROUND = QColor(16, 18, 22)

SHADOW, IVORY = np.array([38, 30, 24]), np.array([250, 240, 218])
"""The colour of bone, from dark to lit."""


def surface_image(solid: Solid, camera: Camera, width: int, height: int, sharpness: int) -> QImage:
    """The solid as a view of ``width`` × ``height`` shows it.

    Args:
        sharpness: pixels of the image for each of the view's, along either side.
    """
    right, down = camera.shift
    finer = dataclasses.replace(
        camera,
        pixels_per_mm=camera.pixels_per_mm * sharpness,
        shift=(right * sharpness, down * sharpness),
    )
    columns, rows = max(1, width * sharpness), max(1, height * sharpness)
    pixels = _colours()[draw(solid, finer, columns, rows)]
    # The copy is Qt's own; without it the image would point into memory that numpy gives back.
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _colours() -> NDArray[np.uint32]:
    """The colour, 0xffRRGGBB, of each grey level; that of the background for 0."""
    share = np.linspace(0.0, 1.0, 256)[:, None]
    red, green, blue = np.rint(SHADOW + share * (IVORY - SHADOW)).astype(np.uint32).T
    colours: NDArray[np.uint32] = 0xFF000000 | red << 16 | green << 8 | blue
    colours[0] = BACKGROUND.rgb()
    return colours
