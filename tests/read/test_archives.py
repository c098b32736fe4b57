"""Zip archives, honest and hostile."""

import stat
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from inference.errors import CancelledError, NoUsableSeriesError, UnreadableInputError
from inference.read import open_ct
from inference.read.archives import SMALL_BYTES
from inference.values.geometry import Geometry
from tests.read.dicom_factory import head_up_ct, write_series

GEOMETRY = Geometry((12, 10, 8), (0.8, 0.7, 2.5))
HU = head_up_ct(GEOMETRY)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of our own, to see what is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "Müller CT.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as files:
        for number, one in enumerate(write_series(tmp_path / "loose", HU, GEOMETRY)):
            files.write(one, f"Ordner ä/IMAGES/{number:02d}")
        files.writestr("Ordner ä/readme.txt", "hello")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        open_ct(path)
    return str(caught.value)


def test_a_zipped_series_is_read_and_nothing_stays_unpacked(archive: Path, temporary: Path) -> None:
    volume = open_ct(archive)
    assert np.array_equal(volume.voxels, HU)
    assert volume.name == "Müller CT"
    assert not list(temporary.iterdir())


def test_cancel_while_unpacking_leaves_nothing(archive: Path, temporary: Path) -> None:
    asked = iter([False, False, False, True])
    with pytest.raises(CancelledError):
        open_ct(archive, cancel=lambda: next(asked))
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/evil", "C:\\evil", "..\\evil", "\\\\host\\evil"]
)
def test_an_archive_that_escapes_its_folder_is_refused(
    tmp_path: Path, temporary: Path, name: str
) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(name, "evil")
    assert "outside its own folder" in refusal(path)
    assert not list(temporary.iterdir())
    assert not list(tmp_path.rglob("evil"))


def test_a_link_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    entry = zipfile.ZipInfo("passwords")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(entry, "/etc/passwd")
    assert "outside its own folder" in refusal(path)


def bomb(path: Path) -> Path:
    """An archive that expands a thousandfold."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("zeros", bytes(2 * SMALL_BYTES))
    return path


def test_an_archive_that_expands_a_thousandfold_is_refused(tmp_path: Path) -> None:
    assert "far more than any CT" in refusal(bomb(tmp_path / "bomb.zip"))


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path, temporary: Path) -> None:
    path = bomb(tmp_path / "bomb.zip")
    honest = (2 * SMALL_BYTES).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (1000).to_bytes(4, "little")))
    refusal(path)
    assert not list(temporary.iterdir())


def test_a_damaged_archive_is_unreadable(archive: Path) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    assert "damaged" in refusal(archive)


def test_a_file_that_is_no_archive_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    path.write_text("Dear colleague,")
    assert "notes.zip" in refusal(path)


def test_a_locked_archive_is_unreadable(archive: Path) -> None:
    # The flag in the local and in the central header says that an entry is encrypted.
    content = bytearray(archive.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        content[at + offset] |= 1
    archive.write_bytes(bytes(content))
    assert "password" in refusal(archive)


def test_an_archive_of_several_images_asks_to_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as files:
        for name in ("a.nii.gz", "b.nii.gz"):
            files.writestr(name, "whatever")
    with pytest.raises(NoUsableSeriesError, match="Unpack it"):
        open_ct(path)


def test_an_empty_archive_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    assert "empty.zip" in refusal(path)
