"""Vertebrae as drawn over pictures, each with a colour and a name."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from app.slices.labels import LabelLayer, Structure
from app.slices.planes import nearest_voxel
from app.vertebrae.wording import is_proposal, name_text
from inference.export.vertebrae import colour
from inference.values.geometry import Voxel

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae


def colour_of(place: int) -> QColor:
    """The colour of a vertebra counted from the head, as in exported files."""
    return QColor.fromRgbF(*colour(place - 1))


def layer_of(vertebrae: "CaseVertebrae", hidden: Collection[int] = ()) -> LabelLayer:
    """How the slices draw vertebrae.

    Args:
        hidden: those not to draw, counted from the head.
    """
    unsure = is_proposal(vertebrae)
    structures = {
        place: Structure(
            name_text(vertebrae, place),
            unsure,
            colour_of(place),
            place not in hidden,
            middle_of(vertebrae, place),
        )
        for place in range(1, vertebrae.found.count + 1)
    }
    return LabelLayer(vertebrae.found.labels, structures)


def middle_of(vertebrae: "CaseVertebrae", place: int) -> Voxel | None:
    """The voxel in the middle of a vertebra's body; None if too little of it is in the mask."""
    position = vertebrae.table[place - 1].position_mm
    return None if position is None else nearest_voxel(vertebrae.found.geometry, position)
