"""The report returns what was put in."""

import json
from pathlib import Path

import numpy as np
import pytest

from inference.model.loading import load_model
from inference.pipeline import Segmentation, segment
from inference.report import build_report, figures_table, report_text, segmentation_facts
from inference.values.geometry import Geometry
from inference.values.volume import Volume
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((40, 36, 30), (1.5, 1.5, 2.0))


def found_in_a_rod(tmp_path: Path) -> tuple[Volume, Segmentation]:
    """A CT with two blocks of bone, and its mask by a threshold."""
    voxels = np.zeros(GEOMETRY.shape, np.int16)
    voxels[4:26, 10:24, 12:28] = 400
    voxels[2:14, 29:36, 30:38] = 400
    volume = Volume(voxels, GEOMETRY, "CT")
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")))
    return volume, segment(volume, model=model, mode="full")


def test_a_report_tells_all_of_a_run_but_its_mask_and_exact_figures(tmp_path: Path) -> None:
    volume, found = found_in_a_rod(tmp_path)
    assert found.components.noted
    report = json.loads(report_text(build_report(volume, found, {})))
    facts = segmentation_facts(report)
    assert facts.keys() == vars(found).keys() - {"mask", "figures"}
    for name in facts.keys() - {"seconds", "notes"}:
        assert facts[name] == getattr(found, name), name


def test_the_report_holds_the_figures_of_the_spine(tmp_path: Path) -> None:
    volume, found = found_in_a_rod(tmp_path)
    figures = found.figures
    report = json.loads(report_text(build_report(volume, found, {})))
    inside = volume.voxels[found.mask.voxels > 0]
    assert report["spine_volume_ml"] == pytest.approx(found.mask.volume_ml, abs=1e-3)
    assert report["spine_mean_hu"] == pytest.approx(inside.mean(), abs=0.01)
    assert report["spine_deviation_hu"] == pytest.approx(inside.std(), abs=0.01)
    assert report["spine_extent_mm"] == pytest.approx(figures.extent_mm, abs=1e-3)
    assert report["spine_length_mm"] == figures.length_mm


def test_figures_stand_in_one_row_under_their_units(tmp_path: Path) -> None:
    volume, found = found_in_a_rod(tmp_path)
    figures = found.figures
    table = figures_table(figures, True, found)
    cells = dict(zip(table.header, *table.rows, strict=True))
    assert cells["Volume (mL)"] == round(figures.volume_ml, 1)
    assert cells["Mean (HU)"] == pytest.approx(400, abs=30)
    assert cells["Corrected by hand"] == "yes"
    assert cells["Localisation confidence (%)"] is None, "the whole CT was looked at"
    assert volume.name not in cells.values()
    without_a_run = figures_table(figures, None, None)
    assert without_a_run.header == table.header[: len(without_a_run.header)]
    assert without_a_run.rows[0][-1] == "unknown", "whether a person corrected a mask from a file"
