"""Marrow made softer in real CTs."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from scipy import ndimage

from assets.training.cases import UNKNOWN
from assets.training.marrow import CORTEX_MM, SOFT_HU, soften_marrow


def body(marrow_hu: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """HU and label of a body with a dense shell in soft tissue, and the depth in it, z, y, x."""
    spine = np.zeros((40, 40, 40), np.uint8)
    spine[8:32, 8:32, 8:32] = 1
    depth = ndimage.distance_transform_edt(spine)
    hu = np.where(spine == 1, 600.0, 40.0)
    grain = np.random.default_rng(2).normal(0, 20, hu.shape)
    hu = np.where(depth > CORTEX_MM, marrow_hu, hu) + grain
    return hu.astype(np.float32), spine, depth


def test_marrow_is_lowered_and_keeps_its_grain_while_all_else_stays() -> None:
    hu, spine, depth = body(marrow_hu=250.0)
    for seed in range(20):
        softer = soften_marrow(hu, spine, np.random.default_rng(seed))
        core = depth >= CORTEX_MM + 1
        assert SOFT_HU[0] - 1 < softer[core].mean() < SOFT_HU[1] + 1
        assert softer[core].std() == pytest.approx(hu[core].std(), rel=1e-3)
        assert np.array_equal(softer[depth <= CORTEX_MM], hu[depth <= CORTEX_MM])


def test_marrow_that_is_softer_already_is_left() -> None:
    hu, spine, _ = body(marrow_hu=SOFT_HU[0] - 10)
    assert np.array_equal(soften_marrow(hu, spine, np.random.default_rng(1)), hu)


def test_where_nobody_knows_the_spine_nothing_changes() -> None:
    hu, spine, _ = body(marrow_hu=250.0)
    unknown = (spine * UNKNOWN).astype(np.uint8)
    assert np.array_equal(soften_marrow(hu, unknown, np.random.default_rng(1)), hu)
