"""From a checkpoint to an ONNX file under the contract."""

from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("monai", reason="MONAI is only in the extra 'train'")

from assets.training.checkpoint import Trained, load_trained  # noqa: E402
from assets.training.export import (  # noqa: E402
    FINDER,
    FIXED_SHAPE_NETWORKS,
    ContractModel,
    Release,
    export,
)
from assets.training.networks import NETWORKS  # noqa: E402
from inference.model.loading import load_model  # noqa: E402
from inference.values.geometry import Shape  # noqa: E402

TOLERANCE = 1e-4
"""Greatest difference of probabilities that float32 in another order may bring."""

SMALL: Shape = (32, 64, 32)
SMALL_RELEASE = Release("nothing", SMALL)
OTHER: Shape = (64, 32, 32)


def untrained(name: str) -> Trained:
    """A network whose norms have seen something, so that folding them wrongly shows."""
    torch.manual_seed(3)
    network = NETWORKS[name]()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm3d):
            for values in (module.weight.data, module.bias.data, module.running_mean):
                values.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)
    return Trained(name, network.eval(), steps=0)


def checkpoint(path: Path, name: str, weights_of: str) -> Path:
    network = NETWORKS[weights_of]()
    torch.save(
        {"settings": {"network": name}, "averaged_network": network.state_dict(), "step": 7}, path
    )
    return path


def random_hu(shape: Shape) -> "np.ndarray":
    return np.random.default_rng(0).uniform(-1500, 3000, shape).astype(np.float32)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_answers_as_the_network_does(name: str, tmp_path: Path) -> None:
    trained, target = untrained(name), tmp_path / "model.onnx"
    export(trained, target, SMALL_RELEASE)
    model = load_model(str(target))
    for shape in (SMALL,) if name in FIXED_SHAPE_NETWORKS else (SMALL, OTHER):
        hu = random_hu(shape)
        with torch.inference_mode():
            expected = ContractModel(trained.network)(torch.from_numpy(hu)[None, None])[0, 0]
        answered = model.predict(hu)
        assert np.ptp(answered) > 100 * TOLERANCE, "a constant answer would prove nothing"
        assert np.abs(answered - expected.numpy()).max() < TOLERANCE


@pytest.mark.parametrize("name", NETWORKS)
def test_no_batch_norm_is_left_in_the_file(name: str, tmp_path: Path) -> None:
    export(untrained(name), tmp_path / "model.onnx", SMALL_RELEASE)
    operators = {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node}
    assert "Conv" in operators
    assert "BatchNormalization" not in operators


def test_the_file_carries_the_facts_of_the_contract(tmp_path: Path) -> None:
    export(untrained("SpineContextResUNet"), tmp_path / "model.onnx", SMALL_RELEASE)
    properties = onnx.load(tmp_path / "model.onnx").metadata_props
    facts = {entry.key: entry.value for entry in properties}
    assert set(facts) == {
        "name",
        "version",
        "spacing_mm",
        "patch",
        "threshold",
        "parameters",
        "trained_on",
        "licence",
        "opset",
    }
    assert facts["parameters"] == "1703841"
    assert facts["patch"] == "32 64 32"
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


def test_the_finder_says_that_it_takes_coarse_volumes(tmp_path: Path) -> None:
    export(untrained("SpineFinder"), tmp_path / "finder.onnx", FINDER)
    card = load_model(str(tmp_path / "finder.onnx")).card
    assert (card.name, card.spacing_mm) == ("SpineFinder", (4.0, 4.0, 4.0))
    assert card.parameters < 500_000


def test_a_patch_that_cannot_be_halved_often_enough_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        export(untrained("ResUNet"), tmp_path / "model.onnx", Release("nothing", (32, 32, 40)))
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_gives_back_its_network(tmp_path: Path) -> None:
    trained = load_trained(checkpoint(tmp_path / "last.pt", "ResUNet", weights_of="ResUNet"))
    assert (trained.name, trained.steps) == ("ResUNet", 7)
    assert not trained.network.training


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "last.pt", "SpineContextResUNet", weights_of="ResUNet")
    with pytest.raises(ValueError, match="not of a SpineContextResUNet"):
        load_trained(path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_text("no checkpoint")
    with pytest.raises(ValueError, match="not a checkpoint"):
        load_trained(tmp_path / "last.pt")
