"""Trained networks out of a run's checkpoint."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from assets.training.networks import NETWORKS


@dataclass(frozen=True, eq=False)
class Trained:
    """A network as its run left it.

    Attributes:
        name: its key in ``NETWORKS``.
        network: the averaged weights, in evaluation mode.
        steps: how long it was trained.
    """

    name: str
    network: nn.Module
    steps: int


def load_trained(path: Path) -> Trained:
    """The averaged network of a checkpoint that ``assets.training.train`` wrote.

    Raises:
        ValueError: the file is no such checkpoint, or its weights are of another network.
    """
    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
        name, weights, steps = kept["settings"]["network"], kept["averaged_network"], kept["step"]
        network = NETWORKS[name]()
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is not a checkpoint of assets.training.train") from error
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"the weights in {path.name} are not of a {name}") from error
    return Trained(name, network.eval(), int(steps))


def load_last_weights(path: Path) -> dict[str, torch.Tensor]:
    """The weights after the last step, not averaged, with the norms' averages that go with them.

    Raises:
        ValueError: the file is no checkpoint.
    """
    try:
        weights: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["network"]
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is not a checkpoint of assets.training.train") from error
    return weights
