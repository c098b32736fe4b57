"""Every bundled model goes the whole road: the finder, the windows, the preview, the limit."""

import numpy as np
import onnxruntime as ort
import pytest

from assets.phantom.make_phantom import PhantomSettings, make_phantom
from inference import Volume, segment
from inference.errors import MemoryLimitError
from inference.mask.overlap import dice
from inference.model.bundled import bundled_models
from inference.model.loading import load_model
from inference.values.progress import Preview

SHORT = PhantomSettings(size=(164, 122, 44))
"""Eleven centimetres of the demo's body."""

LEAST_DICE = 0.6
"""The phantom's vertebrae are rounder than anyone's. What is mirrored or shifted scores 0.3."""

FIXED_SHAPE = {"swinunetr"}
"""Takes its own patch only; for the others an eighth of it shows the same, sooner."""


@pytest.fixture(scope="module")
def phantom() -> tuple[Volume, np.ndarray]:
    """A short phantom and its spine."""
    hu, spine, geometry = make_phantom(SHORT)
    return Volume(hu, geometry, "phantom"), spine


@pytest.mark.parametrize("key", bundled_models())
def test_it_finds_the_spine_and_shows_it_growing(
    key: str, phantom: tuple[Volume, np.ndarray]
) -> None:
    volume, spine = phantom
    shown: list[Preview] = []
    found = segment(volume, model=load_model(key), preview=shown.append)
    assert dice(found.mask.voxels, (spine > 0).astype(np.uint8)) > LEAST_DICE
    assert found.mask.geometry == volume.geometry
    assert len(shown) >= 1 + found.windows_run


@pytest.mark.parametrize("key", bundled_models())
def test_a_limit_that_it_cannot_keep_is_refused_with_what_it_needs(
    key: str, phantom: tuple[Volume, np.ndarray]
) -> None:
    with pytest.raises(MemoryLimitError, match="GiB of memory"):
        segment(phantom[0], model=load_model(key), max_ram=300 * 10**6)


@pytest.mark.parametrize("key", bundled_models())
def test_the_stock_provider_gives_the_same_answer(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(key)
    sides = model.card.patch if key in FIXED_SHAPE else [side // 2 for side in model.card.patch]
    hu = np.random.default_rng(4).normal(100, 300, sides).astype(np.float32)
    answer = model.predict(hu)
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    stock = load_model(key)
    assert stock.provider == "CPU"
    assert np.abs(stock.predict(hu) - answer).max() < 1e-3
