"""Exports of the window: each file read back, and the dialog around them."""

import datetime
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.exports.dialog import ExportDialog
from app.exports.exporting import SUFFIXES, Exportable, ExportRequest, export
from app.exports.picture import compose
from app.exports.report_pdf import ReportFacts, RunFacts, write_report_pdf
from app.wording import date_text
from app.work.jobs import Jobs
from inference import open_ct
from inference.errors import CancelledError
from inference.mask.figures import measure
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.progress import (
    CancelCheck,
    Progress,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
    stop_if,
)
from inference.values.volume import DicomSource, Volume
from inference.version import version_text
from tests.app.results import a_result
from tests.read.dicom_factory import head_up_ct, write_series

pytestmark = pytest.mark.usefixtures("qapp")

ShowDialog = Callable[[Exportable, Path], ExportDialog]

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
RUN = RunFacts(
    model="SpineContextResUNet 1.0",
    sha256="ab" * 32,
    seconds=75.0,
    finder_confidence=0.93,
    unsure=False,
)
FACTS = ReportFacts(
    geometry=GEOMETRY,
    volume_ml=469.3,
    extent_mm=(81.2, 92.4, 410.0),
    run=RUN,
    corrected=False,
    warnings=("The gantry was tilted by 12.0°.",),
)


def a_picture() -> QImage:
    views = []
    for colour in ("red", "green", "blue"):
        view = QImage(160, 120, QImage.Format.Format_RGB32)
        view.fill(QColor(colour))
        views.append(view)
    return compose(views)


def a_mask() -> Mask:
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[2:9, 4:14, 5:18] = 1
    return Mask(voxels, GEOMETRY)


def exportable(source: DicomSource | None = None) -> Exportable:
    return Exportable("CT 1", a_mask(), source, a_picture(), FACTS)


@pytest.fixture
def dicom(tmp_path: Path) -> DicomSource:
    write_series(tmp_path / "ct", head_up_ct(GEOMETRY), GEOMETRY)
    source = open_ct(tmp_path / "ct").source
    assert source is not None
    return source


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "Ausgänge" / "heute"


def test_every_format_is_written_and_reads_back(dicom: DicomSource, out: Path) -> None:
    request = ExportRequest(out, "CT 1", tuple(SUFFIXES))
    files = export(exportable(dicom), request, progress=ignore_progress, cancel=never_cancelled)
    assert sorted(files) == sorted(out.iterdir())
    for name in ("CT 1_spine.nii.gz", "CT 1_spine.nrrd"):
        image = sitk.ReadImage(str(out / name))
        assert np.array_equal(sitk.GetArrayFromImage(image), a_mask().voxels)
        assert image.GetOrigin() == pytest.approx(GEOMETRY.origin, abs=1e-4)
    segmentation = highdicom.seg.segread(out / "CT 1_spine.dcm")
    assert np.count_nonzero(segmentation.pixel_array) == np.count_nonzero(a_mask().voxels)
    assert (out / "CT 1_spine.stl").stat().st_size > 84
    picture = QImage(str(out / "CT 1_spine.png"))
    assert picture.pixelColor(80, 60) == QColor("red")
    assert (out / "CT 1_spine.pdf").read_bytes().startswith(b"%PDF")


def test_only_the_dicom_segmentation_carries_the_patient(dicom: DicomSource, out: Path) -> None:
    request = ExportRequest(out, "case", tuple(SUFFIXES))
    files = export(exportable(dicom), request, progress=ignore_progress, cancel=never_cancelled)
    for path in files:
        content = path.read_bytes()
        told = any(secret in content for secret in (b"Secret", b"ID-A", b"19700101"))
        assert told == (path.suffix == ".dcm")


def test_a_cancelled_export_leaves_nothing(out: Path) -> None:
    request = ExportRequest(out, "case", ("nifti", "png"))
    answers = iter([False, True, True])
    with pytest.raises(CancelledError):
        export(exportable(), request, progress=ignore_progress, cancel=lambda: next(answers))
    assert not out.exists()


def test_a_failing_export_leaves_what_was_there(dicom: DicomSource, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "case_spine.nii.gz").write_bytes(b"old")
    shutil.rmtree(dicom.path)
    request = ExportRequest(out, "case", ("nifti", "dicomseg"))
    with pytest.raises(Exception, match="nothing at"):
        export(exportable(dicom), request, progress=ignore_progress, cancel=never_cancelled)
    assert [path.name for path in out.iterdir()] == ["case_spine.nii.gz"]
    assert (out / "case_spine.nii.gz").read_bytes() == b"old"


