"""A spine mask in figures."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import CancelledError
from inference.mask import figures as module
from inference.mask.figures import MOST_LINE_ML, MaskFigures, measure
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.geometries import geometries, reordered, stored_orders
from tests.mask.test_vertebrae import phantom, turned

SHARED = Path(__file__).parents[3] / "shared/ct"

PHANTOM_LINE_MM = 210.5
"""Length of the curve through the phantom's bodies, from the first to the last plane of its field
of view."""

READERS_LENGTHS_MM = {"verse008": 198, "gl003": 248}
"""From middle to middle of the vertebrae that readers labelled, with half a vertebra at either end.
"""


def on_noise(mask: Mask, seed: int = 1) -> Volume:
    """A CT of any HU for a mask."""
    rng = np.random.default_rng(seed)
    return Volume(rng.integers(-1024, 3071, mask.voxels.shape, np.int16), mask.geometry, "CT")


def test_a_mask_is_measured_along_the_patients_axes() -> None:
    # Voxel axes: x to the head, y to the left, z to the front.
    grid = Geometry((10, 20, 30), (2.0, 0.5, 1.0), direction=(0, 1, 0, 0, 0, -1, 1, 0, 0))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[5:25, 2:12, 1:4] = 1
    mask = Mask(voxels, grid)
    found = measure(mask, on_noise(mask))
    assert found.volume_ml == pytest.approx(20 * 10 * 3 * 1.0 / 1000)
    assert found.extent_mm == pytest.approx((5.0, 20.0, 6.0))
    assert found.middle == (2, 6, 15), "x runs to the head"


def test_an_empty_mask_has_no_figures_but_its_volume() -> None:
    grid = Geometry((4, 4, 4), (1.0, 1.0, 1.0))
    mask = Mask(np.zeros(grid.shape, np.uint8), grid)
    assert measure(mask, on_noise(mask)) == MaskFigures(0.0, None, (0.0, 0.0, 0.0), None, None)


@settings(max_examples=30)
@given(geometries(), st.integers(0, 2**32 - 1))
def test_mean_and_deviation_are_those_of_the_voxels_in_the_mask(grid: Geometry, seed: int) -> None:
    voxels = (np.random.default_rng(seed).random(grid.shape) < 0.2).astype(np.uint8)
    mask = Mask(voxels, grid)
    volume = on_noise(mask, seed)
    found = measure(mask, volume)
    inside = volume.voxels[voxels > 0].astype(np.float64)
    assert found.volume_ml == pytest.approx(len(inside) * grid.voxel_volume_ml)
    if len(inside):
        assert found.mean_hu == pytest.approx(inside.mean())
        assert found.deviation_hu == pytest.approx(inside.std(), abs=1e-6)


def test_the_length_is_that_of_the_line_through_the_bodies() -> None:
    volume, mask, _ = phantom()
    assert measure(mask, volume).length_mm == pytest.approx(PHANTOM_LINE_MM, abs=3)


def test_the_middle_of_pieces_with_nothing_between_them_is_in_one_of_them() -> None:
    grid = Geometry((20, 20, 20), (1.0, 1.0, 3.0))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[2:6, 4:9, 3:6] = 1
    voxels[15:17, 12, 12] = 1
    mask = Mask(voxels, grid)
    assert measure(mask, on_noise(mask)).middle == (4, 6, 5)


@settings(max_examples=20)
@given(stored=st.sampled_from(list(stored_orders())), seed=st.integers(0, 99))
def test_the_middle_and_the_size_are_those_of_the_patient_however_a_scan_is_stored(
    stored: tuple[tuple[int, ...], tuple[int, ...]], seed: int
) -> None:
    grid = Geometry((9, 10, 11), (0.312345, 0.7, 5.0), (-812.3, 1500.25, -3021.0))
    random = np.random.default_rng(seed)
    spots = (random.random(grid.shape[1:]) < 0.1).astype(np.uint8)
    spots[4, 7] = 1
    mask = Mask(np.pad(np.repeat(spots[None], 6, axis=0), [(4, 1), (0, 0), (0, 0)]), grid)
    volume = on_noise(mask, seed)
    other_mask = Mask(*reordered(mask.voxels, grid, *stored))
    other = measure(other_mask, Volume(*reordered(volume.voxels, grid, *stored), "CT"))
    found = measure(mask, volume)
    same = (found.volume_ml, found.mean_hu, found.deviation_hu)
    assert (other.volume_ml, other.mean_hu, other.deviation_hu) == pytest.approx(same, rel=1e-12)
    assert other.extent_mm == pytest.approx(found.extent_mm)
    places = [
        one.geometry.to_patient(np.array([which], float))
        for one, figures in ((mask, found), (other_mask, other))
        for which in (figures.middle, figures.slices)
    ]
    assert np.abs(places[2] - places[0]).max() <= 5.0 + 1e-6, "one of two slices in the middle"
    assert np.abs(places[3] - places[1]).max() <= 5.0 + 1e-6


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_how_a_scan_is_stored_changes_no_figure(axis: int) -> None:
    volume, mask, _ = phantom()
    straight, other = measure(mask, volume), measure(*reversed(turned(axis)))  # type: ignore[arg-type]
    assert straight.length_mm is not None
    assert other.length_mm == pytest.approx(straight.length_mm, abs=2)
    assert (other.volume_ml, other.mean_hu, other.deviation_hu) == (
        straight.volume_ml,
        straight.mean_hu,
        straight.deviation_hu,
    )


def test_the_length_ends_with_the_bodies_and_not_with_the_scan() -> None:
    volume, mask, _ = phantom()
    half = mask.voxels.copy()
    half[: len(half) // 2] = 0
    length_mm = measure(Mask(half, mask.geometry), volume).length_mm
    assert length_mm == pytest.approx(PHANTOM_LINE_MM / 2, abs=6), "half, or a disc less"


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/ct")
@pytest.mark.parametrize("name", READERS_LENGTHS_MM)
def test_the_length_is_that_of_the_readers_vertebrae(name: str) -> None:
    image = sitk.ReadImage(str(SHARED / f"verse/{name}_vertebrae.nii.gz"))
    grid = Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    mask = Mask((sitk.GetArrayFromImage(image) > 0).astype(np.uint8), grid)
    expected_mm = READERS_LENGTHS_MM[name]
    assert measure(mask, on_noise(mask)).length_mm == pytest.approx(expected_mm, rel=0.05)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_slices_that_show_most_go_through_the_bodies(axis: int) -> None:
    volume, mask = turned(axis)
    found = measure(mask, volume).slices
    assert found is not None
    x, y, _ = found
    bodies = np.count_nonzero(mask.voxels[:, y, x])
    assert bodies > 0.6 * len(mask.voxels), "the rest are discs"


def test_the_slices_that_show_most_are_not_those_of_the_middle_of_the_scan() -> None:
    volume, mask, _ = phantom()
    wide = ((0, 0), (90, 0), (60, 0))
    x, y, z = mask.geometry.size
    grid = mask.geometry.box((-60, -90, 0), (x + 60, y + 90, z))
    moved = Mask(np.pad(mask.voxels, wide), grid)
    seen = measure(moved, Volume(np.pad(volume.voxels, wide), grid, "wide")).slices
    here = measure(mask, volume).slices
    assert seen is not None and here is not None
    assert np.subtract(seen, here).tolist() == [60, 90, 0]


def test_without_a_line_the_slices_halve_the_mask() -> None:
    grid = Geometry((9, 9, 9), (1.0, 1.0, 1.0))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[1:4, 2:7, 6] = 1
    mask = Mask(voxels, grid)
    assert measure(mask, on_noise(mask)).slices == (6, 4, 2)


def test_specks_have_no_length() -> None:
    grid = Geometry((80, 80, 80), (0.5, 0.5, 0.5))
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[2, 2, 2] = voxels[70, 70, 70] = 1
    mask = Mask(voxels, grid)
    assert measure(mask, on_noise(mask)).length_mm is None


@pytest.mark.parametrize(("most_ml", "has_length"), [(0.9, False), (1.1, True)])
def test_what_is_larger_than_any_spine_has_no_length(
    monkeypatch: pytest.MonkeyPatch, most_ml: float, has_length: bool
) -> None:
    volume, mask, _ = phantom()
    z, y, x = np.nonzero(mask.voxels)
    box_ml = np.ptp(z) + 1, np.ptp(y) + 1, np.ptp(x) + 1
    monkeypatch.setattr(
        module, "MOST_LINE_ML", most_ml * np.prod(box_ml) * mask.geometry.voxel_volume_ml
    )
    assert (measure(mask, volume).length_mm is not None) is has_length
    assert MOST_LINE_ML == 200 * 200 * 1000 / 1000, "20 × 20 cm and 1 m, in mL"


def test_a_cancel_ends_it() -> None:
    volume, mask, _ = phantom()
    with pytest.raises(CancelledError):
        measure(mask, volume, lambda: True)


MANY_PLANES = """
import sys
import numpy as np
from inference.mask.figures import measure
from inference.system.memory import peak_rss_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.slabs import release
from inference.values.volume import Volume

planes = int(sys.argv[1])
grid = Geometry((512, 512, planes), (0.7, 0.7, 0.7))
voxels, hu = new_array(grid.shape, np.uint8, 0), new_array(grid.shape, np.int16, 0)
for z in range(planes):
    hu[z] = z
    voxels[z, 220:290, 220:290] = 1
    voxels[z, 260:280, 240:270] = 0
    release(hu), release(voxels)
before = peak_rss_bytes()
found = measure(Mask(voxels, grid), Volume(hu, grid, "long"))
print(peak_rss_bytes() - before, found.length_mm)
"""
"""A column with a canal, 5 × 5 cm, in a CT that lies in scratch files."""

MIB = 2**20

MOST_MIB = 60
"""For one slab of HU and the column at 1 mm. The longer CT alone would take 800 as floats."""


@pytest.mark.skipif(sys.platform == "win32", reason="peaks are read from the process's own rusage")
@pytest.mark.parametrize("planes", [200, 800])
def test_memory_is_that_of_the_spine_and_not_of_the_scan(planes: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", MANY_PLANES, str(planes)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert int(told[0]) <= MOST_MIB * MIB
    assert float(told[1]) == pytest.approx(0.7 * planes, rel=0.03)
