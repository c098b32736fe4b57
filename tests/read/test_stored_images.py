"""NRRD and MetaImage files of every kind are read with the values that ITK finds, by planes."""

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.read import open_ct
from inference.read.images.nifti import TYPES

SHAPE = (9, 7, 6)
ENDINGS = (".nrrd", ".nhdr", ".mha", ".mhd")


def values(kind: str) -> NDArray[np.generic]:
    signed = np.random.default_rng(5).integers(0, 120, SHAPE).astype(kind)
    signed[0, 0, 0] = 127
    return signed * (1 if np.dtype(kind).itemsize == 1 else 4)


def written(path: Path, array: NDArray[np.generic], *, packed: bool) -> Path:
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path), useCompression=packed)
    return path


@pytest.mark.parametrize("kind", sorted(TYPES.values()))
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_type_of_number_is_read_from_its_place(
    tmp_path: Path, ending: str, packed: bool, kind: str
) -> None:
    path = written(tmp_path / f"ct{ending}", values(kind), packed=packed)
    if np.dtype(kind).itemsize > 1:
        assert np.array_equal(open_ct(path).voxels, values(kind))


def nrrd(fields: str, data: bytes) -> bytes:
    depth, height, width = SHAPE
    return (
        f"NRRD0004\n# by hand\ntype: int16\ndimension: 3\nsizes: {width} {height} {depth}\n"
        f"spacings: 0.7 0.8 2.5\n{fields}\n"
    ).encode() + data


def metaimage(fields: str, data: bytes) -> bytes:
    depth, height, width = SHAPE
    return (
        f"ObjectType = Image\nNDims = 3\nDimSize = {width} {height} {depth}\n"
        f"ElementType = MET_SHORT\nElementSpacing = 0.7 0.8 2.5\nBinaryData = True\n{fields}\n"
    ).encode() + data


def stored(order: str) -> bytes:
    return values("i2").astype(f"{order}i2").tobytes()


HAND_MADE = {
    "big-endian.nrrd": (nrrd("endian: big\nencoding: raw\n", stored(">")), b""),
    "packed and skipped.nrrd": (
        nrrd("endian: little\nencoding: gz\nbyte skip: 5\n", gzip.compress(b"12345" + stored("<"))),
        b"",
    ),
    "as text.nrrd": (
        nrrd("encoding: ascii\n", b" ".join(b"%d" % v for v in values("i2").ravel())),
        b"",
    ),
    "from the end.nhdr": (
        nrrd("endian: little\nencoding: raw\nbyte skip: -1\ndata file: voxels", b""),
        b"any header" + stored("<"),
    ),
    "skipped.nhdr": (
        nrrd("endian: little\nencoding: raw\nbyteskip: 10\ndatafile: voxels", b""),
        b"any header" + stored("<"),
    ),
    "skipped lines.nhdr": (
        nrrd("endian: little\nencoding: raw\nline skip: 2\ndata file: voxels", b""),
        b"one\ntwo\n" + stored("<"),
    ),
    "big-endian.mha": (
        metaimage("BinaryDataByteOrderMSB = True\nElementDataFile = LOCAL", stored(">")),
        b"",
    ),
    "from the end.mhd": (
        metaimage("HeaderSize = -1\nElementDataFile = voxels", b""),
        b"any header" + stored("<"),
    ),
    "skipped.mhd": (
        metaimage("HeaderSize = 10\nElementDataFile = voxels", b""),
        b"any header" + stored("<"),
    ),
}


@pytest.mark.parametrize("name", HAND_MADE)
def test_headers_as_other_programs_write_them_are_understood_as_itk_does(
    tmp_path: Path, name: str
) -> None:
    content, voxels = HAND_MADE[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "voxels").write_bytes(voxels)
    by_itk = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / name)))
    assert np.array_equal(by_itk, values("i2"))
    assert np.array_equal(open_ct(tmp_path / name).voxels, values("i2"))


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("kept", [0.5, 0.8, 0.99])
def test_a_file_that_is_cut_short_is_noticed(
    tmp_path: Path, ending: str, packed: bool, kept: float
) -> None:
    noise = np.random.default_rng(2).integers(-1000, 1000, (20, 30, 40)).astype(np.int16)
    path = written(tmp_path / f"ct{ending}", noise, packed=packed)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(UnreadableInputError, match="cut short"):
        open_ct(path)


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
def test_a_changed_byte_in_a_packed_file_is_noticed(tmp_path: Path, ending: str) -> None:
    noise = np.random.default_rng(2).integers(-1000, 1000, (20, 30, 40)).astype(np.int16)
    path = written(tmp_path / f"ct{ending}", noise, packed=True)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError):
        open_ct(path)


def test_detached_voxels_that_are_gone_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "ct.mhd", values("i2"), packed=False)
    (tmp_path / "ct.raw").unlink()
    with pytest.raises(UnreadableInputError, match=r"ct\.raw"):
        open_ct(path)


READ = """
import sys
from pathlib import Path
from inference.system.memory import peak_rss_bytes
from inference.read import open_ct
open_ct(Path(sys.argv[1]))
before = peak_rss_bytes()
volume = open_ct(Path(sys.argv[2]))
print(volume.voxels.nbytes, peak_rss_bytes() - before)
"""


@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_large_file_is_not_held_in_memory(tmp_path: Path, ending: str, packed: bool) -> None:
    small = written(tmp_path / f"small{ending}", values("i2"), packed=packed)
    planes = np.zeros((200, 512, 512), np.int16)
    planes[100:150] = 300
    large = written(tmp_path / f"large{ending}", planes, packed=packed)
    run = subprocess.run(
        [sys.executable, "-c", READ, str(small), str(large)],
        capture_output=True,
        text=True,
        check=True,
    )
    size, growth = map(int, run.stdout.split())
    assert size == planes.nbytes
    assert growth < 50 * 2**20
