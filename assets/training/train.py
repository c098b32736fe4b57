"""Train a network.

    python -m assets.training.train --data ../shared/ct --out runs/first
    python -m assets.training.train --data ../shared/ct --out runs/free --free

Writes to the run's folder: ``last.pt`` (from which the same command resumes), ``losses.csv``, and
the scores on the test cases in ``log.csv`` and ``curve.png``. It runs on CUDA if available,
otherwise on the CPU, both in bfloat16.
"""

import argparse
import csv
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
from torch.utils.data import DataLoader

from assets.training.checkpoint import load_folded, load_legs
from assets.training.diets import DIETS, DietName
from assets.training.loss import bce_dice
from assets.training.networks import NETWORKS
from assets.training.optimisers import optimisers
from assets.training.patches import PatchSettings, PatchStream
from assets.training.scaling import scale_hu
from assets.training.sources import Leg, legs_to_json, require_free
from assets.training.training_set import (
    TrainingSet,
    load_free_set,
    load_taught_set,
    load_training_set,
)
from assets.training.validation import PATCH, dice_on_case
from inference.values.geometry import Shape

KEEP_EVERY = 50
"""Steps between two checkpoints, and between two lines of the losses."""

LOSSES, SCORES = "losses.csv", "log.csv"

DECAY_FROM = 0.7
"""Share of the steps at the full rate; then the rate falls to zero along a cosine. Until then the
number of steps can still be changed."""


@dataclass(frozen=True)
class TrainSettings:
    """The settings that decide the outcome of a run.

    Attributes:
        patch: voxels of a patch, z, y, x.
        validate_every: steps between two scores of the tests; 0 for none.
    """

    network: str = "SpineContextResUNet"
    diet: DietName = "broad"
    steps: int = 1600
    batch: int = 2
    patch: Shape = PatchSettings.shape
    rate: float = 2e-3
    warmup: int = 30
    decay: float = 1e-4
    average: float = 0.99
    recalibration_batches: int = 20
    validate_every: int = 300
    seed: int = 1


REFINEMENT = TrainSettings(batch=1, patch=PATCH, rate=4e-4, validate_every=1000)
"""For the following leg, on the windows that the engine will use. Without norms a batch of one is
enough."""


def rate_share(step: int, steps: int, warmup: int) -> float:
    """The share of the full rate at a step: a warm-up, a plateau, a cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    fall = max(0.0, (step / steps - DECAY_FROM) / (1 - DECAY_FROM))
    return 0.5 * (1 + math.cos(math.pi * min(1.0, fall)))


class Run:
    """A training run and what is kept of it on disk."""

    def __init__(
        self,
        network: nn.Module,
        settings: TrainSettings,
        folder: Path,
        device: torch.device,
        *,
        legs_before: tuple[Leg, ...] = (),
        leg: Leg | None = None,
    ) -> None:
        """Train ``network``, or continue from ``last.pt`` in ``folder``.

        Args:
            legs_before: those that the network has already been through; stored with the weights.
            leg: what this one learns from; stored with the number of its steps.

        Raises:
            ValueError: the checkpoint there was made with other settings.
        """
        self.settings, self.folder, self.device = settings, folder, device
        self.legs_before, self.leg = legs_before, leg
        network = network.to(device, memory_format=torch.channels_last_3d)
        self.network = network
        self.optimisers = optimisers(network, settings.rate, settings.decay)
        self.schedules = tuple(
            torch.optim.lr_scheduler.LambdaLR(
                optimiser, lambda step: rate_share(step, settings.steps, settings.warmup)
            )
            for optimiser in self.optimisers
        )
        self.average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(settings.average))
        self.step = 0
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._resume(torch.load(folder / "last.pt", map_location=device))

    def _resume(self, kept: dict[str, Any]) -> None:
        if {**kept["settings"], "steps": 0} != {**asdict(self.settings), "steps": 0}:
            raise ValueError(
                f"the checkpoint in {self.folder} was made with other settings: {kept['settings']}"
            )
        self.network.load_state_dict(kept["network"])
        self.average.load_state_dict(kept["average"])
        for parts, states in (
            (self.optimisers, kept["optimisers"]),
            (self.schedules, kept["schedules"]),
        ):
            for part, state in zip(parts, states, strict=True):
                part.load_state_dict(state)
        self.step = kept["step"]

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All that the network has been through so far."""
        this = () if self.leg is None else (replace(self.leg, steps=self.step),)
        return (*self.legs_before, *this)

    def keep(self) -> None:
        """Write the checkpoint, never half of it."""
        state = {
            "settings": asdict(self.settings),
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "averaged_network": self.average.module.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "schedules": [schedule.state_dict() for schedule in self.schedules],
            "legs": legs_to_json(self.legs),
        }
        torch.save(state, self.folder / "last.pt.part")
        (self.folder / "last.pt.part").replace(self.folder / "last.pt")

    def train_step(self, hu: Tensor, spine: Tensor) -> float:
        """One step of the optimiser; returns the loss.

        Raises:
            FloatingPointError: the loss is not finite; a lower rate may help.
        """
        self.network.train()
        x = scale_hu(hu).to(self.device, memory_format=torch.channels_last_3d)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(x)
        loss = bce_dice(logits.float(), spine.to(self.device), DIETS[self.settings.diet].gap_weight)
        self.network.zero_grad()
        loss.backward()
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the loss of step {self.step + 1} is not finite")
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        # In bfloat16 the gradient of a convolution over a few voxels comes out as NaN now and
        # then: one such step would spoil every weight.
        if torch.isfinite(norm):
            for optimiser in self.optimisers:
                optimiser.step()
        for schedule in self.schedules:
            schedule.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return loss.item()

    def averaged(self, batches: Iterable[Tensor]) -> nn.Module:
        """The averaged network, with any norms recalibrated on ``batches`` of HU."""
        with torch.autocast(self.device.type, torch.bfloat16):
            update_bn((scale_hu(hu) for hu in batches), self.average, self.device)
        return self.average.module.eval()


