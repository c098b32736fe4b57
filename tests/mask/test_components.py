"""Connected pieces, found slab by slab as if all at once."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from inference.mask.components import (
    MIN_COMPONENT_ML,
    NAMED_PIECES,
    Components,
    DroppedPiece,
    dropped_notes,
    keep_spine_components,
)
from inference.mask.threshold import byte_threshold
from inference.values.geometry import Geometry
from inference.values.slabs import SLAB_PLANES

SPINE = byte_threshold(0.5)


def keep(
    probability: np.ndarray, *, side_mm: float = 1.0, plane_mm: float | None = None
) -> Components:
    """Keep the spine on a grid whose head end is at 0 mm."""
    depth, height, width = probability.shape
    between = plane_mm or side_mm
    top = (0.0, 0.0, -(depth - 0.5) * between)
    grid = Geometry((width, height, depth), (side_mm, side_mm, between), top)
    return keep_spine_components(probability, SPINE, grid)


def counts(components: Components) -> tuple[int, int]:
    return components.kept, components.dropped


def test_pieces_below_the_least_volume_are_dropped_and_larger_ones_stay() -> None:
    probability = np.full((60, 40, 40), 10, np.uint8)
    side = round((MIN_COMPONENT_ML * 1000) ** (1 / 3))
    probability[2 : 3 + side, 2 : 3 + side, 2 : 3 + side] = 255
    probability[40:45, 30:35, 30:35] = 255
    assert keep(probability) == Components(kept=1, dropped=1)
    assert (probability >= SPINE).sum() == (side + 1) ** 3
    assert probability[50, 2, 2] == 10


def test_pieces_that_touch_by_a_corner_are_one() -> None:
    probability = np.zeros((40, 40, 40), np.uint8)
    probability[:11, :11, :11] = 255
    probability[11:22, 11:22, 11:22] = 255
    assert keep(probability, side_mm=2.15) == Components(kept=1, dropped=0)


def piece(probability: np.ndarray, z: int, x: int, side: int = 12) -> None:
    probability[z : z + side, 4 : 4 + side, x : x + side] = 255


def test_a_piece_beside_the_spine_is_dropped_and_one_above_it_stays() -> None:
    probability = np.zeros((80, 20, 60), np.uint8)
    piece(probability, z=2, x=5, side=14)
    piece(probability, z=26, x=8)
    piece(probability, z=4, x=40)
    assert counts(keep(probability, side_mm=2.0)) == (2, 1)
    assert not probability[:, :, 40:].any()
    assert probability[35, 10, 12] == 255


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize(("first", "kept"), [(33, 2), (34, 1), (9, 2), (8, 1)])
def test_a_piece_above_stays_if_it_overlaps_the_spine_by_a_voxel(
    axis: int, first: int, kept: int
) -> None:
    probability = np.zeros((40, 60, 60), np.uint8)
    probability[2:16, 20:34, 20:34] = 255
    upper = [slice(20, 32), slice(22, 34), slice(22, 34)]
    upper[axis] = slice(first, first + 12)
    probability[tuple(upper)] = 255
    assert keep(probability, side_mm=2.0).kept == kept


def test_a_piece_far_above_the_spine_is_dropped() -> None:
    probability = np.zeros((80, 20, 60), np.uint8)
    piece(probability, z=2, x=5, side=14)
    piece(probability, z=64, x=5)
    assert counts(keep(probability, side_mm=2.0)) == (1, 1)


@pytest.mark.parametrize(("voxels", "pieces"), [(99, (0, 1)), (101, (1, 0))])
def test_a_piece_of_9_9_ml_is_dropped_and_one_of_10_1_ml_kept(
    voxels: int, pieces: tuple[int, int]
) -> None:
    probability = np.zeros((3, 3, voxels + 4), np.uint8)
    probability[1, 1, 2 : 2 + voxels] = 255
    assert counts(keep(probability, side_mm=100 ** (1 / 3))) == pieces


def test_a_piece_of_exactly_10_ml_is_large_enough() -> None:
    probability = np.zeros((3, 5, 100), np.uint8)
    probability[1, 1, 2:92] = 255
    probability[1, 3, 2:82] = 255
    found = keep(probability, side_mm=5.0)
    assert [(lost.volume_ml, lost.reason) for lost in found.noted] == [(10.0, "apart")]


@pytest.mark.parametrize(
    ("plane_mm", "planes", "kept"),
    [(1.0, 29, 2), (1.0, 31, 1), (2.5, 11, 2), (2.5, 13, 1), (0.5, 59, 2), (0.5, 61, 1)],
)
def test_pieces_less_than_30_mm_apart_are_one_spine_and_others_are_not(
    plane_mm: float, planes: int, kept: int
) -> None:
    """``planes`` is from the last plane of one piece to the first of the other."""
    probability = np.zeros((140, 40, 40), np.uint8)
    probability[:40, 5:35, 5:35] = 255
    probability[39 + planes : 79 + planes, 8:32, 8:32] = 255
    assert keep(probability, plane_mm=plane_mm).kept == kept


def test_a_gap_of_long_voxels_is_as_long_as_it_is_in_the_patient() -> None:
    probability = np.zeros((60, 60, 60), np.uint8)
    probability[2:12, 20:40, 20:40] = 255
    probability[22:30, 20:40, 20:40] = 255
    assert counts(keep(probability, plane_mm=8.0)) == (1, 1), "88 mm apart"
    probability[2:12, 20:40, 20:40] = 255
    probability[22:30, 20:40, 20:40] = 255
    assert counts(keep(probability, side_mm=8.0, plane_mm=1.0)) == (2, 0), "11 mm apart"


def test_the_loss_of_a_small_piece_is_told_with_its_size_and_place() -> None:
    probability = np.zeros((30, 80, 80), np.uint8)
    probability[:, 30:50, 32:48] = 255
    found = keep(probability)
    assert found.noted == (DroppedPiece(9.6, (39.5, 39.5, -15.0), "small"),)
    scan = Geometry((80, 80, 240), (1.0, 1.0, 1.0), (0.0, 0.0, -134.5))
    (note,) = dropped_notes(found, scan)
    assert "below 10 mL" in note
    assert "9.6 mL, 12 cm below the top of the scan" in note


def test_the_loss_of_a_large_piece_beside_the_spine_is_told_too() -> None:
    probability = np.zeros((80, 20, 60), np.uint8)
    piece(probability, z=2, x=5, side=14)
    piece(probability, z=4, x=40)
    found = keep(probability, side_mm=2.0)
    assert [lost.reason for lost in found.noted] == ["apart"]
    scan = Geometry((60, 20, 80), (2.0, 2.0, 2.0), (0.0, 0.0, -159.0))
    (note,) = dropped_notes(found, scan)
    assert "more than 30 mm above or below" in note
    assert "13.8 mL, 14 cm below the top of the scan" in note


@pytest.mark.parametrize("step", [-3, 3])
def test_a_piece_that_leans_from_slab_to_slab_is_told_at_the_middle_of_all_of_it(step: int) -> None:
    probability = np.zeros((3 * SLAB_PLANES, 80, 80), np.uint8)
    probability[:, 50:70, 60:80] = 255
    for slab in range(3):
        start = 20 + step * slab
        planes = slice(slab * SLAB_PLANES, (slab + 1) * SLAB_PLANES)
        probability[planes, start : start + 4, start : start + 4] = 255
    (lost,) = keep(probability).noted
    middle = 20 + step + 1.5
    assert lost.centre_mm[:2] == (middle, middle)


@pytest.mark.parametrize(("voxels", "noted"), [(9, 0), (11, 1)])
def test_specks_of_0_9_ml_are_not_told_and_pieces_of_1_1_ml_are(voxels: int, noted: int) -> None:
    probability = np.zeros((3, 3, 20), np.uint8)
    probability[1, 1, 2 : 2 + voxels] = 255
    found = keep(probability, side_mm=100 ** (1 / 3))
    assert (found.dropped, len(found.noted)) == (1, noted)


def test_the_largest_of_the_lost_pieces_are_told_first() -> None:
    probability = np.zeros((3, 9, 120), np.uint8)
    for row, voxels in ((1, 110), (3, 11), (5, 30), (7, 20)):
        probability[1, row, 2 : 2 + voxels] = 255
    noted = keep(probability, side_mm=100 ** (1 / 3)).noted
    assert [lost.volume_ml for lost in noted] == pytest.approx([3.0, 2.0, 1.1])


def test_many_pieces_are_told_in_one_sentence() -> None:
    lost = tuple(DroppedPiece(9.0 - n, (0.0, 0.0, -10.0 * n), "small") for n in range(5))
    scan = Geometry((1, 1, 100), (1.0, 1.0, 1.0), (0.0, 0.0, -99.5))
    (note,) = dropped_notes(Components(1, 5, lost), scan)
    assert note.count("below the top") == NAMED_PIECES
    assert "2 more with 11 mL" in note
    assert dropped_notes(Components(1, 5), scan) == ()


def test_a_map_without_spine_gives_no_piece() -> None:
    probability = np.full((8, 8, 8), SPINE - 1, np.uint8)
    assert keep(probability) == Components(kept=0, dropped=0)


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
    # The largest piece just has the minimum volume, so no other is large enough.
    voxel_ml = 1.0001 * MIN_COMPONENT_ML / sizes.max()
    found = keep(probability, side_mm=(1000 * voxel_ml) ** (1 / 3))
    assert np.array_equal(probability, expected)
    assert counts(found) == (1, count - 1)
