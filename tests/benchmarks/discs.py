"""Discs with a known position, and how much of their middle a mask marks.

A mask that runs through a disc joins two vertebrae. Only the middle of the disc counts, because
the border between a disc and its end plates is uncertain by a voxel.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.series_discs import EndPlates
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample

STEP_MM = 0.5
"""Distance between the points in the middle of a disc."""

CORE_MM = 6.0
"""Radius around the axis from body to body; inside any disc except a child's."""

CORE_SHARE = 0.5
"""The same as a share of the body's radius, along a line drawn by eye."""

TILT_MM = 2.0
"""How far a disc at an angle to the line extends past its end plates on that line."""

DARK_MM = 1.5
"""Half the height of the thinnest discs (3 mm): the part without end plates."""

LEAST_GAP_MM = 1.0
"""If bodies are closer than this, they are fused or the label has no disc between them."""

FILLED = 0.5
"""A disc counts as filled if more than this share of its middle is marked."""


@dataclass(frozen=True, eq=False)
class Disc:
    """The middle of a disc: LPS points, N×3, millimetres."""

    middle: NDArray[np.float64]

    def marked(self, mask: Mask) -> float:
        """The share of the middle that a mask marks."""
        x, y, z = np.rint(mask.geometry.to_index(self.middle)).astype(int).T
        width, height, depth = mask.geometry.size
        inside = (x >= 0) & (y >= 0) & (z >= 0) & (x < width) & (y < height) & (z < depth)
        marked = mask.voxels[z[inside], y[inside], x[inside]] > 0
        return float(np.count_nonzero(marked)) / len(self.middle)


def discs_between(numbers: NDArray[np.uint8], geometry: Geometry) -> list[Disc]:
    """The discs between labelled vertebrae (z, y, x) with consecutive numbers.

    The atlas has no body, so there is no disc between VerSe's numbers 1 and 2; the missing gap
    shows that.
    """
    present = [int(number) for number in np.unique(numbers[numbers > 0])]
    middles = {number: _body_middle(numbers == number, geometry) for number in present}
    pairs = [(number, number + 1) for number in present if number + 1 in middles]
    found = (_disc(numbers, geometry, pair, middles) for pair in pairs)
    return [disc for disc in found if disc is not None]


def discs_along(line: NDArray[np.float64], plates: EndPlates, volume: Volume) -> list[Disc]:
    """The discs marked by eye (``series_discs``) along a line, M×4: x, y, z, radius.

    Most discs are at an angle to such a line, so the middle of a disc is found in each column from
    plate to plate: it is the darkest ``DARK_MM``.
    """
    downwards = line[np.argsort(-line[:, 2])]
    steps = np.linalg.norm(np.diff(downwards[:, :3], axis=0), axis=1)
    below_head = np.concatenate([[0.0], np.cumsum(steps)])

    def at(mm: float) -> NDArray[np.float64]:
        return np.array([np.interp(mm, below_head, column) for column in downwards.T])

    discs = []
    for above, below in plates:
        start, end = at(above - TILT_MM), at(below + TILT_MM)
        radius = CORE_SHARE * (start[3] + end[3]) / 2
        columns = _columns(start[:3], end[:3], radius)
        discs.append(Disc(np.concatenate([_darkest(column, volume) for column in columns])))
    return discs


