"""Average the weights of refinements that started from the same weights.

    python -m assets.training.merge runs/a/last.pt runs/b/last.pt runs/both.pt
    python -m assets.training.merge runs/a/last.pt runs/b/last.pt runs/both.pt --shares 1 3

Each may have been trained without some cases, which it then scores honestly; their average has
learned from all, and is better than any of them (Wortsman et al., arXiv 2203.05482). Versions of
one refinement after another can be averaged too. The file can be exported or refined further with
``assets.training.train --refine``.
"""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from assets.training.checkpoint import Trained, load_trained
from assets.training.sources import Leg, legs_to_json


def merge(
    trained: Sequence[Trained], shares: Sequence[float]
) -> tuple[dict[str, Tensor], tuple[Leg, ...]]:
    """The average weights, and every leg that led to any of them.

    Args:
        shares: how much each counts, relative to the others.

    Raises:
        ValueError: the networks or their first legs differ, or there is not one share for each.
    """
    if len({each.name for each in trained}) > 1:
        raise ValueError("only weights of one network can be averaged")
    states = [each.network.state_dict() for each in trained]
    total = sum(shares)
    weights = {
        # Tensors that are not floating point, such as a count of batches, stay as they are.
        key: sum(
            (state[key] * (share / total) for state, share in zip(states, shares, strict=True)),
            start=torch.zeros_like(values),
        )
        if values.is_floating_point()
        else values
        for key, values in states[0].items()
    }
    return weights, tuple(_all_legs([each.legs for each in trained]))


def _all_legs(histories: Sequence[tuple[Leg, ...]]) -> Iterator[Leg]:
    """The legs that all histories begin with, then the others."""
    shared = list(
        itertools.takewhile(lambda legs: len(set(legs)) == 1, zip(*histories, strict=False))
    )
    if not shared:
        raise ValueError("only refinements of the same weights can be averaged")
    yield from (legs[0] for legs in shared)
    yield from itertools.chain.from_iterable(history[len(shared) :] for history in histories)


def main() -> None:
    """Average as given on the command line."""
    parser = argparse.ArgumentParser(description="Average the weights of refinements.")
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("target", type=Path)
    parser.add_argument(
        "--shares", type=float, nargs="+", help="how much each counts; all the same by default"
    )
    options = parser.parse_args()
    trained = [load_trained(path) for path in options.checkpoints]
    weights, legs = merge(trained, options.shares or [1.0] * len(trained))
    state = {
        "settings": {"network": trained[0].name},
        "network": weights,
        "averaged_network": weights,
        "legs": legs_to_json(legs),
    }
    torch.save(state, options.target)


if __name__ == "__main__":
    main()
