"""The spine's surface lies where the mask lies."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inference.mask.surface import KEPT_SHARE, SMALL_ML, extract_surface
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from tests.geometries import geometries
from tests.mask.test_marching_cubes import edge_balance

SMALLEST_MM = 6.0
"""Smoothing takes the corners off smaller things."""


def ball_mask(geometry: Geometry, radius: float) -> Mask:
    z, y, x = np.indices(geometry.shape)
    points = geometry.to_patient(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float))
    inside = np.linalg.norm(points - points.mean(axis=0), axis=1) <= radius
    return Mask(inside.reshape(geometry.shape).astype(np.uint8), geometry)


@settings(deadline=None, max_examples=40)
@given(geometries())
def test_a_full_mask_has_a_closed_surface_around_its_middle(geometry: Geometry) -> None:
    size_mm = np.array(geometry.size) * geometry.spacing
    assume(size_mm.min() >= SMALLEST_MM)
    surface = extract_surface(Mask(np.ones(geometry.shape, np.uint8), geometry))
    assert edge_balance(surface.triangles) == 0
    assert surface.volume_ml > 0, "turned outwards, in left-handed grids too"
    middle = geometry.outer_corners().mean(axis=0)
    box = (surface.vertices.min(axis=0) + surface.vertices.max(axis=0)) / 2
    assert box == pytest.approx(middle, abs=1.0 + 0.02 * size_mm.max())


@pytest.mark.parametrize("spacing", [(0.6, 0.6, 0.6), (0.8, 0.8, 3.0), (1.0, 1.0, 5.0)])
def test_the_surface_holds_the_volume_of_the_mask(spacing: tuple[float, float, float]) -> None:
    size = tuple(int(60 / mm) for mm in spacing)
    mask = ball_mask(Geometry((size[0], size[1], size[2]), spacing), radius=20.0)
    assert extract_surface(mask).volume_ml == pytest.approx(mask.volume_ml, rel=0.04)


def test_a_thin_plate_keeps_its_thickness() -> None:
    geometry = Geometry((40, 40, 40), (0.8, 0.8, 0.8))
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[8:32, 8:32, 18:21] = 1
    mask = Mask(voxels, geometry)
    assert extract_surface(mask).volume_ml == pytest.approx(mask.volume_ml, rel=0.15)


def test_an_empty_mask_has_no_triangles() -> None:
    geometry = Geometry((8, 8, 8), (1.0, 1.0, 1.0))
    assert len(extract_surface(Mask(np.zeros(geometry.shape, np.uint8), geometry)).triangles) == 0


def test_a_surface_of_many_slabs_is_closed_and_holds_the_volume() -> None:
    geometry = Geometry((40, 40, 150), (0.8, 0.8, 1.25))
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[3:148, 8:30, 10:33] = 1
    voxels[40:44, 12:20, 15:25] = 0
    mask = Mask(voxels, geometry)
    surface = extract_surface(mask)
    assert edge_balance(surface.triangles) == 0
    assert surface.volume_ml == pytest.approx(mask.volume_ml, rel=0.01)


@settings(deadline=None, max_examples=60)
@given(grid=geometries(8), seed=st.integers(0, 999), share=st.sampled_from([0.003, 0.03, 0.3]))
def test_whatever_is_in_a_mask_has_a_closed_surface_around_it(
    grid: Geometry, seed: int, share: float
) -> None:
    random = np.random.default_rng(seed)
    voxels = (random.random(grid.shape) < share).astype(np.uint8)
    voxels[tuple(random.integers(0, grid.shape))] = 1
    surface = extract_surface(Mask(voxels, grid))
    assert edge_balance(surface.triangles) == 0
    assert surface.volume_ml > 0
    indices = grid.to_index(surface.vertices)
    inside = np.argwhere(voxels)[:, ::-1]
    reach = 1 + 2 / np.array(grid.spacing)
    assert (indices >= inside.min(axis=0) - reach).all()
    assert (indices <= inside.max(axis=0) + reach).all()


@pytest.mark.parametrize(("side", "smooth"), [(3, False), (6, True)])
def test_only_what_smoothing_would_take_away_keeps_its_voxels_corners(
    side: int, smooth: bool
) -> None:
    grid = Geometry((12, 12, 12), (0.6, 0.6, 0.6))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[2 : 2 + side, 2 : 2 + side, 2 : 2 + side] = 1
    mask = Mask(voxels, grid)
    surface = extract_surface(mask)
    on_voxels = np.isin(grid.to_index(surface.vertices).round(6) * 2 % 1, 0).all()
    assert on_voxels != smooth
    assert surface.volume_ml >= KEPT_SHARE * mask.volume_ml


@pytest.mark.parametrize(("rows", "smooth"), [(40, False), (80, True)])
def test_a_thin_sheet_of_a_vertebras_size_is_smoothed_whatever_is_left_of_it(
    rows: int, smooth: bool
) -> None:
    grid = Geometry((44, 84, 6), (0.7, 0.7, 0.7))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[3, 2 : 2 + rows, 2:42] = 1
    mask = Mask(voxels, grid)
    assert (mask.volume_ml >= SMALL_ML) == smooth
    share = extract_surface(mask).volume_ml / mask.volume_ml
    assert (share < KEPT_SHARE) == smooth
