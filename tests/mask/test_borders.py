"""Where borders lie behind the canal and beside it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.mask.borders import GAP_BELOW_MM, LEAST_ARCH_MM, gap_behind
from inference.mask.centre_line import CentreLine
from inference.mask.curve import upright
from inference.mask.facets import THORACOLUMBAR
from inference.mask.vertebrae import separate_vertebrae
from inference.values.geometry import Geometry
from tests.benchmarks.vertebrae import read_case

SHARED = Path(__file__).parents[3] / "shared/ct"

DISC, GAP = 50, 50
"""Places along the line of a disc, and of a gap that lies as high, ``GAP_BELOW_MM`` too high."""


def gap_above(arch_mm: int) -> float:
    """Where the gap is found between a process that ends at ``GAP`` and an arch so high."""
    bone = np.zeros((100, 100, 60), np.uint8)
    behind = np.s_[40:90, 20:40]
    bone[GAP + 1 : GAP + 25][:, *behind] = 255
    bone[GAP - arch_mm : GAP][:, *behind] = 255
    curve = upright(np.array([30.0, 20.0, -1.0]), 100, up=True)
    ones: NDArray[np.float64] = np.ones(100)
    line = CentreLine(curve, 15 * ones, 20 * ones, 15 * ones)
    along, _ = gap_behind(bone, Geometry((60, 100, 100), (1.0, 1.0, 1.0)), line, DISC)
    return along


def test_the_last_vertebra_keeps_its_arch_however_thin() -> None:
    assert gap_above(round(LEAST_ARCH_MM) + 1) == pytest.approx(GAP, abs=1.5)


def test_what_is_no_arch_moves_no_gap() -> None:
    assert gap_above(1) <= GAP - 2
    assert gap_above(0) == pytest.approx(DISC - GAP_BELOW_MM, abs=2)


@pytest.mark.skipif(not SHARED.exists(), reason="the CTs of ../shared/ct are absent")
def test_the_joints_of_a_small_patient_are_lumbar_below_the_thorax() -> None:
    case = read_case(SHARED, "lidc0001")
    found = separate_vertebrae(case.mask, case.volume)
    regions = [border.region for border in found.borders]
    assert regions[-2:] == [THORACOLUMBAR] * 2
    assert not any(regions[:10])
