"""Where training patches are cut."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.patches import PatchSettings, PatchStream

ONLY_NEAR_BONE = PatchSettings(
    shape=(32, 32, 32),
    spine_share=0.0,
    near_bone_share=1.0,
    bone_share=0.0,
    rotation=0.0,
    scale=(1.0, 1.0),
    shift=0.0,
    bend=0.0,
    twist=0.0,
    squeeze_share=0.0,
)


def case_with_bone_near_and_far() -> TrainingCase:
    """A vertebra, a rib right beside it, and a femur far away in undecided surroundings."""
    hu = np.full((40, 40, 200), 40, dtype=np.int16)
    spine = np.zeros(hu.shape, dtype=np.uint8)
    hu[10:30, 10:30, 10:30], spine[10:30, 10:30, 10:30] = 600, 1
    hu[15:25, 15:25, 40:46] = 600
    hu[15:25, 15:25, 180:186] = 600
    spine[5:35, 5:35, 160:] = UNKNOWN
    spine[15:25, 15:25, 180:186] = 0
    return TrainingCase("bones", hu, None, spine)


def test_bone_near_the_spine_lies_within_a_hand_of_it() -> None:
    stream = iter(PatchStream([case_with_bone_near_and_far()], [1.0], ONLY_NEAR_BONE, seed=1))
    labels = [next(stream)[1].numpy() for _ in range(20)]
    assert not any((label == UNKNOWN).any() for label in labels)


def test_the_sacrum_is_the_bone_near_the_lower_end_of_the_spine() -> None:
    hu = np.full((300, 40, 40), 40, dtype=np.int16)
    spine = np.zeros(hu.shape, dtype=np.uint8)
    sacrum, vertebrae, rib = slice(80, 100), slice(102, 200), slice(180, 186)
    hu[sacrum, 10:20, 10:30] = hu[vertebrae, 20:30, 10:30] = hu[rib, 20:30, 32:38] = 600
    spine[vertebrae, 20:30, 10:30] = 1
    only_sacrum = replace(ONLY_NEAR_BONE, near_bone_share=0.0, sacrum_share=1.0)
    case = TrainingCase("lower end", hu, None, spine)
    stream = iter(PatchStream([case], [1.0], only_sacrum, seed=1))
    patches = [next(stream)[1].numpy()[0] for _ in range(20)]
    # A patch reaches 16 mm to each side of a voxel of the sacrum: no further than to 116 mm.
    assert max(int(patch.any(axis=(1, 2)).sum()) for patch in patches) <= 116 - 102
    assert any(patch.any() for patch in patches)
