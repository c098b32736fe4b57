"""Connected pieces, found slab by slab as if at once."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from inference.mask.components import MIN_COMPONENT_ML, Components, keep_spine_components
from inference.mask.threshold import byte_threshold
from inference.values.slabs import SLAB_PLANES

SPINE = byte_threshold(0.5)


def test_pieces_below_the_least_volume_are_dropped_and_larger_ones_stay() -> None:
    probability = np.full((60, 40, 40), 10, np.uint8)
    side = round((MIN_COMPONENT_ML * 1000) ** (1 / 3))
    probability[2 : 3 + side, 2 : 3 + side, 2 : 3 + side] = 255
    probability[40:45, 30:35, 30:35] = 255
    kept = keep_spine_components(probability, SPINE, voxel_volume_ml=0.001)
    assert kept == Components(kept=1, dropped=1)
    assert (probability >= SPINE).sum() == (side + 1) ** 3
    assert probability[50, 2, 2] == 10


def test_pieces_that_touch_by_a_corner_are_one() -> None:
    probability = np.zeros((40, 40, 40), np.uint8)
    probability[:11, :11, :11] = 255
    probability[11:22, 11:22, 11:22] = 255
    assert keep_spine_components(probability, SPINE, 0.01) == Components(kept=1, dropped=0)


def piece(probability: np.ndarray, z: int, x: int, side: int = 12) -> None:
    probability[z : z + side, 4 : 4 + side, x : x + side] = 255


def test_a_piece_beside_the_spine_is_dropped_and_one_above_it_stays() -> None:
    probability = np.zeros((80, 20, 60), np.uint8)
    piece(probability, z=2, x=5, side=14)
    piece(probability, z=26, x=8)
    piece(probability, z=4, x=40)
    assert keep_spine_components(probability, SPINE, 0.01) == Components(kept=2, dropped=1)
    assert not probability[:, :, 40:].any()
    assert probability[35, 10, 12] == 255


def test_a_piece_far_above_the_spine_is_dropped() -> None:
    probability = np.zeros((80, 20, 60), np.uint8)
    piece(probability, z=2, x=5, side=14)
    piece(probability, z=64, x=5)
    assert keep_spine_components(probability, SPINE, 0.01) == Components(kept=1, dropped=1)


def test_a_map_without_spine_gives_no_piece() -> None:
    probability = np.full((8, 8, 8), SPINE - 1, np.uint8)
    assert keep_spine_components(probability, SPINE, 0.001) == Components(kept=0, dropped=0)


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
    sizes[0] = 0
    assume(count and (sizes == sizes.max()).sum() == 1)
    largest = labels == sizes.argmax()
    expected = np.where((labels > 0) & ~largest, 0, probability)
    # The largest piece has just the least volume, so that no other is large enough.
    found = keep_spine_components(probability, SPINE, 1.0001 * MIN_COMPONENT_ML / sizes.max())
    assert np.array_equal(probability, expected)
    assert found == Components(kept=1, dropped=count - 1)
