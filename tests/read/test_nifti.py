"""NIfTI files of every kind are read with the values that ITK finds in them."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.read.images.grids import placed
from inference.read.images.nifti import TYPES, nifti_header
from inference.read.voxels.planes import DAMAGE, read_planes

SHAPE = (6, 5, 4)


def values(kind: str) -> NDArray[np.generic]:
    return np.random.default_rng(5).integers(0, 100, SHAPE).astype(kind)


def written(path: Path, array: NDArray[np.generic]) -> Path:
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
    return path


def by_itk(path: Path) -> NDArray[np.generic]:
    return sitk.GetArrayFromImage(sitk.ReadImage(str(path)))


def by_us(path: Path) -> NDArray[np.generic]:
    return np.stack(list(read_planes(placed(nifti_header(path)).voxels)))


@pytest.mark.parametrize("kind", sorted(TYPES.values()))
@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_every_type_of_number_is_read(tmp_path: Path, kind: str, ending: str) -> None:
    path = written(tmp_path / f"ct{ending}", values(kind))
    assert np.array_equal(by_us(path), by_itk(path))
    assert np.array_equal(by_us(path), values(kind))


def test_stored_numbers_are_scaled(tmp_path: Path) -> None:
    path = written(tmp_path / "ct.nii", values("i2"))
    content = bytearray(path.read_bytes())
    struct.pack_into("<2f", content, 112, 0.5, -1024.0)
    path.write_bytes(content)
    assert np.allclose(by_us(path), values("i2") * 0.5 - 1024)
    assert np.allclose(by_us(path), by_itk(path))


def big_endian(shape: tuple[int, int, int], stored: NDArray[np.generic]) -> bytes:
    """A NIfTI-2 of the other byte order, which ITK does not write."""
    header = bytearray(544)
    struct.pack_into(
        ">i8s2h8q", header, 0, 540, b"n+2\0\r\n\032\n", 4, 16, 3, *shape[::-1], 1, 1, 1, 1
    )
    struct.pack_into(">8d", header, 104, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into(">q2d", header, 168, 544, 2.0, 1.0)
    return bytes(header) + stored.astype(">i2").tobytes()


def test_nifti_2_of_the_other_byte_order_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ct.nii.gz"
    path.write_bytes(gzip.compress(big_endian(SHAPE, values("i2"))))
    assert np.array_equal(by_us(path), values("i2") * 2 + 1)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.97])
def test_a_file_that_is_cut_short_is_noticed(tmp_path: Path, ending: str, kept: float) -> None:
    noise = np.random.default_rng(2).integers(-1000, 1000, (20, 30, 40)).astype(np.int16)
    path = written(tmp_path / f"ct{ending}", noise)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DAMAGE):
        by_us(path)


def test_a_changed_byte_in_a_packed_file_is_noticed(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(-1000, 1000, (20, 30, 40)).astype(np.int16)
    path = written(tmp_path / "ct.nii.gz", noise)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DAMAGE):
        by_us(path)
