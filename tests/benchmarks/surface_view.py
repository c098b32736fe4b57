"""Measures how fast the 3D view draws.

    python -m tests.benchmarks.surface_view [MASK]

The surface is that of ``MASK``, a mask written by the program, or of the bundled phantom's spine.
It is turned 36 times by 10°, one frame each. Processor time is used, because it depends less on
other programs.
"""

import argparse
import statistics
import time
from importlib import resources
from pathlib import Path

import SimpleITK as sitk

from app.surface.canvas import FILL, SHARPNESS
from app.surface.image import surface_image
from app.surface.render import Camera, DrawableSurface, Solid
from inference.mask.surface import extract_surface
from inference.values.geometry import Geometry
from inference.values.mask import Mask

SIZES = ((480, 330), (960, 660))
"""A quarter of the ward PC's window, and all of it."""


PHANTOM = Path(str(resources.files("assets"))) / "phantom" / "phantom_spine.nii.gz"


def surface_of(path: Path) -> DrawableSurface:
    """The surface that the window would show for a mask."""
    image = sitk.ReadImage(str(path))
    grid = Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    surface = DrawableSurface.of(extract_surface(Mask(sitk.GetArrayFromImage(image), grid)))
    assert surface is not None
    return surface


def milliseconds(solid: Solid, scale: float, width: int, height: int, sharpness: int) -> float:
    """The median time of a frame."""
    times = []
    for azimuth in range(0, 360, 10):
        start = time.process_time()
        surface_image(solid, Camera(azimuth, 10.0, scale), width, height, sharpness)
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    """Print a row for each size of the view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mask", type=Path, nargs="?", default=PHANTOM)
    surface = surface_of(parser.parse_args().mask)
    left, back, head = surface.whole.size_mm
    print(f"{left:.0f} × {back:.0f} × {head:.0f} mm; {len(surface.whole.triangles)} triangles")
    for width, height in SIZES:
        scale = FILL * height / head
        coarse = surface.turning(scale)
        turning = milliseconds(coarse, scale, width, height, 1)
        rest = milliseconds(surface.whole, scale, width, height, SHARPNESS)
        print(
            f"{width}×{height}: turning {len(coarse.triangles)} triangles, {turning:.0f} ms "
            f"({1000 / turning:.0f} frames/s), at rest {rest:.0f} ms"
        )


if __name__ == "__main__":
    main()
