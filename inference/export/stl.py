"""Surfaces as binary STL."""

from pathlib import Path

import numpy as np

from inference.surface import Surface

HEADER = b"SpineContext Desktop; LPS, millimetres; research use, not for diagnosis"
"""At most 80 bytes, and not beginning with "solid", which would mean a text file."""

TRIANGLE = np.dtype(
    [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attributes", "<u2")],
)
"""One triangle: 50 bytes, little-endian (the format has no other specification than its use)."""


TRIANGLES_AT_A_TIME = 100_000
"""So that a large surface is not held in memory twice."""


def write_stl(surface: Surface, path: Path) -> None:
    """Write ``surface`` in patient millimetres (LPS).

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("wb") as file:
        file.write(HEADER.ljust(80))
        file.write(np.uint32(len(surface.triangles)).astype("<u4").tobytes())
        for start in range(0, len(surface.triangles), TRIANGLES_AT_A_TIME):
            triangles = surface.triangles[start : start + TRIANGLES_AT_A_TIME]
            part = Surface(surface.vertices, triangles)
            records = np.zeros(len(triangles), dtype=TRIANGLE)
            records["corners"] = part.vertices[triangles]
            records["normal"] = part.normals
            file.write(records.tobytes())
