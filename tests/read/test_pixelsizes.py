"""A pixel size that is wrong in all slices alike is noted if another element contradicts it."""

from pathlib import Path

import numpy as np
import pytest

from inference.read import list_series, open_ct
from inference.values.geometry import Geometry
from tests.read.dicom_factory import SeriesSettings, head_up_ct, write_series

GEOMETRY = Geometry((20, 20, 12), (0.8, 0.8, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
DIAMETER = 16.0


def notes(folder: Path, **elements: object) -> tuple[str, ...]:
    write_series(folder, HU, GEOMETRY, SeriesSettings().but(**elements))
    volume = open_ct(folder)
    assert np.array_equal(volume.voxels, HU)
    (series,) = list_series(folder)
    assert series.warnings == volume.warnings
    return volume.warnings


@pytest.mark.parametrize(
    "elements",
    [
        {"PixelAspectRatio": [1, 1]},
        {"ImagerPixelSpacing": [0.5, 0.5]},
        {"ReconstructionDiameter": DIAMETER},
        {"ReconstructionDiameter": 500},
        {"ReconstructionDiameter": 0},
        {"PixelSpacing": [1.6, 0.8], "PixelAspectRatio": [2, 1]},
        {"PixelAspectRatio": 1},
    ],
    ids=str,
)
def test_nothing_is_said_of_what_agrees_or_was_cut_out(
    tmp_path: Path, elements: dict[str, object]
) -> None:
    assert notes(tmp_path, **elements) == ()


@pytest.mark.parametrize(
    ("elements", "keyword"),
    [
        ({"PixelSpacing": [1.6, 0.8], "PixelAspectRatio": [1, 1]}, "PixelAspectRatio"),
        ({"PixelSpacing": [1.6, 0.8], "ImagerPixelSpacing": [0.8, 0.8]}, "ImagerPixelSpacing"),
        ({"PixelSpacing": [1.6, 0.8], "ReconstructionDiameter": DIAMETER}, "Diameter"),
        ({"PixelSpacing": [0.4, 0.8], "ReconstructionDiameter": DIAMETER}, "Diameter"),
        ({"PixelSpacing": [1.6, 1.6], "ReconstructionDiameter": DIAMETER}, "Diameter"),
        ({"PixelSpacing": [8.0, 8.0], "ReconstructionDiameter": DIAMETER}, "Diameter"),
    ],
    ids=str,
)
def test_what_contradicts_is_named(
    tmp_path: Path, elements: dict[str, object], keyword: str
) -> None:
    (note,) = notes(tmp_path, **elements)
    assert keyword in note
    assert "Check distances" in note


def test_rounding_contradicts_nothing(tmp_path: Path) -> None:
    for ratio, told in ((0.019, False), (0.021, True)):
        sides = [0.8 * (1 + ratio), 0.8]
        found = notes(tmp_path / f"{told}", PixelSpacing=sides, PixelAspectRatio=[1, 1])
        assert bool(found) == told
    for share, told in ((0.049, False), (0.051, True)):
        wide = notes(tmp_path / f"wide {told}", ReconstructionDiameter=DIAMETER / (1 + share))
        assert bool(wide) == told
