"""How fast the 3D view draws: python -m tests.benchmarks.surface_view.

The surface is that of the bundled phantom's spine; one frame for each of 36 turns by 10°.
"""

import statistics
import time
from importlib import resources
from pathlib import Path

import SimpleITK as sitk

from app.surface.canvas import SHARPNESS
from app.surface.image import surface_image
from app.surface.render import Camera, DrawableSurface, Solid
from inference.geometry import Geometry
from inference.surface import extract_surface
from inference.volume import Mask

SIZES = ((480, 330), (960, 660))
"""A quarter of a ward PC's window, and all of it."""


def phantom() -> DrawableSurface:
    """The spine that the bundled phantom was made with."""
    path = Path(str(resources.files("assets"))) / "phantom" / "phantom_spine.nii.gz"
    image = sitk.ReadImage(str(path))
    grid = Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    surface = DrawableSurface.of(extract_surface(Mask(sitk.GetArrayFromImage(image), grid)))
    assert surface is not None
    return surface


def milliseconds(solid: Solid, width: int, height: int, sharpness: int) -> float:
    """The median time of a frame."""
    scale = 0.9 * height / solid.size_mm[2]
    times = []
    for azimuth in range(0, 360, 10):
        start = time.perf_counter()
        surface_image(solid, Camera(azimuth, 10.0, scale), width, height, sharpness)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print one row for each size of the view."""
    surface = phantom()
    coarse, whole = len(surface.coarse.triangles), len(surface.whole.triangles)
    print(f"turning: {coarse} triangles; at rest: {whole}")
    for width, height in SIZES:
        turning = milliseconds(surface.coarse, width, height, 1)
        rest = milliseconds(surface.whole, width, height, SHARPNESS)
        print(
            f"{width}×{height}: turning {turning:.0f} ms ({1000 / turning:.0f} frames/s), "
            f"at rest {rest:.0f} ms"
        )


if __name__ == "__main__":
    main()
