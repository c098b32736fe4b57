"""Vertebrae changed by a person: which voxels go where, and undo."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.errors import UsageError
from inference.mask.vertebra_editing import (
    SET_BY_HAND,
    fit_to,
    give,
    merge,
    restored,
    snapshot,
    split,
    with_gone,
)
from inference.mask.vertebrae import Vertebrae
from inference.values.geometry import Voxel
from inference.values.mask import Mask
from tests.mask.test_vertebrae import found_in_phantom, phantom

ROUNDING_MM = 1e-3


def voxel_amid(labels: NDArray[np.bool_]) -> Voxel:
    """A voxel of these, in their middle along the patient's axis."""
    z, y, x = np.nonzero(labels)
    middle = len(z) // 2
    return int(x[middle]), int(y[middle]), int(z[middle])


def mask_of(found: Vertebrae) -> Mask:
    return Mask((found.labels > 0).astype(np.uint8), found.geometry)


def test_of_two_vertebrae_one_is_made_and_the_ones_below_move_up() -> None:
    before = found_in_phantom()
    after = merge(before, 2)
    expected = np.where(before.labels > 2, before.labels - 1, before.labels)
    assert np.array_equal(after.found.labels, expected)
    assert after.found.count == before.count - 1
    assert after.found.borders == (before.borders[0], *before.borders[2:])
    assert after.places == (1, 2, *range(2, before.count))
    assert after.found.edited
    assert not before.edited


@pytest.mark.parametrize("upper", [0, found_in_phantom().count])
def test_beyond_the_ends_there_is_nothing_to_merge_with(upper: int) -> None:
    with pytest.raises(UsageError):
        merge(found_in_phantom(), upper)


def test_a_vertebra_is_split_by_the_plane_across_the_line_at_the_crosshair() -> None:
    before = found_in_phantom()
    line = before.line
    assert line is not None
    voxel = voxel_amid(before.labels == 3)
    after = split(before, 3, voxel)
    assert after.found.count == before.count + 1
    assert after.places == (1, 2, 3, *range(5, before.count + 2))
    heights = {}
    for part in (3, 4):
        voxels = np.stack(np.nonzero(after.found.labels == part)[::-1], axis=1).astype(float)
        points = before.geometry.to_patient(voxels).astype(np.float32)
        heights[part] = line.curve.coordinates(points)[0]
    (crosshair,) = before.geometry.to_patient(np.array([voxel], float))
    plane = line.curve.coordinates(crosshair[np.newaxis].astype(np.float32))[0][0]
    assert heights[3].min() >= plane - ROUNDING_MM
    assert heights[4].max() <= plane + ROUNDING_MM
    assert after.found.confidence(3) == min(before.borders[1].confidence, SET_BY_HAND)


def test_what_was_split_is_one_again_when_it_is_merged() -> None:
    before = found_in_phantom()
    parted = split(before, 3, voxel_amid(before.labels == 3)).found
    whole = merge(parted, 3).found
    assert np.array_equal(whole.labels, before.labels)
    assert whole.borders == before.borders


def test_a_plane_beside_the_vertebra_splits_nothing() -> None:
    before = found_in_phantom()
    with pytest.raises(UsageError, match="does not cut"):
        split(before, 3, voxel_amid(before.labels == 6))


def with_a_piece_of(found: Vertebrae, owner: int, within: int) -> tuple[Vertebrae, Voxel]:
    """The same, except for a small box inside one vertebra that is given to another."""
    x, y, z = voxel_amid(found.labels == within)
    labels = found.labels.copy()
    box = labels[z - 2 : z + 3, y - 2 : y + 3, x - 2 : x + 3]
    box[box == within] = owner
    return dataclasses.replace(found, labels=labels), (x, y, z)


def test_a_piece_is_given_to_the_neighbour_and_nothing_else_moves() -> None:
    right = found_in_phantom()
    wrong, voxel = with_a_piece_of(right, owner=3, within=4)
    after = give(wrong, voxel, 4)
    assert np.array_equal(after.found.labels, right.labels)
    assert after.places == tuple(range(1, right.count + 1))


def one_piece(found: Vertebrae) -> Voxel:
    """A voxel of a vertebra that is all one piece in the phantom."""
    return voxel_amid(found.labels == 5)


def test_a_vertebra_in_one_piece_is_not_given_away() -> None:
    found = found_in_phantom()
    with pytest.raises(UsageError, match="Split it"):
        give(found, one_piece(found), 6)


@pytest.mark.parametrize("to", [0, 3, 5, 7])
def test_a_piece_goes_to_a_neighbour_and_to_no_other(to: int) -> None:
    found = found_in_phantom()
    with pytest.raises(UsageError, match="no neighbour"):
        give(found, one_piece(found), to)


