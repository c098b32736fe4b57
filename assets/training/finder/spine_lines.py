"""Lines along the vertebral bodies of the unlabelled series, drawn by eye in their pictures.

``spine_lines.json`` contains, for each series, points x, y, z (LPS millimetres) in the middle of
the bodies with the body's radius there, from head to feet or feet to head. They reach
from the tip of the dens to the end plate of the last lumbar vertebra, or to where the scan ends.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from inference.values.geometry import Geometry

LINES = Path(__file__).with_name("spine_lines.json")

STEP_MM = 1.0
"""Between the points that a line is refined to."""

CANAL_HALF_WIDTH_MM = 11
CANAL_DEPTH_MM = 16
"""Depth behind a body that contains the canal with its walls."""

PROCESSES_REACH_MM = 52
"""Behind a body: the tip of the longest spinous process."""

PROCESSES_HALF_WIDTH_MM = 18
"""Added to the body's radius: transverse processes, without the ribs beyond them."""

TRANSVERSE_REACH_MM = 35
"""Added to the body's radius: the tip of the longest transverse process, with room to spare."""

SPARE_MM = 10
"""Room for lines drawn by eye, and for the vertebrae's edges beyond the ends of a line."""

BESIDE_BODY_MM = 4
"""Added to the body's radius beside and in front of it, where vessels with contrast lie."""

BONE_HU = 160
"""From here on a voxel of 2 mm is bone, though marrow may be lower and vessels higher."""


@dataclass(frozen=True, eq=False)
class AroundLine:
    """Where points lie relative to a line, all arrays of one shape, in millimetres.

    Attributes:
        behind: distance behind the middle of the bodies, perpendicular to the line.
        aside: from the middle to either side.
        beyond: past the line's upper or lower end; 0 between them.
        radius: of the nearest body.
        below_head: along the line, from its end towards the head.
    """

    behind: NDArray[np.float64]
    aside: NDArray[np.float64]
    beyond: NDArray[np.float64]
    radius: NDArray[np.float64]
    below_head: NDArray[np.float64]


def read_lines() -> dict[str, NDArray[np.float64]]:
    """The lines by name of the series, N×4: x, y, z and radius."""
    lines = json.loads(LINES.read_text(encoding="utf-8"))
    return {name: np.asarray(points, dtype=np.float64) for name, points in lines.items()}


def around_line(line: NDArray[np.float64], geometry: Geometry) -> AroundLine:
    """Where the voxels of a grid, z, y, x, lie from a line of M×4."""
    z, y, x = np.indices(geometry.shape)
    indices = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(np.float64)
    around = points_around_line(line, geometry.to_patient(indices))
    return AroundLine(
        *(getattr(around, field.name).reshape(geometry.shape) for field in fields(AroundLine))
    )


def points_around_line(line: NDArray[np.float64], points: NDArray[np.float64]) -> AroundLine:
    """Where LPS points of N×3 lie from a line of M×4."""
    refined = _refine(line[np.argsort(line[:, 2])])
    tangents = np.gradient(refined[:, :3], axis=0) * [0, 1, 1]
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    _, nearest = KDTree(refined[:, :3]).query(points)
    offset, tangent = points - refined[nearest, :3], tangents[nearest]
    at_end = (nearest == 0) | (nearest == len(refined) - 1)
    return AroundLine(
        # Perpendicular to the tangent, in the sagittal plane, to the back.
        behind=offset[:, 1] * tangent[:, 2] - offset[:, 2] * tangent[:, 1],
        aside=np.abs(offset[:, 0]),
        beyond=np.where(at_end, np.abs((offset * tangent).sum(axis=1)), 0),
        radius=refined[nearest, 3],
        below_head=STEP_MM * (len(refined) - 1 - nearest),
    )


def spine_region(hu: NDArray[np.int16], around: AroundLine) -> NDArray[np.bool_]:
    """Which voxels are vertebrae, discs or canal: bodies, canal, and bone behind them.

    Args:
        hu: of voxels of 2 mm.
        around: where they lie; arrays of the same shape.
    """
    radius, behind, aside = around.radius, around.behind, around.aside
    body = behind**2 + aside**2 <= radius**2
    depth = behind - radius
    canal = (depth > -radius) & (depth < CANAL_DEPTH_MM) & (aside < CANAL_HALF_WIDTH_MM)
    beside = (behind < radius) & (np.hypot(behind, aside) < radius + BESIDE_BODY_MM)
    processes = (
        (depth >= 0) & (depth < PROCESSES_REACH_MM) & (aside < radius + PROCESSES_HALF_WIDTH_MM)
    )
    bone = (hu >= BONE_HU) & (beside | processes)
    return (body | canal | bone) & (around.beyond <= STEP_MM)


def may_be_spine(around: AroundLine) -> NDArray[np.bool_]:
    """Which points lie where a vertebra with all its processes may reach, with room to spare."""
    depth = around.behind - around.radius
    return (
        (around.behind > -around.radius - SPARE_MM)
        & (depth < PROCESSES_REACH_MM + SPARE_MM)
        & (around.aside < around.radius + TRANSVERSE_REACH_MM)
        & (around.beyond <= SPARE_MM)
    )


def _refine(line: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.linalg.norm(np.diff(line[:, :3], axis=0), axis=1)
    at = np.concatenate([[0], np.cumsum(steps)])
    fine = np.arange(0, at[-1] + STEP_MM / 2, STEP_MM)
    return np.stack([np.interp(fine, at, line[:, k]) for k in range(line.shape[1])], axis=1)
