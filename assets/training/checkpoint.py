"""Loads trained networks from a run's checkpoint or from a released model."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from assets.training.fold_norms import fold_norms
from assets.training.half_weights import whole_weights
from assets.training.networks import NETWORKS
from assets.training.sources import (
    FINDER_LEGS_BEFORE_THE_RECORD,
    LEGS_BEFORE_THE_RECORD,
    Leg,
    legs_from_json,
)

FINDER = "SpineFinder"
"""Its key in ``NETWORKS``."""


@dataclass(frozen=True, eq=False)
class Trained:
    """A network at the end of its run.

    Attributes:
        name: its key in ``NETWORKS``.
        network: the averaged weights, in evaluation mode.
        legs: how it was trained, and on what.
    """

    name: str
    network: nn.Module
    legs: tuple[Leg, ...]


def load_trained(path: Path) -> Trained:
    """The averaged network of a checkpoint that ``assets.training.train`` wrote.

    Raises:
        ValueError: the file is not such a checkpoint, or its weights are for another network.
    """
    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
        name, weights = kept["settings"]["network"], kept["averaged_network"]
        network, legs = NETWORKS[name](), legs_from_json(kept["legs"])
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is not a checkpoint of assets.training.train") from error
    return Trained(name, _filled(network, weights, path).eval(), legs)


def load_legs(path: Path) -> tuple[Leg, ...]:
    """How the weights of a checkpoint or of an exported ONNX file were trained.

    A file of version 0.4.1 or earlier names no legs; then all legs that led to that version count.

    Raises:
        ValueError: the file is neither.
    """
    if path.suffix == ".onnx":
        facts = {p.key: p.value for p in onnx.load(path).metadata_props}
        if "legs" in facts:
            return legs_from_json(facts["legs"])
        finder = facts.get("name") == FINDER
        return FINDER_LEGS_BEFORE_THE_RECORD if finder else LEGS_BEFORE_THE_RECORD
    return load_trained(path).legs


def load_folded(path: Path, name: str) -> nn.Module:
    """A network to continue from, with its norms folded into its convolutions.

    Args:
        path: a checkpoint, of which the weights after the last step are taken and not the averaged
            ones, because the norms' averages go with them; or an exported ONNX file.
        name: of the network in ``NETWORKS``.

    Raises:
        ValueError: the file is neither, or its weights are of another network.
    """
    weights = _released_weights(path) if path.suffix == ".onnx" else _last_weights(path)
    return fold_norms(_filled(NETWORKS[name](), weights, path))


def _released_weights(path: Path) -> dict[str, Tensor]:
    """The weights of an exported file, which keep their names there."""
    prefix = "network."
    return {
        name.removeprefix(prefix): torch.from_numpy(array)
        for name, array in whole_weights(onnx.load(path)).items()
        if name.startswith(prefix)
    }


def _last_weights(path: Path) -> dict[str, Tensor]:
    try:
        weights: dict[str, Tensor] = torch.load(path, weights_only=True)["network"]
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is not a checkpoint of assets.training.train") from error
    return weights


def _filled(network: nn.Module, weights: dict[str, Tensor], path: Path) -> nn.Module:
    """The network with the weights, its norms folded where theirs are."""
    if not any(key.endswith("running_mean") for key in weights):
        network = fold_norms(network)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(
            f"the weights in {path.name} are not of a {type(network).__name__}"
        ) from error
    return network
