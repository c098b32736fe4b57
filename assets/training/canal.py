"""Finds the spinal canal in a label of all bone; everything else is found along it.

The canal is the opening between a body in front and an arch behind, from plane to plane. Bodies
alone are a poor guide: they may be hollow, fused with the arch, or end with the volume. In some
labels the canal is filled where bone closes it in an axial slice; there it is interpolated from
the open planes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

STEP_MM = 2
"""Spacing of the grid on which the canal is tracked."""

BODY_WIDTHS_MM, ARCH_WIDTHS_MM, CANAL_WIDTHS_MM = (12, 7, 9), (8, 4, 4), (1.5, 3, 3)
"""Gaussians (z, y, x) under which a body, an arch and the canal stand out."""

BODY_AHEAD_MM, ARCH_BEHIND_MM = (18, 24), (12, 16, 20)
"""From the middle of the canal to the middle of the body and of the arch."""

STEP_COSTS = (0.01, 0.04)
"""Cost of one grid step in y and in x between planes; an open plane is worth 0.1 to 0.6."""

OPEN_FROM = 0.05
"""A plane worth at least this is certainly open."""

LEAST_OPEN_MM = 12
"""A shorter canal along z does not count."""

TRACK_WIDTH_MM = 5
"""Width of the Gaussian that smooths the track."""

HALF_WIDTH_MM, HALF_DEPTH_MM = 13, 11
"""No canal reaches further from its middle, but foramina do."""

CLOSED_WITHIN_MM, CLOSED_SHARE = 4, 0.5
"""With this much bone this close to the canal's middle, a plane's canal is filled."""

EDGE_MM = 2.5
"""Uncertainty of the edge of a filled canal."""


@dataclass(frozen=True, eq=False)
class Canal:
    """The middle of the canal, plane by plane.

    Attributes:
        y: voxels of 1 mm.
        x: voxels of 1 mm.
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]


def find_canal(bone: NDArray[np.bool_]) -> Canal:
    """Track the canal through all bone (z, y, x at 1 mm, canonical), in the volume's inner half.

    Raises:
        ValueError: there is no canal between bodies and arches.
    """
    quarter = bone.shape[2] // 4
    worth = _worth(_coarse(bone[:, :, quarter : bone.shape[2] - quarter]))
    track = _best_track(worth)
    at = (np.arange(len(worth)), *track.T)
    certain = worth[at] >= OPEN_FROM
    if certain.sum() * STEP_MM < LEAST_OPEN_MM:
        raise ValueError("no spine found in the bone label: no canal between bodies and arches")
    y, x = (
        _smooth_track(places * STEP_MM + (STEP_MM - 1) / 2, certain, len(bone))
        for places in track.T
    )
    return Canal(y, x + quarter)


