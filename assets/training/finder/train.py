"""Train the finder.

    python -m assets.training.finder.train --data ../shared/ct --out runs/coarse
    python -m assets.training.finder.train --data ../shared/ct --out runs/finder \\
        --refine runs/coarse/last.pt --rate 2e-3 --steps 700
    python -m assets.training.finder.train --data ../shared/ct --out runs/better \\
        --refine assets/models/spine_finder.onnx --rate 1e-3 --steps 500

Writes ``last.pt`` to the run's folder, from which the same command resumes. Export it with
``python -m assets.training.export``.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader

from assets.training.checkpoint import load_folded, load_legs
from assets.training.finder.cases import FinderCase, free_cases, test_cases, training_cases
from assets.training.finder.patches import FinderPatches, FinderPatchSettings
from assets.training.finder.validation import Finder, score
from assets.training.networks import NETWORKS
from assets.training.scaling import scale_hu
from assets.training.sources import Leg, require_free
from assets.training.train import Run, TrainSettings

REAL_WEIGHT = 6.0
"""How much more often a real CT is used than one drawn from labels, because there are fewer."""

WALL_WEIGHT, HEAD_AND_LEGS_WEIGHT = 1.5, 10.0
"""The same for parts without a spine: every chest has walls, but few scans have a head or legs."""

RARE_WEIGHT = 6.0
"""For skulls on necks, and for limbs: with a weight of one the finder left out the neck below a
skull base, because heads without a neck are used so often."""

UPPER_END_WEIGHT = 2.0
"""For real shoulders: one free CT shows them, and finders lost the bodies there."""

EDGE_SERIES = ("thorax_1p5mm_b",)
"""Half of the bodies lie at the rear edge of this scan, which resembles the part of a chest wall;
used twice as often."""

WHOLE_BODY_ABOVE = 150
"""Planes of 2 mm from which a real CT has several regions and is used twice as often."""


def finder_settings(steps: int, rate: float) -> TrainSettings:
    """The settings of a finder's run."""
    return TrainSettings(
        network="SpineFinder",
        steps=steps,
        batch=4,
        rate=rate,
        warmup=max(1, steps // 20),
        average=0.99,
        validate_every=250,
    )


def weight(case: FinderCase) -> float:
    """How often a case is used, relative to others."""
    if case.drawn:
        return RARE_WEIGHT if case.rare else 1.0
    if not case.spine.any():
        return HEAD_AND_LEGS_WEIGHT if case.name.endswith(("above", "below")) else WALL_WEIGHT
    if case.name.endswith("upper end"):
        return REAL_WEIGHT * UPPER_END_WEIGHT
    often = len(case.hu) > WHOLE_BODY_ABOVE or case.name in EDGE_SERIES
    return REAL_WEIGHT * (2.0 if often else 1.0)


def leg_of(cases: Sequence[FinderCase]) -> Leg:
    """A leg that learns from these cases, before its first step."""
    names = dict.fromkeys(case.name for case in cases)
    return Leg(0, tuple(names), tuple(dict.fromkeys(s for case in cases for s in case.sources)))


def as_finder(network: nn.Module) -> Finder:
    """A network in evaluation mode as a function of arrays."""

    def find(hu: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            logits = network(scale_hu(torch.from_numpy(hu)[None, None]))
        return np.asarray(torch.sigmoid(logits)[0, 0].numpy())

    return find


def train(run: Run, cases: list[FinderCase], tests: list[FinderCase]) -> None:
    """Train to the end of the schedule, validating on ``tests`` for the log only."""
    settings = run.settings
    patches = FinderPatches(
        cases, [weight(case) for case in cases], FinderPatchSettings(), settings.seed + run.step
    )
    batches = iter(DataLoader(patches, settings.batch))
    calibration = [next(batches)[0] for _ in range(settings.recalibration_batches)]
    recent, started, first = 0.0, time.monotonic(), run.step
    while run.step < settings.steps:
        loss = run.train_step(*next(batches))
        recent = loss if run.step == first + 1 else 0.95 * recent + 0.05 * loss
        left = (time.monotonic() - started) / (run.step - first) * (settings.steps - run.step)
        if run.step % 20 == 0:
            print(
                f"step {run.step}/{settings.steps} loss {recent:.3f} {left / 60:.0f} min left",
                flush=True,
            )
        if run.step % settings.validate_every == 0 or run.step == settings.steps:
            finder = as_finder(run.averaged(calibration))
            run.keep()
            for case in tests:
                print(f"step {run.step}, {case.name}: {score(finder, case)}", flush=True)


def main() -> None:
    """Train as given on the command line."""
    parser = argparse.ArgumentParser(description="Train the finder.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CT")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--cache", type=Path, default=Path("runs/cases"))
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--rate", type=float, default=4e-3, help="the highest learning rate")
    parser.add_argument(
        "--refine",
        type=Path,
        help="checkpoint or ONNX file to go on from, with its norms folded into its convolutions",
    )
    parser.add_argument(
        "--free", action="store_true", help="learn only from what a hospital may use"
    )
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    settings = finder_settings(options.steps, options.rate)
    torch.manual_seed(settings.seed)
    network = (
        load_folded(options.refine, settings.network)
        if options.refine
        else NETWORKS[settings.network]()
    )
    legs = load_legs(options.refine) if options.refine else ()
    load = free_cases if options.free else training_cases
    cases = list(load(options.data, options.cache))
    leg = leg_of(cases)
    if options.free:
        require_free([*legs, leg])
    run = Run(network, settings, options.out, device, legs_before=legs, leg=leg)
    tests = list(test_cases(options.data, options.cache))
    train(run, cases, tests)


if __name__ == "__main__":
    main()
