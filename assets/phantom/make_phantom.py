"""Make the demo phantom: ``python -m assets.phantom.make_phantom assets/phantom``.

A small CT of a trunk from the lower chest to the lumbar spine, drawn from formulas and a seed, and
the label of its spine: vertebrae with all their processes; no ribs, discs or spinal canal.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.phantom.shapes import Field, Grid, paint
from assets.phantom.skeleton import (
    Curve,
    canal_distance,
    disc_distance,
    place_vertebrae,
    rib_distance,
    spine_distance,
)
from assets.phantom.tissues import (
    BODY_CENTRE_Y,
    CANAL_HU,
    DISC_HU,
    RIB_RADII,
    paint_around_spine,
    paint_cord,
    paint_table,
    paint_trunk,
)
from inference.values.geometry import Geometry, Triple
from inference.values.volume import AIR_HU
from inference.windows.resampling import to_sitk

CT_FILE = "phantom_ct.nii.gz"
SPINE_FILE = "phantom_spine.nii.gz"

HU_STEP = 4
"""HU are rounded to this, so that the noise does not fill the file."""

CORTEX_DEPTH_MM = 1.3
"""Depth below a bone's surface at which the cortex has faded to 1/e."""

BLUR_MM = 0.8
"""Standard deviation of the scanner's blur."""

NOISE_GRAIN_MM = (1.1, 1.1, 1.0)
"""Standard deviation, x, y, z, of the filter that makes the noise as coarse as a kernel does."""

TEXTURE_MM = (7.0, 7.0, 7.0)
"""Coarseness of the unevenness inside one tissue."""


@dataclass(frozen=True)
class PhantomSettings:
    """What to make; the seed draws the anatomy and the noise.

    Attributes:
        seed: the same seed makes the same body.
        size: voxels along x, y, z.
        spacing: millimetres along x, y, z.
        origin: LPS millimetres of the first voxel's centre.
    """

    seed: int = 2
    size: tuple[int, int, int] = (164, 122, 84)
    spacing: Triple = (1.4, 1.4, 2.5)
    origin: Triple = (-112.3, -141.7, -512.5)


@dataclass(frozen=True)
class Anatomy:
    """What varies from body to body.

    Attributes:
        curve: the line that the spine follows.
        scale: of all vertebrae.
        bottom: how far the lowest end plate lies below the field of view, in millimetres.
        cortex_hu, marrow_hu, vessel_hu: of bone and of blood with contrast medium.
        noise_hu: standard deviation.
    """

    curve: Curve
    scale: float
    bottom: float
    cortex_hu: float
    marrow_hu: float
    vessel_hu: float
    noise_hu: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Anatomy":
        """Draw a body that looks realistic."""
        return cls(
            curve=Curve(rng.uniform(2.0, 6.0), rng.uniform(4.0, 10.0), rng.uniform(-5.0, 5.0)),
            scale=rng.uniform(0.82, 0.92),
            bottom=rng.uniform(0.0, 25.0),
            cortex_hu=rng.uniform(550.0, 750.0),
            marrow_hu=rng.uniform(150.0, 230.0),
            vessel_hu=rng.uniform(45.0, 190.0),
            noise_hu=rng.uniform(15.0, 20.0),
        )


def make_phantom(
    settings: PhantomSettings = PhantomSettings(),
) -> tuple[NDArray[np.int16], NDArray[np.uint8], Geometry]:
    """A CT and its spine.

    Returns:
        HU int16 z, y, x; the spine uint8 z, y, x; and the grid of both.
    """
    rng = np.random.default_rng(settings.seed)
    anatomy = Anatomy.draw(rng)
    geometry = Geometry(settings.size, settings.spacing, settings.origin)
    grid = _centred_grid(geometry)
    texture = _grainy(rng, geometry, TEXTURE_MM)
    vertebrae = place_vertebrae(
        anatomy.curve, float(grid.z[0]) - anatomy.bottom, anatomy.scale, rng
    )
    spine = spine_distance(grid, vertebrae)
    ribs = rib_distance(grid, vertebrae, BODY_CENTRE_Y, RIB_RADII)

    hu = np.full(geometry.shape, AIR_HU, dtype=np.float32)
    paint_table(hu, grid)
    paint_trunk(hu, grid, texture)
    paint_around_spine(hu, grid, vertebrae, anatomy.vessel_hu, texture)
    paint(hu, disc_distance(grid, vertebrae), DISC_HU)
    paint(hu, canal_distance(grid, vertebrae), CANAL_HU)
    paint_cord(hu, grid, vertebrae)
    for bone in (ribs, spine):
        paint(hu, bone, _bone_hu(bone, anatomy))
    scanned = _scan(hu, geometry, anatomy.noise_hu, rng)
    return scanned, (spine < 0).astype(np.uint8), geometry


