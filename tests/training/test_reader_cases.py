"""Cases whose vertebrae are labelled one by one, with a CT and without."""

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from assets.training.cases import UNKNOWN
from assets.training.drawn_necks import body_around
from assets.training.label_maps import read_label_map, require_same_place, resample_classes
from assets.training.overlay import draw_case
from assets.training.sources import IRCAD, MIXED_SERIES, series_source
from assets.training.spine_labels import BODY, BONE, SPACING_MM
from assets.training.synthesis import AIR, ARTERY, CARTILAGE, LUNG, MUSCLE
from assets.training.verse import (
    MAYBE_BONE_HU,
    SOFT_WITHIN_MM,
    VERSE_CTS,
    beyond_labels,
    load_verse,
)
from assets.training.whole_body import (
    CORD,
    STRUCTURES,
    VERTEBRAE,
    tissue_classes,
    vertebrae,
    with_discs,
    with_room,
)
from inference.values.geometry import Geometry, canonical_geometry

DATA = Path("../shared/ct")
L1, L2, L5 = 20, 21, 24
L1_CLASS, L2_CLASS = 31, 30

needs_data = pytest.mark.skipif(
    not (DATA / "verse").is_dir(), reason="needs the readers' labels in ../shared/ct/verse"
)


def two_vertebrae(upper: int, lower: int) -> NDArray[np.uint8]:
    """Blocks of 20 mm with a disc of 8 mm between, z, y, x; 20 planes are free at either end."""
    numbers = np.zeros((88, 40, 40), np.uint8)
    numbers[48:68, 10:30, 10:30] = upper
    numbers[20:40, 10:30, 10:30] = lower
    return numbers


def test_what_may_be_a_cut_vertebra_is_unknown_and_the_disc_before_it_is_none() -> None:
    numbers = two_vertebrae(L1, L2)
    hu = np.full(numbers.shape, 40, np.int16)
    hu[76:] = 300
    beyond = beyond_labels(numbers, hu)
    assert beyond[78:, 12:28, 12:28].all(), "the vertebra above"
    assert not beyond[69, 12:28, 12:28].any(), "the disc right above the first labelled one"
    assert not beyond[30:58].any(), "between the labelled ones all is known"
    assert beyond[:16, 12:28, 12:28].all(), "below, even what is soft may be marrow"


def test_dense_is_unknown_right_beside_the_first_vertebra_and_soft_is_not() -> None:
    numbers = two_vertebrae(L1, L2)
    beside = (62, 20, 30 + round(SOFT_WITHIN_MM) - 2)
    for value, unknown in ((MAYBE_BONE_HU + 60, True), (MAYBE_BONE_HU - 60, False)):
        hu = np.full(numbers.shape, 40, np.int16)
        hu[58:66, 14:26, 30:36] = value
        assert bool(beyond_labels(numbers, hu)[beside]) is unknown


def test_sacrum_and_skull_are_known_to_be_none() -> None:
    hu = np.full((88, 40, 40), 300, np.int16)
    assert not beyond_labels(two_vertebrae(23, L5), hu)[:30].any(), "the sacrum"
    assert not beyond_labels(two_vertebrae(1, 2), hu)[58:].any(), "the skull"
    assert beyond_labels(two_vertebrae(2, 3), hu)[70:].all(), "a neck cut below the atlas"


def test_a_label_map_without_vertebrae_is_refused() -> None:
    with pytest.raises(ValueError, match="no vertebra"):
        beyond_labels(np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 4), np.int16))


def test_a_label_map_keeps_its_place_in_the_patient(tmp_path: Path) -> None:
    image = sitk.GetImageFromArray(np.eye(3, dtype=np.uint8)[None])
    image.SetOrigin((10, -20, 30))
    image.SetSpacing((1, 2, 3))
    sitk.WriteImage(image, str(tmp_path / "map.nii.gz"))
    labels, geometry = read_label_map(tmp_path / "map.nii.gz")
    assert labels.shape == geometry.shape == (1, 3, 3)
    assert geometry.origin == (10, -20, 30)
    assert geometry.spacing == (1, 2, 3)


def test_a_map_may_be_stored_backwards_but_must_lie_on_its_ct() -> None:
    ct = Geometry((10, 10, 10), (1, 1, 1))
    backwards = Geometry((10, 10, 10), (1, 1, 1), (0, 9, 0), (1, 0, 0, 0, -1, 0, 0, 0, 1))
    require_same_place(backwards, ct, "case")
    elsewhere = Geometry((10, 10, 10), (1, 1, 1), (0, 0, 5))
    with pytest.raises(ValueError, match="labels of case lie elsewhere"):
        require_same_place(elsewhere, ct, "case")


