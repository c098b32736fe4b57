"""Limits that every image has to keep, whatever file it comes from."""

import numpy as np

from inference.geometry import Direction, Triple

MIN_SPACING_MM = 0.05
MAX_SPACING_MM = 20.0
"""Spacings of body CT lie between 0.1 and 10 mm; what is far outside is a mistake in the file."""

MIN_SLICES = 4
"""Fewer slices are no volume."""

ORTHONORMAL_TOLERANCE = 1e-3
"""Largest error of a scalar product of direction cosines: headers round them to few digits."""


def spacing_problem(spacing: Triple) -> str | None:
    """Why voxels of this spacing, millimetres, cannot be used; None if they can."""
    if all(MIN_SPACING_MM <= abs(length) <= MAX_SPACING_MM and length > 0 for length in spacing):
        return None
    shown = " × ".join(f"{length:g}" for length in spacing)
    return (
        f"Its voxels are said to be {shown} mm, outside of "
        f"{MIN_SPACING_MM:g} to {MAX_SPACING_MM:g} mm."
    )


def size_problem(size: tuple[int, int, int]) -> str | None:
    """Why a volume of this size, x, y, z, cannot be used; None if it can."""
    if min(size) >= MIN_SLICES:
        return None
    if size[2] < MIN_SLICES <= min(size[:2]):
        slices = "1 slice" if size[2] == 1 else f"{size[2]} slices"
        return f"It has only {slices}; at least {MIN_SLICES} are needed."
    shown = " × ".join(str(n) for n in size)
    return f"It has only {shown} voxels; a volume has at least {MIN_SLICES} each way."


def direction_problem(direction: Direction) -> str | None:
    """Why axes of this direction matrix cannot be used; None if they can."""
    matrix = np.asarray(direction).reshape(3, 3)
    if np.abs(matrix.T @ matrix - np.eye(3)).max() <= ORTHONORMAL_TOLERANCE:
        return None
    return "Its axes are not at right angles to each other."
