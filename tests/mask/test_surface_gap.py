"""How far the surfaces of two masks lie apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from inference.errors import CancelledError
from inference.mask.surface_gap import hd95_mm
from inference.values.geometry import Triple

SPACING: Triple = (0.7, 0.9, 2.0)


def plate(at: int, length: int = 40) -> NDArray[np.uint8]:
    voxels = np.zeros((length,) * 3, np.uint8)
    voxels[:, :, at] = 1
    return voxels


def blob(seed: int, shape: tuple[int, int, int], at: int) -> NDArray[np.uint8]:
    """A ragged thing that may touch the volume's edge and have holes."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal(shape), 1.5)
    voxels: NDArray[np.uint8] = (noise > 0.02).astype(np.uint8)
    voxels[:, :, :at] = 0
    return voxels


def by_definition(a: NDArray[np.uint8], b: NDArray[np.uint8], spacing: Triple) -> float:
    faces = ndimage.generate_binary_structure(3, 1)
    points = [np.argwhere(m & ~ndimage.binary_erosion(m, faces)) * spacing[::-1] for m in (a, b)]
    apart = np.linalg.norm(points[0][:, None] - points[1][None], axis=2)
    pooled = np.concatenate([apart.min(axis=1), apart.min(axis=0)])
    return float(np.percentile(pooled, 95, method="inverted_cdf"))


@given(
    st.integers(0, 10_000),
    st.integers(0, 8),
    st.tuples(*[st.sampled_from([0.6, 0.9, 1.7, 3.0])] * 3),
    st.sampled_from([(9, 14, 16), (40, 8, 12)]),
)
def test_it_is_the_95th_percentile_of_its_definition(
    seed: int, at: int, spacing: Triple, shape: tuple[int, int, int]
) -> None:
    a, b = blob(seed, shape, 0), blob(seed + 1, shape, at)
    if a.any() and b.any():
        expected = by_definition(a, b, spacing)
        found = hd95_mm(a, b, spacing)
        assert found == (pytest.approx(expected) if expected <= 10 else None)


@pytest.mark.parametrize(("columns", "told"), [(14, 9.8), (15, None)])
def test_it_is_told_up_to_the_furthest_that_is_looked_at(columns: int, told: float | None) -> None:
    found = hd95_mm(plate(10), plate(10 + columns), SPACING)
    assert found == (told if told is None else pytest.approx(told))


def test_a_mask_lies_on_itself_and_an_empty_one_nowhere() -> None:
    empty = np.zeros_like(plate(3))
    assert hd95_mm(plate(3), plate(3), SPACING) == 0.0
    assert hd95_mm(empty, empty, SPACING) == 0.0
    assert hd95_mm(plate(3), empty, SPACING) is None
    assert hd95_mm(empty, plate(3), SPACING) is None


def test_a_few_stray_voxels_do_not_decide_it() -> None:
    stray = plate(3)
    stray[20, 20, 30] = 1
    assert hd95_mm(plate(3), stray, SPACING) == 0.0


def test_it_can_be_cancelled() -> None:
    with pytest.raises(CancelledError):
        hd95_mm(plate(3), plate(9), SPACING, lambda: True)