def vertebra_labels(settings: PhantomSettings = PhantomSettings()) -> NDArray[np.uint8]:
    """The spine of ``make_phantom`` with a number per vertebra, uint8 z, y, x; 1 is the lowest."""
    rng = np.random.default_rng(settings.seed)
    anatomy = Anatomy.draw(rng)
    geometry = Geometry(settings.size, settings.spacing, settings.origin)
    grid = _centred_grid(geometry)
    _grainy(rng, geometry, TEXTURE_MM)  # draws as many random numbers as make_phantom does first
    vertebrae = place_vertebrae(
        anatomy.curve, float(grid.z[0]) - anatomy.bottom, anatomy.scale, rng
    )
    labels = np.zeros(geometry.shape, np.uint8)
    nearest = np.zeros(geometry.shape, np.float32)
    for number, vertebra in enumerate(vertebrae, start=1):
        distance = spine_distance(grid, [vertebra])
        deeper = distance < nearest
        labels[deeper] = number
        nearest[deeper] = distance[deeper]
    return labels


def _centred_grid(geometry: Geometry) -> Grid:
    """The anatomy's frame: millimetres from the middle of the field of view."""
    x, y, z = (-(n - 1) / 2 * step for n, step in zip(geometry.size, geometry.spacing, strict=True))
    return Grid.of(Geometry(geometry.size, geometry.spacing, (x, y, z)))


def _bone_hu(distance: Field, anatomy: Anatomy) -> Field:
    """A bright cortex that fades inward to marrow."""
    cortex = np.exp(np.minimum(distance, 0) / np.float32(CORTEX_DEPTH_MM))
    return np.asarray(
        anatomy.marrow_hu + (anatomy.cortex_hu - anatomy.marrow_hu) * cortex, dtype=np.float32
    )


def _scan(
    hu: Field, geometry: Geometry, noise_hu: float, rng: np.random.Generator
) -> NDArray[np.int16]:
    blurred = _smooth(hu, geometry, (BLUR_MM, BLUR_MM, BLUR_MM))
    noisy = blurred + noise_hu * _grainy(rng, geometry, NOISE_GRAIN_MM)
    return (np.rint(np.maximum(noisy, AIR_HU) / HU_STEP) * HU_STEP).astype(np.int16)


def _grainy(rng: np.random.Generator, geometry: Geometry, grain_mm: Triple) -> Field:
    """A smooth random field of unit deviation, z, y, x."""
    field = _smooth(rng.standard_normal(geometry.shape, dtype=np.float32), geometry, grain_mm)
    return field / field.std()


def _smooth(field: Field, geometry: Geometry, sigma_mm: Triple) -> Field:
    smoother = sitk.SmoothingRecursiveGaussianImageFilter()
    smoother.SetSigma(sigma_mm)
    return np.asarray(sitk.GetArrayFromImage(smoother.Execute(to_sitk(field, geometry))))


def write_phantom(folder: Path) -> None:
    """Write the default phantom's CT and spine label into ``folder``."""
    hu, spine, geometry = make_phantom()
    for name, voxels in ((CT_FILE, hu), (SPINE_FILE, spine)):
        sitk.WriteImage(to_sitk(voxels, geometry), str(folder / name), useCompression=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the demo phantom.")
    parser.add_argument("folder", type=Path, help="where the two files go")
    write_phantom(parser.parse_args(arguments).folder)


if __name__ == "__main__":
    main()