def train(run: Run, data: TrainingSet) -> None:
    """Train to the end of the schedule, validating on the tests for the log only."""
    settings = run.settings
    stream = PatchStream(
        [member.case for member in data.members],
        [member.weight for member in data.members],
        replace(DIETS[settings.diet].patches, shape=settings.patch),
        settings.seed + run.step,
    )
    batches = iter(DataLoader(stream, settings.batch, num_workers=1, prefetch_factor=4))
    calibration = [next(batches)[0] for _ in range(settings.recalibration_batches)]
    started, first = time.monotonic(), run.step
    recent = 0.0
    while run.step < settings.steps:
        loss = run.train_step(*next(batches))
        recent = loss if run.step == first + 1 else 0.95 * recent + 0.05 * loss
        left = (time.monotonic() - started) / (run.step - first) * (settings.steps - run.step)
        print(
            f"step {run.step}/{settings.steps} loss {recent:.3f} {left / 60:.0f} min left",
            flush=True,
        )
        at_end = run.step == settings.steps
        every = settings.validate_every
        scored = every > 0 and (at_end or run.step % every == 0)
        if at_end or scored:
            run.averaged(calibration)
        if at_end or scored or run.step % KEEP_EVERY == 0:
            run.keep()
            _log(run.folder / LOSSES, run.step, {"loss": recent})
        if scored:
            network = run.average.module
            scores = {case.name: dice_on_case(network, case, run.device) for case in data.tests}
            _log(run.folder / SCORES, run.step, {"loss": recent, **scores})
            _draw_curve(run.folder)
            print(f"step {run.step}: Dice {scores}", flush=True)


def _log(log: Path, step: int, values: Mapping[str, float]) -> None:
    if not log.exists():
        log.write_text(",".join(["step", *values]) + "\n", encoding="utf-8")
    with log.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow([step, *(f"{value:.4f}" for value in values.values())])


def _draw_curve(folder: Path) -> None:
    matplotlib.use("Agg")
    from matplotlib import pyplot

    names, *rows = csv.reader((folder / SCORES).open(encoding="utf-8"))
    columns = np.array(rows, dtype=float).T
    figure, axes = pyplot.subplots()
    for name, column in zip(names[1:], columns[1:], strict=True):
        axes.plot(columns[0], column, label=name if name == "loss" else f"Dice on {name}")
    axes.set_xlabel("step")
    axes.legend()
    figure.savefig(folder / "curve.png")
    pyplot.close(figure)


def _training_set(options: argparse.Namespace) -> TrainingSet:
    if options.teacher:
        return load_taught_set(options.data, options.cache, options.teacher)
    if options.free:
        return load_free_set(options.data, options.cache)
    return load_training_set(options.data, options.cache)


def main() -> None:
    """Train as given on the command line."""
    parser = argparse.ArgumentParser(description="Train a network.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CT")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--cache", type=Path, default=Path("runs/cases"))
    parser.add_argument("--network", choices=NETWORKS, default=TrainSettings.network)
    parser.add_argument("--steps", type=int, default=TrainSettings.steps)
    parser.add_argument(
        "--refine",
        type=Path,
        metavar="MODEL",
        help="checkpoint or ONNX file to go on from, with its norms folded into its convolutions",
    )
    parser.add_argument(
        "--hold-out",
        nargs="+",
        default=(),
        metavar="CASE",
        help="names of cases that are scored in the log and not learned from",
    )
    parser.add_argument(
        "--free",
        action="store_true",
        help="learn only from what a hospital may use; --refine must then name a free model",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        metavar="MODEL",
        help="with --free: a free model that draws the labels of free series that have none",
    )
    parser.add_argument("--diet", choices=DIETS, default=TrainSettings.diet)
    parser.add_argument("--rate", type=float, help="the highest learning rate")
    parser.add_argument("--batch", type=int, help="patches in a step")
    parser.add_argument(
        "--validate-every",
        type=int,
        metavar="STEPS",
        help="score the tests so often, which takes minutes, and at the end; 0 for never",
    )
    parser.add_argument(
        "--patch", nargs=3, type=int, metavar=("Z", "Y", "X"), help="voxels of what it learns from"
    )
    options = parser.parse_args()
    if options.teacher and not options.free:
        parser.error("--teacher goes with --free")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    start = REFINEMENT if options.refine else TrainSettings()
    settings = replace(
        start,
        network=options.network,
        diet=options.diet,
        steps=options.steps,
        batch=options.batch or start.batch,
        rate=options.rate or start.rate,
        patch=tuple(options.patch or start.patch),
        validate_every=start.validate_every
        if options.validate_every is None
        else options.validate_every,
    )
    torch.manual_seed(settings.seed)
    network = (
        load_folded(options.refine, settings.network)
        if options.refine
        else NETWORKS[settings.network]()
    )
    legs = load_legs(options.refine) if options.refine else ()
    if options.free:
        require_free(legs)
    everything = _training_set(options).favouring_readers(DIETS[settings.diet].reader_factor)
    data = everything.holding_out(options.hold_out)
    run = Run(network, settings, options.out, device, legs_before=legs, leg=data.leg)
    train(run, data)


if __name__ == "__main__":
    main()
