"""What people drop on the window by mistake is used with a warning or refused in a sentence."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from app.window.series_dialog import SeriesDialog
from inference.read.voxels.planes import SMALL_BYTES
from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, drop, open_and_wait
from tests.read.dicom_factory import SeriesSettings, head_up_ct, write_series

GRID = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GRID)
PLAIN = SeriesSettings()

Maker = Callable[[Path], Path]
"""Makes an input in an empty folder and returns what to drop."""


def folder_of(settings: SeriesSettings = PLAIN, *slices: int) -> Maker:
    def make(folder: Path) -> Path:
        write_series(folder / "study", HU, GRID, settings, slices or None)
        return folder / "study"

    return make


def file_of(name: str, content: bytes) -> Maker:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def image_of(image: sitk.Image, name: str = "ct.nrrd") -> Maker:
    def make(folder: Path) -> Path:
        sitk.WriteImage(image, str(folder / name))
        return folder / name

    return make


def empty_folder(folder: Path) -> Path:
    return folder


def cut_image(folder: Path) -> Path:
    path = image_of(to_sitk(HU, GRID), "ct.nii.gz")(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def cut_slice(folder: Path) -> Path:
    paths = write_series(folder, HU, GRID)
    paths[3].write_bytes(paths[3].read_bytes()[:-100])
    return folder


def cut_header(folder: Path) -> Path:
    paths = write_series(folder, HU, GRID)
    paths[3].write_bytes(paths[3].read_bytes()[:400])
    return folder


def copied_slice(folder: Path) -> Path:
    first, *_ = write_series(folder, HU, GRID)
    shutil.copy(first, folder / "copy of a slice")
    return folder


def other_slice_in_one_place(folder: Path) -> Path:
    write_series(folder / "a", HU, GRID)
    write_series(folder / "b", HU + 50, GRID, slices=[3])
    return folder


def step_out_of_line(folder: Path) -> Path:
    paths = write_series(folder, HU, GRID)
    dataset = pydicom.dcmread(paths[4])
    x, y, z = dataset.ImagePositionPatient
    dataset.ImagePositionPatient = [x + 9, y, z]
    dataset.save_as(paths[4])
    return folder


def no_numbers(folder: Path) -> Path:
    hu = HU.astype(np.float32)
    hu[0, 0, :3] = np.nan, np.inf, -np.inf
    return image_of(to_sitk(hu, GRID))(folder)


def spacing_of_zero(folder: Path) -> Path:
    path = image_of(to_sitk(HU, GRID), "ct.mha")(folder)
    path.write_bytes(path.read_bytes().replace(b"ElementSpacing = 0.8", b"ElementSpacing = 0.0"))
    return path


def archive_of(name: str, content: bytes, *empty: str) -> Maker:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "ct.zip", "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr(name, content)
            for other in empty:
                files.writestr(other, b"")
        return folder / "ct.zip"

    return make


def odd_path(folder: Path) -> Path:
    path = folder / "Größe 1" / "Bäume & Söhne"
    write_series(path, HU, GRID, PLAIN.but(ImagePositionPatient=None))
    return path


REFUSED: dict[str, tuple[Maker, str]] = {
    "an empty folder": (empty_folder, "is empty"),
    "a path that is gone": (lambda folder: folder / "gone", "There is nothing at"),
    "a text file": (file_of("note.txt", b"hello"), "not an image that can be read"),
    "a text file named .dcm": (file_of("slice.dcm", b"hello"), "not an image that can be read"),
    "a text file named .nii.gz": (file_of("ct.nii.gz", b"hello"), "cannot be read"),
    "a truncated file": (cut_image, "cut short"),
    "a truncated slice": (cut_slice, "cut short"),
    "a slice truncated in its header": (cut_header, "cut short"),
    "a missing slice": (folder_of(PLAIN, 0, 1, 2, 3, 4, 6, 7, 8, 9), "a slice is missing"),
    "too few slices": (folder_of(PLAIN, 0, 1, 2), "too few slices (3)"),
    "two slices in one place": (other_slice_in_one_place, "same place"),
    "a slice out of line": (step_out_of_line, "one line"),
    "MR": (folder_of(PLAIN.but(Modality="MR")), "MR scan"),
    "a scout": (folder_of(PLAIN.but(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])), "scout"),
    "colours": (folder_of(PLAIN.but(PhotometricInterpretation="RGB")), "in colour"),
    "no positions, spaces and umlauts": (odd_path, "where in the patient"),
    "no HU": (folder_of(PLAIN.but(RescaleSlope=None)), "HU"),
    "pixels of no size": (folder_of(PLAIN.but(PixelSpacing=[0, 0])), "or one of 0 mm"),
    "pixels of a metre": (folder_of(PLAIN.but(PixelSpacing=[900, 900])), "implausible"),
    "a tilt no gantry has": (folder_of(SeriesSettings(lean_mm=5.0)), "more than a gantry can"),
    "an RGB image": (image_of(sitk.Image([8, 8, 8], sitk.sitkVectorUInt8, 3)), "in colour"),
    "a 2D image": (image_of(sitk.Image(32, 32, sitk.sitkInt16)), "flat picture"),
    "a 4D image": (image_of(sitk.JoinSeries([to_sitk(HU, GRID)] * 3)), "3 volumes"),
    "a spacing of zero": (spacing_of_zero, "implausible"),
    "an absurd spacing": (
        image_of(to_sitk(HU, Geometry(GRID.size, (400.0, 0.7, 2.5))), "ct.mha"),
        "implausible",
    ),
    "a zip of several images": (archive_of("a.nii.gz", b"", "b.nii.gz"), "Unpack it"),
    "a zip that is no zip": (file_of("ct.zip", b"Dear colleague,"), "damaged"),
    "an empty zip": (archive_of("folder/", b""), "is empty"),
    "a zip that escapes": (archive_of("../evil", b"evil"), "outside its own folder"),
    "a zip that explodes": (archive_of("zeros", bytes(2 * SMALL_BYTES)), "far more than any CT"),
}

USED: dict[str, tuple[Maker, str]] = {
    "copies of slices": (copied_slice, "Duplicate slices were left out: 1"),
    "a tilted gantry": (folder_of(SeriesSettings(lean_mm=0.6)), "gantry was tilted"),
    "voxels that are no numbers": (no_numbers, "3 voxels are not numbers"),
}


def open_dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "bad"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_input_is_told_in_sentences_and_the_open_ct_stays(
    name: str, quick_window: MainWindow, ct_folder: Path, bad: Path, qtbot: QtBot
) -> None:
    open_and_wait(quick_window, ct_folder, qtbot)
    before = quick_window.session.case
    make, reason = REFUSED[name]
    path = make(bad)
    with qtbot.waitSignal(quick_window.flow.failed, timeout=LONG):
        drop(quick_window, [path])
    *help_here, fact = quick_window.message.text.split("\n")
    assert reason in fact
    says_what_to_do = ". " in fact
    assert len(help_here) == (0 if says_what_to_do else 1)
    assert all("Choose another" in text for text in help_here)
    assert fact.endswith(".")
    for secret_or_command in ("Secret", "ID-A", "--", "spinecontext", "Traceback", "Error"):
        assert secret_or_command not in quick_window.message.text
    assert quick_window.message.isVisible()
    assert open_dialogs() == []
    assert quick_window.session.case is before
    assert quick_window.views.slices
    assert not quick_window.flow.busy


def test_a_map_of_labels_is_no_ct_where_none_is_open(
    quick_window: MainWindow, bad: Path, qtbot: QtBot
) -> None:
    path = image_of(to_sitk((HU > 0).astype(np.uint8), GRID))(bad)
    with qtbot.waitSignal(quick_window.flow.failed, timeout=LONG):
        drop(quick_window, [path])
    assert "not those of a CT" in quick_window.message.text
    assert quick_window.session.case is None


@pytest.mark.parametrize("name", USED)
def test_an_odd_input_is_used_with_a_warning(
    name: str, quick_window: MainWindow, bad: Path, qtbot: QtBot
) -> None:
    make, warning = USED[name]
    open_and_wait(quick_window, make(bad), qtbot)
    assert warning in quick_window.message.text
    assert quick_window.message.isVisible()
    assert open_dialogs() == []


def test_two_patients_in_one_folder_are_chosen_from(
    quick_window: MainWindow, bad: Path, qtbot: QtBot
) -> None:
    write_series(bad / "a", HU, GRID)
    write_series(bad / "b", HU[:8], GRID, SeriesSettings("B", "1.2.3.9"))

    def choose(dialog: QDialog) -> None:
        assert isinstance(dialog, SeriesDialog)
        dialog.list.setCurrentRow(1)
        dialog.accept()

    when_dialog_shows(SeriesDialog, choose)
    open_and_wait(quick_window, bad, qtbot)
    case = quick_window.session.case
    assert case is not None
    assert case.volume.geometry.size[2] == 8
