"""The folders suggested for exports are never another patient's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.cases.export_places import ExportPlaces, folder_above, folder_of
from app.cases.inputs import demo_ct
from app.cases.session import Case
from app.work.keeping import Keeping
from inference.values.geometry import Geometry
from inference.values.patient_facts import PatientFacts
from inference.values.volume import DicomSource, Volume

GEOMETRY = Geometry((4, 4, 4), (1.0, 1.0, 1.0))


def case(path: Path, patient: str = "", dicom: bool = False) -> Case:
    """A CT of a patient that lies at ``path``."""
    source = DicomSource(path, "1.2") if dicom else None
    voxels = np.zeros(GEOMETRY.shape, np.int16)
    volume = Volume(voxels, GEOMETRY, path.stem, (), source, PatientFacts(patient))
    return Case(volume, path=path)


@pytest.fixture
def keeping() -> Keeping:
    return Keeping()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "exports.json"


@pytest.fixture
def places(file: Path, keeping: Keeping) -> ExportPlaces:
    return ExportPlaces(file, keeping)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


DOCUMENTS = Path("documents")


def offered(places: ExportPlaces, of: Case, chosen: Path | None) -> Path:
    return places.offered(of, chosen, places.writable(of) or DOCUMENTS)


def test_the_first_export_goes_beside_the_ct(places: ExportPlaces, tmp_path: Path) -> None:
    series = tmp_path / "archive" / "study"
    series.mkdir(parents=True)
    (series / "slice1").touch()
    for path in (series, series / "slice1"):
        assert offered(places, case(path, dicom=True), None) == tmp_path / "archive"
    file = case(tmp_path / "archive" / "ct.nii.gz")
    assert offered(places, file, None) == tmp_path / "archive"
    assert folder_of(case(demo_ct())) is None
    assert offered(places, case(demo_ct()), None) == DOCUMENTS
    gone = case(tmp_path / "gone" / "ct.nii.gz")
    assert offered(places, gone, None) == DOCUMENTS


def test_the_next_patient_is_offered_the_folder_above_and_the_same_case_its_own(
    places: ExportPlaces, exports: Path, tmp_path: Path
) -> None:
    first = case(tmp_path / "a.nii.gz")
    offered(places, first, None)
    places.note(first, exports / "whoever")
    assert offered(places, first, None) == exports / "whoever"
    assert offered(places, case(tmp_path / "b.nii.gz"), None) == exports


def test_what_the_settings_name_is_offered_to_all(
    places: ExportPlaces, exports: Path, tmp_path: Path
) -> None:
    first = case(tmp_path / "a.nii.gz")
    places.note(first, exports / "whoever")
    second = case(tmp_path / "b.nii.gz")
    assert offered(places, second, tmp_path / "spines") == tmp_path / "spines"


@pytest.mark.parametrize("folder", ["MUELLER", "Mueller_Anna_1950", "müller", "muller", "x anna y"])
def test_a_folder_that_is_called_by_the_patient_is_not_kept(
    folder: str, exports: Path, tmp_path: Path
) -> None:
    of = case(tmp_path / "cts" / "a.nii.gz", "Müller, Anna")
    assert folder_above(exports / folder / "2024" / "spine", of) == exports


def test_a_folder_that_holds_the_ct_too_may_be_the_patients(tmp_path: Path) -> None:
    of = case(tmp_path / "somebody" / "ct.nii.gz")
    assert folder_above(tmp_path / "somebody" / "results", of) is None


def test_a_folder_where_two_patients_went_is_nobodys(
    places: ExportPlaces, exports: Path, tmp_path: Path
) -> None:
    one, other, third = (
        case(tmp_path / f"{name}.nii.gz", name) for name in ("Müller", "Meier", "Huber")
    )
    for of in (one, other):
        offered(places, of, None)
        places.note(of, exports)
    assert offered(places, third, None) == exports


def test_a_folder_where_two_cts_of_one_patient_went_is_the_patients(
    places: ExportPlaces, exports: Path, tmp_path: Path
) -> None:
    one = case(tmp_path / "a.nii.gz", "Müller, Anna")
    again = case(tmp_path / "b.nii.gz", "MÜLLER, ANNA")
    unknown = case(tmp_path / "c.nii.gz")
    for of in (one, again, unknown):
        offered(places, of, None)
        places.note(of, exports / "hers")
    assert offered(places, case(tmp_path / "d.nii.gz"), None) == exports


def test_an_accepted_offer_stays_and_clearing_forgets_all(
    places: ExportPlaces, exports: Path, file: Path, keeping: Keeping, tmp_path: Path
) -> None:
    first, second, third = (case(tmp_path / f"{name}.nii.gz") for name in "abc")
    places.note(first, exports / "a")
    assert offered(places, second, None) == exports
    places.note(second, exports)
    assert offered(places, third, None) == exports
    again = ExportPlaces(file, keeping)
    assert offered(again, third, None) == exports
    again.clear()
    assert offered(again, third, None) == tmp_path
    assert keeping.finish(10)
    assert file.read_text() == "[]"


def test_nothing_of_the_patient_is_kept(
    places: ExportPlaces, exports: Path, file: Path, keeping: Keeping, tmp_path: Path
) -> None:
    of = case(tmp_path / "cts" / "a.nii.gz", "Mustermann, Erika")
    of = replace(of, volume=replace(of.volume, name="MUSTERMANN_ERIKA"))
    offered(places, of, None)
    places.note(of, exports / "MUSTERMANN_ERIKA")
    assert keeping.finish(10)
    assert "MUSTERMANN" not in file.read_text()