def _coarse(bone: NDArray[np.bool_]) -> NDArray[np.float32]:
    even = np.pad(bone, [(0, n % STEP_MM) for n in bone.shape], mode="edge")
    depth, height, width = (n // STEP_MM for n in even.shape)
    blocks = even.reshape(depth, STEP_MM, height, STEP_MM, width, STEP_MM)
    return blocks.mean(axis=(1, 3, 5), dtype=np.float32)


def _worth(bone: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each place looks like the middle of a canal, 0 to 1."""

    def blurred(widths: Sequence[float]) -> NDArray[np.float32]:
        sigma = [width / STEP_MM for width in widths]
        return np.asarray(ndimage.gaussian_filter(bone, sigma, truncate=3.0))

    body, arch = blurred(BODY_WIDTHS_MM), blurred(ARCH_WIDTHS_MM)
    ahead = np.max([_moved(body, mm) for mm in BODY_AHEAD_MM], axis=0)
    behind = np.max([_moved(arch, -mm) for mm in ARCH_BEHIND_MM], axis=0)
    is_open = np.clip(1 - 2 * blurred(CANAL_WIDTHS_MM), 0, 1)
    return np.asarray(is_open * ahead * behind)


def _moved(voxels: NDArray[np.float32], mm: int) -> NDArray[np.float32]:
    """Voxels moved backwards by this many millimetres."""
    return np.asarray(ndimage.shift(voxels, (0, mm / STEP_MM, 0), order=0))


def _best_track(worth: NDArray[np.float32]) -> NDArray[np.int64]:
    """The most valuable track with at most one sideways step between planes: planes, (y, x)."""
    moves = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    total, choices = worth[0], []
    for plane in worth[1:]:
        padded = np.pad(total, 1, constant_values=-np.inf)
        reached = np.stack(
            [
                padded[1 - dy : padded.shape[0] - 1 - dy, 1 - dx : padded.shape[1] - 1 - dx]
                - STEP_COSTS[0] * abs(dy)
                - STEP_COSTS[1] * abs(dx)
                for dy, dx in moves
            ]
        )
        choices.append(reached.argmax(axis=0))
        total = plane + reached.max(axis=0)
    place = np.array(np.unravel_index(total.argmax(), total.shape))
    track = [place]
    for choice in reversed(choices):
        place = place - moves[choice[tuple(place)]]
        track.append(place)
    return np.array(track[::-1])


def _smooth_track(
    places: NDArray[np.float64], certain: NDArray[np.bool_], planes: int
) -> NDArray[np.float64]:
    """Positions of coarse planes at every plane of 1 mm; uncertain ones are interpolated."""
    z = np.arange(len(places)) * STEP_MM + (STEP_MM - 1) / 2
    full = np.interp(np.arange(planes), z[certain], places[certain])
    return np.asarray(ndimage.gaussian_filter1d(full, TRACK_WIDTH_MM, mode="nearest"))


def filled_canal(
    bone: NDArray[np.bool_], canal: Canal
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a label fills the canal: what is certainly canal, and what may be; z, y, x.

    The canal's outline is interpolated between the nearest open planes.
    """
    half = HALF_WIDTH_MM + 5
    cut = np.array([_around(plane, canal.y[z], canal.x[z], half) for z, plane in enumerate(bone)])
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    middle = y**2 + x**2 <= CLOSED_WITHIN_MM**2
    within = (y / HALF_DEPTH_MM) ** 2 + (x / HALF_WIDTH_MM) ** 2 <= 1
    closed = cut[:, middle].mean(axis=1) >= CLOSED_SHARE
    surely, perhaps = np.zeros_like(bone), np.zeros_like(bone)
    if closed.all():
        return surely, perhaps
    planes = np.nonzero(~closed)[0]
    depths = np.stack([_depth(~cut[z] & within, middle) for z in planes])
    for z in np.nonzero(closed)[0]:
        above = min(int(np.searchsorted(planes, z)), len(planes) - 1)
        below = max(above - 1, 0) if planes[above] > z else above
        gap = planes[above] - planes[below]
        share = (z - planes[below]) / gap if gap else 0.0
        depth = (1 - share) * depths[below] + share * depths[above]
        _put(surely[z], depth > EDGE_MM, canal.y[z], canal.x[z])
        _put(perhaps[z], depth > -EDGE_MM, canal.y[z], canal.x[z])
    return surely & bone, perhaps & bone


def _around(plane: NDArray[np.bool_], row: float, column: float, half: int) -> NDArray[np.bool_]:
    padded = np.pad(plane, half)
    y, x = round(row), round(column)
    return padded[y : y + 2 * half + 1, x : x + 2 * half + 1]


def _put(plane: NDArray[np.bool_], patch: NDArray[np.bool_], row: float, column: float) -> None:
    half = len(patch) // 2
    rows, columns = (np.nonzero(patch)[i] - half + round(at) for i, at in ((0, row), (1, column)))
    inside = (rows >= 0) & (rows < plane.shape[0]) & (columns >= 0) & (columns < plane.shape[1])
    plane[rows[inside], columns[inside]] = True


def _depth(is_open: NDArray[np.bool_], middle: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Signed distance to the edge of the opening around the middle, positive inside."""
    labels, _ = ndimage.label(is_open)
    inside = np.isin(labels, np.unique(labels[middle & is_open]))  # all of them are canal
    inside &= is_open
    return np.asarray(
        ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside)
    )
