"""Where the atlas ends and the axis begins: two joints and a gap around the dens, and no disc."""

import functools
import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.mask.borders import (
    HU_SPAN,
    MOST_DENSITY,
    Border,
    drop,
    gap_behind,
)
from inference.mask.centre_line import CentreLine
from inference.mask.curve import Floats, sample_along
from inference.mask.facets import THORACIC
from inference.values.geometry import Geometry

FUSED_MM = 33.0
"""If it is at least this long along the line, the first vertebra below a skull contains atlas and
axis. Measured: 23 to 28 mm for an atlas alone in two readers' label maps of ``../shared/ct``, cut
below C3 to C6; 49 and 51 mm for both there, and 38 mm for both in a mask of the neck's series."""

AXIS_MM, ATLAS_MM = 10.0, 8.0
"""Least height of the axis below the joints, without its dens, and of the atlas above them: half of
the 20 and 18 mm in the neck's series."""

JOINT_ACROSS_MM, JOINT_BEHIND_MM = (9.0, 19.0), (-6.0, 12.0)
"""Where the joints lie: beside the dens, and in front of the canal, about the line."""

JOINT_FALLS, JOINT_RISES = np.linspace(0.0, 1.0, 6), np.linspace(-0.4, 0.4, 5)
"""Falls of a joint outwards, and its rises to the back: 20 to 35° and little."""

REACH_MM = 4
"""How far from a joint its two cortices lie at the most."""

NARROW_MM = 2
"""The same of the gap around the dens; the marrow of the dens is wider."""

BESIDE_MM = 3
"""What has bone this far above and below is a joint that the mask has filled, and no end."""

LEVEL_MM = 6.0
"""How much higher one joint may lie than the other: a head that is turned and bent."""

JOINT_CONTRAST = 0.4
"""Least mean depth of the dark line, in ``HU_SPAN``: 120 HU; 0.9 is seen in the neck's series."""

SAME_BORDER_MM = 8.0
"""A border that lies no further from the joints is theirs, taken for a disc: it was 5 mm above them
in the neck's series. The next disc lies at least ``AXIS_MM`` below them."""

DENS_HALF_WIDTHS_MM, DENS_FRONTS_MM = np.arange(4.0, 9.5, 0.5), np.arange(-12.0, 9.0)
"""Half-widths of the dens and places of its front about the line that are tried: it is 8 to 12 mm
thick."""

DENS_LEANS = np.linspace(-0.2, 0.6, 5)
"""And how it leans back against the line."""

DENS_STRIP_MM, DENS_DEPTH_MM = 3.0, 10.0
"""Half-width of the strip in which its front is looked for; depth in which its sides are."""

DENS_CONTRAST = 0.2
"""How much deeper the joints must be than whatever line crosses the dens between them: a disc that
was overlooked crosses all of it."""

DENS_HEIGHT_MM, MOST_JOINT_FALL_MM = 50.0, 30.0
"""No dens reaches further above the joints, and no joint further below where it meets the middle.
"""

MARGIN_MM = 1.5
"""How far from the joints and from the dens a voxel surely is its vertebra's."""


