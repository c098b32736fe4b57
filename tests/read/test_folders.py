"""Real folders: clutter, links, unreadable ones, and other files beside the slices."""

import os
import shutil
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.errors import (
    CancelledError,
    SeveralInputsError,
    UnreadableInputError,
)
from inference.read import list_series, open_ct
from inference.read.folders import is_clutter, list_files
from inference.values.geometry import Geometry
from inference.values.progress import never_cancelled
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, head_up_ct, write_series

GEOMETRY = Geometry((12, 10, 8), (0.8, 0.7, 2.5))
HU = head_up_ct(GEOMETRY)

CLUTTER = {
    "._CT.nii.gz": b"\0\5\26\7\0\2\0\0Mac OS X        ",
    ".DS_Store": b"\0\0\0\1Bud1",
    "Thumbs.db": b"\xd0\xcf\x11\xe0",
    "THUMBS.DB": b"\xd0\xcf\x11\xe0",
    "desktop.ini": b"[.ShellClassInfo]",
    "__MACOSX/._CT.nii.gz": b"\0\5\26\7",
    "__MACOSX/CT.nii.gz": b"\0\5\26\7",
    "$RECYCLE.BIN/CT.nii": b"whatever",
    "@eaDir/CT.nii.gz": b"whatever",
}


def add_clutter(folder: Path) -> None:
    for name, content in CLUTTER.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def image(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    sitk.WriteImage(to_sitk(HU, GEOMETRY), str(path))
    return path


def test_clutter_beside_an_image_is_nothing(tmp_path: Path) -> None:
    image(tmp_path / "CT.nii.gz")
    add_clutter(tmp_path)
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


def test_clutter_beside_slices_is_nothing(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    add_clutter(tmp_path)
    assert open_ct(tmp_path).warnings == ()


def test_a_folder_of_clutter_is_empty(tmp_path: Path) -> None:
    add_clutter(tmp_path)
    with pytest.raises(UnreadableInputError, match="is empty"):
        open_ct(tmp_path)


@pytest.mark.parametrize("name", ["IM0001", "CT.nii.gz", ".hidden", "thumbs", "_x", "macosx"])
def test_what_may_be_a_slice_is_no_clutter(name: str) -> None:
    assert not is_clutter(name)


def test_a_linked_folder_is_followed_once(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    write_series(there, HU, GEOMETRY)
    for name in ("a", "b"):
        (here / name).symlink_to(there, target_is_directory=True)
    (there / "round").symlink_to(here, target_is_directory=True)
    volume = open_ct(here)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


def test_a_linked_file_is_read_once(tmp_path: Path) -> None:
    plain = image(tmp_path / "b.nii.gz")
    (tmp_path / "a.nii.gz").symlink_to(plain)
    (tmp_path / "c.nii.gz").symlink_to(plain)
    (tmp_path / "broken.nii.gz").symlink_to(tmp_path / "absent")
    assert list_files(tmp_path, never_cancelled).files == (plain,)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


def test_a_file_that_is_only_linked_is_read(tmp_path: Path) -> None:
    plain = image(tmp_path / "far" / "b.nii.gz")
    here = tmp_path / "here"
    here.mkdir()
    (here / "a.nii.gz").symlink_to(plain)
    assert np.array_equal(open_ct(here).voxels, HU)


def test_a_folder_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    closed = tmp_path / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refusing)
    assert "1 folders could not be opened" in open_ct(tmp_path).warnings[0]
    with pytest.raises(UnreadableInputError, match="closed cannot be read"):
        open_ct(closed)


def test_links_that_lead_to_nothing_are_told(tmp_path: Path) -> None:
    """As in a data set of which some slices were not fetched yet."""
    paths = write_series(tmp_path, HU, GEOMETRY)
    for path in paths[-2:]:
        path.unlink()
        path.symlink_to(tmp_path / "absent" / path.name)
    (tmp_path / "round").symlink_to("round")
    for place in (tmp_path, paths[0]):
        volume = open_ct(place)
        assert np.array_equal(volume.voxels, HU[:-2])
        (note,) = (note for note in volume.warnings if "links lead to no file" in note)
        assert note.startswith("3 links")


def test_listing_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text("hello")
    asked = iter([*repeat(False, 5), True])
    with pytest.raises(CancelledError):
        list_series(tmp_path, cancel=lambda: next(asked))


def test_an_image_or_archive_beside_slices_is_told(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY)
    image(tmp_path / "mask.nii.gz")
    volume = open_ct(tmp_path)
    assert volume.source is not None
    assert "Not looked at beside the DICOM slices: an image file or archive." in volume.warnings[0]
    shutil.make_archive(str(tmp_path / "rest"), "zip", tmp_path, "mask.nii.gz")
    assert "2 image files or archives" in open_ct(tmp_path).warnings[0]


def test_an_image_beside_dicom_that_is_no_ct_is_the_ct(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(modality="MR"))
    image(tmp_path / "CT.nii.gz")
    volume = open_ct(tmp_path)
    assert volume.source is None
    assert np.array_equal(volume.voxels, HU)


def test_beside_dicom_that_is_no_ct_several_images_are_not_guessed_from(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(modality="MR"))
    for name in ("a.nii.gz", "b.nii.gz"):
        image(tmp_path / name)
    with pytest.raises(SeveralInputsError, match="2 images"):
        open_ct(tmp_path)


def test_a_file_without_an_ending_is_known_by_its_content(tmp_path: Path) -> None:
    image(tmp_path / "CT.nii.gz").rename(tmp_path / "CT")
    assert np.array_equal(open_ct(tmp_path / "CT").voxels, HU)


def test_a_slice_with_the_ending_of_an_image_file_is_a_slice(tmp_path: Path) -> None:
    for number, path in enumerate(write_series(tmp_path, HU, GEOMETRY)):
        path.rename(tmp_path / f"IM{number}.{'nii' if number == 3 else 'dcm'}")
    assert np.array_equal(open_ct(tmp_path / "IM3.nii").voxels, HU)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_neither_a_file_nor_a_folder_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path(os.devnull)):
        for read in (open_ct, list_series):
            with pytest.raises(UnreadableInputError, match="neither a file nor a folder"):
                read(place)
