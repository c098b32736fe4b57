"""Vertebrae told apart: every voxel of a mask has one number, the right one."""

import functools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assets.phantom.make_phantom import PhantomSettings, make_phantom, vertebra_labels
from inference.mask.borders import place_borders
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.benchmarks.vertebrae import read_case, score

SHARED = Path(__file__).parents[3] / "shared/ct"

RIGHT = 0.97
"""Least share of a phantom's voxels with the right number; 0.99 is reached, arches that overlap
have no right one."""


@functools.cache
def phantom() -> tuple[Volume, Mask, NDArray[np.uint8]]:
    """The CT, its spine, and the numbers of its vertebrae from the head."""
    settings = PhantomSettings()
    hu, spine, geometry = make_phantom(settings)
    labels = vertebra_labels(settings)
    counted = np.where(labels > 0, labels.max() + 1 - labels, 0).astype(np.uint8)
    return Volume(hu, geometry, "phantom"), Mask(spine, geometry), counted


@functools.cache
def found_in_phantom() -> Vertebrae:
    volume, mask, _ = phantom()
    return separate_vertebrae(mask, volume)


def test_the_vertebrae_of_the_phantom_are_found_one_to_one() -> None:
    _, mask, truth = phantom()
    found = found_in_phantom()
    spine = (mask.voxels > 0) & (truth > 0)
    pairs = {
        int(number): int(np.bincount(found.labels[spine & (truth == number)]).argmax())
        for number in np.unique(truth[spine])
        if (truth == number).sum() > 300  # a sliver at the edge of the field of view belongs to
        # none
    }
    assert list(pairs.values()) == list(range(1, found.count + 1))
    right = np.isin(truth, list(pairs)) & spine
    expected = np.vectorize(lambda number: pairs.get(int(number), 0))(truth)
    assert (found.labels == expected)[right].mean() >= RIGHT


def test_every_voxel_of_the_mask_has_a_number_and_no_other_has() -> None:
    _, mask, _ = phantom()
    assert ((found_in_phantom().labels > 0) == (mask.voxels > 0)).all()


def test_borders_come_from_the_head_and_are_sure_where_discs_are_seen() -> None:
    found = found_in_phantom()
    along = [border.along for border in found.borders]
    assert along == sorted(along, reverse=True)
    assert all(border.confidence > 0.3 for border in found.borders)
    assert found.notes == ()


def turned(axis: int) -> tuple[Volume, Mask]:
    """The phantom stored in reverse along one axis of its arrays, in the same place."""
    volume, mask, _ = phantom()
    geometry = volume.geometry
    along = 2 - axis
    matrix = np.reshape(geometry.direction, (3, 3)).copy()
    steps = (geometry.size[along] - 1) * geometry.spacing[along]
    origin = as_triple(np.asarray(geometry.origin) + matrix[:, along] * steps)
    matrix[:, along] *= -1
    other = Geometry(geometry.size, geometry.spacing, origin, as_direction(matrix))
    flip = functools.partial(np.flip, axis=axis)
    return (
        Volume(np.ascontiguousarray(flip(volume.voxels)), other, "turned"),
        Mask(np.ascontiguousarray(flip(mask.voxels)), other),
    )


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_how_a_scan_is_stored_changes_no_number(axis: int) -> None:
    volume, mask = turned(axis)
    labels = np.flip(separate_vertebrae(mask, volume).labels, axis=axis)
    spine = mask.voxels.any() and labels > 0
    assert (labels == found_in_phantom().labels)[spine].mean() >= 0.995


def test_left_and_right_exchanged_give_the_mirror_image() -> None:
    volume, mask, _ = phantom()
    mirrored = separate_vertebrae(
        Mask(np.ascontiguousarray(mask.voxels[:, :, ::-1]), mask.geometry),
        Volume(np.ascontiguousarray(volume.voxels[:, :, ::-1]), volume.geometry, "mirrored"),
    )
    spine = mask.voxels > 0
    same = mirrored.labels[:, :, ::-1] == found_in_phantom().labels
    assert same[spine].mean() >= 0.98


