"""Archives, honest, odd and hostile."""

import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.errors import CancelledError, NoUsableSeriesError, UnreadableInputError
from inference.read import input_name, open_ct
from inference.read.names import MOST_NAME_BYTES
from inference.read.voxels.planes import SMALL_BYTES
from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, head_up_ct, write_series

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


def slices(folder: Path, series_uid: str = "1.2.3.4") -> list[bytes]:
    settings = SeriesSettings(series_uid=series_uid)
    return [path.read_bytes() for path in write_series(folder, HU, GEOMETRY, settings)]


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


ODD_NAMES: dict[str, Callable[[int], str]] = {
    "backslashes": lambda n: f"Series 1\\IM{n}",
    "names that differ by case": lambda n: ("im", "IM", "Im", "iM")[n % 4] + str(n // 4),
    "folders that differ by case": lambda n: ("a", "A")[n % 2] + f"/{n // 2}",
    "blanks and dots at the end": lambda n: f"IM. {n} ... ",
    "devices of Windows": lambda n: ("CON", "nul.dcm", "Com1", "LPT9.a")[n % 4] + "/x" * (n // 4),
    "signs that Windows forbids": lambda n: f'1.2:3|"{n}"?*<>',
    "controls": lambda n: f"IM\x01\x1f{n}",
    "long": lambda n: "a" * 300 + f"/{n}" + "b" * 250,
    "dots and slashes": lambda n: f".//./a//{n}",
    "a file and a folder of one name": lambda n: "a" if n == 0 else f"a/{n}",
    "letters of many": lambda n: f"Übersicht/脊柱/{n}",
}


@pytest.mark.parametrize("name", ODD_NAMES)
def test_slices_with_odd_paths_are_all_read(tmp_path: Path, name: str) -> None:
    files = {ODD_NAMES[name](n): one for n, one in enumerate(slices(tmp_path / "loose"))}
    assert len(files) == len(HU)
    assert np.array_equal(open_ct(zipped(tmp_path / "ct.zip", files)).voxels, HU)
    assert np.array_equal(open_ct(tarred(tmp_path / "ct.tar", files)).voxels, HU)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_slices_with_one_name_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "ct.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in slices(tmp_path / "loose"):
            archive.writestr("IM0001", one)
    assert np.array_equal(open_ct(path).voxels, HU)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("name", ["CT 1.tar", "CT 1.tar.gz", "CT 1.tgz", "CT 1.zip", "CT 1"])
def test_a_tar_is_read_whatever_its_name_and_packing(
    tmp_path: Path, temporary: Path, name: str, mode: str
) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    volume = open_ct(tarred(tmp_path / name, files, mode))
    assert np.array_equal(volume.voxels, HU)
    assert volume.name == "CT 1"
    assert not list(temporary.iterdir())


def test_a_zip_is_read_whatever_its_name(tmp_path: Path) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    for name in ("ct.tar.gz", "ct.nii.gz", "ct"):
        assert np.array_equal(open_ct(zipped(tmp_path / name, files)).voxels, HU)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.7])
def test_a_tar_that_is_cut_short_is_damaged(tmp_path: Path, mode: str, kept: float) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    path = tarred(tmp_path / "ct.tar", files, mode)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "damaged" in refusal(path)


def test_a_tar_that_is_cut_between_two_files_is_damaged(tmp_path: Path) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    path = tarred(tmp_path / "ct.tar", files)
    with tarfile.open(path) as archive:
        cut = archive.getmembers()[6].offset
    path.write_bytes(path.read_bytes()[:cut])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "C:\\evil"])
def test_a_tar_that_escapes_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert "outside its own folder" in refusal(tarred(tmp_path / "a.tar", {name: b"evil"}))
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_in_a_tar_are_nothing_unless_they_lead_out(tmp_path: Path, kind: bytes) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    for target, leads_out in (("0", False), ("../x", False), ("../../x", True), ("/etc/x", True)):
        path = tarred(tmp_path / "ct.tar", files)
        with tarfile.open(path, "a") as archive:
            link = tarfile.TarInfo("ct/link")
            link.type = kind
            link.linkname = target if kind == tarfile.SYMTYPE else target.removeprefix("../")
            archive.addfile(link)
        if leads_out:
            assert "outside its own folder" in refusal(path)
        else:
            assert np.array_equal(open_ct(path).voxels, HU)


