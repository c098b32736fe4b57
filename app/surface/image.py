"""Pictures of a surface in the colour of bone."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from app.surface.render import GREYS, Camera, Cut, Solid, draw_parts
from inference.values.geometry import Triple

BACKGROUND = QColor(16, 18, 22)

SHADOW, IVORY = np.array([38, 30, 24]), np.array([250, 240, 218])
"""The colour of bone, dark and fully lit."""


@dataclass(frozen=True)
class PartLook:
    """How a part of a surface is drawn.

    Attributes:
        text: its name; ``unsure`` names are written in italics.
        at: where the name is written, LPS millimetres; None for nowhere.
    """

    text: str
    unsure: bool
    colour: QColor
    shown: bool
    at: Triple | None


Parts = Mapping[int, PartLook]
"""Keyed by the numbers of a surface's parts."""


def surface_image(
    solid: Solid,
    camera: Camera,
    width: int,
    height: int,
    sharpness: int,
    parts: Parts | None = None,
    cut: Cut | None = None,
) -> QImage:
    """The solid as a view of ``width`` × ``height`` shows it.

    Args:
        sharpness: pixels of the image for each of the view's, along each side.
        parts: their looks; those without one have the colour of bone.
        cut: cuts a part away.
    """
    right, down = camera.shift
    finer = dataclasses.replace(
        camera,
        pixels_per_mm=camera.pixels_per_mm * sharpness,
        shift=(right * sharpness, down * sharpness),
    )
    looks = parts or {}
    columns, rows = max(1, width * sharpness), max(1, height * sharpness)
    drawn = draw_parts(solid, finer, columns, rows, hidden_of(looks), cut)
    pixels = _colours(looks, solid.last_number)[drawn]
    # Qt owns the copy; without it the image would point into memory that numpy frees.
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def hidden_of(parts: Parts) -> list[int]:
    """The numbers of the parts that are not shown."""
    return [number for number, part in parts.items() if not part.shown]


def _colours(parts: Parts, last: int) -> NDArray[np.uint32]:
    """The colour, 0xffRRGGBB, of each grey level of each part; 0 is the background.

    Args:
        last: the greatest number of a part.
    """
    share = np.linspace(0.0, 1.0, GREYS)[:, None]
    shades = [
        SHADOW + share * (_lit(parts[number]) if number in parts else IVORY - SHADOW)
        for number in range(last + 1)
    ]
    red, green, blue = np.rint(np.concatenate(shades)).astype(np.uint32).T
    colours: NDArray[np.uint32] = 0xFF000000 | red << 16 | green << 8 | blue
    colours[0] = BACKGROUND.rgb()
    return colours


def _lit(part: PartLook) -> NDArray[np.int64]:
    """What full light adds to the shadow's colour."""
    red, green, blue = part.colour.red(), part.colour.green(), part.colour.blue()
    lit: NDArray[np.int64] = np.array([red, green, blue]) - SHADOW
    return lit
