"""The optimisers: which weights Muon moves, and how."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

import torch
from torch import Tensor, nn

from assets.training.networks import NETWORKS, ResUNet
from assets.training.optimisers import LayerMuon, optimisers
from assets.training.train import Run, TrainSettings

RATE = 1e-2

ADAMW_SIZE = 0.2
"""Mean change of a weight in a step of AdamW, as a share of the rate (arXiv 2502.16982)."""

NEARLY_ONE = (0.65, 1.25)
"""Singular values after five iterations of Newton and Schulz with Muon's coefficients."""


def small_network() -> nn.Sequential:
    torch.manual_seed(1)
    network = nn.Sequential(
        nn.Conv3d(1, 8, 3, padding=1),
        nn.BatchNorm3d(8),
        nn.ReLU(),
        nn.Conv3d(8, 4, 3, padding=1),
        nn.ConvTranspose3d(4, 8, 2, stride=2),
        nn.Conv3d(8, 1, 1),
    )
    return network.to(memory_format=torch.channels_last_3d)


def changes_of_a_step(network: nn.Module) -> dict[str, Tensor]:
    before = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    both = optimisers(network, RATE, 0.0)
    network(torch.randn(2, 1, 8, 8, 8)).square().mean().backward()
    for optimiser in both:
        optimiser.step()
    return {name: weight.detach() - before[name] for name, weight in network.named_parameters()}


@pytest.mark.parametrize("layer", ["0", "3", "4"])
def test_the_step_of_a_layer_is_equally_long_in_every_direction(layer: str) -> None:
    change = changes_of_a_step(small_network())[f"{layer}.weight"].movedim(1, -1).flatten(1)
    length = RATE * ADAMW_SIZE * max(change.shape) ** 0.5
    values = torch.linalg.svdvals(change) / length
    assert NEARLY_ONE[0] <= values.min() and values.max() <= NEARLY_ONE[1]


def test_norms_biases_and_the_last_layer_move_as_with_adamw() -> None:
    changes = changes_of_a_step(small_network())
    alike = small_network()
    optimiser = torch.optim.AdamW(alike.parameters(), lr=RATE, weight_decay=0.0)
    before = {name: weight.detach().clone() for name, weight in alike.named_parameters()}
    torch.manual_seed(1)
    small_network()  # draws as many numbers
    alike(torch.randn(2, 1, 8, 8, 8)).square().mean().backward()
    optimiser.step()
    for name, weight in alike.named_parameters():
        same = torch.allclose(changes[name], weight.detach() - before[name], atol=1e-6)
        assert same == (name not in ("0.weight", "3.weight", "4.weight")), name


@pytest.mark.parametrize("name", NETWORKS)
def test_every_weight_of_a_network_has_one_optimiser(name: str) -> None:
    network = NETWORKS[name]().to(memory_format=torch.channels_last_3d)
    muon, adamw = optimisers(network, RATE, 0.0)
    assert isinstance(muon, LayerMuon)
    moved = {
        w.data_ptr() for o in (muon, adamw) for group in o.param_groups for w in group["params"]
    }
    assert moved == {weight.data_ptr() for weight in network.parameters()}
    assert sum(len(o.param_groups[0]["params"]) for o in (muon, adamw)) == len(moved)


def test_a_weight_that_would_be_copied_is_refused() -> None:
    weight = nn.Conv3d(8, 4, 3).weight
    with pytest.raises(ValueError, match="channels_last_3d"):
        LayerMuon([weight], RATE, 0.0)


def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    torch.manual_seed(1)
    settings = TrainSettings(network="ResUNet", steps=3, patch=(32, 32, 32))
    patch = torch.randn(1, 1, 32, 32, 32) * 300
    run = Run(ResUNet(), settings, tmp_path, torch.device("cpu"))
    run.train_step(patch, (patch > 0).float())
    run.keep()
    resumed = Run(ResUNet(), settings, tmp_path, torch.device("cpu"))
    for each in (run, resumed):
        each.train_step(patch, (patch > 0).float())
    assert all(map(torch.equal, run.network.parameters(), resumed.network.parameters()))
