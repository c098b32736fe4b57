"""From a CT volume to its mask."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from inference.errors import CancelledError
from inference.mask.figures import measure
from inference.mask.overlap import dice
from inference.model.loading import SpineModel, load_model
from inference.pipeline import segment
from inference.values.geometry import IDENTITY_DIRECTION, Geometry
from inference.values.progress import Preview, Progress
from inference.values.volume import AIR_HU, Volume
from tests.geometries import geometries
from tests.tiny_models import CONTRACT_FACTS, write_threshold_model

OBLIQUE = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
RAS = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SpineModel:
    return load_model(str(write_threshold_model(tmp_path_factory.mktemp("model") / "m.onnx")))


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> SpineModel:
    """A finder that takes anything above 200 HU at 4 mm for spine."""
    facts = {**CONTRACT_FACTS, "spacing_mm": "4 4 4", "patch": "16 24 24"}
    path = tmp_path_factory.mktemp("finder") / "f.onnx"
    return load_model(str(write_threshold_model(path, facts=facts)))


def rod(geometry: Geometry) -> NDArray[np.uint8]:
    """A rod of spine to the left and back of the middle, so that no symmetry hides a flip."""
    z, y, x = np.indices(geometry.shape)
    points = geometry.to_patient(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1).astype(float))
    offset = points - points.mean(axis=0) - np.array([6.0, 9.0, 4.0])
    inside = (np.hypot(offset[:, 0], offset[:, 1]) < 10.0) & (np.abs(offset[:, 2]) < 22.0)
    return inside.reshape(geometry.shape).astype(np.uint8)


def ct_of(label: NDArray[np.uint8], geometry: Geometry) -> Volume:
    return Volume(np.where(label, 400, 0).astype(np.int16), geometry, name="rod")


@pytest.mark.parametrize(
    "geometry",
    [
        Geometry((60, 60, 60), (1.0, 1.0, 1.0)),
        Geometry((80, 70, 24), (0.8, 0.9, 2.5), (-40.0, 200.0, -1000.5)),
        Geometry((80, 70, 24), (0.8, 0.9, 2.5), (-40.0, 200.0, -1000.5), RAS),
        Geometry((90, 80, 60), (0.7, 0.8, 1.0), (12.0, 3.0, 7.0), OBLIQUE),
    ],
    ids=["canonical", "anisotropic", "RAS", "oblique"],
)
def test_the_mask_lies_on_the_spine_whatever_the_grid(
    geometry: Geometry, model: SpineModel
) -> None:
    label = rod(geometry)
    result = segment(ct_of(label, geometry), model=model, mode="full")
    assert result.mask.geometry == geometry
    assert dice(result.mask.voxels, label) > 0.95
    assert result.components.kept == 1
    assert result.figures == measure(result.mask, ct_of(label, geometry))


@settings(deadline=None, max_examples=25)
@given(geometry=geometries())
def test_the_mask_has_the_geometry_of_any_ct(geometry: Geometry, model: SpineModel) -> None:
    volume = Volume(np.full(geometry.shape, 300, np.int16), geometry, name="any")
    mask = segment(volume, model=model, mode="full").mask
    assert mask.geometry == geometry
    assert mask.voxels.shape == geometry.shape


def test_a_ct_without_spine_gives_an_empty_mask(model: SpineModel) -> None:
    geometry = Geometry((40, 40, 40), (1.0, 1.0, 1.0))
    result = segment(
        Volume(np.full(geometry.shape, AIR_HU, np.int16), geometry, "air"), model=model, mode="full"
    )
    assert not result.mask.voxels.any()
    assert result.components.kept == result.components.dropped == 0
    assert result.figures.volume_ml == 0


def test_stages_are_told_in_their_order_and_timed(model: SpineModel) -> None:
    geometry = Geometry((60, 60, 60), (1.0, 1.0, 1.0))
    seen: list[Progress] = []
    result = segment(ct_of(rod(geometry), geometry), model=model, mode="full", progress=seen.append)
    stages = [stage for stage, _ in itertools.groupby(seen, key=lambda p: p.stage)]
    assert stages == ["predict", "mask"]
    assert list(result.seconds) == ["model", *stages, "measure"]
    windows = [p for p in seen if p.stage == "predict"]
    assert windows[-1].done == windows[-1].total == result.windows_run == len(windows)


@pytest.mark.parametrize("stage", ["predict", "mask"])
def test_cancel_is_heard_in_every_stage(stage: str, model: SpineModel) -> None:
    geometry = Geometry((60, 60, 100), (1.0, 1.0, 1.0))
    seen: list[Progress] = []
    with pytest.raises(CancelledError):
        segment(
            ct_of(rod(geometry), geometry),
            model=model,
            mode="full",
            progress=seen.append,
            cancel=lambda: bool(seen) and seen[-1].stage == stage,
        )
    assert seen[-1].stage == stage


def test_the_ct_is_left_as_it_was(model: SpineModel) -> None:
    geometry = Geometry((40, 40, 40), (1.0, 1.0, 1.0))
    volume = ct_of(rod(geometry), geometry)
    before = volume.voxels.copy()
    segment(volume, model=model, mode="full")
    assert np.array_equal(volume.voxels, before)


def test_previews_show_the_spine_where_it_lies(model: SpineModel) -> None:
    geometry = Geometry((80, 70, 24), (0.8, 0.9, 2.5), (-40.0, 200.0, -1000.5), RAS)
    label = rod(geometry)
    shown: list[Preview] = []
    result = segment(ct_of(label, geometry), model=model, mode="full", preview=shown.append)
    assert len(shown) == result.windows_run
    spine = geometry.to_patient(np.argwhere(label)[:, ::-1].astype(float))
    for preview in shown:
        assert preview.geometry.shape == preview.probability.shape
        assert preview.geometry.direction == IDENTITY_DIRECTION
        found = np.argwhere(preview.probability > 200)[:, ::-1].astype(float)
        if len(found):
            points = preview.geometry.to_patient(found)
            assert (points >= spine.min(axis=0) - 2.5).all()
            assert (points <= spine.max(axis=0) + 2.5).all()


def trunk(geometry: Geometry) -> Volume:
    """A long rod of bone in water, beside a smaller one of 300 HU that is not spine."""
    hu = np.zeros(geometry.shape, np.int16)
    hu[:, 100:116, 60:76] = 400
    hu[40:44, 20:24, 130:134] = 170
    return Volume(hu, geometry, name="trunk")


@pytest.mark.parametrize(
    ("fact", "value", "note"),
    [
        ("region", "trunk", "Check what it marks in a neck"),
        ("purpose", "comparison", "Do not rely on its mask"),
    ],
)
@pytest.mark.parametrize("said", [True, False])
def test_what_a_model_is_not_made_for_is_said_in_every_run(
    fact: str, value: str, note: str, said: bool, tmp_path: Path
) -> None:
    facts = {**CONTRACT_FACTS, fact: value if said else ""}
    some = load_model(str(write_threshold_model(tmp_path / "m.onnx", facts=facts)))
    small = Geometry((40, 40, 40), (1.0, 1.0, 1.0))
    notes = segment(ct_of(rod(small), small), model=some, mode="full").notes
    assert any(note in one for one in notes) == said


LONG = Geometry((160, 150, 200), (1.0, 1.0, 1.0), (-40.0, 200.0, -1000.5), RAS)


def test_following_the_spine_gives_the_same_mask_with_fewer_windows(
    model: SpineModel, finder: SpineModel
) -> None:
    full = segment(trunk(LONG), model=model, mode="full")
    follow = segment(trunk(LONG), model=model, finder=finder, mode="follow")
    assert (full.mode, follow.mode) == ("full", "follow")
    assert follow.windows_run < full.windows_run / 3
    assert follow.windows_run + follow.windows_skipped == full.windows_run
    assert np.array_equal(follow.mask.voxels, full.mask.voxels)
    assert follow.finder_confidence is not None
    assert follow.finder_confidence > 0.9
    assert not follow.unsure
    assert full.finder_confidence is None
    assert list(follow.seconds) == ["model", "find", "predict", "mask", "measure"]


def test_the_first_preview_shows_the_whole_spine_coarsely_and_the_next_run_along_it(
    model: SpineModel, finder: SpineModel
) -> None:
    shown: list[Preview] = []
    result = segment(trunk(LONG), model=model, finder=finder, mode="follow", preview=shown.append)
    coarse, *fine = shown
    assert coarse.geometry.spacing == finder.card.spacing_mm
    assert (coarse.probability.max(axis=(1, 2)) > 200).all()
    assert len(fine) == result.windows_run
    heights = [preview.geometry.origin[2] for preview in fine]
    assert heights == sorted(heights)


def test_a_scan_without_spine_takes_no_window_and_gives_an_empty_mask(
    model: SpineModel, finder: SpineModel
) -> None:
    air = Volume(np.full(LONG.shape, AIR_HU, np.int16), LONG, "air")
    result = segment(air, model=model, finder=finder, mode="follow")
    assert (result.mode, result.windows_run, result.unsure) == ("follow", 0, False)
    assert not result.mask.voxels.any()
    assert result.mask.geometry == LONG


def test_an_unsure_finder_ends_in_the_full_grid(
    model: SpineModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    facts = {**CONTRACT_FACTS, "spacing_mm": "4 4 4", "patch": "16 24 24"}
    path = tmp_path_factory.mktemp("unsure") / "f.onnx"
    unsure = load_model(str(write_threshold_model(path, bone_hu=415.0, facts=facts)))
    result = segment(trunk(LONG), model=model, finder=unsure, mode="follow")
    assert (result.mode, result.unsure, result.windows_skipped) == ("full", True, 0)
    assert result.finder_confidence == pytest.approx(0.32, abs=0.05)
    assert "whole CT" in result.notes[0]


def test_finding_does_not_look_at_more_windows_in_a_wider_field_of_view(
    model: SpineModel, finder: SpineModel
) -> None:
    narrow = segment(trunk(LONG), model=model, finder=finder, mode="follow")
    wide = Geometry((320, 300, 200), LONG.spacing, LONG.origin, LONG.direction)
    hu = np.zeros(wide.shape, np.int16)
    hu[:, :150, :160] = trunk(LONG).voxels
    result = segment(Volume(hu, wide, "wide"), model=model, finder=finder, mode="follow")
    assert result.windows_run == narrow.windows_run


def test_a_body_of_which_only_the_walls_were_found_is_filled_and_that_is_said(
    model: SpineModel,
) -> None:
    geometry = Geometry((60, 60, 60), (1.0, 1.0, 1.0))
    label = np.zeros(geometry.shape, np.uint8)
    label[15:45, 15:45, 15:45] = 1
    walls = label.copy()
    walls[18:42, 18:42, 18:42] = 0
    result = segment(ct_of(walls, geometry), model=model, mode="full")
    assert dice(result.mask.voxels, label) > 0.98
    assert any("mL inside vertebrae empty" in note for note in result.notes)
