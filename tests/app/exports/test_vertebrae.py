"""Vertebrae exported from the window: the same files as on the command line, and a report page."""

import dataclasses
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.cases.session import Case
from app.exports.dialog import ExportDialog
from app.exports.exporting import Exportable, ExportRequest, export
from app.exports.report_vertebrae import VertebraPage
from app.work.jobs import Jobs
from inference.cases.vertebrae import CaseVertebrae, told_of
from inference.mask.figures import measure
from inference.mask.numbering import Numbering
from inference.values.messages import sentence
from inference.values.progress import ignore_progress, never_cancelled
from inference.values.vertebra_names import numbers_from
from tests.app.results import a_result
from tests.mask.test_vertebrae import found_in_phantom, phantom

pytestmark = pytest.mark.usefixtures("qapp")

L1 = 20
KNOWN = {L1: 5}


def vertebrae(*, named: bool) -> CaseVertebrae:
    volume, mask, _ = phantom()
    return told_of(found_in_phantom(), mask, volume, KNOWN if named else {})


def exportable(tmp_path: Path, *, named: bool = True) -> Exportable:
    volume, mask, _ = phantom()
    found = a_result(tmp_path / "threshold.onnx")
    result = dataclasses.replace(found, mask=mask, figures=measure(mask, volume))
    case = Case(volume, segmentation=result, mask=mask)
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    return Exportable.of(case, None, [picture], vertebrae=vertebrae(named=named))


def write(what: Exportable, request: ExportRequest) -> set[str]:
    files = export(what, request, progress=ignore_progress, cancel=never_cancelled)
    assert set(files) == set(request.files) == set(request.folder.iterdir())
    return {path.name for path in files}


def test_the_label_map_has_the_names_that_were_given(tmp_path: Path) -> None:
    what, out = exportable(tmp_path), tmp_path / "out"
    endings = what.vertebra_endings(("nifti", "nrrd"), surfaces=False)
    written = write(what, ExportRequest(out, "a", ("nifti", "nrrd"), endings))
    assert written == {
        "a_spine.nii.gz",
        "a_spine.nrrd",
        "a_vertebrae.nii.gz",
        "a_vertebrae.seg.nrrd",
    }
    labels = sitk.GetArrayFromImage(sitk.ReadImage(str(out / "a_vertebrae.nii.gz")))
    count = found_in_phantom().count
    assert set(np.unique(labels)) == {0, *numbers_from(KNOWN, count)}
    assert np.array_equal(labels == L1, found_in_phantom().labels == 5)


def test_each_vertebra_gets_a_surface_if_that_is_ticked(tmp_path: Path, qtbot: QtBot) -> None:
    what, out = exportable(tmp_path), tmp_path / "out"
    jobs = Jobs()
    dialog = ExportDialog(what, out, ["nifti"], jobs)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog._vertebrae.isChecked()
    assert not dialog._surfaces.isChecked()
    dialog._surfaces.setChecked(True)
    with qtbot.waitSignal(dialog.exported, timeout=60_000):
        dialog._export.click()
    names = {path.name for path in out.iterdir()}
    assert {"phantom_vertebra_T12.stl", "phantom_vertebra_L1.stl"} <= names
    assert len([name for name in names if name.endswith(".stl")]) == found_in_phantom().count
    jobs.finish()


def test_without_vertebrae_nothing_of_them_is_offered(tmp_path: Path, qtbot: QtBot) -> None:
    jobs = Jobs()
    what = dataclasses.replace(exportable(tmp_path), vertebrae=None)
    dialog = ExportDialog(what, tmp_path, ["nifti"], jobs)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._vertebrae.isVisible()
    assert dialog.request.vertebrae == ()
    jobs.finish()


def test_vertebrae_alone_can_be_exported(tmp_path: Path, qtbot: QtBot) -> None:
    jobs = Jobs()
    dialog = ExportDialog(exportable(tmp_path), tmp_path, [], jobs)
    qtbot.addWidget(dialog)
    assert dialog._export.isEnabled()
    assert [path.name for path in dialog.request.files] == ["phantom_vertebrae.nii.gz"]
    dialog._vertebrae.setChecked(False)
    assert not dialog._export.isEnabled()
    assert not dialog._surfaces.isEnabled()
    jobs.finish()


def test_the_report_gets_a_page_with_a_row_for_each_vertebra(tmp_path: Path) -> None:
    what, out = exportable(tmp_path), tmp_path / "out"
    write(what, ExportRequest(out, "a", ("pdf",)))
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not there")
    pdf = str(out / "a_spine.pdf")
    second = ["pdftotext", "-layout", "-f", "2", "-l", "2", pdf, "-"]
    text = subprocess.run(second, capture_output=True, text=True, check=True).stdout
    facts = what.vertebrae
    assert facts is not None
    rows = [line.split() for line in text.splitlines()]
    for name, row in zip(facts.names, facts.table, strict=True):
        shown = next(one for one in rows if one and one[0] == name)
        assert shown[1].removesuffix("*") == f"{row.volume_ml:.1f}"


def test_a_proposal_is_told_as_one_with_its_reason() -> None:
    counted = vertebrae(named=False)
    reason = sentence("The sacrum is in view: the vertebra above it is taken for L5.")
    numbers = numbers_from(KNOWN, counted.found.count)
    proposed = dataclasses.replace(counted, proposal=Numbering(numbers, reason, KNOWN, False))
    volume, _, _ = phantom()
    page = VertebraPage.of(proposed, volume)
    assert page.rows[4][0] == "L1?"
    assert "sacrum" in page.told[0]
    assert "<i>L1?</i>" in page.html()
    assert "<i>" not in VertebraPage.of(counted, volume).html()
