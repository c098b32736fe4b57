"""Outlines are moved back to where readers see the edge of bone."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")
pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

from assets.training.reader_edge import (
    EDGE_SHARE,
    NEARBY_VOXELS,
    SOFT_HU,
    edge_hu,
    found_again,
    reader_case,
    without_soft_surface,
)

DATA = Path("../shared/ct")
SHAPE = (30, 40, 40)
MARROW_HU, CORTEX_HU, MUSCLE_HU = 120.0, 500.0, 60.0


def block(low: int, high: int) -> np.ndarray:
    inside = np.zeros(SHAPE, bool)
    inside[low:high, low:high, low:high] = True
    return inside


def test_an_outline_that_lies_outside_the_cortex_is_taken_back_to_it_and_marrow_stays() -> None:
    bone, marrow = block(8, 22), block(9, 21)
    hu = np.where(marrow, MARROW_HU, np.where(bone, CORTEX_HU, MUSCLE_HU))
    assert np.array_equal(without_soft_surface(block(7, 23), hu, edge_hu(hu), 2), bone)


@pytest.mark.parametrize("voxels", [1, 2, 3])
def test_what_is_soft_further_inside_was_meant(voxels: int) -> None:
    soft = np.full(SHAPE, MUSCLE_HU)
    assert np.array_equal(
        without_soft_surface(block(5, 25), soft, 200.0, voxels), block(5 + voxels, 25 - voxels)
    )


def test_the_edge_is_higher_beside_brighter_bone_and_as_high_as_muscle_far_from_any() -> None:
    hu = np.where(block(10, 20), CORTEX_HU, MUSCLE_HU)
    near = edge_hu(hu)[15, 15, 20]
    assert near == pytest.approx(SOFT_HU + EDGE_SHARE * (CORTEX_HU - SOFT_HU), rel=0.05)
    assert edge_hu(2 * hu)[15, 15, 20] > near
    assert edge_hu(hu)[15, 15, 20 + 3 * NEARBY_VOXELS] == pytest.approx(SOFT_HU, abs=0.5)


@pytest.mark.skipif(
    not (DATA / "verse").is_dir(), reason="needs the readers' labels in ../shared/ct/verse"
)
@pytest.mark.parametrize("name", ["verse006", "verse007"])
def test_no_other_edge_agrees_better_with_a_reader(name: str) -> None:
    label, hu = reader_case(DATA, name)
    agreed, volume = found_again(label, hu, edge_hu(hu))
    assert abs(volume - 1) < 0.02
    for other in (EDGE_SHARE - 0.1, EDGE_SHARE + 0.1):
        overlap, share = found_again(label, hu, edge_hu(hu, other))
        assert overlap < agreed
        assert abs(share - 1) > abs(volume - 1)
    assert found_again(label, hu, 200.0)[0] < agreed
