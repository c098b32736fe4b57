"""``segment --vertebrae``: what it writes, what it says, what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.__main__ import main
from inference.cli.watching import vertebrae_told
from tests.spine_alone import write_spine_alone
from tests.tiny_models import write_threshold_model


@pytest.fixture(scope="module")
def spine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CT in which the spine of the phantom is the only bone."""
    return write_spine_alone(tmp_path_factory.mktemp("ct") / "CT.nii.gz")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_threshold_model(tmp_path_factory.mktemp("model") / "threshold.onnx"))


def segment(spine: Path, model: str, out: Path, *options: str) -> int:
    road = ("--mode", "full", "--model", model, "--format", "nifti,nrrd")
    return main(["segment", str(spine), "--out", str(out), *road, *options])


def report(out: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((out / "CT_report.json").read_text())["vertebrae"]
    return facts


def labels(out: Path) -> NDArray[np.uint8]:
    return sitk.GetArrayFromImage(sitk.ReadImage(str(out / "CT_vertebrae.nii.gz")))


def test_vertebrae_are_counted_from_the_head_until_one_is_named(
    spine: Path, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment(spine, model, tmp_path, "--vertebrae") == 0
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "CT_spine.nii.gz")))
    facts, found = report(tmp_path), labels(tmp_path)
    assert ((found > 0) == (mask > 0)).all()
    assert sorted(np.unique(found)) == list(range(facts["count"] + 1))
    assert not facts["named"]
    assert [row["count"] for row in facts["table"]] == list(range(1, facts["count"] + 1))
    assert (tmp_path / "CT_vertebrae.seg.nrrd").exists()
    told = capsys.readouterr().out
    assert f"{facts['count']} vertebrae, counted" in told
    assert "--name" in told


def test_one_name_gives_all_others_theirs(spine: Path, model: str, tmp_path: Path) -> None:
    assert segment(spine, model, tmp_path, "--name", "L1=6", "--vertebra-stl") == 0
    facts = report(tmp_path)
    names = [row["name"] for row in facts["table"]]
    assert names[3:7] == ["T11", "T12", "L1", "L2"]
    assert set(np.unique(labels(tmp_path))) == {0, *range(15, 15 + facts["count"])}
    assert (tmp_path / "CT_vertebra_L1.stl").exists()


def test_a_name_that_does_not_fit_is_told_of_and_nothing_is_lost(
    spine: Path, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segment(spine, model, tmp_path, "--name", "L5=20") == 0
    assert not report(tmp_path)["named"]
    assert labels(tmp_path).any()
    assert "L5=20" in capsys.readouterr().err


@pytest.mark.parametrize("names", [("L1=3", "L1=4"), ("L1=1", "L5=2"), ("T3=1", "C7=1")])
def test_names_that_no_spine_can_have_are_refused_before_the_run(
    spine: Path, model: str, tmp_path: Path, names: tuple[str, ...]
) -> None:
    options = [part for name in names for part in ("--name", name)]
    assert segment(spine, model, tmp_path / "out", *options) == 2
    assert not (tmp_path / "out").exists()


def test_what_is_no_name_is_wrong_usage(spine: Path, model: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        segment(spine, model, tmp_path, "--name", "L9=1")
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("names", "named", "told"),
    [
        (["L1"], True, ["1 vertebra, L1"]),
        (["T12", "L1"], True, ["2 vertebrae, T12 to L1"]),
        (["L5"], False, ["1 vertebra", "The scan may show L5."]),
        (
            ["L4", "L5"],
            False,
            ["2 vertebrae, counted 1 to 2 from the head", "The scan may show L4 to L5."],
        ),
    ],
)
def test_one_vertebra_is_told_of_as_one(names: list[str], named: bool, told: list[str]) -> None:
    facts = {
        "count": len(names),
        "named": named,
        "table": [{"name": name} for name in names],
        "proposal": {"names": names, "sure": True, "reason": "The sacrum is in view."},
    }
    lines = vertebrae_told(facts)
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))