def test_where_there_is_no_spine_nothing_is_given() -> None:
    with pytest.raises(UsageError, match="no vertebra"):
        give(found_in_phantom(), (0, 0, 0), 1)


def test_of_a_mask_that_is_the_same_all_stays() -> None:
    found = found_in_phantom()
    after = fit_to(found, mask_of(found))
    assert np.array_equal(after.found.labels, found.labels)
    assert after.found.borders == found.borders
    assert after.places == tuple(range(1, found.count + 1))


def test_what_is_painted_belongs_to_the_vertebra_between_whose_borders_it_lies() -> None:
    found = found_in_phantom()
    less = dataclasses.replace(found, labels=found.labels.copy())
    x, y, z = voxel_amid(found.labels == 4)
    less.labels[z - 2 : z + 3, y - 2 : y + 3, x - 2 : x + 3] = 0
    after = fit_to(less, mask_of(found))
    assert np.array_equal(after.found.labels, found.labels)


def without(found: Vertebrae, *gone: int) -> Mask:
    """The mask of these vertebrae but some."""
    spine = (found.labels > 0) & ~np.isin(found.labels, gone)
    return Mask(spine.astype(np.uint8), found.geometry)


def test_vertebrae_that_were_erased_at_an_end_are_no_longer_counted() -> None:
    found = found_in_phantom()
    last = found.count
    after = fit_to(found, without(found, 1, 2, last))
    assert after.places == (0, 0, *range(1, last - 2), 0)
    assert after.found.count == last - 3
    assert set(np.unique(after.found.labels)) == set(range(last - 2))
    assert after.found.borders == found.borders[2:-1]


def test_one_that_was_erased_between_others_is_counted_so_that_they_keep_their_names() -> None:
    found = found_in_phantom()
    after = fit_to(found, without(found, 3))
    assert after.places == tuple(range(1, found.count + 1))
    assert (after.found.count, after.found.borders) == (found.count, found.borders)
    assert set(np.unique(after.found.labels)) == set(range(found.count + 1)) - {3}
    back = fit_to(after.found, mask_of(found))
    assert (back.found.labels == found.labels)[found.labels > 0].mean() > 0.97


def test_of_an_empty_mask_nothing_is_left() -> None:
    found = found_in_phantom()
    after = fit_to(found, Mask(np.zeros_like(found.labels), found.geometry))
    assert (after.found.count, after.found.borders, after.found.labels.any()) == (0, (), False)


@pytest.mark.parametrize("gone", [(), (1,), (1, 2), (9,), (1, 8, 9)])
@pytest.mark.parametrize("edit", ["merge", "split", "nothing"])
def test_what_was_erased_at_an_end_comes_back_as_it_was_whatever_was_edited_meanwhile(
    gone: tuple[int, ...], edit: str
) -> None:
    whole = found_in_phantom()
    at, voxel = 4, voxel_amid(whole.labels == 4)

    def edited(found: Vertebrae, vertebra: int) -> Vertebrae:
        if edit == "merge":
            return merge(found, vertebra).found
        return split(found, vertebra, voxel).found if edit == "split" else found

    left = fit_to(whole, without(whole, *gone))
    changed = edited(left.found, left.places[at - 1])
    back = fit_to(with_gone(changed, whole, left.places), mask_of(whole))
    expected = edited(whole, at)
    assert np.array_equal(back.found.labels, expected.labels)
    assert (back.found.count, back.found.borders) == (expected.count, expected.borders)


def test_one_comes_back_to_what_was_before() -> None:
    before = found_in_phantom()
    kept = snapshot(before)
    changed = merge(split(before, 3, voxel_amid(before.labels == 3)).found, 1).found
    back = restored(changed, kept)
    assert np.array_equal(back.labels, before.labels)
    assert (back.count, back.borders, back.edited) == (before.count, before.borders, False)
    assert kept.numbers.nbytes == np.count_nonzero(before.labels)


def test_large_labels_lie_in_a_scratch_file_and_are_the_same() -> None:
    before = found_in_phantom()
    voxel = voxel_amid(before.labels == 3)
    small, large = (split(before, 3, voxel, in_memory=size).found for size in (2**40, 0))
    assert np.array_equal(small.labels, large.labels)


def test_the_ct_is_the_phantoms() -> None:
    """The tests above rely on this: more vertebrae than they name, each with voxels."""
    volume, mask, _ = phantom()
    found = found_in_phantom()
    assert found.count >= 7
    assert volume.geometry == mask.geometry == found.geometry
