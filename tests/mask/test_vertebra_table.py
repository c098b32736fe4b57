"""Figures of vertebrae: those of the phantom are known."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from inference.mask.beyond import bone_behind_end
from inference.mask.numbering import FUSED_MM, Numbering, propose
from inference.mask.vertebra_table import VertebraFacts, vertebra_table
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.geometries import reordered
from tests.mask.test_vertebrae import found_in_phantom, phantom


@functools.cache
def table() -> tuple[VertebraFacts, ...]:
    volume, _, _ = phantom()
    return vertebra_table(found_in_phantom(), volume.voxels, volume.geometry)


def test_volumes_of_vertebrae_add_up_to_that_of_the_spine() -> None:
    _, mask, _ = phantom()
    assert sum(facts.volume_ml for facts in table()) == pytest.approx(mask.volume_ml)


def test_the_first_and_the_last_vertebra_of_the_phantom_are_cut() -> None:
    assert table()[0].cut and table()[-1].cut
    assert not any(facts.cut for facts in table()[2:-2])


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", [0, -1])
def test_a_vertebra_is_cut_where_it_reaches_any_edge_of_the_scan(axis: int, end: int) -> None:
    geometry = Geometry((50, 60, 70), (1.0, 1.0, 1.0))
    whole = np.zeros(geometry.shape, np.uint8)
    whole[1:-1, 1:-1, 1:-1] = 1
    reaching = whole.copy()
    place = [30, 30, 30]
    place[axis] = end
    reaching[tuple(place)] = 1
    hu = np.zeros(geometry.shape, np.int16)
    for voxels, cut in ((whole, False), (reaching, True)):
        found = Vertebrae(voxels, geometry, 1, None, ())
        assert [facts.cut for facts in vertebra_table(found, hu, geometry)] == [cut]


@pytest.mark.parametrize(
    ("axes", "signs"), [((2, 0, 1), (-1, 1, -1)), ((1, 2, 0), (1, -1, 1)), ((0, 1, 2), (-1, -1, 1))]
)
def test_figures_of_vertebrae_are_those_of_the_patient_however_the_scan_is_stored(
    axes: tuple[int, ...], signs: tuple[int, ...]
) -> None:
    volume, mask, _ = phantom()
    other = Volume(*reordered(volume.voxels, volume.geometry, axes, signs), "CT")
    other_mask = Mask(*reordered(mask.voxels, mask.geometry, axes, signs))
    found = separate_vertebrae(other_mask, other)
    facts = vertebra_table(found, other.voxels, other.geometry)
    for one, same in zip(table(), facts, strict=True):
        assert same.volume_ml == pytest.approx(one.volume_ml, abs=0.3)
        assert (same.height_front_mm, same.height_middle_mm, same.height_back_mm) == pytest.approx(
            (one.height_front_mm, one.height_middle_mm, one.height_back_mm), abs=1.0
        )
        assert same.mean_hu == pytest.approx(one.mean_hu, abs=5.0)
        assert same.position_mm == pytest.approx(one.position_mm, abs=1.5)
        assert (same.cut, same.confidence) == (one.cut, pytest.approx(one.confidence, abs=0.05))


def test_heights_of_whole_bodies_are_those_between_the_discs() -> None:
    found = found_in_phantom()
    for upper, lower, facts in zip(found.borders, found.borders[1:], table()[1:-1], strict=False):
        assert facts.height_middle_mm is not None
        disc = upper.along - lower.along - facts.height_middle_mm
        assert 1 < disc < 12, "what is left between two borders is half a disc above and below"


def test_spongy_bone_is_told_without_the_cortex() -> None:
    for facts in table()[1:-1]:
        assert facts.mean_hu is not None
        assert 120 < facts.mean_hu < 260, "marrow is drawn with 150 to 230 HU, cortex above 550"


def test_bodies_lie_one_below_the_other_in_front_of_the_canal() -> None:
    heights = [facts.position_mm[2] for facts in table() if facts.position_mm]
    assert heights == sorted(heights, reverse=True)


def test_no_names_are_proposed_where_no_end_of_the_spine_is_in_view() -> None:
    volume, _, _ = phantom()
    assert propose(found_in_phantom(), volume.voxels, volume.geometry) is None


def test_the_vertebra_above_a_pelvis_is_proposed_as_l5() -> None:
    volume, mask, _ = phantom()
    planes = 30
    size = volume.geometry.size
    geometry = volume.geometry.box((0, 0, -planes), (size[0], size[1], size[2] + planes))
    hu = np.full(geometry.shape, 40, np.int16)
    hu[planes:] = volume.voxels
    hu[: planes - 2] = 400
    longer = np.zeros(geometry.shape, np.uint8)
    longer[planes:] = mask.voxels
    found = separate_vertebrae(Mask(longer, geometry), Volume(hu, geometry, "pelvis"))
    proposal = propose(found, hu, geometry)
    assert proposal is not None
    assert proposal.names[-1] == "L5"
    assert len(proposal.names) == found.count
    assert not proposal.sure, "the lowest vertebra of the phantom is cut"


@pytest.mark.parametrize(("share", "seen"), [(0.15, True), (0.09, False)])
def test_other_bone_close_behind_the_last_vertebra_makes_it_an_unsure_l5(
    share: float, seen: bool
) -> None:
    volume, _, _ = phantom()
    found = found_in_phantom()
    assert found.line is not None
    free = found.labels == 0
    everywhere = np.where(free, np.int16(400), volume.voxels)
    full = bone_behind_end(found.line, found.labels, everywhere, volume.geometry)
    random = np.random.default_rng(3).random(free.shape)
    hu = np.where(free, np.where(random < share / full, 400, 40), volume.voxels).astype(np.int16)
    there = bone_behind_end(found.line, found.labels, hu, volume.geometry)
    assert there == pytest.approx(share, abs=0.025)
    proposal = propose(found, hu, volume.geometry)
    assert (proposal is not None) == seen
    if proposal is not None:
        assert proposal.names[-1] == "L5"
        assert not proposal.sure


def below_a_skull(first_mm: float) -> Numbering:
    """The proposal for the phantom with bone above it and a first vertebra of this height."""
    volume, _, _ = phantom()
    planes = 30
    size = volume.geometry.size
    geometry = volume.geometry.box((0, 0, 0), (size[0], size[1], size[2] + planes))
    hu = np.full(geometry.shape, 400, np.int16)
    hu[:-planes] = volume.voxels
    found = found_in_phantom()
    assert found.line is not None
    first = replace(found.borders[0], along=len(found.line) - 1 - first_mm)
    proposal = propose(replace(found, borders=(first, *found.borders[1:])), hu, geometry)
    assert proposal is not None
    return proposal


def test_below_a_skull_the_first_vertebra_is_c1_or_c2_with_c1_as_high_as_both() -> None:
    atlas, both = below_a_skull(FUSED_MM - 0.5), below_a_skull(FUSED_MM)
    assert atlas.names[:2] == ("C1", "C2")
    assert both.names[:2] == ("C2", "C3")
    assert not atlas.sure
    assert not both.sure


@pytest.mark.parametrize("fused", [False, True])
def test_names_between_skull_and_sacrum_are_sure_only_if_atlas_and_axis_are_apart(
    fused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume, _, _ = phantom()
    found = found_in_phantom()
    in_all = tuple(range(found.count + fused))
    monkeypatch.setattr("inference.mask.numbering.bone_beyond", lambda *_, **__: 1.0)
    monkeypatch.setattr("inference.mask.numbering._is_atlas_with_axis", lambda _: fused)
    monkeypatch.setattr("inference.mask.numbering.TO_L5", in_all)
    proposal = propose(found, volume.voxels, volume.geometry)
    assert proposal is not None
    assert proposal.names[0] == ("C2" if fused else "C1")
    assert proposal.sure is not fused


def test_a_mask_without_a_line_has_volumes_alone() -> None:
    geometry = Geometry((6, 6, 6), (1.0, 1.0, 1.0))
    volume = Volume(np.zeros(geometry.shape, np.int16), geometry, "cube")
    found = separate_vertebrae(Mask(np.ones(geometry.shape, np.uint8), geometry), volume)
    (facts,) = vertebra_table(found, volume.voxels, volume.geometry)
    assert facts.volume_ml == pytest.approx(0.216)
    assert facts.height_middle_mm is None and facts.position_mm is None
