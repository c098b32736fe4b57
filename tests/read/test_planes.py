"""Planes that say nothing of their own: slices that were lost and filled in are told or refused."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.read import list_series, open_ct
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.read.test_hounsfield import GEOMETRY, HU

EMPTY = [-1000, -1024, 0, 40]


def written(folder: Path, hu: NDArray[np.int16], kind: str) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if kind == "DICOM":
        write_series(folder, hu, GEOMETRY)
        return folder
    image = sitk.GetImageFromArray(hu)
    image.CopyInformation(to_sitk(HU, GEOMETRY))
    sitk.WriteImage(image, str(folder / f"CT{kind}"))
    return folder / f"CT{kind}"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["DICOM", ".nii.gz", ".nrrd", ".mha"]),
    value=st.sampled_from(EMPTY),
    lost=st.sets(st.integers(0, 11), min_size=1, max_size=9),
)
def test_lost_slices_that_were_filled_in_are_never_read_in_silence(
    tmp_path: Path, kind: str, value: int, lost: set[int]
) -> None:
    hu = HU.copy()
    hu[sorted(lost)] = value
    path = written(tmp_path / "CT", hu, kind)
    kept = set(range(12)) - lost
    inside = sum(min(kept) < z < max(kept) for z in lost)
    (series,) = list_series(path)
    if inside:
        said = f"{inside} slices in the middle have a single value"
        with pytest.raises(UnreadableInputError, match=said):
            open_ct(path)
        with pytest.raises(UnreadableInputError, match=said):
            open_ct(path, hu_offset=0)
        assert said in series.problems[0]
    else:
        said = f"{len(lost)} slices at its ends have a single value"
        assert any(note.startswith(said) for note in open_ct(path).warnings)
        assert any(note.startswith(said) for note in series.warnings)


@pytest.mark.parametrize("kind", ["DICOM", ".nii.gz"])
@pytest.mark.parametrize("repeated", [[1], [5, 6, 7], [11], [1, 3, 5, 7, 9, 11]])
def test_slices_that_equal_the_one_before_are_told(
    tmp_path: Path, kind: str, repeated: list[int]
) -> None:
    hu = HU.copy()
    for z in repeated:
        hu[z] = hu[z - 1]
    path = written(tmp_path / "CT", hu, kind)
    (note,) = open_ct(path).warnings
    assert note.startswith(f"{len(repeated)} slices equal the one before.")
    assert list_series(path)[0].warnings == (note,)


def test_a_volume_of_one_value_is_no_ct(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="range only from"):
        open_ct(written(tmp_path / "CT", np.full_like(HU, -1000), ".nrrd"))