@dataclass(frozen=True)
class AtlasBorder(Border):
    """The surface between atlas and axis.

    Attributes:
        left_fall, right_fall: of the joints outwards, millimetres a millimetre.
        left_along, right_along: where they meet the middle, if they went on to there.
        left_rise, right_rise: to the back.
        dens_half_width: of the dens.
        dens_front: how far its front lies behind the line at the joints.
        dens_lean: how much further it lies for each millimetre above them.
    """

    left_along: float
    left_fall: float
    left_rise: float
    right_along: float
    right_fall: float
    right_rise: float
    dens_half_width: float
    dens_front: float
    dens_lean: float

    @functools.cached_property
    def reach(self) -> tuple[float, float]:
        """Up to the tip of the dens."""
        low, high = super().reach
        return low - MOST_JOINT_FALL_MM, high + DENS_HEIGHT_MM

    def height(
        self,
        along: NDArray[np.float32],
        across: NDArray[np.float32],
        behind: NDArray[np.float32],
    ) -> NDArray[np.floating]:
        """How far above the border places lie; the dens lies below it as high as it reaches."""
        over_gap = super().height(along, across, behind)
        is_left = across > 0
        in_front = np.minimum(behind, self.canal)
        joint = np.where(
            is_left,
            self.left_along + self.left_rise * in_front,
            self.right_along + self.right_rise * in_front,
        ) - np.where(is_left, self.left_fall, self.right_fall) * np.abs(across)
        front = self.dens_front + self.dens_lean * (along - self.along)
        off_dens = np.maximum(np.abs(across) - self.dens_half_width, front - behind)
        over_joint = np.minimum(along - joint, off_dens)
        return np.where(behind > self.canal, over_gap, over_joint)

    def margin(
        self, behind: NDArray[np.float32], usual: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The joints are measured, and what is behind the canal is as everywhere."""
        near = np.minimum(usual, np.float32(MARGIN_MM))
        return np.where(behind > self.canal, usual, near)


def with_atlas(
    bone: NDArray[np.uint8],
    grid: Geometry,
    hu: NDArray[np.int16],
    hu_grid: Geometry,
    line: CentreLine,
    borders: tuple[Border, ...],
) -> tuple[Border, ...]:
    """The borders below a skull with that between atlas and axis, where it is seen.

    It is added where the first vertebra holds both, and takes the place of a first border that was
    taken for a disc and is seen less well.

    Args:
        bone: 255 on bone, 0 elsewhere; z, y, x on ``grid``.
        hu: of the CT, z, y, x on ``hu_grid``.
        borders: from the head down, at least one.
    """
    first, *others = borders
    fused = len(line) - 1 - first.along >= FUSED_MM
    below = first.along if fused else others[0].along if others else 0.0
    atlas = find_atlas(bone, grid, hu, hu_grid, line, below)
    if atlas is None:
        return borders
    if fused:
        return atlas, *borders
    same = abs(atlas.along - first.along) <= SAME_BORDER_MM
    return (atlas, *others) if same and atlas.contrast > first.contrast else borders


def find_atlas(
    bone: NDArray[np.uint8],
    grid: Geometry,
    hu: NDArray[np.int16],
    hu_grid: Geometry,
    line: CentreLine,
    bottom: float,
) -> AtlasBorder | None:
    """The border between atlas and axis in a vertebra that holds both; None where it is not seen.

    Args:
        bone: 255 on bone, 0 elsewhere; z, y, x on ``grid``.
        hu: of the CT, z, y, x on ``hu_grid``.
        bottom: where along the line the vertebra begins; it goes on to the line's end.
    """
    top = len(line) - 1
    lowest, highest = round(bottom + AXIS_MM), round(top - ATLAS_MM)
    if highest <= lowest:
        return None
    seen = _Seen(bone, grid, hu, hu_grid, line)
    left, right = (seen.joint(side, range(lowest, highest + 1)) for side in (1, -1))
    if abs(left.at_joint - right.at_joint) > LEVEL_MM:
        return None
    contrast = min(left.contrast, right.contrast)
    if contrast < JOINT_CONTRAST:
        return None
    middle = (left.at_joint + right.at_joint) / 2
    if contrast - seen.across_dens(middle) < DENS_CONTRAST:
        return None
    half_width, front, lean = seen.dens(middle, top)
    canal = float(line.canal[round(middle)])
    gap_along, gap_fall = gap_behind(bone, grid, line, round(middle))
    return AtlasBorder(
        along=middle,
        rise_back=0.0,
        rise_left=0.0,
        gap_along=gap_along,
        gap_fall=gap_fall,
        region=THORACIC,
        rear_wall=canal,
        canal=canal,
        contrast=contrast,
        confidence=min(1.0, contrast),
        left_along=left.along,
        left_fall=left.fall,
        left_rise=left.rise,
        right_along=right.along,
        right_fall=right.fall,
        right_rise=right.rise,
        dens_half_width=half_width,
        dens_front=front,
        dens_lean=lean,
    )


@dataclass(frozen=True)
class _Joint:
    along: float
    fall: float
    rise: float
    contrast: float

    @property
    def at_joint(self) -> float:
        """Where along the line its middle is."""
        return self.along - self.fall * float(np.mean(JOINT_ACROSS_MM))


class _Seen:
    """What is seen around the line, along × behind × across at 1 mm."""

    def __init__(
        self,
        bone: NDArray[np.uint8],
        grid: Geometry,
        hu: NDArray[np.int16],
        hu_grid: Geometry,
        line: CentreLine,
    ) -> None:
        side, front = JOINT_ACROSS_MM[1] + REACH_MM, DENS_FRONTS_MM[0] - REACH_MM
        self.across: Floats = np.arange(-side, side + 1)
        self.behind: Floats = np.arange(front, DENS_FRONTS_MM[-1] + DENS_DEPTH_MM + 1)
        self.bone = sample_along(bone, grid, line.curve, self.across, self.behind, 0) > 0
        sampled = sample_along(hu, hu_grid, line.curve, self.across, self.behind, 0)
        density = sampled.astype(np.float32) / np.float32(HU_SPAN)
        self.density = np.clip(density, 0, MOST_DENSITY)
        self.depth = drop(self.density, REACH_MM) * _amid(self.bone)

    def joint(self, side: int, heights: range) -> _Joint:
        """The plane that follows the darkest line on one side, 1 for the left."""
        columns = self._within(self.across * side, JOINT_ACROSS_MM)
        rows = self._within(self.behind, JOINT_BEHIND_MM)
        out = np.abs(self.across[columns])[None, :]
        back = self.behind[rows][:, None]
        depth = self.depth[:, rows][:, :, columns]
        r, c = np.ogrid[: depth.shape[1], : depth.shape[2]]
        best = _Joint(0.0, 0.0, 0.0, -1.0)
        middle = float(np.mean(JOINT_ACROSS_MM))
        for fall, rise, height in itertools.product(JOINT_FALLS, JOINT_RISES, heights):
            along = height + fall * middle
            planes = np.rint(along - fall * out + rise * back).astype(np.intp)
            contrast = float(depth[planes.clip(0, len(depth) - 1), r, c].mean())
            if contrast > best.contrast:
                best = _Joint(along, float(fall), float(rise), contrast)
        return best

    def across_dens(self, joint: float) -> float:
        """How deep the deepest level line through the middle of the dens is near the joints."""
        columns = np.abs(self.across) <= DENS_STRIP_MM
        rows = self._within(self.behind, JOINT_BEHIND_MM)
        low, high = round(joint - REACH_MM), round(joint + REACH_MM)
        strip = self.depth[low : high + 1, rows][:, :, columns]
        return float(strip.mean(axis=(1, 2)).max())

    def dens(self, joint: float, top: int) -> tuple[float, float, float]:
        """Half the width of the dens, where its front lies behind the line, and how it leans."""
        levels = slice(round(joint) + REACH_MM, top + 1)
        strip = self._lines(1)[levels][:, :, np.abs(self.across) <= DENS_STRIP_MM].mean(axis=2)
        above = np.arange(len(strip)) + levels.start - joint
        best, front, lean = -1.0, 0.0, 0.0
        for at, leaning in itertools.product(DENS_FRONTS_MM, DENS_LEANS):
            rows = np.rint(at + leaning * above - self.behind[0]).astype(np.intp)
            seen = float(strip[np.arange(len(strip)), rows.clip(0, strip.shape[1] - 1)].mean())
            if seen > best:
                best, front, lean = seen, float(at), float(leaning)
        middle = front + lean * float(above.mean())
        rows = self._within(self.behind, (middle, middle + DENS_DEPTH_MM))
        sides = self._lines(2)[levels][:, rows].mean(axis=(0, 1))
        both = np.interp(DENS_HALF_WIDTHS_MM, self.across, sides) + np.interp(
            -DENS_HALF_WIDTHS_MM, self.across, sides
        )
        return float(DENS_HALF_WIDTHS_MM[int(both.argmax())]), front, lean

    def _lines(self, axis: int) -> NDArray[np.float32]:
        """How dark places are against what lies on both sides of them along an axis."""
        turned = np.moveaxis(self.density, axis, 0)
        return np.moveaxis(drop(turned, NARROW_MM), 0, axis)

    @staticmethod
    def _within(values: Floats, ends: tuple[float, float]) -> NDArray[np.bool_]:
        return (values >= ends[0]) & (values <= ends[1])


def _amid(bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where there is bone ``BESIDE_MM`` above and below."""
    amid = np.zeros_like(bone)
    amid[BESIDE_MM:-BESIDE_MM] = bone[2 * BESIDE_MM :] & bone[: -2 * BESIDE_MM]
    return amid
