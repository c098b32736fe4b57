"""The road from a CT volume to its mask."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from inference.errors import CancelledError
from inference.geometry import IDENTITY_DIRECTION, Geometry
from inference.metrics import dice
from inference.model import SpineModel, load_model
from inference.pipeline import segment
from inference.progress import Preview, Progress
from inference.volume import AIR_HU, Volume
from tests.geometries import geometries
from tests.tiny_models import write_threshold_model

OBLIQUE = (0.8, -0.6, 0.0, 0.6, 0.8, 0.0, 0.0, 0.0, 1.0)
RAS = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SpineModel:
    return load_model(str(write_threshold_model(tmp_path_factory.mktemp("model") / "m.onnx")))


def rod(geometry: Geometry) -> NDArray[np.uint8]:
    """A rod of spine off the middle, to the patient's left and back: no symmetry hides a flip."""
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
    result = segment(ct_of(label, geometry), model=model)
    assert result.mask.geometry == geometry
    assert dice(result.mask.voxels, label) > 0.95
    assert result.components.kept == 1


@settings(deadline=None, max_examples=25)
@given(geometry=geometries())
def test_the_mask_has_the_geometry_of_any_ct(geometry: Geometry, model: SpineModel) -> None:
    volume = Volume(np.full(geometry.shape, 300, np.int16), geometry, name="any")
    mask = segment(volume, model=model).mask
    assert mask.geometry == geometry
    assert mask.voxels.shape == geometry.shape


def test_a_ct_without_spine_gives_an_empty_mask(model: SpineModel) -> None:
    geometry = Geometry((40, 40, 40), (1.0, 1.0, 1.0))
    result = segment(
        Volume(np.full(geometry.shape, AIR_HU, np.int16), geometry, "air"), model=model
    )
    assert not result.mask.voxels.any()
    assert result.components.kept == result.components.dropped == 0


def test_stages_are_told_in_their_order_and_timed(model: SpineModel) -> None:
    geometry = Geometry((60, 60, 60), (1.0, 1.0, 1.0))
    seen: list[Progress] = []
    result = segment(ct_of(rod(geometry), geometry), model=model, progress=seen.append)
    stages = [stage for stage, _ in itertools.groupby(seen, key=lambda p: p.stage)]
    assert stages == ["predict", "mask"]
    assert list(result.seconds) == ["model", *stages]
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
            progress=seen.append,
            cancel=lambda: bool(seen) and seen[-1].stage == stage,
        )
    assert seen[-1].stage == stage


def test_the_ct_is_left_as_it_was(model: SpineModel) -> None:
    geometry = Geometry((40, 40, 40), (1.0, 1.0, 1.0))
    volume = ct_of(rod(geometry), geometry)
    before = volume.voxels.copy()
    segment(volume, model=model)
    assert np.array_equal(volume.voxels, before)


def test_previews_show_the_spine_where_it_lies(model: SpineModel) -> None:
    geometry = Geometry((80, 70, 24), (0.8, 0.9, 2.5), (-40.0, 200.0, -1000.5), RAS)
    label = rod(geometry)
    shown: list[Preview] = []
    result = segment(ct_of(label, geometry), model=model, preview=shown.append)
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
