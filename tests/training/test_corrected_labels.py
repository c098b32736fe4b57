"""The rules by which the test patients' labels are corrected."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")
pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

from assets.training.corrected_labels import (
    HOLE_MM2,
    JOINT_MM,
    beside_ribs,
    fill_marrow,
)

SHAPE = (30, 40, 40)


def block(low: int, high: int) -> np.ndarray:
    inside = np.zeros(SHAPE, bool)
    inside[low:high, low:high, low:high] = True
    return inside


def test_holes_are_filled_up_to_the_size_that_is_no_canal() -> None:
    for area, filled in ((HOLE_MM2, True), (HOLE_MM2 + 4, False)):
        ring = block(5, 25)
        ring[:, 10:14, 8 : 8 + area // 4] = False
        assert fill_marrow(ring)[10, 11, 9] == filled


def test_only_what_is_near_to_both_vertebra_and_rib_is_unknown() -> None:
    vertebra, rib = block(5, 20), np.zeros(SHAPE, bool)
    rib[10:14, 10:14, 22:40] = True
    unknown = beside_ribs(vertebra | rib, vertebra)
    assert unknown[12, 12, 19]
    assert unknown[12, 12, 23]
    assert not unknown[12, 12, 22 - JOINT_MM - 1], "the middle of the vertebra is known"
    assert not unknown[12, 12, 35], "the rib itself is known to be none"
