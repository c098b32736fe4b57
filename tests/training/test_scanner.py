"""What the training's scanners do to an image."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from assets.training.scanner import (
    add_table,
    cut_field_of_view,
    disturb,
    metal_streaks,
    noise,
    scan,
    thick_slices,
)
from inference.values.volume import AIR_HU

SHAPE = (24, 32, 40)


@pytest.mark.parametrize("thickness", [1.2, 2.0, 3.3, 5.0])
def test_thick_slices_keep_a_slope_and_blur_a_sharp_plane(thickness: float) -> None:
    slope = np.broadcast_to(np.arange(24, dtype=np.float32)[:, None, None] * 10, SHAPE)
    thick = thick_slices(slope, thickness, np.random.default_rng(1))
    inner = slice(6, -10)
    assert np.abs(thick - slope)[inner].max() < 1
    plane = np.zeros(SHAPE, dtype=np.float32)
    plane[12] = 100
    assert thick_slices(plane, thickness, np.random.default_rng(1)).max() < 100


@pytest.mark.parametrize("seed", range(20))
def test_a_scanned_image_has_the_shape_of_the_tissue_and_nothing_below_air(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hu = np.full(SHAPE, 40, dtype=np.float32)
    for image in (scan(hu, rng), disturb(hu, rng)):
        assert image.shape == SHAPE
        assert image.dtype == np.float32
        assert image.min() >= AIR_HU


def test_noise_has_no_bias() -> None:
    drawn = noise((40, 64, 64), np.random.default_rng(3))
    assert abs(float(drawn.mean())) < 0.2 * float(drawn.std())


def test_a_cut_field_of_view_is_air_on_one_side_and_untouched_on_the_other() -> None:
    hu = np.full(SHAPE, 40, dtype=np.float32)
    cut = cut_field_of_view(hu, np.random.default_rng(5))
    assert set(np.unique(cut)) == {AIR_HU, 40}
    assert (hu == 40).all()


def test_the_field_of_view_is_cut_along_every_axis_and_the_scan_at_its_ends() -> None:
    hu = np.full(SHAPE, 40, dtype=np.float32)
    cuts = [cut_field_of_view(hu, np.random.default_rng(seed)) == AIR_HU for seed in range(30)]
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        assert any(cut.all(axis=others).any() for cut in cuts)


def test_a_table_stands_in_air_only() -> None:
    hu = np.full(SHAPE, AIR_HU, dtype=np.float32)
    hu[:, :12] = 40
    air = hu == AIR_HU
    shown = [add_table(hu, air, np.random.default_rng(seed)) for seed in range(20)]
    assert all((image[:, :12] == 40).all() for image in shown)
    assert any((image != hu).any() for image in shown)


def test_streaks_fade_away_from_the_metal() -> None:
    hu = np.zeros((9, 200, 200), dtype=np.float32)
    streaks = np.abs(metal_streaks(hu, np.random.default_rng(2)))
    metal = np.argwhere(streaks == streaks.max())[0]
    far = np.hypot(*(np.ogrid[:200, :200][axis] - metal[axis + 1] for axis in (0, 1))) > 120
    assert streaks[metal[0]][far].max() < 0.02 * streaks.max()
