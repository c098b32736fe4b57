"""A mask grown, shrunk, and its holes filled."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from app.corrections.correction import Correction
from app.corrections.shaping import (
    FAR,
    HOLE_MM,
    grown,
    grown_at,
    holes_filled,
    shrunk,
    shrunk_at,
)
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.mask import Mask

CUBIC = Geometry((14, 12, 10), (1.0, 1.0, 1.0))
FACES = ndimage.generate_binary_structure(3, 1)


def after(mask: Mask, correction: Correction | None) -> NDArray[np.uint8]:
    voxels = mask.voxels.copy()
    if correction is not None:
        correction.apply_to(voxels)
    return voxels


def a_mask(seed: int, geometry: Geometry = CUBIC) -> Mask:
    noise = np.random.default_rng(seed).standard_normal(geometry.shape)
    return Mask((ndimage.gaussian_filter(noise, 1.2) > 0.1).astype(np.uint8), geometry)


@given(st.integers(0, 50))
def test_growing_and_shrinking_are_those_of_morphology(seed: int) -> None:
    mask = a_mask(seed)
    assert np.array_equal(after(mask, grown(mask)), ndimage.binary_dilation(mask.voxels, FACES))
    eroded = ndimage.binary_erosion(mask.voxels, FACES, border_value=1)
    assert np.array_equal(after(mask, shrunk(mask)), eroded)


@pytest.mark.parametrize(("thick_mm", "across"), [(FAR * 0.99, True), (FAR * 1.01, False)])
def test_thick_slices_neither_grow_nor_shrink_across(thick_mm: float, across: bool) -> None:
    geometry = Geometry(CUBIC.size, (1.0, 1.0, thick_mm))
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[4:7, 4:8, 4:8] = 1
    mask = Mask(voxels, geometry)
    assert after(mask, grown(mask))[5, 5, 8] == 1
    assert after(mask, grown(mask))[7, 5, 5] == across
    assert after(mask, shrunk(mask))[4, 5, 5] == (not across)


def test_under_the_brush_only_what_is_there_changes() -> None:
    mask = a_mask(1)
    for here, everywhere in ((grown_at, grown), (shrunk_at, shrunk)):
        change = here(mask, (7, 6, 5), None, 4.0)
        assert change is not None
        found, whole = after(mask, change), after(mask, everywhere(mask))
        z, y, x = np.indices(mask.voxels.shape)
        near = (x - 7) ** 2 + (y - 6) ** 2 + (z - 5) ** 2 <= 16
        assert np.array_equal(found, np.where(near, whole, mask.voxels))
        flat = here(mask, (7, 6, 5), 2, 6.0)
        assert flat is not None
        assert np.array_equal(after(mask, flat)[4], mask.voxels[4]), "a disc stays in its slice"


def test_an_empty_mask_stays_empty() -> None:
    empty = Mask(np.zeros(CUBIC.shape, np.uint8), CUBIC)
    assert (grown(empty), shrunk(empty), holes_filled(empty)) == (None, None, None)


@given(st.integers(0, 50))
def test_holes_are_filled_as_they_are_by_definition(seed: int) -> None:
    mask = a_mask(seed, Geometry((12, 12, 30), (1.0, 1.0, 1.0)))
    assert np.array_equal(
        after(mask, holes_filled(mask)), ndimage.binary_fill_holes(mask.voxels, FACES)
    )


def test_a_canal_that_leads_out_stays_open() -> None:
    voxels = np.zeros(CUBIC.shape, np.uint8)
    voxels[:, 3:9, 3:9] = 1
    voxels[:, 5:7, 5:7] = 0
    mask = Mask(voxels, CUBIC)
    assert holes_filled(mask) is None


@pytest.mark.parametrize("upright", [0, 1, 2])
@pytest.mark.parametrize(("more", "filled"), [(0, True), (1, False)])
def test_only_holes_as_high_as_marrow_are_filled_wherever_and_however_the_scan_is_stored(
    more: int, filled: bool, upright: int
) -> None:
    high = round(HOLE_MM / 2) + more
    direction, spacing = np.eye(3)[:, np.roll([0, 1, 2], upright - 2)], [1.0, 1.0, 1.0]
    spacing[upright] = 2.0
    assert direction[2, upright] == 1
    for start in range(1, 30, 3):
        column = np.zeros((7, 7, 70), np.uint8)
        column[1:6, 1:6] = 1
        column[3, 3, start : start + high] = 0
        by_axis = np.moveaxis(column, 2, upright)
        x, y, z = by_axis.shape
        grid = Geometry((x, y, z), as_triple(spacing), direction=as_direction(direction))
        change = holes_filled(Mask(np.ascontiguousarray(by_axis.transpose(2, 1, 0)), grid))
        assert (change is not None) == filled
        assert change is None or change.changes().sum() == high


def test_a_low_hole_beside_a_tall_one_is_filled_alone() -> None:
    geometry = Geometry((9, 9, 140), (1.0, 1.0, 1.0))
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[:, 1:8, 1:8] = 1
    voxels[3:50, 3, 3] = 0
    voxels[10:13, 5, 5] = 0
    change = holes_filled(Mask(voxels, geometry))
    assert change is not None
    assert change.box == (slice(10, 13), slice(1, 8), slice(1, 8))
    assert change.changes().sum() == 3


MEASURE = """
import sys
import numpy as np
from app.corrections.cutting import cut
from app.corrections.mask_editor import MaskEditor
from app.corrections.shaping import grown, holes_filled, shrunk
from inference.mask import components
from inference.system.memory import peak_rss_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.slabs import slabs

voxels = new_array((600, 512, 512), np.uint8)
for part, slab in slabs(voxels):
    slab[:, 150:350, 150:350] = 1
    slab[8:9, 200:202, 200:202] = 0
voxels[290:310, 245:255, 350:400] = 1
make = {
    "grow": grown,
    "shrink": shrunk,
    "fill": holes_filled,
    "cut": lambda mask: cut(mask, (360, 240, 300), (360, 260, 300), across=2),
}[sys.argv[1]]
before = peak_rss_bytes()
editor = MaskEditor(Mask(voxels, Geometry((512, 512, 600), (0.8, 0.8, 0.8))))
editor.correct(make(editor.mask))
print(peak_rss_bytes() - before)
"""


@pytest.mark.parametrize("what", ["grow", "fill", "cut"])
def test_a_change_of_a_whole_long_mask_takes_less_than_50_mib(what: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, what], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 50 * 2**20
