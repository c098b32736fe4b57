"""Average the weights of refinements that started from the same weights.

    python -m assets.training.merge runs/a/last.pt runs/b/last.pt runs/both.pt

Each may have been trained without some cases, which it then scores honestly; their average has
learned from all, and is better than any of them (Wortsman et al., arXiv 2203.05482). The file can
be exported or refined further with ``assets.training.train --refine``.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from assets.training.checkpoint import Trained, load_trained
from assets.training.sources import Leg, legs_to_json


def merge(trained: Sequence[Trained]) -> tuple[dict[str, Tensor], tuple[Leg, ...]]:
    """The mean weights, and every leg that led to any of them.

    Raises:
        ValueError: the networks or their starting weights differ.
    """
    first = trained[0]
    before = first.legs[:-1]
    if any((other.name, other.legs[:-1]) != (first.name, before) for other in trained):
        raise ValueError("only refinements of the same weights can be averaged")
    states = [each.network.state_dict() for each in trained]
    weights = {
        # Tensors that are not floating point, such as a count of batches, stay as they are.
        key: torch.stack([s[key] for s in states]).mean(dim=0)
        if values.is_floating_point()
        else values
        for key, values in states[0].items()
    }
    return weights, (*before, *(each.legs[-1] for each in trained))


def main() -> None:
    """Average as given on the command line."""
    parser = argparse.ArgumentParser(description="Average the weights of refinements.")
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    trained = [load_trained(path) for path in options.checkpoints]
    weights, legs = merge(trained)
    state = {
        "settings": {"network": trained[0].name},
        "network": weights,
        "averaged_network": weights,
        "legs": legs_to_json(legs),
    }
    torch.save(state, options.target)


if __name__ == "__main__":
    main()
