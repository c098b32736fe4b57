"""Train a network.

    python -m assets.training.train --data ../shared/ct --out runs/first

Writes to the run's folder: ``last.pt`` (resumed from when the command is given again), ``log.csv``
and ``curve.png``. It runs on CUDA where there is one, else on the CPU, both in bfloat16.
"""

import argparse
import csv
import functools
import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
from torch.utils.data import DataLoader

from assets.training.cases import (
    TrainingCase,
    below_spine,
    case_name,
    label_patients,
    load_case,
    phantom_case,
)
from assets.training.checkpoint import load_folded
from assets.training.finder.spine_lines import read_lines
from assets.training.loss import bce_dice
from assets.training.networks import NETWORKS
from assets.training.patches import PatchSettings, PatchStream
from assets.training.pseudo_labels import load_series
from assets.training.scaling import scale_hu
from assets.training.validation import PATCH, dice_on_case
from inference import open_ct
from inference.values.geometry import Shape

TEST_CTS = {1: "ircad/ircad01_dicom.zip", 7: "ircad/ircad07_ct.nii.gz"}
"""The two labelled CTs, kept for testing: neither they nor their labels are learned from."""

LABEL_ONLY_PATIENTS = (2, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16)
"""Whose separated vertebrae were found right by eye; their CT is drawn from their labels. 4 and 18
hold nearly every disc as bone, 18 a rib as well, and 19 is rough above the diaphragm."""

HALF_SERIES = "thorax_1p5mm_b"
"""Cut through the middle of the bodies, and of a patient whom another series shows whole."""

PHANTOM_SEEDS = (101, 102)
"""Bodies from formulas, none of them the demo's: their ribs teach what is no spine."""

RARE_SERIES = (
    "neck_thorax_arms_up_4mm",
    "skull_base_neck_1p25mm",
    "trunk_pelvis_4mm",
    "wholebody_petct_5mm",
)
"""The neck is in no label map, the sacrum in two."""

PELVIS_SERIES = ("trunk_pelvis_4mm", "wholebody_petct_5mm")
"""What they show below the last vertebra is drawn from once more: femora look like vertebrae."""

DRAWN_WEIGHT, SERIES_WEIGHT, RARE_WEIGHT, PHANTOM_WEIGHT, TEST_WEIGHT = 0.8, 1.5, 2.5, 0.3, 4.0
"""How much oftener one case is drawn from than another."""

KEEP_EVERY = 50
"""Steps between two checkpoints."""

DECAY_FROM = 0.7
"""Share of the steps at the full rate; then it falls to zero along a cosine. The number of steps
may so be changed until then."""


@dataclass(frozen=True)
class TrainSettings:
    """What decides the outcome of a run."""

    network: str = "SpineContextResUNet"
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


REFINEMENT = TrainSettings(batch=1, patch=PATCH, rate=5e-4, average=0.998)
"""Of the leg that follows, on the windows that the engine will run. Without norms a batch of one
will do."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """What is learned from, how often, and what is tested on."""

    cases: list[TrainingCase]
    weights: list[float]
    tests: list[TrainingCase]

    def learning_from(self, names: Collection[str]) -> "TrainingSet":
        """Learning from these tests too: one, to see what it is worth on the other, or all."""
        learned = [case for case in self.tests if case.name in names]
        weights = [*self.weights, *(TEST_WEIGHT for _ in learned)]
        return TrainingSet([*self.cases, *learned], weights, self.tests)


def load_training_set(data: Path, cache: Path) -> TrainingSet:
    """All cases of the folder.

    Raises:
        ValueError: labels are missing, or do not fit their CT.
    """
    known = label_patients(data)
    missing = sorted({*TEST_CTS, *LABEL_ONLY_PATIENTS} - set(known))
    if missing:
        raise ValueError(f"there are no labels of the patients {missing}")
    tests = [
        load_case(data, number, cache, functools.partial(open_ct, data / file))
        for number, file in TEST_CTS.items()
    ]
    drawn = [load_case(data, number, cache) for number in LABEL_ONLY_PATIENTS]
    names = [name for name in read_lines() if name != HALF_SERIES]
    series = [load_series(data, name, cache) for name in names]
    pelves = [below_spine(case) for case in series if case.name in PELVIS_SERIES]
    phantoms = [phantom_case(seed) for seed in PHANTOM_SEEDS]
    weights = [
        *(DRAWN_WEIGHT for _ in drawn),
        *(RARE_WEIGHT if name in RARE_SERIES else SERIES_WEIGHT for name in names),
        *(RARE_WEIGHT for _ in pelves),
        *(PHANTOM_WEIGHT for _ in phantoms),
    ]
    return TrainingSet([*drawn, *series, *pelves, *phantoms], weights, tests)


def rate_share(step: int, steps: int, warmup: int) -> float:
    """The share of the full rate at a step: a rise, a plain, a cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    fall = max(0.0, (step / steps - DECAY_FROM) / (1 - DECAY_FROM))
    return 0.5 * (1 + math.cos(math.pi * min(1.0, fall)))


