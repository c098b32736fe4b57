"""Marching cubes (Lorensen and Cline, SIGGRAPH 1987) whose surfaces are always closed.

This is our own implementation, because the well-maintained one, scikit-image's, requires SciPy:
together they would take more than a third of the installer's budget, for a hundred lines.

The 256 cases are derived, not typed in. On each face of a cube, a line separates every inside
corner from the outside; if the inside corners of a face lie diagonally, they stay separate. Two
cubes treat their common face alike, so their polygons always meet edge to edge.
"""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
"""The corners of each face in order around it, all in the same sense seen from outside."""


@dataclass(frozen=True, eq=False)
class Part:
    """The part of the surface from one slab of a field.

    Attributes:
        edges: numbers of the grid edges that hold its vertices, ascending; the same in all slabs.
        vertices: N×3 voxel indices x, y, z; exactly the same in both slabs that share a plane.
        triangles: M×3 numbers of this part's vertices, counter-clockwise seen from outside in a
            right-handed x, y, z space.
    """

    edges: NDArray[np.int64]
    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]


def marching_cubes(
    field: NDArray[np.float32], level: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The surface where ``field`` passes ``level``.

    Args:
        field: z, y, x; its outermost voxels must lie below ``level``, or the surface stays open.
        level: values at least this large are inside.

    Returns:
        Vertices, N×3 in voxel indices x, y, z, and triangles, M×3 vertex numbers, counter-clockwise
        seen from outside in a right-handed x, y, z space.
    """
    return join_parts(surface_parts([(0, field)], level))


def surface_parts(slabs: Iterable[tuple[int, NDArray[np.float32]]], level: float) -> Iterator[Part]:
    """The same for a field that comes in slabs, slab by slab.

    Args:
        slabs: first planes and fields, z, y, x, all of the same height and width; the last plane of
            each is the first of the next.
    """
    for first, field in slabs:
        crossed = _crossed_edges(field, level)
        edges, triangles = np.unique(crossed, return_inverse=True)
        # Numbered across the whole volume, so that slabs share their common vertices.
        shift = first * field.shape[1] * field.shape[2] * 3
        vertices = _crossings(field, level, edges) + np.array([0.0, 0.0, first])
        yield Part(edges + shift, vertices, triangles.reshape(-1, 3))


def join_parts(parts: Iterable[Part]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vertices and triangles of all parts as one surface, with shared vertices only once."""
    edges, vertices, corners = [], [], []
    for part in parts:
        edges.append(part.edges)
        vertices.append(part.vertices)
        corners.append(part.edges[part.triangles])
    numbers, places = np.unique(np.concatenate(edges), return_index=True)
    triangles = np.searchsorted(numbers, np.concatenate(corners))
    return np.concatenate(vertices)[places], triangles


def _crossed_edges(field: NDArray[np.float32], level: float) -> NDArray[np.int64]:
    """The edges that hold the triangles' corners, in groups of three.

    An edge is its low corner's number × 3 + its axis.
    """
    cases = _case_numbers(field >= level)
    cubes = np.flatnonzero((cases > 0) & (cases < 255))
    table = _triangle_table()
    origins = np.stack(np.unravel_index(cubes, cases.shape), axis=1)
    numbers = cases.ravel()[cubes]
    edge_ids = [np.zeros(0, dtype=np.int64)]
    for case in np.unique(numbers):
        of_case = origins[numbers == case]
        ends = CORNERS[np.array(EDGES)[np.asarray(table[case]).ravel()]]
        low = of_case[:, None] + ends[None, :, 0]
        axis = np.argmax(ends[:, 1] - ends[:, 0], axis=1)
        corner = np.ravel_multi_index(tuple(np.moveaxis(low, -1, 0)), field.shape)
        edge_ids.append((corner * 3 + axis).ravel())
    return np.concatenate(edge_ids)


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
                # A run of inside corners begins here; one line goes around it to its end.
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
