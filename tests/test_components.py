"""Connected pieces, found slab by slab as if at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from inference.components import MIN_COMPONENT_ML, Components, drop_small_components
from inference.mask import byte_threshold
from inference.scratch import SLAB_PLANES

SPINE = byte_threshold(0.5)


def test_pieces_below_the_least_volume_are_dropped_and_larger_ones_stay() -> None:
    probability = np.full((60, 40, 40), 10, np.uint8)
    side = round((MIN_COMPONENT_ML * 1000) ** (1 / 3))
    probability[2 : 3 + side, 2 : 3 + side, 2 : 3 + side] = 255
    probability[40:45, 30:35, 30:35] = 255
    kept = drop_small_components(probability, SPINE, voxel_volume_ml=0.001)
    assert kept == Components(kept=1, dropped=1)
    assert (probability >= SPINE).sum() == (side + 1) ** 3
    assert probability[50, 2, 2] == 10


def test_pieces_that_touch_by_a_corner_are_one() -> None:
    probability = np.zeros((40, 40, 40), np.uint8)
    probability[:11, :11, :11] = 255
    probability[11:22, 11:22, 11:22] = 255
    assert drop_small_components(probability, SPINE, 0.01) == Components(kept=1, dropped=0)


def test_a_map_without_spine_gives_no_piece() -> None:
    probability = np.full((8, 8, 8), SPINE - 1, np.uint8)
    assert drop_small_components(probability, SPINE, 0.001) == Components(kept=0, dropped=0)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0.01, 0.3),
    depth=st.integers(1, 3 * SLAB_PLANES + 5),
)
def test_slabs_find_the_same_pieces_as_the_whole_volume(
    seed: int, share: float, depth: int
) -> None:
    noise = np.random.default_rng(seed).random((depth, 9, 8))
    probability = np.where(noise < share, 255, 3).astype(np.uint8)
    labels, count = ndimage.label(probability == 255, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(labels.ravel())
    least = int(np.median(sizes[1:])) if count else 1
    small = sizes < least
    small[0] = False
    expected = np.where(small[labels], 0, probability)
    found = drop_small_components(probability, SPINE, MIN_COMPONENT_ML / least)
    assert np.array_equal(probability, expected)
    assert found == Components(kept=count - int(small.sum()), dropped=int(small.sum()))
