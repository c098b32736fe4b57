"""Every vertebra is one piece, but for large pieces and for what touches no other vertebra."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from assets.phantom.make_phantom import PhantomSettings, make_phantom
from inference.mask.pieces import give_pieces_to_neighbours
from inference.mask.vertebrae import separate_vertebrae
from inference.values.mask import Mask
from inference.values.volume import Volume

TOUCHING = np.ones((3, 3, 3))


def small_pieces(labels: NDArray[np.uint8], voxel_ml: float) -> list[int]:
    """Whose small pieces touch another vertebra, though they are not its largest piece."""
    whose = []
    for number in range(1, int(labels.max(initial=0)) + 1):
        pieces, count = ndimage.label(labels == number, TOUCHING)
        sizes = np.bincount(pieces.ravel(), minlength=count + 1)
        largest = 1 + int(sizes[1:].argmax()) if count else 0
        for piece in range(1, count + 1):
            if piece == largest or sizes[piece] * voxel_ml >= 1.0:
                continue
            around = labels[ndimage.binary_dilation(pieces == piece, TOUCHING)]
            if ((around > 0) & (around != number)).any():
                whose.append(number)
    return whose


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(*[st.integers(1, 12)] * 3),
    st.integers(1, 4),
    st.sampled_from([0.2, 0.5, 0.9]),
    st.sampled_from([0.001, 0.1, 0.4]),
    st.integers(0, 2**32 - 1),
)
def test_no_vertebra_keeps_a_small_piece_that_touches_another(
    shape: tuple[int, int, int], count: int, share: float, voxel_ml: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    labels = random.integers(1, count + 1, shape).astype(np.uint8)
    labels[random.random(shape) > share] = 0
    before = labels.copy()
    give_pieces_to_neighbours(labels, voxel_ml)
    assert small_pieces(labels, voxel_ml) == []
    assert ((labels > 0) == (before > 0)).all()
    assert set(np.unique(labels)) == set(np.unique(before))


@pytest.mark.parametrize(("more", "given_away"), [(-1, True), (0, False)])
def test_only_pieces_below_the_least_volume_are_given_away(more: int, *, given_away: bool) -> None:
    voxel_ml = 0.01
    length = 100 + more
    labels = np.zeros((1, 3, 2 * length), np.uint8)
    labels[0, 0] = 1
    labels[0, 1:, :length] = 2
    labels[0, 2, :length] = 1
    give_pieces_to_neighbours(labels, voxel_ml)
    assert (labels[0, 2, 0] == 2) == given_away


def test_a_piece_that_touches_no_other_vertebra_remains() -> None:
    labels = np.zeros((1, 1, 12), np.uint8)
    labels[0, 0, :4], labels[0, 0, 5:8], labels[0, 0, 11] = 1, 2, 1
    before = labels.copy()
    give_pieces_to_neighbours(labels, 0.001)
    assert (labels == before).all()


def test_the_vertebrae_of_the_phantom_have_no_specks() -> None:
    hu, spine, geometry = make_phantom(PhantomSettings())
    found = separate_vertebrae(Mask(spine, geometry), Volume(hu, geometry, "phantom"))
    for number in range(1, found.count + 1):
        assert ndimage.label(found.labels == number, TOUCHING)[1] == 1
