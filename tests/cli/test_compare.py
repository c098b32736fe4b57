"""``compare``: two masks in figures."""

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.__main__ import main
from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk

GRID = Geometry((10, 10, 10), (1.0, 2.0, 5.0))


def mask_file(folder: Path, name: str, planes: slice, grid: Geometry = GRID) -> Path:
    voxels = np.zeros(grid.shape, np.uint8)
    voxels[planes] = 1
    sitk.WriteImage(to_sitk(voxels, grid), str(folder / name))
    return folder / name


def test_two_masks_are_told_in_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = mask_file(tmp_path, "one.nii.gz", slice(0, 4))
    other = mask_file(tmp_path, "other.nrrd", slice(2, 4))
    assert main(["compare", str(one), str(other)]) == 0
    said = capsys.readouterr().out
    assert said == (
        "Dice 0.667. 4.0 mL, of them 2.0 mL in the first mask alone; "
        "2.0 mL, of them 0.0 mL in the second alone. "
        "95 % of their surfaces lie within 10.0 mm of each other (HD95).\n"
    )


def test_a_machine_gets_figures_and_notes_without_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = mask_file(tmp_path, "Doe^Jane.nii.gz", slice(0, 4))
    part = mask_file(tmp_path, "part.nrrd", slice(0, 4), GRID.box((0, 0, 0), (10, 10, 5)))
    assert main(["compare", str(one), str(part), "--json"]) == 0
    printed = capsys.readouterr().out
    events = [json.loads(line) for line in printed.splitlines()]
    assert events[-1]["dice"] == 1.0
    assert "covers a part" in next(e["message"] for e in events if e["event"] == "warning")
    assert "Doe" not in printed


@pytest.mark.parametrize("as_json", [False, True])
def test_masks_of_two_grids_are_refused_with_a_documented_code(
    as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = mask_file(tmp_path, "one.nii.gz", slice(0, 4))
    finer = Geometry((10, 10, 10), (1.0, 1.0, 5.0))
    other = mask_file(tmp_path, "other.nrrd", slice(2, 4), finer)
    options = ["--json"] if as_json else []
    assert main(["compare", str(one), str(other), *options]) == 4
    out, err = capsys.readouterr()
    said = json.loads(out)["message"] if as_json else err
    assert "1.000 × 1.000 × 5.000 mm large instead of 1.000 × 2.000 × 5.000 mm" in said


def test_an_empty_mask_is_not_said_to_lie_far_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = mask_file(tmp_path, "one.nii.gz", slice(0, 4))
    empty = mask_file(tmp_path, "empty.nrrd", slice(0, 0))
    assert main(["compare", str(one), str(empty)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Dice 0.000. 4.0 mL")
    assert said.endswith(
        "At least one of them is empty, so that there is no distance between their surfaces.\n"
    )
