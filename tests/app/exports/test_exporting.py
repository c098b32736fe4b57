"""Exports from the window: each file is read back; and the dialog."""

import datetime
import os
import re
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
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.cases.session import Case, Origin
from app.exports.dialog import ExportDialog
from app.exports.exporting import SUFFIXES, Exportable, ExportRequest, export
from app.exports.picture import compose
from app.exports.report_pdf import Report, ReportFacts, RunFacts, write_report_pdf
from app.exports.report_pictures import ReportPicture
from app.wording import date_text
from app.work.jobs import Jobs
from inference import open_ct
from inference.errors import CancelledError, DefectError, OutputError, UsageError
from inference.export.images import write_nifti
from inference.mask.figures import MaskFigures, measure
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
from tests.app.languages import speaking
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
    figures=MaskFigures(469.3, 431.0, (81.2, 92.4, 410.0), 262.4, 118.0),
    run=RUN,
    origin=Origin.RUN,
    corrected=False,
    warnings=("The gantry was tilted by 12.0°.",),
)


def report_picture(title: str, size_mm: tuple[float, float], colour: str) -> ReportPicture:
    image = QImage(200, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return ReportPicture(title, image, size_mm, ("A", "P", "H", "F"))


PICTURES = (
    report_picture("Sagittal", (120.0, 400.0), "red"),
    report_picture("From the front", (90.0, 410.0), "blue"),
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
    return Exportable("CT 1", a_mask(), source, a_picture, lambda _: Report(FACTS, PICTURES))


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


def crash(*arguments: object) -> None:  # noqa: ARG001
    os._exit(9)


def test_a_crash_of_the_process_that_writes_is_told_and_leaves_nothing(
    dicom: DicomSource, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.work.writing.write", crash)
    request = ExportRequest(out, "case", ("nifti", "dicomseg"))
    with pytest.raises(DefectError, match="DICOM segmentation stopped unexpectedly"):
        export(exportable(dicom), request, progress=ignore_progress, cancel=never_cancelled)
    assert not out.exists()


def test_a_cancelled_export_leaves_nothing(out: Path) -> None:
    request = ExportRequest(out, "case", ("nifti", "png"))
    answers = iter([False, True, True])
    with pytest.raises(CancelledError):
        export(exportable(), request, progress=ignore_progress, cancel=lambda: next(answers))
    assert not out.exists()


def without_a_spine() -> Exportable:
    return replace(exportable(), mask=Mask(np.zeros(GEOMETRY.shape, np.uint8), GEOMETRY))


def test_of_a_mask_without_a_spine_all_but_the_surface_is_written(
    out: Path, dialog_for: ShowDialog, qtbot: QtBot
) -> None:
    dialog = dialog_for(without_a_spine(), out)
    with qtbot.waitSignal(dialog.exported, timeout=10_000):
        button(dialog, "Export").click()
    assert [path.name for path in out.iterdir()] == ["CT 1_spine.nii.gz"]
    assert "no surface" in told(dialog)


def test_a_mask_without_a_spine_has_no_surface_to_export(out: Path) -> None:
    request = ExportRequest(out, "case", ("stl",))
    with pytest.raises(UsageError, match="no surface to write"):
        export(without_a_spine(), request, progress=ignore_progress, cancel=never_cancelled)
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
    plain = what.picture()
    strip = QRect(0, plain.height() - 20, plain.width() // 2, 20)
    assert QImage(str(out / "Frau M._spine.png")).copy(strip) != plain.copy(strip)


def write_report(path: Path, facts: ReportFacts) -> None:
    with path.open("wb") as file:
        write_report_pdf(file, Report(facts, PICTURES), "CT 1", "28 November 2026")


def words_with_places(path: Path) -> list[tuple[str, float, float, float, float]]:
    """All words of a PDF with left, top, right and bottom in points."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not here")
    command = [tool, "-bbox", str(path), "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number = r'"([-0-9.]+)"'
    word = rf"<word xMin={number} yMin={number} xMax={number} yMax={number}>([^<]*)<"
    return [(w, *map(float, place)) for *place, w in re.findall(word, told)]  # type: ignore[misc]


def page_image(path: Path) -> QImage:
    """The page of a PDF, one pixel per point."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        pytest.skip("pdftoppm (poppler-utils) is not here")
    stem = path.with_suffix("")
    command = [tool, "-r", "72", "-png", "-singlefile", str(path), str(stem)]
    subprocess.run(command, check=True)
    return QImage(f"{stem}.png")


def test_the_report_has_one_page_with_the_figures(out: Path) -> None:
    out.mkdir(parents=True)
    write_report(out / "report.pdf", FACTS)
    text = pdf_text(out / "report.pdf")
    assert text.count("\f") == 1
    for expected in (
        "469.3 mL",
        "431 mm",
        "81 × 92 × 410 mm",
        "262 ± 118 HU",
        "SpineContextResUNet 1.0",
        "1 min 15 s",
        "93 %",
        f"SpineContext Desktop {version_text()}",
        "The gantry was tilted by 12.0°.",
        "for research use, not for diagnosis",
        "Limits:",
        "CT 1, 28 November 2026",
        *(picture.title for picture in PICTURES),
    ):
        assert expected in re.sub(r"\s+", " ", text)


LONG_NAMES = (
    "1.2.840.113619.2.55.3.604688119.969.1268071029.320.9999999999999",
    "CT_Abdomen_venoes_1.5mm_B30f_0004 " * 7,
    "x" * 240,
)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", LONG_NAMES)
def test_nothing_of_a_full_report_lies_outside_of_its_page_or_on_another_word(
    out: Path, qapp: QApplication, language: str, name: str
) -> None:
    out.mkdir(parents=True)
    path = out / "report.pdf"
    measured = tuple((f"HU in a circle, sagittal {n}/999", f"{n}383 ± 75 HU") for n in range(20))
    full = replace(
        FACTS,
        run=replace(RUN, unsure=True, model="a_model_of_ones_own_" * 4),
        warnings=("A sentence that a reader should know of. " * 4,) * 12,
        measurements=measured,
    )
    with speaking(language, qapp), path.open("wb") as file:
        write_report_pdf(file, Report(full, PICTURES), name, date_text(datetime.date.today()))
    assert pdf_text(path).count("\f") == 1
    words = words_with_places(path)
    width, height = 595, 842
    for word, left, top, right, bottom in words:
        assert 40 < left < right < width - 40, word
        assert 40 < top < bottom < height - 40, word
    for one, (word, left, top, right, bottom) in enumerate(words):
        middle = (left + right) / 2, (top + bottom) / 2
        for other, *place in words[:one]:
            within = place[0] < middle[0] < place[2] and place[1] < middle[1] < place[3]
            assert not within or word == other, f"{word} on {other}"  # letters have shadows


def alike(one: QColor, other: QColor) -> bool:
    """Whether two colours are the same except for losses of a compressed picture."""
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)  # type: ignore[call-overload]
    return all(abs(a - b) < 40 for a, b in pairs)


def test_the_pictures_are_whole_side_by_side_and_at_one_scale(out: Path) -> None:
    out.mkdir(parents=True)
    write_report(out / "report.pdf", FACTS)
    page = page_image(out / "report.pdf")
    sizes = []
    for colour in (QColor("red"), QColor("blue")):
        pixels = [
            (x, y)
            for y in range(page.height())
            for x in range(page.width())
            if alike(page.pixelColor(x, y), colour)
        ]
        xs, ys = zip(*pixels, strict=True)
        sizes.append((max(xs) - min(xs) + 1, max(ys) - min(ys) + 1))
    (width, height), (_, other_height) = sizes
    assert width / height == pytest.approx(120 / 400, rel=0.03)
    assert height / other_height == pytest.approx(400 / 410, rel=0.02)
    assert height > 200, "a quarter of the page and more"


def test_a_report_without_a_spine_says_so_and_has_no_pictures(out: Path) -> None:
    out.mkdir(parents=True)
    nothing = MaskFigures(0.0, None, (0.0, 0.0, 0.0), None, None)
    with (out / "report.pdf").open("wb") as file:
        write_report_pdf(file, Report(replace(FACTS, figures=nothing), ()), "x", "today")
    text = pdf_text(out / "report.pdf")
    assert "No spine was found in this CT." in text
    assert "not measurable" in text
    assert "Sagittal" not in text


def test_figures_that_are_not_known_yet_are_measured_for_the_report(tmp_path: Path) -> None:
    found = a_result(tmp_path / "threshold.onnx")
    volume = Volume(np.full(GEOMETRY.shape, 77, np.int16), GEOMETRY, "CT 1")
    case = Case(volume, found, found.mask)
    report = Exportable.of(case, None, [a_picture()]).report(never_cancelled)
    assert report.facts.figures == measure(found.mask, volume)
    assert report.facts.figures.mean_hu == 77
    assert len(report.pictures) == 4
    with pytest.raises(CancelledError):
        Exportable.of(case, None, [a_picture()]).report(lambda: True)


def test_a_report_names_no_file_and_no_folder(tmp_path: Path) -> None:
    found = a_result(tmp_path / "threshold.onnx")
    told = sentence(
        "{0} is one file of a series; the whole series beside it was read.", "MUSTERMANN^MAX.dcm"
    )
    volume = Volume(
        np.zeros(found.mask.geometry.shape, np.int16), found.mask.geometry, "CT", (told,)
    )
    case = Case(volume, segmentation=found, mask=found.mask)
    facts = ReportFacts.of(case, measure(found.mask, volume))
    assert facts.warnings == ("… is one file of a series; the whole series beside it was read.",)


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
    write_report(out / "report.pdf", replace(FACTS, run=None, origin=Origin.FILE, corrected=None))
    text = pdf_text(out / "report.pdf")
    assert "opened from a" in text
    assert "Limits:" in text
    for word in ("Model", "SHA-256", "Time of the run", "corrections", "neural network"):
        assert word not in text
    write_report(out / "changed.pdf", replace(FACTS, run=None, origin=Origin.FILE, corrected=True))
    assert "Manual corrections" in pdf_text(out / "changed.pdf")


def test_the_report_of_restored_corrections_says_that_they_are(out: Path) -> None:
    out.mkdir(parents=True)
    write_report(
        out / "report.pdf", replace(FACTS, run=None, origin=Origin.RESTORED, corrected=True)
    )
    text = " ".join(pdf_text(out / "report.pdf").split())
    assert "restored with" in text
    assert "corrected by hand and restored" in text
    assert "Manual corrections" in text
    for word in ("opened from a", "neural network"):
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


def test_an_export_never_replaces_its_ct(
    out: Path, dialog_for: ShowDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CT that is named like a mask, whose name was typed for the export."""
    out.mkdir(parents=True)
    ct = out / "CT 1_spine.nii.gz"
    with ct.open("wb") as file:
        write_nifti(a_mask(), file)
    before = ct.read_bytes()
    asked: list[str] = []
    monkeypatch.setattr("app.widgets.dialogs.agreed", lambda *words: asked.append(words[1]))
    dialog = dialog_for(replace(exportable(), ct=ct), out)
    qtbot.mouseClick(button(dialog, "Export"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog._job is None)
    assert "CT 1_spine.nii.gz is an input, and a result would replace it" in told(dialog)
    assert asked == []
    assert ct.read_bytes() == before
    assert list(out.iterdir()) == [ct]


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
        with qtbot.waitSignal(dialog.ended):
            button(dialog, "Export").click()
        assert button(dialog, "Export").isEnabled()
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
    with qtbot.waitSignal(dialog.exported, timeout=30_000):
        button(dialog, "Export").click()
    assert pydicom.dcmread(out / "CT 1_spine.dcm").Modality == "SEG"


@pytest.mark.parametrize(
    ("error", "offered"), [(ZeroDivisionError(), True), (OutputError("The disk is full."), False)]
)
def test_the_details_of_a_failed_export_are_offered_where_there_are_any(
    error: Exception,
    offered: bool,
    out: Path,
    dialog_for: ShowDialog,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("app.exports.dialog.export", fail)
    dialog = dialog_for(exportable(), out)
    assert not button(dialog, "Copy details").isVisible()
    with qtbot.waitSignal(dialog.ended):
        qtbot.mouseClick(button(dialog, "Export"), Qt.MouseButton.LeftButton)
    assert button(dialog, "Copy details").isVisible() == offered


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
