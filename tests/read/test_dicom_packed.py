"""DICOM slices that are compressed one by one, as in some archives."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inference.errors import UnreadableInputError
from inference.read import input_name, list_series, open_ct, source_slices
from inference.read.voxels import planes
from inference.values.geometry import Geometry
from tests.read.dicom_factory import head_up_ct, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)

PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def packed_series(folder: Path, ending: str = ".gz") -> list[Path]:
    packed = []
    for path in write_series(folder, HU, GEOMETRY):
        target = path.with_name(f"{path.name}.dcm{ending}")
        target.write_bytes(PACKED[ending](path.read_bytes()))
        path.unlink()
        packed.append(target)
    return packed


@pytest.mark.parametrize("ending", PACKED)
def test_slices_that_are_packed_one_by_one_are_read(tmp_path: Path, ending: str) -> None:
    first, *_ = packed_series(tmp_path, ending)
    for chosen in (tmp_path, first):
        volume = open_ct(chosen)
        assert np.array_equal(volume.voxels, HU)
        (series,) = list_series(chosen)
        assert series.usable
    volume = open_ct(tmp_path)
    assert volume.warnings == ()
    assert volume.source is not None
    with source_slices(volume.source) as slices:
        assert len(slices) == len(HU)


def test_results_of_one_are_named_without_either_ending() -> None:
    assert input_name(Path("slice.dcm.gz")) == "slice"


@pytest.mark.parametrize("cut", [40, 200, -20])
@pytest.mark.parametrize("index", [4, 11])
def test_one_that_is_cut_short_is_refused_by_its_name(tmp_path: Path, index: int, cut: int) -> None:
    path = packed_series(tmp_path)[index]
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(UnreadableInputError, match=f"{path.name} is damaged or cut short"):
        open_ct(tmp_path)


@pytest.mark.parametrize("bytes_left", [0, 100])
def test_so_is_a_plain_one_that_ends_before_it_says_what_it_is(
    tmp_path: Path, bytes_left: int
) -> None:
    last = write_series(tmp_path, HU, GEOMETRY)[-1]
    content = last.read_bytes()
    last.unlink()
    path = tmp_path / "last.dcm"
    path.write_bytes(content[:bytes_left])
    with pytest.raises(UnreadableInputError, match=r"last\.dcm is damaged or cut short"):
        open_ct(tmp_path)


def test_one_that_unpacks_to_far_more_than_any_slice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The lengths of identifiers, and so the sizes of the files, are random.
    size = max(len(gzip.decompress(path.read_bytes())) for path in packed_series(tmp_path))
    monkeypatch.setattr(planes, "MAX_EXPANSION", 0)
    monkeypatch.setattr(planes, "SMALL_BYTES", size)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)
    monkeypatch.setattr(planes, "SMALL_BYTES", size - 1)
    with pytest.raises(UnreadableInputError):
        open_ct(tmp_path)
