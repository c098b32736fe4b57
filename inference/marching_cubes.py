"""Marching cubes (Lorensen and Cline, SIGGRAPH 1987) whose surfaces are always closed.

Our own, because the well-kept one, scikit-image's, brings SciPy along: together more megabytes
than a third of the whole installer's budget for a hundred lines.

The 256 cases are not typed in but derived. On each face of a cube, every corner that is inside
gets a line that parts it from the outside; on a face whose inside corners lie diagonally they stay
parted. Two cubes see their common face alike, so that their polygons always meet edge to edge.
"""

import functools

import numpy as np
from numpy.typing import NDArray

CORNERS = np.array([(z, y, x) for z in (0, 1) for y in (0, 1) for x in (0, 1)])
"""Corner ``4 z + 2 y + x`` of a cube lies at z, y, x."""

EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)]
"""The twelve edges, as pairs of corners that differ along one axis."""

FACES = (
    (0, 1, 3, 2),
    (4, 6, 7, 5),
    (0, 4, 5, 1),
    (2, 3, 7, 6),
    (0, 2, 6, 4),
    (1, 5, 7, 3),
)
"""The corners of each face in a turn, all seen from outside the cube in the same sense."""


def marching_cubes(
    field: NDArray[np.float32], level: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The surface where ``field`` passes ``level``.

    Args:
        field: z, y, x; its outermost voxels must lie below ``level``, or the surface stays open.
        level: what is at least this large is inside.

    Returns:
        Vertices, N×3 in voxel indices x, y, z, and triangles, M×3 vertex numbers, counter-clockwise
        seen from outside in a right-handed x, y, z space.
    """
    inside = field >= level
    cases = _case_numbers(inside)
    cubes = np.flatnonzero((cases > 0) & (cases < 255))
    table = _triangle_table()
    counts = np.array([len(triangles) for triangles in table])
    edge_ids = []
    origins = np.stack(np.unravel_index(cubes, cases.shape), axis=1)
    numbers = cases.ravel()[cubes]
    for case in np.unique(numbers):
        if counts[case]:
            of_case = origins[numbers == case]
            ends = CORNERS[np.array(EDGES)[np.asarray(table[case]).ravel()]]
            low = of_case[:, None] + ends[None, :, 0]
            axis = np.argmax(ends[:, 1] - ends[:, 0], axis=1)
            corner = np.ravel_multi_index(tuple(np.moveaxis(low, -1, 0)), field.shape)
            edge_ids.append((corner * 3 + axis).reshape(-1, 3))
    if not edge_ids:
        return np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)
    unique, triangles = np.unique(np.concatenate(edge_ids), return_inverse=True)
    return _crossings(field, level, unique), triangles.reshape(-1, 3).astype(np.int64)


def _case_numbers(inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """For each cube, one bit for each corner that is inside."""
    depth, height, width = (n - 1 for n in inside.shape)
    cases = np.zeros((depth, height, width), dtype=np.uint8)
    for bit, (z, y, x) in enumerate(CORNERS):
        corner = inside[z : z + depth, y : y + height, x : x + width]
        cases |= corner.astype(np.uint8) << np.uint8(bit)
    return cases


def _crossings(
    field: NDArray[np.float32], level: float, edges: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Where the surface crosses grid edges, x, y, z; an edge is its low corner × 3 + its axis."""
    corner, axis = np.divmod(edges, 3)
    start = np.stack(np.unravel_index(corner, field.shape), axis=1)
    step = np.eye(3, dtype=np.int64)[axis]
    below = field[tuple(start.T)].astype(np.float64)
    above = field[tuple((start + step).T)].astype(np.float64)
    share = (level - below) / (above - below)
    return np.asarray((start + step * share[:, None])[:, ::-1], dtype=np.float64)


@functools.cache
def _triangle_table() -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each case, its triangles as numbers of the crossed ``EDGES``."""
    return tuple(_triangles_of_case(case) for case in range(256))


def _triangles_of_case(case: int) -> tuple[tuple[int, int, int], ...]:
    follows = {}
    for face in FACES:
        corners = [bool(case >> corner & 1) for corner in face]
        for i in range(4):
            if corners[i] and not corners[i - 1]:
                # A run of inside corners begins here; one line goes around it to where it ends.
                end = next(j for j in range(i + 1, i + 5) if not corners[j % 4])
                entering = _edge(face[i - 1], face[i])
                leaving = _edge(face[(end - 1) % 4], face[end % 4])
                follows[leaving] = entering
    triangles = []
    while follows:
        polygon = [next(iter(follows))]
        while (following := follows.pop(polygon[-1])) != polygon[0]:
            polygon.append(following)
        triangles += [(polygon[0], polygon[i], polygon[i + 1]) for i in range(1, len(polygon) - 1)]
    return tuple(triangles)


def _edge(a: int, b: int) -> int:
    return EDGES.index((min(a, b), max(a, b)))