def blank(geometry: Geometry) -> Volume:
    return Volume(np.zeros(geometry.shape, np.int16), geometry, "blank")


def test_an_empty_mask_has_no_vertebrae() -> None:
    geometry = Geometry((20, 20, 20), (1.0, 1.0, 1.0))
    found = separate_vertebrae(Mask(np.zeros(geometry.shape, np.uint8), geometry), blank(geometry))
    assert (found.count, found.borders, found.labels.any()) == (0, (), False)


@settings(deadline=None, max_examples=25)
@given(
    st.tuples(*[st.integers(1, 40)] * 3),
    st.tuples(*[st.sampled_from([0.7, 1.0, 3.0])] * 3),
    st.integers(0, 2**32 - 1),
)
def test_labels_partition_any_mask(
    size: tuple[int, int, int], spacing: tuple[float, float, float], seed: int
) -> None:
    geometry = Geometry(size, spacing)
    voxels = (np.random.default_rng(seed).random(geometry.shape) < 0.5).astype(np.uint8)
    found = separate_vertebrae(Mask(voxels, geometry), blank(geometry))
    assert ((found.labels > 0) == (voxels > 0)).all()
    assert found.labels.max(initial=0) <= found.count


def discs(places: list[int], length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Contrast and bone along a line with discs at ``places``."""
    contrast, bone = np.zeros(length), np.ones(length)
    for place in places:
        contrast[place - 2 : place + 3] = (0.2, 0.6, 0.9, 0.6, 0.2)
        bone[place - 2 : place + 3] = (0.8, 0.4, 0.1, 0.4, 0.8)
    return contrast, bone


@given(st.lists(st.integers(24, 32), min_size=3, max_size=8))
def test_discs_that_are_seen_are_borders(heights: list[int]) -> None:
    places = [int(place) for place in np.cumsum(heights)]
    contrast, bone = discs(places, places[-1] + 20)
    assert place_borders(contrast, bone, np.full(len(bone), 36.0)) == places


@given(st.integers(1, 4))
def test_a_disc_that_is_not_seen_is_put_where_its_neighbours_say(hidden: int) -> None:
    places = [28 * number for number in range(1, 7)]
    contrast, bone = discs([p for n, p in enumerate(places) if n != hidden], 28 * 7)
    found = place_borders(contrast, bone, np.full(len(bone), 37.0))
    assert len(found) == len(places)
    assert abs(found[hidden] - places[hidden]) <= 2


def test_a_whole_body_is_not_cut_where_noise_is_below_the_cost_of_a_border() -> None:
    length = 30
    for contrast, borders in ((0.1, 0), (0.45, 1)):
        noise = np.zeros(length)
        noise[15] = contrast
        assert len(place_borders(noise, np.ones(length), np.full(length, 40.0))) == borders


@pytest.mark.parametrize(("share", "apart"), [(0.5, True), (0.25, False)])
def test_an_atlas_over_its_axis_is_as_high_as_a_whole_vertebra_though_half_of_it_is_bone(
    share: float, *, apart: bool
) -> None:
    neck, both = 60, 46
    contrast, bone = discs([20, 40, neck], neck + both)
    bone[neck + 3 :] = share
    contrast[neck + 30] = 0.23
    found = place_borders(contrast, bone, np.full(len(bone), 30.0))
    assert (neck + 30 in found) == apart


@pytest.mark.skipif(not SHARED.exists(), reason="the CTs of ../shared/ct are absent")
@pytest.mark.parametrize("name", ["verse007", "verse010"])
def test_the_vertebrae_of_readers_are_found_one_to_one(name: str) -> None:
    case = read_case(SHARED, name)
    result = score(case, separate_vertebrae(case.mask, case.volume))
    assert result.one_to_one == len(result.dices)
    assert np.mean(result.dices) >= 0.93
    assert max(result.border_errors_mm) < 2
