"""The report: what went in comes out again."""

import json
from pathlib import Path

import numpy as np

from inference.model.loading import load_model
from inference.pipeline import segment
from inference.report import build_report, report_text, segmentation_facts
from inference.values.geometry import Geometry
from inference.values.volume import Volume
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((40, 36, 30), (1.5, 1.5, 2.0))


def test_a_report_tells_all_of_a_run_but_its_mask(tmp_path: Path) -> None:
    voxels = np.zeros(GEOMETRY.shape, np.int16)
    voxels[4:26, 10:24, 12:28] = 400
    voxels[2:14, 29:36, 30:38] = 400
    volume = Volume(voxels, GEOMETRY, "CT")
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")))
    found = segment(volume, model=model, mode="full")
    assert found.components.noted
    report = json.loads(report_text(build_report(volume, found, {})))
    facts = segmentation_facts(report)
    assert facts.keys() == vars(found).keys() - {"mask"}
    for name in facts.keys() - {"seconds", "notes"}:
        assert facts[name] == getattr(found, name), name
