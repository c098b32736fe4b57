"""Train a network.

    python -m assets.training.train --data ../shared/ct --out runs/first

Writes to the run's folder: ``last.pt`` (resumed from when the command is given again), ``log.csv``
and ``curve.png``. It runs on CUDA where there is one, else on the CPU, both in bfloat16.
"""

import argparse
import csv
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
from torch.utils.data import DataLoader

from assets.training.cases import TrainingCase, label_patients, load_case, phantom_case
from assets.training.loss import bce_dice
from assets.training.networks import NETWORKS
from assets.training.patches import PatchSettings, PatchStream
from assets.training.scaling import scale_hu
from assets.training.validation import dice_on_case
from inference import open_ct

REAL_PATIENT = 1
"""The one labelled CT that is not kept for testing."""

TEST_PATIENT = 7

LABEL_ONLY_PATIENTS = (2, 3, 4, 6, 9, 10, 11, 12)
"""Whose separated vertebrae were found right by eye; their CT is drawn from their labels."""

PHANTOM_SEEDS = (101, 102, 103, 104)
"""Bodies from formulas, none of them the demo's: their ribs teach what is no spine."""

REAL_WEIGHT = 8.0
PHANTOM_WEIGHT = 0.5
"""How much oftener these are drawn from than each of the label-only patients."""


@dataclass(frozen=True)
class TrainSettings:
    """What decides the outcome of a run."""

    network: str = "SpineContextResUNet"
    steps: int = 700
    batch: int = 2
    rate: float = 2e-3
    warmup: int = 30
    decay: float = 1e-4
    average: float = 0.98
    recalibration_batches: int = 20
    validate_every: int = 175
    seed: int = 1


def load_cases(data: Path, cache: Path) -> tuple[list[TrainingCase], list[float], TrainingCase]:
    """Training cases with their weights, and the test case.

    Raises:
        ValueError: labels are missing, or do not fit their CT.
    """
    known = label_patients(data)
    missing = sorted({REAL_PATIENT, TEST_PATIENT, *LABEL_ONLY_PATIENTS} - set(known))
    if missing:
        raise ValueError(f"there are no labels of the patients {missing}")
    real = load_case(data, REAL_PATIENT, cache, lambda: open_ct(data / "ircad/ircad01_dicom.zip"))
    test = load_case(data, TEST_PATIENT, cache, lambda: open_ct(data / "ircad/ircad07_ct.nii.gz"))
    drawn = [load_case(data, number, cache) for number in LABEL_ONLY_PATIENTS]
    phantoms = [phantom_case(seed) for seed in PHANTOM_SEEDS]
    weights = [REAL_WEIGHT, *(1.0 for _ in drawn), *(PHANTOM_WEIGHT for _ in phantoms)]
    return [real, *drawn, *phantoms], weights, test


class Run:
    """A training run and what is kept of it on disk."""

    def __init__(self, settings: TrainSettings, folder: Path, device: torch.device) -> None:
        """Start anew, or go on from ``last.pt`` in ``folder``.

        Raises:
            ValueError: the checkpoint there was made with other settings.
        """
        torch.manual_seed(settings.seed)
        self.settings, self.folder, self.device = settings, folder, device
        network = NETWORKS[settings.network]().to(device, memory_format=torch.channels_last_3d)
        self.network = network
        self.optimizer = torch.optim.AdamW(
            network.parameters(), lr=settings.rate, weight_decay=settings.decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer,
            max_lr=settings.rate,
            total_steps=settings.steps,
            pct_start=settings.warmup / settings.steps,
        )
        self.average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(settings.average))
        self.step = 0
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._resume(torch.load(folder / "last.pt", map_location=device))

    def _resume(self, kept: dict[str, Any]) -> None:
        if kept["settings"] != asdict(self.settings):
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

    def averaged(self, batches: list[Tensor]) -> nn.Module:
        """The averaged network, its norms recalibrated on ``batches`` of HU."""
        with torch.autocast(self.device.type, torch.bfloat16):
            update_bn((scale_hu(hu) for hu in batches), self.average, self.device)
        return self.average.module.eval()


def train(run: Run, cases: list[TrainingCase], weights: list[float], test: TrainingCase) -> None:
    """Train to the end of the schedule, validating on ``test`` for the log only."""
    settings = run.settings
    stream = PatchStream(cases, weights, PatchSettings(), settings.seed + run.step)
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
        if run.step % settings.validate_every == 0 or run.step == settings.steps:
            score = dice_on_case(run.averaged(calibration), test, run.device)
            run.keep()
            _log(run.folder, run.step, recent, score)
            print(f"step {run.step}: Dice {score:.3f} on {test.name}", flush=True)


def _log(folder: Path, step: int, loss: float, score: float) -> None:
    log = folder / "log.csv"
    with log.open("a", newline="") as file:
        csv.writer(file).writerow([step, f"{loss:.4f}", f"{score:.4f}"])
    steps, losses, scores = zip(*csv.reader(log.open()), strict=True)
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([int(s) for s in steps], [float(v) for v in losses], label="training loss")
    axes.plot([int(s) for s in steps], [float(v) for v in scores], label="Dice on the test case")
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
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(TrainSettings(network=options.network, steps=options.steps), options.out, device)
    train(run, *load_cases(options.data, options.cache))


if __name__ == "__main__":
    main()
