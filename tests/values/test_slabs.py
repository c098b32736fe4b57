"""Searching an array slab by slab."""

import numpy as np

from inference.values.slabs import SLAB_PLANES, label_boxes


def test_a_box_holds_exactly_its_number_across_slabs() -> None:
    labels = np.zeros((2 * SLAB_PLANES, 9, 11), np.uint8)
    labels[SLAB_PLANES - 2 : SLAB_PLANES + 3, 1:4, 5:11] = 200
    labels[0, 8, 0] = 7
    assert label_boxes(labels) == {
        7: np.s_[0:1, 8:9, 0:1],
        200: np.s_[SLAB_PLANES - 2 : SLAB_PLANES + 3, 1:4, 5:11],
    }
