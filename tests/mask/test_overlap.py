"""How well two masks agree."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.surface_distance import hd95
from inference.mask.overlap import agreement, dice
from inference.values.geometry import Geometry, Triple
from inference.values.mask import Mask

SPACING_MM: Triple = (0.7, 0.9, 2.0)


def cube(start: int, side: int = 8, length: int = 30) -> NDArray[np.uint8]:
    """A cube that begins at ``start`` along x, y and z."""
    voxels = np.zeros((length,) * 3, dtype=np.uint8)
    voxels[(slice(start, start + side),) * 3] = 1
    return voxels


def test_a_mask_agrees_with_itself() -> None:
    assert dice(cube(4), cube(4)) == 1.0
    assert hd95(cube(4), cube(4), SPACING_MM) == 0.0


def test_two_empty_masks_agree_and_one_empty_mask_does_not() -> None:
    empty = np.zeros_like(cube(4))
    assert (dice(empty, empty), hd95(empty, empty, SPACING_MM)) == (1.0, 0.0)
    assert (dice(cube(4), empty), hd95(cube(4), empty, SPACING_MM)) == (0.0, math.inf)


@pytest.mark.parametrize(("axis", "shift"), [(0, 3), (1, 5), (2, 4)])
def test_the_distance_is_measured_in_millimetres_along_each_axis(axis: int, shift: int) -> None:
    plate = np.zeros((30, 30, 30), dtype=np.uint8)
    plate[np.arange(30) == 10, :, :] = 1
    plate = np.moveaxis(plate, 0, axis)
    moved = np.roll(plate, shift, axis)
    assert hd95(plate, moved, SPACING_MM) == pytest.approx(shift * SPACING_MM[2 - axis])


def test_a_few_stray_voxels_do_not_decide_the_distance() -> None:
    stray = cube(4)
    stray[29, 29, 29] = 1
    assert hd95(cube(4), stray, SPACING_MM) == 0.0


def test_the_distance_equals_the_one_of_the_definition_on_ragged_masks() -> None:
    rng = np.random.default_rng(5)
    a, b = (
        (ndimage.gaussian_filter(rng.standard_normal((20, 24, 28)), 2) > 0.05).astype(np.uint8)
        for _ in range(2)
    )
    faces = ndimage.generate_binary_structure(3, 1)
    points = [np.argwhere(m & ~ndimage.binary_erosion(m, faces)) * SPACING_MM[::-1] for m in (a, b)]
    apart = np.linalg.norm(points[0][:, None] - points[1][None], axis=2)
    expected = np.percentile(np.concatenate([apart.min(axis=1), apart.min(axis=0)]), 95)
    assert hd95(a, b, SPACING_MM) == pytest.approx(expected, abs=1e-4)


def test_agreement_tells_what_is_shared_and_what_is_not() -> None:
    grid = Geometry((30, 30, 70), (0.5, 2.0, 10.0))
    one, other = np.zeros((2, *grid.shape), np.uint8)
    one[:40, :10, :10], other[20:60, :10, :10] = 1, 1
    found = agreement(Mask(one, grid), Mask(other, grid))
    assert (found.volume_ml, found.other_volume_ml) == (40.0, 40.0)
    assert (found.only_ml, found.other_only_ml) == (20.0, 20.0)
    assert found.dice == dice(one, other) == 0.5


def test_masks_of_two_shapes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="voxels"):
        dice(cube(4), cube(4, length=31))