def _darkest(column: NDArray[np.float64], volume: Volume) -> NDArray[np.float64]:
    """The points of a column (N×3, LPS) in its darkest ``DARK_MM``."""
    places = volume.geometry.to_index(column)[:, ::-1].T
    hu = ndimage.map_coordinates(volume.voxels, places, np.float32, order=1, mode="nearest")
    width = round(DARK_MM / STEP_MM)
    middle = int(np.argmin(ndimage.uniform_filter1d(hu, width, mode="nearest")))
    low = min(max(0, middle - width // 2), len(column) - width)
    return column[low : low + width]


def slice_mm(geometry: Geometry) -> float:
    """The voxel spacing along the axis that runs from feet to head."""
    towards_head = np.abs(np.asarray(geometry.direction).reshape(3, 3)[2])
    return geometry.spacing[int(np.argmax(towards_head))]


def thickened(volume: Volume, geometry: Geometry, thickness_mm: float) -> Volume:
    """The volume in axial slices of this thickness, each the mean of the voxels within it.

    Args:
        geometry: the canonical grid of 1 mm to which the volume is resampled first.
    """
    width, height, depth = geometry.size
    fine = resample(volume.voxels, volume.geometry, geometry, AIR_HU).astype(np.float32)
    mean = ndimage.uniform_filter1d(fine, round(thickness_mm / geometry.spacing[2]), axis=0)
    planes = int(depth * geometry.spacing[2] / thickness_mm)
    target = Geometry(
        (width, height, planes),
        (geometry.spacing[0], geometry.spacing[1], thickness_mm),
        geometry.origin,
    )
    hu = resample(np.rint(mean).astype(np.int16), geometry, target, AIR_HU)
    return Volume(hu, target, f"{volume.name} {thickness_mm:.0f} mm")


def disc_row(name: str, volume: Volume, discs: Sequence[Disc], mask: Mask) -> str:
    """A Markdown row: the series, its slice thickness, its discs and how much of them is marked."""
    shares = [disc.marked(mask) for disc in discs]
    filled = sum(share > FILLED for share in shares)
    return (
        f"| {name} | {slice_mm(volume.geometry):.1f} mm | {len(shares)} | "
        f"{100 * float(np.mean(shares)):.0f} % | {filled} |"
    )


def _body_middle(vertebra: NDArray[np.bool_], geometry: Geometry) -> NDArray[np.float64]:
    """The LPS point where a vertebra is thickest, which is in its body."""
    depth = ndimage.distance_transform_edt(np.pad(vertebra, 1), sampling=geometry.spacing[::-1])
    z, y, x = (int(i) - 1 for i in np.unravel_index(int(depth.argmax()), depth.shape))
    return geometry.to_patient(np.array([[x, y, z]], dtype=float))[0]


def _disc(
    numbers: NDArray[np.uint8],
    geometry: Geometry,
    pair: tuple[int, int],
    middles: dict[int, NDArray[np.float64]],
) -> Disc | None:
    start, end = middles[pair[0]], middles[pair[1]]
    length = float(np.linalg.norm(end - start))
    places = np.linspace(0, 1, max(2, round(length / STEP_MM)))
    points = []
    for aside in _disc_offsets(end - start, CORE_MM):
        line = start + aside + places[:, None] * (end - start)
        x, y, z = np.clip(
            np.rint(geometry.to_index(line)).astype(int), 0, np.array(geometry.size) - 1
        ).T
        along = numbers[z, y, x]
        first, second = np.nonzero(along == pair[0])[0], np.nonzero(along == pair[1])[0]
        if not len(first) or not len(second):
            continue
        low, high = int(first[-1]) + 1, int(second[0])
        if (high - low) * STEP_MM < LEAST_GAP_MM:
            continue
        third = (high - low) // 3
        points.append(line[low + third : high - third])
    return Disc(np.concatenate(points)) if points else None


def _columns(
    start: NDArray[np.float64], end: NDArray[np.float64], radius: float
) -> list[NDArray[np.float64]]:
    """Parallel rows of points, ``STEP_MM`` apart, that fill a cylinder between two points."""
    count = max(1, round(float(np.linalg.norm(end - start)) / STEP_MM))
    axis = start + np.linspace(0, 1, count)[:, None] * (end - start)
    return [axis + aside for aside in _disc_offsets(end - start, radius)]


def _disc_offsets(along: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Offsets perpendicular to a direction, within a radius, 2 mm apart."""
    unit = along / np.linalg.norm(along)
    across = np.cross(unit, [0.0, 1.0, 0.0] if abs(unit[1]) < 0.9 else [1.0, 0.0, 0.0])
    across /= np.linalg.norm(across)
    upright = np.cross(unit, across)
    steps = np.arange(-radius, radius + 1e-6, 2.0)
    return np.array(
        [a * across + b * upright for a in steps for b in steps if np.hypot(a, b) <= radius]
    )