def test_thick_slices_of_a_class_become_smooth_and_classes_stay_apart() -> None:
    coarse = np.zeros((4, 8, 8), np.uint8)
    coarse[1, 2:6, 2:6], coarse[2, 2:6, 2:6] = 5, 6
    source = Geometry((8, 8, 4), (1, 1, 3))
    fine = resample_classes(coarse, source, canonical_geometry(source, SPACING_MM))
    assert set(np.unique(fine)) == {0, 5, 6}
    assert (fine[4, 3:5, 3:5] == 5).all()
    assert (fine[7, 3:5, 3:5] == 6).all()


def test_the_body_around_vertebrae_has_skin_airway_and_vessels_and_no_other_bone() -> None:
    spine = np.zeros((80, 120, 160), dtype=bool)
    spine[20:60, 60:80, 70:90] = spine[20:60, 84:100, 78:82] = True
    classes = body_around(spine)
    assert ((classes == BONE) == spine).all()
    assert classes[40, 5, 5] == classes[40, 115, 5] == AIR
    assert classes[40, 50, 50] == BODY
    assert (classes == ARTERY).any()
    assert classes[40, 60 - 16, 80] == AIR, "the airway in front"
    assert (classes[70] != AIR).any(), "the body goes on where the vertebrae end"


def trunk() -> NDArray[np.uint8]:
    """Two vertebrae that touch, a cord behind them, a rib, a lung, an artery (z, y, x)."""
    structures = np.zeros((40, 60, 60), np.uint8)
    structures[20:32, 20:34, 22:38] = L1_CLASS
    structures[8:20, 20:34, 22:38] = L2_CLASS
    structures[:, 36:40, 28:32] = CORD
    structures[20:32, 41:46, 28:32] = L1_CLASS
    structures[8:20, 41:46, 28:32] = L2_CLASS
    structures[10:14, 30:34, 42:56] = 95
    structures[20:30, 5:15, 5:15] = 10
    structures[:, 12:16, 26:30] = 52
    return structures


def test_bodies_that_touch_get_a_disc_and_joints_behind_the_cord_do_not() -> None:
    separated = with_discs(trunk())
    assert not separated[19:21, 24:30, 26:34].any(), "the disc"
    assert (separated[30, 24:30, 26:34] == L1_CLASS).all()
    assert vertebrae(separated)[19:21, 42:45, 29:31].all(), "arches"


def test_structures_are_drawn_as_their_tissue_in_a_body_with_skin() -> None:
    structures, geometry = with_room(trunk(), Geometry((60, 60, 40), (1.5, 1.5, 1.5)), 60.0)
    assert geometry.to_patient(np.array([[40.0, 40.0, 0.0]]))[0] == pytest.approx([0, 0, 0])
    classes = tissue_classes(structures, geometry)
    inner = classes[:, 40:-40, 40:-40]
    assert (inner[vertebrae(trunk())] == BONE).all()
    assert (inner[trunk() == 95] == BONE).all(), "a rib is bone, and no vertebra"
    assert (inner[trunk() == 10] == LUNG).all()
    assert (inner[trunk() == 52] == ARTERY).all()
    assert inner[20, 40, 20] == BODY
    assert classes[20, 2, 2] == AIR


def test_every_structure_is_drawn_once_and_only_vertebrae_are_spine() -> None:
    drawn = [number for numbers in STRUCTURES.values() for number in numbers]
    assert len(drawn) == len(set(drawn))
    assert set(VERTEBRAE) <= set(STRUCTURES[BONE])
    assert {*STRUCTURES[MUSCLE], *STRUCTURES[CARTILAGE]} == {*range(80, 90), 117}
    assert not vertebrae(np.array([25, 26, 51, 92])).any()
    assert vertebrae(np.array([27, 50])).all()


def test_a_series_of_no_recorded_collection_is_not_free() -> None:
    assert series_source("trunk_pelvis_4mm").licence.free
    assert series_source("skull_base_neck_1p25mm") is MIXED_SERIES
    assert not MIXED_SERIES.licence.free
    assert not IRCAD.licence.free


@needs_data
def test_readers_labels_lie_on_the_bone_of_their_ct(tmp_path: Path) -> None:
    case = load_verse(DATA, VERSE_CTS[0], tmp_path)
    assert case.hu is not None
    spine = case.spine == 1
    assert case.hu[spine].mean() > 150 > case.hu[case.spine == 0].mean()
    for axis in range(3):
        for step in (-4, 4):
            shifted = np.roll(spine, step, axis)
            assert case.hu[spine].mean() > case.hu[shifted].mean() + 20
    unknown = np.argwhere(case.spine == UNKNOWN)[:, 0]
    assert unknown.mean() > np.argwhere(spine)[:, 0].mean(), "L4 is the first: L3 is above it"
    draw_case(case, tmp_path / "case.png")
    assert (tmp_path / "case.png").stat().st_size > 10_000
