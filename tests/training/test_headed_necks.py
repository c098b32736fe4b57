"""A neck with a skull on it keeps its vertebrae, and the skull touches none of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.headed_necks import (
    GAP_MM,
    HEIGHT_MM,
    Skull,
    join,
    joint,
    skull_classes,
    with_head,
)
from assets.training.spine_labels import BODY, BONE
from assets.training.synthesis import AIR

NECK, SKULL = (30, 24, 20), (16, 30, 28)

voxel = st.tuples(st.integers(8, 28), st.integers(0, 23), st.integers(0, 19))


def neck() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    classes = np.full(NECK, AIR, np.uint8)
    classes[:, 4:20, 4:16] = BODY
    spine = np.zeros(NECK, np.uint8)
    spine[2:24, 9:14, 8:12] = 1
    classes[spine == 1] = BONE
    return classes, spine


def shell() -> NDArray[np.uint8]:
    skull = np.full(SKULL, BODY, np.uint8)
    skull[:, 1:-1, 1:-1] = BONE
    skull[:, 3:-3, 3:-3] = BODY
    return skull


@given(at=voxel, foramen=st.tuples(st.integers(0, 12), st.integers(0, 29), st.integers(0, 27)))
def test_vertebrae_stay_and_no_bone_of_the_skull_touches_them(
    at: tuple[int, int, int], foramen: tuple[int, int, int]
) -> None:
    classes, spine = neck()
    place = joint(NECK, SKULL, at, foramen)
    joined, label = join(classes, spine, shell(), place)
    assert joined.shape == label.shape == place.shape
    assert (joined[label == 1] == BONE).all()
    kept = spine[: at[0] - foramen[0] + SKULL[0]]
    assert (label == 1).sum() == (kept == 1).sum()
    around = ndimage.binary_dilation(label == 1, iterations=GAP_MM) & (label == 0)
    assert not (joined[around] == BONE).any()


def test_the_head_replaces_the_neck_above_the_foramen() -> None:
    classes, spine = neck()
    place = joint(NECK, SKULL, (26, 12, 10), (4, 15, 14))
    joined, _ = join(classes, spine, np.full(SKULL, AIR, np.uint8), place)
    in_neck = joined[:, 3:27, 4:24]
    assert (in_neck[:26] == classes[:26]).all()
    assert (joined[26:] == AIR).all()


def test_a_skull_is_cut_out_without_its_own_vertebra_and_its_rest() -> None:
    hu = np.full((120, 60, 60), -1000, np.int16)
    hu[:, 10:50, 10:50] = 40
    hu[:, 12:48, 12:48] = 900
    hu[:, 15:45, 15:45] = 40
    hu[60:64, 20:30, 20:30] = -900  # a sinus
    hu[:, 5, 20:40] = 900  # the rest for the head
    spine = np.zeros(hu.shape, np.uint8)
    hu[:8, 25:35, 25:35], spine[:8, 25:35, 25:35] = 900, UNKNOWN
    case = TrainingCase("head", hu, None, spine)
    classes = skull_classes(case, Skull((10, 30, 30), bone_hu=250, flesh_mm=2))
    assert len(classes) == 10 + HEIGHT_MM
    assert (classes[:8, 25:35, 25:35] == BODY).all()
    assert (classes[60:64, 20:30, 20:30] == AIR).all()
    assert (classes[:, 5, 20:40] == AIR).all()
    assert (classes[:, 12:15, 12:48] == BONE).all()


def test_the_head_is_as_it_was_scanned_from_the_foramen_up() -> None:
    classes, spine = neck()
    place = joint(NECK, SKULL, (20, 12, 10), (4, 15, 14))
    _, label = join(classes, spine, shell(), place)
    drawn = np.full(place.shape, 7, np.int16)
    head = np.full(SKULL, 300, np.int16)
    head[:, :4] = -1000
    joined = with_head(drawn, label, head, place)
    above, in_head = slice(place.plane, None), joined == 300
    assert not in_head[: place.plane].any()
    assert not in_head[label == 1].any()
    assert (in_head | (label == 1))[place.skull][4:, 4:].all()
    assert (joined[above][~in_head[above]] == 7).all()
