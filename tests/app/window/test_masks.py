"""Masks from files on the open CT, to correct and to compare."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.corrections.tools import Tool
from app.exports.exporting import Exportable
from app.slices.planes import Plane
from app.window.main_window import MainWindow
from inference.export.dicomseg import write_dicom_seg
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.windows.resampling import to_sitk
from tests.app.conftest import GEOMETRY
from tests.app.dialogs import when_dialog_shows
from tests.app.dropping import LONG, drop, open_and_wait


def mask_file(
    folder: Path, name: str, planes: slice, geometry: Geometry = GEOMETRY
) -> tuple[Path, NDArray[np.uint8]]:
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[planes, 10:20, 12:24] = 1
    sitk.WriteImage(to_sitk(voxels, geometry), str(folder / name))
    return folder / name, voxels


@pytest.fixture
def window(quick_window: MainWindow, ct_folder: Path, qtbot: QtBot) -> MainWindow:
    open_and_wait(quick_window, ct_folder, qtbot)
    return quick_window


def mask_of(window: MainWindow) -> Mask | None:
    assert window.session.case is not None
    return window.session.case.mask


def drop_mask(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    drop(window, [path])
    assert window.masks.busy
    qtbot.waitUntil(lambda: not window.masks.busy, timeout=LONG)


def answer(text: str) -> None:
    """Press the button with this text in the next question."""

    def press(box: object) -> None:
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text() == text).click()

    when_dialog_shows(QMessageBox, press)


def shown(window: MainWindow, name: str) -> str:
    label = window.comparison.findChild(QLabel, f"comparison_{name}")
    assert isinstance(label, QLabel)
    return label.text()


def test_a_mask_dropped_on_its_ct_can_be_corrected_and_exported(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path, voxels = mask_file(tmp_path, "mask.nii.gz", slice(6, 12))
    drop_mask(window, path, qtbot)
    mask = mask_of(window)
    assert mask is not None
    assert np.array_equal(mask.voxels, voxels)
    assert window.toolbar.isVisible()
    assert not window.session.case.unsaved, "it lies in its file"  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.figures.known is not None, timeout=LONG)
    assert window.figures.known is not None
    assert window.look.cursor == (18, 14, 8), "one sees it at once"
    case = window.session.case
    assert case is not None
    picture = window.views.slices[Plane.AXIAL].picture(1)
    assert Exportable.of(case, window.figures.known, [picture] * 4).mask is mask


def test_what_a_person_changed_in_a_mask_from_a_file_is_told_once_it_is_known(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    def corrected_by_hand() -> object:
        qtbot.waitUntil(lambda: window.figures.table is not None, timeout=LONG)
        table = window.figures.table
        assert table is not None
        return dict(zip(table.header, table.rows[0], strict=True))["Corrected by hand"]

    path, _ = mask_file(tmp_path, "mask.nii.gz", slice(6, 12))
    drop_mask(window, path, qtbot)
    assert corrected_by_hand() == "unknown"
    window.toolbar.choose(Tool.BRUSH)
    qtbot.waitUntil(lambda: not window.jobs.live, timeout=LONG)
    window.look.move_cursor((3, 3, 9))
    window.views.slices[Plane.AXIAL].press_at_crosshair()
    assert corrected_by_hand() == "yes"
    window.toolbar.undo_asked.emit(1)
    assert corrected_by_hand() == "unknown"


def test_a_mask_that_a_run_overtakes_is_told_of(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path, _ = mask_file(tmp_path, "mask.nii.gz", slice(6, 12))
    drop(window, [path])
    window.run()
    assert window.masks.busy
    qtbot.waitUntil(lambda: not window.masks.busy, timeout=LONG)
    assert "The mask was not opened" in window.message.text
    qtbot.waitUntil(lambda: not window.queue.busy, timeout=LONG)


def test_of_a_label_map_the_user_is_told_that_all_of_it_counts(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path, voxels = mask_file(tmp_path, "labels.nrrd", slice(6, 12))
    voxels[8] *= 7
    sitk.WriteImage(to_sitk(voxels, GEOMETRY), str(path))
    drop_mask(window, path, qtbot)
    assert "2 structures" in window.message.text


def test_a_mask_of_another_ct_is_refused_and_all_stays(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Geometry(GEOMETRY.size, (1.0, 1.5, 2.0))
    path, _ = mask_file(tmp_path, "other.nii.gz", slice(6, 12), other)
    drop_mask(window, path, qtbot)
    assert "does not lie on the grid" in window.message.text
    assert mask_of(window) is None


def test_a_segmentation_that_is_no_good_is_refused_as_a_mask_and_not_as_a_ct(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    case = window.session.case
    assert case is not None and case.volume.source is not None
    geometry = case.volume.geometry
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[6:12, 10:20, 12:24] = 1
    path = tmp_path / "seg.dcm"
    with path.open("wb") as file:
        write_dicom_seg(Mask(voxels, geometry), case.volume.source, file)
    dataset = pydicom.dcmread(path)
    for group in dataset.PerFrameFunctionalGroupsSequence:
        del group.PlanePositionSequence
    dataset.save_as(path)
    drop_mask(window, path, qtbot)
    assert "This mask cannot be used" in window.message.text
    assert window.session.case is case


def test_another_ct_dropped_on_a_case_is_opened_as_a_ct(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    hu = np.random.default_rng(0).integers(-130, -70, GEOMETRY.shape, np.int16)  # as noisy as a CT
    hu[4:26, 10:24, 12:28] += 500
    image = sitk.GetImageFromArray(hu)
    image.SetSpacing(GEOMETRY.spacing)
    sitk.WriteImage(image, str(tmp_path / "second.nii.gz"))
    drop(window, [tmp_path / "second.nii.gz"])
    qtbot.waitUntil(
        lambda: window.session.case is not None and window.session.case.volume.name == "second",
        timeout=LONG,
    )


def test_a_second_mask_is_compared_until_the_comparison_is_closed(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    first, voxels = mask_file(tmp_path, "first.nii.gz", slice(6, 12))
    second, _ = mask_file(tmp_path, "second.nrrd", slice(6, 9))
    drop_mask(window, first, qtbot)
    answer("&Compare")
    drop_mask(window, second, qtbot)
    mask = mask_of(window)
    assert mask is not None
    assert np.array_equal(mask.voxels, voxels)
    qtbot.waitUntil(lambda: shown(window, "Dice") == "0.667", timeout=LONG)
    assert shown(window, "apart").startswith("95 % within ")
    assert shown(window, "own") == "3.2 mL\n1.6 mL of it only here"
    assert shown(window, "other") == "1.6 mL\n0.0 mL of it only here"
    window.look.move_cursor((18, 14, 7))
    assert _outlined(window)
    window.session.set_mask(Mask(voxels * 0, mask.geometry, corrected=True))
    qtbot.waitUntil(lambda: shown(window, "Dice") == "0.000", timeout=LONG)
    assert shown(window, "apart") == "none: a mask is empty"
    close = next(
        b for b in window.comparison.findChildren(QPushButton) if b.text() == "Close comparison"
    )
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.comparison.isVisible()
    assert not _outlined(window)


def _outlined(window: MainWindow) -> bool:
    """Whether a line is drawn around another mask."""
    view = window.views.slices[Plane.AXIAL]
    view.catch_up()
    return any(line.isVisible() for line in view._other_spine._lines)


def test_a_comparison_ends_with_its_case(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    first, _ = mask_file(tmp_path, "first.nii.gz", slice(6, 12))
    drop_mask(window, first, qtbot)
    answer("&Compare")
    drop_mask(window, first, qtbot)
    qtbot.waitUntil(window.comparison.isVisible, timeout=LONG)
    window.opener.close_case()
    assert not window.comparison.isVisible()
    assert not _outlined(window)


@pytest.mark.parametrize("worked_out", [True, False])
def test_corrections_are_not_lost_to_another_mask_without_a_question(
    worked_out: bool, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    first, voxels = mask_file(tmp_path, "first.nii.gz", slice(6, 12))
    drop_mask(window, first, qtbot)
    corrected = Mask(voxels, GEOMETRY, corrected=True)
    window.session.set_mask(corrected)
    if not worked_out:
        window.session.mark_saved()
    answer("&Open instead")
    questions: list[str] = []

    def stay(parent: object, question: str, yes: str) -> bool:  # noqa: ARG001
        questions.append(question)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.window.mask_opener.agreed", stay)
        patch.setattr(window.masks, "_changing", lambda: not worked_out)
        drop_mask(window, first, qtbot)
    assert "corrections will be lost" in questions[0]
    assert mask_of(window) is corrected
