"""A result without a run, for tests of its display."""

from pathlib import Path

import numpy as np

from app.cases.session import Case
from app.window.main_window import MainWindow
from inference.mask.components import Components
from inference.mask.figures import measure
from inference.model.loading import load_model
from inference.pipeline import Segmentation
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))


A_CT = Volume(np.zeros(GEOMETRY.shape, np.int16), GEOMETRY, "CT 1")


def a_result(model_file: Path, notes: tuple[str, ...] = (), unsure: bool = False) -> Segmentation:
    """A block of spine."""
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[2:9, 4:14, 5:18] = 1
    mask = Mask(voxels, GEOMETRY)
    return Segmentation(
        mask=mask,
        figures=measure(mask, A_CT),
        model=load_model(str(write_threshold_model(model_file))).card,
        provider="CPU",
        precision="float32",
        mode="follow",
        finder_confidence=0.9,
        unsure=unsure,
        windows_run=1,
        windows_skipped=2,
        components=Components(kept=1, dropped=0),
        seconds={"predict": 2.0},
        peak_bytes=2**20,
        notes=notes,
    )


def show_result(
    window: MainWindow, tmp_path: Path, notes: tuple[str, ...] = (), unsure: bool = False
) -> None:
    """Put a CT with such a result into the window."""
    window.session.open(Case(A_CT))
    window.session.set_result(a_result(tmp_path / "threshold.onnx", notes, unsure))
