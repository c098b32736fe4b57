"""Small things that cases need: figures of a mask, paths opened before, and how far a run is."""

from pathlib import Path

import numpy as np
import pytest

from app.cases.measuring import measure
from app.cases.recent_folders import MOST, RecentFolders
from app.window.run_progress import RunProgress
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.progress import Progress


def test_a_mask_is_measured_along_the_patients_axes() -> None:
    # Voxel axes: x to the head, y to the left, z to the front.
    turned = Geometry((10, 20, 30), (2.0, 0.5, 1.0), direction=(0, 1, 0, 0, 0, -1, 1, 0, 0))
    voxels = np.zeros(turned.shape, np.uint8)
    voxels[5:25, 2:12, 1:4] = 1
    figures = measure(Mask(voxels, turned))
    assert figures.volume_ml == pytest.approx(20 * 10 * 3 * 1.0 / 1000)
    assert figures.extent_mm == pytest.approx((5.0, 20.0, 6.0))
    assert figures.middle == (2, 6, 15)


def test_an_empty_mask_has_no_size() -> None:
    grid = Geometry((4, 4, 4), (1.0, 1.0, 1.0))
    figures = measure(Mask(np.zeros(grid.shape, np.uint8), grid))
    assert figures.volume_ml == 0
    assert figures.middle is None


def test_recent_paths_are_few_the_last_first_and_none_twice(tmp_path: Path) -> None:
    recent = RecentFolders(tmp_path / "config" / "recent.json")
    folders = [tmp_path / str(number) for number in range(MOST + 2)]
    for folder in folders:
        folder.mkdir()
        recent.add(folder)
    recent.add(folders[3])
    assert recent.paths() == [folders[3], *(folders[n] for n in (7, 6, 5, 4, 2))]
    folders[7].rmdir()
    assert folders[7] not in recent.paths()
    recent.clear()
    assert recent.paths() == []


@pytest.mark.parametrize("content", ["{", "5", '{"a": 1}', "[1, null]"])
def test_a_broken_list_of_recent_paths_counts_as_empty(content: str, tmp_path: Path) -> None:
    file = tmp_path / "recent.json"
    file.write_text(content)
    recent = RecentFolders(file)
    assert recent.paths() == []
    recent.add(tmp_path)
    assert recent.paths() == [tmp_path]


def test_a_run_never_goes_back_and_at_a_steady_pace_the_time_left_is_right() -> None:
    run = RunProgress(now=100.0)
    assert run.seconds_left(100.0) is None
    run.step(Progress("resample", 1, 1), 105.0)
    run.step(Progress("find", 1, 1), 115.0)
    for done in range(1, 11):
        run.step(Progress("predict", done, 10), 115.0 + 8 * done)
    fraction = run.fraction
    assert fraction == pytest.approx(0.95)
    run.step(Progress("find", 0, 1), 195.0)
    assert run.fraction == fraction
    assert run.seconds_left(195.0) == pytest.approx(5.0, abs=0.5)
