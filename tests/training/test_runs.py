"""A training run: what it leaves behind, whether it is scored or not."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")

import torch

from assets.training.cases import TrainingCase
from assets.training.checkpoint import load_trained
from assets.training.networks import ResUNet
from assets.training.sources import PHANTOM
from assets.training.train import LOSSES, SCORES, Run, TrainSettings, train
from assets.training.training_set import Member, TrainingSet

SETTINGS = TrainSettings(
    network="ResUNet",
    steps=2,
    batch=1,
    patch=(32, 32, 32),
    recalibration_batches=1,
    validate_every=0,
)


@pytest.fixture(scope="module")
def cube() -> TrainingCase:
    """A dense cube in soft tissue."""
    spine = np.zeros((40, 40, 40), np.uint8)
    spine[12:28, 12:28, 12:28] = 1
    return TrainingCase("cube", np.where(spine, 600, 40).astype(np.int16), None, spine)


def run_to_the_end(settings: TrainSettings, folder: Path, case: TrainingCase) -> None:
    data = TrainingSet((Member(case, 1.0, (PHANTOM,)),), (case,))
    torch.manual_seed(1)
    train(Run(ResUNet(), settings, folder, torch.device("cpu"), leg=data.leg), data)


def test_a_run_that_is_never_scored_logs_its_losses_and_can_be_exported(
    tmp_path: Path, cube: TrainingCase
) -> None:
    run_to_the_end(SETTINGS, tmp_path, cube)
    (row,) = csv.DictReader((tmp_path / LOSSES).open(encoding="utf-8"))
    assert row["step"] == "2"
    assert 0 < float(row["loss"]) < 3
    assert not (tmp_path / SCORES).exists()
    trained = load_trained(tmp_path / "last.pt")
    assert [leg.steps for leg in trained.legs] == [2]


def test_a_run_is_scored_as_often_as_asked_and_at_its_end(
    tmp_path: Path, cube: TrainingCase
) -> None:
    run_to_the_end(replace(SETTINGS, steps=3, validate_every=2), tmp_path, cube)
    rows = list(csv.DictReader((tmp_path / SCORES).open(encoding="utf-8")))
    assert [row["step"] for row in rows] == ["2", "3"]
    assert all(0 <= float(row["cube"]) <= 1 for row in rows)
    assert (tmp_path / "curve.png").exists()


def test_a_step_without_a_finite_gradient_changes_no_weight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(ResUNet(), SETTINGS, tmp_path, torch.device("cpu"))
    before = [weights.clone() for weights in run.network.parameters()]
    monkeypatch.setattr(
        "assets.training.train.nn.utils.clip_grad_norm_", lambda *_: torch.tensor(float("nan"))
    )
    patch = torch.zeros(1, 1, 32, 32, 32)
    run.train_step(patch, patch)
    assert all(map(torch.equal, before, run.network.parameters()))
    assert run.step == 1


def test_a_loss_that_is_not_finite_ends_the_run(tmp_path: Path) -> None:
    run = Run(ResUNet(), SETTINGS, tmp_path, torch.device("cpu"))
    with torch.no_grad():
        next(iter(run.network.parameters())).fill_(float("nan"))
    patch = torch.zeros(1, 1, 32, 32, 32)
    with pytest.raises(FloatingPointError, match="step 1"):
        run.train_step(patch, patch)