def test_a_tar_that_expands_a_thousandfold_is_refused(tmp_path: Path) -> None:
    path = tarred(tmp_path / "bomb.tgz", {"zeros": bytes(2 * SMALL_BYTES)}, "w:gz")
    assert "far more than any CT" in refusal(path)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"\x28\xb5\x2f\xfd", "Zstandard"),
        (bytes(0x8001) + b"CD001", "ISO"),
    ],
)
@pytest.mark.parametrize("name", ["ct.7z", "ct.rar", "ct.zip", "ct", "ct.nii.gz"])
def test_archives_that_are_not_read_are_named(
    tmp_path: Path, start: bytes, kind: str, name: str
) -> None:
    (tmp_path / name).write_bytes(start + bytes(100))
    assert f"an archive of the kind {kind}, which cannot be read" in refusal(tmp_path / name)


def test_an_archive_in_a_folder_is_named_and_not_unpacked_unasked(tmp_path: Path) -> None:
    for name in ("ct.7z", "ct.tar.gz", "ct.zip"):
        folder = tmp_path / f"with {name}"
        folder.mkdir()
        (folder / name).write_bytes(b"whatever")
        with pytest.raises(NoUsableSeriesError, match="an archive and no usable DICOM"):
            open_ct(folder)


def test_clutter_in_an_archive_is_nothing(tmp_path: Path) -> None:
    sitk.WriteImage(to_sitk(HU, GEOMETRY), str(tmp_path / "CT.nii.gz"))
    files = {"CT.nii.gz": (tmp_path / "CT.nii.gz").read_bytes()} | dict.fromkeys(
        ("__MACOSX/._CT.nii.gz", "._CT.nii.gz", ".DS_Store", "a/Thumbs.db", "desktop.ini"), b"junk"
    )
    for path in (zipped(tmp_path / "ct.zip", files), tarred(tmp_path / "ct.tgz", files, "w:gz")):
        volume = open_ct(path)
        assert np.array_equal(volume.voxels, HU)
        assert volume.warnings == ()


def test_an_archive_of_several_series_offers_them(tmp_path: Path) -> None:
    one = slices(tmp_path / "one")
    two = slices(tmp_path / "two", "1.2.3.9")
    files = {f"{n}": content for n, content in enumerate((*one, *two))}
    path = zipped(tmp_path / "ct.zip", files)
    assert "2 usable series" in open_ct(path).warnings[0]
    assert np.array_equal(open_ct(path, series_uid="1.2.3.9").voxels, HU)


def test_a_nifti_beside_dicom_in_an_archive_is_told(tmp_path: Path) -> None:
    files = {f"ct/{n}": one for n, one in enumerate(slices(tmp_path / "loose"))}
    files["mask.nii.gz"] = b"whatever"
    volume = open_ct(zipped(tmp_path / "ct.zip", files))
    assert np.array_equal(volume.voxels, HU)
    assert "Not looked at beside the DICOM slices: an image file or archive." in volume.warnings[0]


def test_a_header_and_its_voxels_stay_together_in_an_archive(tmp_path: Path) -> None:
    sitk.WriteImage(to_sitk(HU, GEOMETRY), str(tmp_path / "CT.mhd"))
    files = {name: (tmp_path / name).read_bytes() for name in ("CT.mhd", "CT.raw")}
    files = {f"a b/{name}": content for name, content in files.items()}
    assert np.array_equal(open_ct(zipped(tmp_path / "ct.zip", files)).voxels, HU)


def test_names_keep_their_endings_however_long_they_are(tmp_path: Path) -> None:
    sitk.WriteImage(to_sitk(HU, GEOMETRY), str(tmp_path / "CT.nii.gz"))
    name = "a" * (MOST_NAME_BYTES + 100) + ".nii.gz"
    path = zipped(tmp_path / "ct.zip", {name: (tmp_path / "CT.nii.gz").read_bytes()})
    assert np.array_equal(open_ct(path).voxels, HU)


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".TGZ", ".7z"])
def test_results_of_an_archive_are_named_without_its_ending(tmp_path: Path, ending: str) -> None:
    assert input_name(tmp_path / f"CT 1.2{ending}") == "CT 1.2"
