"""A mask in figures."""

import numpy as np
import pytest

from app.cases.measuring import measure
from inference.values.geometry import Geometry
from inference.values.mask import Mask


def test_a_mask_is_measured_along_the_patients_axes() -> None:
    # Voxel axes: x to the head, y to the left, z to the front.
    turned = Geometry((10, 20, 30), (2.0, 0.5, 1.0), direction=(0, 1, 0, 0, 0, -1, 1, 0, 0))
    voxels = np.zeros(turned.shape, np.uint8)
    voxels[5:25, 2:12, 1:4] = 1
    figures = measure(Mask(voxels, turned))
    assert figures.volume_ml == pytest.approx(20 * 10 * 3 * 1.0 / 1000)
    assert figures.extent_mm == pytest.approx((5.0, 20.0, 6.0))
    assert figures.middle == (2, 6, 15)


def test_an_empty_mask_has_no_size() -> None:
    grid = Geometry((4, 4, 4), (1.0, 1.0, 1.0))
    figures = measure(Mask(np.zeros(grid.shape, np.uint8), grid))
    assert figures.volume_ml == 0
    assert figures.middle is None
