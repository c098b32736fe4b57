"""From the axes in the header of an image file to a grid in the patient."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inference.read.voxels.limits import MIN_SLICES, check_spacing
from inference.read.voxels.planes import Place, StoredVoxels, UnfitImageError
from inference.read.voxels.tilt import LEAN_PIXELS, MAX_TILT_DEGREES, shifted
from inference.values.geometry import Geometry, Shape, Triple, as_direction, as_triple
from inference.values.messages import sentence

Size = tuple[int, int, int]

SPACE_AXES = 3

FARTHEST_MM = 10_000.0
"""A first voxel further than this from the scanner's centre is an error in the header: no table
moves by ten metres."""

UNKNOWN_DIRECTIONS = sentence(
    "The file does not say which way its axes run; they were taken to run to the left, to the back "
    "and to the head. Check left and right."
)
"""A note."""

FLAT = sentence("it is a flat picture, not a volume")
"""A reason why an image is unfit."""

UNKNOWN_ORIGIN = sentence(
    "The file does not say where in the scanner its first voxel lies; it was taken to lie at its "
    "centre."
)
"""A note."""

MILLIMETRES = {
    "": 1.0,
    "?": 1.0,
    "mm": 1.0,
    "millimeter": 1.0,
    "millimeters": 1.0,
    "cm": 10.0,
    "m": 1000.0,
    "meter": 1000.0,
    "meters": 1000.0,
    "um": 0.001,
    "µm": 0.001,
    "micron": 0.001,
    "microns": 0.001,
}
"""Millimetres per unit of length, by its spelling in headers."""


@dataclass(frozen=True)
class Axis:
    """One axis of the voxels of an image file.

    Attributes:
        count: voxels along it.
        step: LPS millimetres from one voxel to the next; None for an axis that is not spatial.
    """

    count: int
    step: Triple | None


@dataclass(frozen=True)
class ImageHeader:
    """What the header of an image file says.

    Attributes:
        axes: the fastest first.
        origin: LPS millimetres of the first voxel's centre.
        places: where the voxels lie.
        type: type of the stored numbers, with their byte order.
        slope, intercept: HU are stored numbers times slope plus intercept.
        notes: what the user should know.
    """

    axes: tuple[Axis, ...]
    origin: Triple
    places: tuple[Place, ...]
    type: np.dtype[np.generic]
    slope: float = 1.0
    intercept: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredImage:
    """An image file that may be a CT.

    Attributes:
        voxels: as they lie in the file.
        geometry: grid of the volume, with axes at right angles.
        shear: how planes are moved onto that grid; None if they lie on it.
        notes: what the user should know.
    """

    voxels: StoredVoxels
    geometry: Geometry
    shear: "Shear | None"
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Shear:
    """How far, in voxels, those of a skewed grid are moved to lie on a straight one.

    Attributes:
        x_per_y, x_per_z: along x, for each row and for each plane.
        y_per_z: along y, for each plane.
        first_x, first_y: start of the straight grid, on the axes of the skewed one.
    """

    x_per_y: float
    x_per_z: float
    y_per_z: float
    first_x: int
    first_y: int

    def straightened(self, plane: NDArray[np.int16], z: int, shape: Shape) -> NDArray[np.int16]:
        """Plane ``z`` (y, x), by linear interpolation; empty regions are filled with air."""
        _, height, width = shape
        along_z = z * self.x_per_z - self.first_x
        if self.x_per_y:
            rows = [
                shifted(row[:, None], along_z + y * self.x_per_y, width)[:, 0]
                for y, row in enumerate(plane)
            ]
            moved = np.stack(rows)
        else:
            moved = shifted(plane.T, along_z, width).T
        return shifted(moved, z * self.y_per_z - self.first_y, height)


def placed(header: ImageHeader) -> StoredImage:
    """The image on a straight grid.

    Non-spatial axes with one voxel are dropped. A skewed grid, which converters produce from a
    gantry tilt, is made straight by QR decomposition: x stays as it is, y is turned within the
    plane, and z onto the normal.

    Raises:
        UnfitImageError: it is not a volume, or cannot be placed in the patient.
    """
    x, y, z = _space_axes(header.axes)
    size = x.count, y.count, z.count
    if min(size) < MIN_SLICES:
        raise UnfitImageError(FLAT)
    steps = np.array([axis.step for axis in (x, y, z)], dtype=np.float64).T
    spacing = np.linalg.norm(steps, axis=0)
    check_spacing(spacing.tolist())
    if not all(abs(mm) <= FARTHEST_MM for mm in header.origin):
        raise UnfitImageError(
            sentence(
                "its stated position is {0:g} m away from the scanner",
                max(map(abs, header.origin)) / 1000,
            )
        )
    voxels = StoredVoxels(header.places, size[::-1], header.type, header.slope, header.intercept)
    geometry, shear, tilt = _straightened(steps, size, header.origin)
    if shear is None:
        return StoredImage(voxels, geometry, None, header.notes)
    note = sentence(
        "The axes of the file are skewed by {0:.1f}°, as a tilted gantry leaves them: the slices "
        "were moved into a straight stack, and the mask lies on that stack.",
        tilt,
    )
    return StoredImage(voxels, geometry, shear, (*header.notes, note))


def _space_axes(axes: Sequence[Axis]) -> tuple[Axis, Axis, Axis]:
    for before, axis in pairwise((None, *axes)):
        if axis is None or axis.step is not None or axis.count == 1:
            continue
        if before is None:
            raise UnfitImageError(
                sentence("it is in colour or has several values per voxel, and a CT has one")
            )
        raise UnfitImageError(
            sentence("it contains {0} volumes; save one of them as its own file", axis.count)
        )
    spatial = [axis for axis in axes if axis.step is not None]
    if len(spatial) != SPACE_AXES:
        raise UnfitImageError(FLAT)
    x, y, z = spatial
    return x, y, z


def _straightened(
    steps: NDArray[np.float64], size: Size, origin: Triple
) -> tuple[Geometry, Shear | None, float]:
    """The straight grid around one of these steps (columns x, y, z), its shear and its tilt.

    The shear is None if it moves no voxel noticeably.
    """
    axes, upper = np.linalg.qr(steps)
    turns = np.sign(upper.diagonal())
    axes, upper = axes * turns, upper * turns[:, None]
    (x, x_per_y, x_per_z), (_, y, y_per_z), _ = upper
    with np.errstate(divide="ignore", invalid="ignore"):  # axes may lie in one plane
        x_per_y, x_per_z, y_per_z = float(x_per_y / x), float(x_per_z / x), float(y_per_z / y)
    last_y, last_z = size[1] - 1, size[2] - 1
    along_x = [j * x_per_y + k * x_per_z for j in (0, last_y) for k in (0, last_z)]
    along_y = [k * y_per_z for k in (0, last_z)]
    if not max(map(abs, (last_y * x_per_y, last_z * x_per_z, last_z * y_per_z))) > LEAN_PIXELS:
        lengths = np.linalg.norm(steps, axis=0)
        u, _, v = np.linalg.svd(steps / lengths)
        return Geometry(size, as_triple(lengths), origin, as_direction(u @ v)), None, 0.0
    columns = upper / np.linalg.norm(upper, axis=0)
    tilt = float(np.degrees(np.arccos(columns.diagonal().min())))
    if not tilt <= MAX_TILT_DEGREES:
        raise UnfitImageError(
            sentence("its axes are skewed by {0:.0f}°, more than a gantry can tilt", tilt)
        )
    shear = Shear(x_per_y, x_per_z, y_per_z, math.floor(min(along_x)), math.floor(min(along_y)))
    wide = size[0] + math.ceil(max(along_x)) - shear.first_x
    high = size[1] + math.ceil(max(along_y)) - shear.first_y
    turned = Geometry(size, as_triple(upper.diagonal()), origin, as_direction(axes))
    straight = turned.box((shear.first_x, shear.first_y, 0), (wide, high, size[2]))
    return straight, shear, tilt
