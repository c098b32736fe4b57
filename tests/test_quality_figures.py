"""What the quality benchmark says about readers' labels and discs."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")
pytest.importorskip("matplotlib", reason="matplotlib is only in the extra 'bench'")

from assets.training.reader_scores import ReaderCt, marked_ml, score
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.benchmarks.discs import discs_along, discs_between, slice_mm, thickened

GRID = Geometry((40, 40, 90), (1.0, 1.0, 1.0), (-20.0, 5.0, 100.0))


def numbers() -> np.ndarray:
    """Three vertebrae, blocks of 20 mm with discs of 6 mm."""
    labels = np.zeros(GRID.shape, np.uint8)
    for number, low in ((20, 54), (21, 28), (22, 2)):
        labels[low : low + 20, 10:30, 10:30] = number
    return labels


def case(unknown: np.ndarray | None = None) -> ReaderCt:
    labels = numbers()
    none = np.zeros(labels.shape, bool)
    volume = Volume(np.zeros(GRID.shape, np.int16), GRID, "blocks")
    return ReaderCt(volume, labels, none if unknown is None else unknown, none, none)


def test_discs_lie_between_neighbours_and_only_their_middle_counts() -> None:
    discs = discs_between(numbers(), GRID)
    assert len(discs) == 2
    spine = (numbers() > 0).astype(np.uint8)
    assert [disc.marked(Mask(spine, GRID)) for disc in discs] == [0.0, 0.0]
    filled = spine.copy()
    filled[48:54, 10:30, 10:30] = 1
    assert sorted(disc.marked(Mask(filled, GRID)) for disc in discs) == [0.0, 1.0]
    rims = spine.copy()
    rims[48, 10:30, 10:30] = rims[53, 10:30, 10:30] = 1
    assert [disc.marked(Mask(rims, GRID)) for disc in discs] == [0.0, 0.0]


def test_fused_vertebrae_have_no_disc() -> None:
    fused = numbers()
    fused[48:54, 10:30, 10:30] = 21
    assert len(discs_between(fused, GRID)) == 1


def test_discs_along_a_line_lie_where_their_plates_do_and_it_is_dark() -> None:
    hu = np.full(GRID.shape, 400, np.int16)
    z, y = np.indices(GRID.shape)[:2]
    hu[np.abs(z - 52 - (y - 20) * 0.2) <= 1.5] = 80
    line = np.array([[0.0, 25.0, 185.0, 16.0], [0.0, 25.0, 105.0, 16.0]])
    (disc,) = discs_along(line, [(30.0, 36.0)], Volume(hu, GRID, "askew"))
    assert np.hypot(*(disc.middle[:, :2] - [0, 25]).T).max() <= 8
    dark = Mask((hu < 200).astype(np.uint8), GRID)
    assert disc.marked(dark) > 0.95
    assert disc.marked(Mask((hu > 200).astype(np.uint8), GRID)) < 0.05


def test_what_is_unknown_is_neither_right_nor_wrong() -> None:
    spine = (numbers() > 0).astype(np.uint8)
    too_much = spine.copy()
    too_much[76:] = 1
    beyond = np.zeros(GRID.shape, bool)
    beyond[76:] = True
    assert score(case(), too_much).dice < 0.85
    against = score(case(beyond), too_much)
    assert (against.dice, against.dice_near, against.hd95_mm) == (1.0, 1.0, 0.0)


def test_near_the_labels_what_is_far_does_not_count() -> None:
    stray = (numbers() > 0).astype(np.uint8)
    stray[87:, :4, :4] = 1
    against = score(case(), stray)
    assert against.dice < 1.0
    assert against.dice_near == 1.0


def test_marked_millilitres_are_of_the_structure_alone() -> None:
    ct = case()
    rib = np.zeros(GRID.shape, bool)
    rib[:10, :10, :10] = True
    assert marked_ml(ct, rib, np.ones(GRID.shape, np.uint8)) == pytest.approx(1.0)
    assert marked_ml(ct, rib, np.zeros(GRID.shape, np.uint8)) == 0.0


def test_slices_are_those_from_feet_to_head_however_the_file_is_stored() -> None:
    sagittal = Geometry((9, 9, 9), (1.0, 1.5, 3.0), direction=(0, 0, -1, 1, 0, 0, 0, -1, 0))
    assert slice_mm(sagittal) == 1.5
    assert slice_mm(GRID) == 1.0


def test_thickened_slices_are_means_and_stay_where_they_were() -> None:
    planes = np.broadcast_to(np.arange(90, dtype=np.int16)[:, None, None] * 10, GRID.shape)
    thick = thickened(Volume(planes, GRID, "slope"), GRID, 5.0)
    assert thick.geometry.spacing == (1.0, 1.0, 5.0)
    assert thick.voxels[8, 20, 20] == pytest.approx(400, abs=10)
    assert thick.name == "slope 5 mm"
