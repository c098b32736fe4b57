"""Masks that the program wrote, read again."""

from pathlib import Path

import numpy as np
import pytest

from inference.errors import CancelledError, UnreadableInputError
from inference.export import FORMATS, staged_folder, write_mask
from inference.read import read_stored_mask
from inference.values.geometry import Geometry
from inference.values.mask import Mask

GRID = Geometry((9, 8, 70), (0.5, 0.75, 2.0), (-10.5, 20.0, -640.0), (-1, 0, 0, 0, 1, 0, 0, 0, -1))


def written(folder: Path, one: str) -> tuple[Mask, Path]:
    mask = Mask(np.random.default_rng(0).integers(0, 2, GRID.shape, np.uint8), GRID)
    with staged_folder(folder) as stage:
        write_mask(mask, [one], stage, "case")
    return mask, folder / f"case{FORMATS[one]}"


@pytest.mark.parametrize("one", ["nifti", "nrrd"])
def test_a_mask_is_read_as_it_was_written(one: str, tmp_path: Path) -> None:
    mask, path = written(tmp_path, one)
    found = read_stored_mask(path)
    assert np.array_equal(found.voxels, mask.voxels)
    assert found.geometry.size == GRID.size
    assert np.allclose(found.geometry.index_to_patient, GRID.index_to_patient)


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    _, path = written(tmp_path, "nifti")
    with pytest.raises(CancelledError):
        read_stored_mask(path, lambda: True)


def test_half_a_mask_is_refused(tmp_path: Path) -> None:
    _, path = written(tmp_path, "nifti")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableInputError, match="damaged"):
        read_stored_mask(path)
