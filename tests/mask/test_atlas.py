"""Atlas and axis, which no disc parts: told apart where their joints are seen, and only there."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.mask.atlas import SAME_BORDER_MM, AtlasBorder, find_atlas, with_atlas
from inference.mask.borders import Border
from inference.mask.centre_line import CentreLine
from inference.mask.curve import Curve
from inference.mask.facets import THORACIC
from inference.values.geometry import Geometry

GRID = Geometry((81, 101, 51), (1.0, 1.0, 1.0))
MIDDLE, CANAL = 40, 14
"""Columns to the line, and how far behind it the canal lies; the line's row is 40 too."""

JOINT, FALL = 24.0, 0.4
MARROW, CORTEX, GAP = 300, 900, 60


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A drawn neck.

    Attributes:
        atlas: where it is, z, y, x.
    """

    bone: NDArray[np.uint8]
    hu: NDArray[np.int16]
    atlas: NDArray[np.bool_]


def draw(gap: int = GAP, *, through: bool = False) -> Drawn:
    """Atlas, axis and dens; the mask has filled the joints.

    Args:
        gap: HU in the joints.
        through: a level dark line crosses the dens too, as a disc would.
    """
    z, y, x = np.mgrid[:51, :101, :81].astype(float)
    across, behind = x - MIDDLE, y - MIDDLE
    joint = JOINT + (0.0 if through else FALL) * (14 - np.abs(across))
    masses = (np.abs(across) <= 20) & (behind >= -8) & (behind <= 11) & (z < 42)
    dens = (np.abs(across) < 6) & (behind >= 0) & (behind <= 10) & (z < 44)
    clear = (np.abs(across) < 8) & (z > joint) & ~dens & (behind > -3)
    whole = (masses | dens) & (through | ~clear)
    arch = (np.abs(across) <= 15) & (behind >= 30) & (behind <= 36) & (z < 42)
    lamina_gap = np.abs(z - 18) < 2
    bone = (whole | (arch & ~lamina_gap)) & (z >= 2)
    hu = np.full(bone.shape, 40.0)
    hu[bone] = MARROW
    distance = z - joint
    near = whole & (np.abs(distance) < 3.5) & (through | ~dens)
    hu[near] = CORTEX
    hu[near & (np.abs(distance) < 1.0)] = gap
    atlas = (whole & ~dens & (distance > 0)) | (arch & (z > 18))
    return Drawn((bone * 255).astype(np.uint8), hu.astype(np.int16), atlas & bone)


def line() -> CentreLine:
    """Straight up, 51 mm."""
    steps = np.arange(51.0)
    points = np.stack([np.full(51, 40.0), np.full(51, 40.0), steps], axis=1)
    left, back, up = (np.tile(axis, (51, 1)) for axis in np.eye(3))
    size = np.full(51, 12.0)
    return CentreLine(Curve(points, left, back, up), np.full(51, float(CANAL)), size, size / 2)


def found(drawn: Drawn, bottom: float = 4.0) -> AtlasBorder | None:
    return find_atlas(drawn.bone, GRID, drawn.hu, GRID, line(), bottom)


def test_the_border_follows_both_joints_and_leaves_the_dens_to_the_axis() -> None:
    drawn = draw()
    border = found(drawn)
    assert border is not None
    z, y, x = np.nonzero(drawn.bone)
    points = np.stack([x, y, z], axis=1).astype(np.float32)
    along, across, behind = line().curve.coordinates(points)
    is_atlas = border.height(along, across, behind) > 0
    expected = drawn.atlas[z, y, x]
    both = 2 * (is_atlas & expected).sum() / (is_atlas.sum() + expected.sum())
    assert both > 0.95
    tip = (np.abs(across) < 3) & (behind > 3) & (behind < 8) & (along > 35)
    assert tip.any()
    assert not is_atlas[tip].any()


@pytest.mark.parametrize(("deep_hu", "seen"), [(192, True), (60, False)])
def test_what_is_hardly_darker_than_its_cortices_is_no_joint(deep_hu: int, seen: bool) -> None:
    limit = 600 - deep_hu  # densities above 600 HU count no more
    assert (found(draw(limit)) is not None) == seen


def test_a_disc_that_was_overlooked_is_no_joint_of_the_atlas() -> None:
    assert found(draw(through=True)) is None


def test_a_vertebra_too_low_for_both_is_left_alone() -> None:
    assert found(draw(), bottom=35.0) is None


def disc(along: float, contrast: float = 0.3) -> Border:
    """A level border."""
    return Border(along, 0.0, 0.0, along - 6, 0.0, THORACIC, 8.0, CANAL, contrast, 0.5)


def borders_with_atlas(*borders: Border) -> tuple[Border, ...]:
    drawn = draw()
    return with_atlas(drawn.bone, GRID, drawn.hu, GRID, line(), borders)


def joints() -> AtlasBorder:
    """The border that is seen in the drawn neck."""
    border = found(draw())
    assert border is not None
    return border


def test_a_first_vertebra_that_holds_both_is_divided() -> None:
    assert borders_with_atlas(disc(4.0)) == (joints(), disc(4.0))


@pytest.mark.parametrize("off", [-5.0, 0.0, 5.0, SAME_BORDER_MM])
def test_joints_that_were_taken_for_a_disc_are_the_border(off: float) -> None:
    atlas = joints()
    assert borders_with_atlas(disc(atlas.along + off)) == (atlas,)
    below = disc(4.0)
    assert borders_with_atlas(disc(atlas.along + off), below) == (atlas, below)


def test_a_border_away_from_the_joints_or_better_seen_than_they_is_kept() -> None:
    atlas = joints()
    away = disc(atlas.along + SAME_BORDER_MM + 0.1)
    assert borders_with_atlas(away) == (away,)
    clear = disc(atlas.along, atlas.contrast)
    assert borders_with_atlas(clear) == (clear,)