class Run:
    """A training run and what is kept of it on disk."""

    def __init__(
        self, network: nn.Module, settings: TrainSettings, folder: Path, device: torch.device
    ) -> None:
        """Train ``network``, or go on from ``last.pt`` in ``folder``.

        Raises:
            ValueError: the checkpoint there was made with other settings.
        """
        self.settings, self.folder, self.device = settings, folder, device
        network = network.to(device, memory_format=torch.channels_last_3d)
        self.network = network
        self.optimizer = torch.optim.AdamW(
            network.parameters(), lr=settings.rate, weight_decay=settings.decay
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: rate_share(step, settings.steps, settings.warmup)
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
        self.optimizer.load_state_dict(kept["optimizer"])
        self.schedule.load_state_dict(kept["schedule"])
        self.step = kept["step"]

    def keep(self) -> None:
        """Write the checkpoint, never half of it."""
        state = {
            "settings": asdict(self.settings),
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "averaged_network": self.average.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        torch.save(state, self.folder / "last.pt.part")
        (self.folder / "last.pt.part").replace(self.folder / "last.pt")

    def train_step(self, hu: Tensor, spine: Tensor) -> float:
        """One step of the optimiser; returns the loss."""
        self.network.train()
        x = scale_hu(hu).to(self.device, memory_format=torch.channels_last_3d)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network(x)
        loss = bce_dice(logits.float(), spine.to(self.device))
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return loss.item()

    def averaged(self, batches: Iterable[Tensor]) -> nn.Module:
        """The averaged network, its norms, if it has any, recalibrated on ``batches`` of HU."""
        with torch.autocast(self.device.type, torch.bfloat16):
            update_bn((scale_hu(hu) for hu in batches), self.average, self.device)
        return self.average.module.eval()


def train(run: Run, data: TrainingSet) -> None:
    """Train to the end of the schedule, validating on the tests for the log only."""
    settings = run.settings
    stream = PatchStream(
        data.cases, data.weights, PatchSettings(shape=settings.patch), settings.seed + run.step
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
        if run.step % KEEP_EVERY == 0:
            run.keep()
        if run.step % settings.validate_every == 0 or run.step == settings.steps:
            network = run.averaged(calibration)
            run.keep()
            scores = {case.name: dice_on_case(network, case, run.device) for case in data.tests}
            _log(run.folder, run.step, recent, scores)
            print(f"step {run.step}: Dice {scores}", flush=True)


def _log(folder: Path, step: int, loss: float, scores: Mapping[str, float]) -> None:
    log = folder / "log.csv"
    if not log.exists():
        log.write_text(",".join(["step", "loss", *scores]) + "\n", encoding="utf-8")
    with log.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow([step, *(f"{v:.4f}" for v in (loss, *scores.values()))])
    matplotlib.use("Agg")
    from matplotlib import pyplot

    names, *rows = csv.reader(log.open(encoding="utf-8"))
    columns = np.array(rows, dtype=float).T
    figure, axes = pyplot.subplots()
    for name, column in zip(names[1:], columns[1:], strict=True):
        axes.plot(columns[0], column, label=name if name == "loss" else f"Dice on {name}")
    axes.set_xlabel("step")
    axes.legend()
    figure.savefig(folder / "curve.png")
    pyplot.close(figure)


def main() -> None:
    """Train as told on the command line."""
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
        "--learn-from",
        type=int,
        nargs="+",
        choices=tuple(TEST_CTS),
        default=(),
        metavar="PATIENT",
        help="patients kept for testing that are to be learned from too",
    )
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    start = REFINEMENT if options.refine else TrainSettings()
    settings = replace(start, network=options.network, steps=options.steps)
    torch.manual_seed(settings.seed)
    network = (
        load_folded(options.refine, settings.network)
        if options.refine
        else NETWORKS[settings.network]()
    )
    run = Run(network, settings, options.out, device)
    data = load_training_set(options.data, options.cache)
    train(run, data.learning_from([case_name(number) for number in options.learn_from]))


if __name__ == "__main__":
    main()
