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


def write_stl(surface: Surface, path: Path) -> None:
    """Write ``surface`` in patient millimetres (LPS).

    Raises:
        OSError: the file cannot be written.
    """
    records = np.zeros(len(surface.triangles), dtype=TRIANGLE)
    corners = surface.vertices[surface.triangles]
    records["corners"] = corners
    records["normal"] = surface.normals
    with path.open("wb") as file:
        file.write(HEADER.ljust(80))
        file.write(np.uint32(len(records)).astype("<u4").tobytes())
        file.write(records.tobytes())