def pdf_text(path: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not here")
    command = [tool, "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_picture_and_report_carry_the_typed_name_and_the_date(out: Path) -> None:
    today = date_text(datetime.date.today())
    what = exportable()
    export(
        what,
        ExportRequest(out, "Frau M.", ("png", "pdf")),
        progress=ignore_progress,
        cancel=never_cancelled,
    )
    assert f"Frau M., {today}" in pdf_text(out / "Frau M._spine.pdf")
    strip = QRect(0, what.picture.height() - 20, what.picture.width() // 2, 20)
    assert QImage(str(out / "Frau M._spine.png")).copy(strip) != what.picture.copy(strip)


def write_report(path: Path, facts: ReportFacts) -> None:
    with path.open("wb") as file:
        write_report_pdf(file, facts, a_picture())


def test_the_report_has_one_page_with_the_figures(out: Path) -> None:
    out.mkdir(parents=True)
    write_report(out / "report.pdf", FACTS)
    text = pdf_text(out / "report.pdf")
    assert text.count("\f") == 1
    for expected in (
        "469.3 mL",
        "81 × 92 × 410 mm",
        "SpineContextResUNet 1.0",
        "1 min 15 s",
        "93 %",
        f"SpineContext Desktop {version_text()}",
        "The gantry was tilted by 12.0°.",
        "for research use, not for diagnosis",
    ):
        assert expected in text


def test_a_report_names_no_file_and_no_folder(tmp_path: Path) -> None:
    found = a_result(tmp_path / "threshold.onnx")
    told = sentence("{0} is one slice; the whole series beside it was read.", "MUSTERMANN^MAX.dcm")
    volume = Volume(
        np.zeros(found.mask.geometry.shape, np.int16), found.mask.geometry, "CT", (told,)
    )
    facts = ReportFacts.of(volume, found, found.mask, measure(found.mask, volume))
    assert facts.warnings == ("… is one slice; the whole series beside it was read.",)


def test_a_report_with_many_warnings_still_has_one_page(out: Path) -> None:
    out.mkdir(parents=True)
    unsure = replace(RUN, unsure=True)
    many = replace(FACTS, run=unsure, warnings=("Word " * 60,) * 8)
    write_report(out / "report.pdf", many)
    text = pdf_text(out / "report.pdf")
    assert text.count("\f") == 1
    assert "Unsure" in text


def test_the_report_of_a_mask_from_a_file_names_no_model(out: Path) -> None:
    out.mkdir(parents=True)
    write_report(out / "report.pdf", replace(FACTS, run=None, corrected=True))
    text = pdf_text(out / "report.pdf")
    assert "opened from a" in text
    for word in ("Model", "SHA-256", "Time of the run", "corrections"):
        assert word not in text


def test_the_report_names_what_was_measured_as_far_as_there_is_room(out: Path) -> None:
    out.mkdir(parents=True)
    measured = tuple((f"Distance, axial {n}/99", f"{n}.5 mm") for n in range(1, 16))
    write_report(out / "few.pdf", replace(FACTS, measurements=measured[:2]))
    few = pdf_text(out / "few.pdf")
    assert "Distance, axial 2/99" in few
    assert "2.5 mm" in few
    assert "more measurements" not in few
    write_report(out / "many.pdf", replace(FACTS, measurements=measured))
    many = pdf_text(out / "many.pdf")
    assert many.count("\f") == 1
    assert "12.5 mm" in many
    assert "13.5 mm" not in many
    assert "3 more measurements" in many


@pytest.fixture
def dialog_for(jobs: Jobs, qtbot: QtBot) -> ShowDialog:
    def show(what: Exportable, folder: Path) -> ExportDialog:
        dialog = ExportDialog(what, folder, ("nifti", "stl"), jobs)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def box(dialog: ExportDialog, word: str) -> QCheckBox:
    return next(b for b in dialog.findChildren(QCheckBox) if word in b.text().replace("&", ""))


def button(dialog: ExportDialog, text: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == text)


def told(dialog: ExportDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_the_dialog_exports_and_shows_the_folder(
    out: Path, dialog_for: ShowDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = dialog_for(exportable(), out)
    box(dialog, "report").setChecked(True)
    with qtbot.waitSignal(dialog.exported) as exported:
        qtbot.mouseClick(button(dialog, "Export"), Qt.MouseButton.LeftButton)
    assert exported.args[0].formats == ("nifti", "stl", "pdf")
    assert sorted(path.name for path in out.iterdir()) == [
        "CT 1_spine.nii.gz",
        "CT 1_spine.pdf",
        "CT 1_spine.stl",
    ]
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    qtbot.mouseClick(button(dialog, "Show in folder"), Qt.MouseButton.LeftButton)
    assert Path(opened[0].toLocalFile()) == out


@pytest.mark.parametrize("replace", [True, False])
def test_the_dialog_asks_before_it_replaces_files(
    replace: bool, out: Path, dialog_for: ShowDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir(parents=True)
    (out / "CT 1_spine.stl").write_bytes(b"old")
    questions = []

    def answer(_parent: object, question: str, _yes: str) -> bool:
        questions.append(question)
        return replace

    monkeypatch.setattr("app.widgets.dialogs.agreed", answer)
    dialog = dialog_for(exportable(), out)
    if replace:
        with qtbot.waitSignal(dialog.exported):
            button(dialog, "Export").click()
    else:
        button(dialog, "Export").click()
    assert "CT 1_spine.stl" in questions[0]
    assert ((out / "CT 1_spine.stl").read_bytes() != b"old") == replace


def test_a_ct_that_is_no_dicom_cannot_be_exported_as_dicom(
    out: Path, dialog_for: ShowDialog
) -> None:
    dialog = dialog_for(exportable(), out)
    choice = box(dialog, "DICOM segmentation")
    assert not choice.isEnabled()
    assert "opened as DICOM" in choice.toolTip()


def test_a_dicom_ct_can(
    dicom: DicomSource, out: Path, dialog_for: ShowDialog, qtbot: QtBot
) -> None:
    dialog = dialog_for(exportable(dicom), out)
    assert "the patient's name" not in told(dialog)
    box(dialog, "DICOM segmentation").setChecked(True)
    assert "the patient's name" in told(dialog)
    with qtbot.waitSignal(dialog.exported):
        button(dialog, "Export").click()
    assert pydicom.dcmread(out / "CT 1_spine.dcm").Modality == "SEG"


def test_the_dialog_says_what_is_missing(out: Path, dialog_for: ShowDialog) -> None:
    dialog = dialog_for(exportable(), out)
    for choice in dialog.findChildren(QCheckBox):
        choice.setChecked(False)
    assert not button(dialog, "Export").isEnabled()
    assert "at least one" in told(dialog)
    box(dialog, "NIfTI").setChecked(True)
    name = next(e for e in dialog.findChildren(QLineEdit) if e.text() == "CT 1")
    name.setText("a/b")
    assert not button(dialog, "Export").isEnabled()
    assert "name" in told(dialog)


def test_a_long_export_says_which_file_it_writes_and_that_it_is_being_cancelled(
    out: Path, dialog_for: ShowDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow_export(
        _exportable: Exportable,
        request: ExportRequest,
        *,
        progress: ProgressCallback,
        cancel: CancelCheck,
    ) -> object:
        progress(Progress("write", 1, len(request.formats)))
        go_on.wait()
        stop_if(cancel)
        return ()

    monkeypatch.setattr("app.exports.dialog.export", slow_export)
    dialog = dialog_for(exportable(), out)
    button(dialog, "Export").click()
    qtbot.waitUntil(lambda: "Writing CT 1_spine.stl (file 2 of 2)" in told(dialog))
    dialog.reject()
    assert dialog.isVisible()
    assert "Cancelling." in told(dialog)
    assert not button(dialog, "Cancel").isEnabled()
    go_on.set()
    qtbot.waitUntil(lambda: "Nothing was written" in told(dialog))
    dialog.reject()
    assert not dialog.isVisible()


def test_a_failure_is_told_and_can_be_tried_again(
    tmp_path: Path, dialog_for: ShowDialog, qtbot: QtBot
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    dialog = dialog_for(exportable(), blocked / "out")
    button(dialog, "Export").click()
    qtbot.waitUntil(lambda: "cannot be written" in told(dialog))
    assert button(dialog, "Export").isEnabled()
