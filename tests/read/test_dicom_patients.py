"""Patients: one however the name is spelled, and several told apart."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inference.errors import SeveralPatientsError
from inference.read import list_series, open_ct, recommend
from inference.read.dicom.patients import Patient, number_patients
from inference.values.geometry import Geometry
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, misspell, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)

SPELLINGS = [
    "Secret^A^",
    "Secret^A^^^",
    " Secret^A ",
    "SECRET^A",
    "secret^a",
    "Secret A",
    "Secret^A=山田^太郎",
    "",
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_spellings_of_a_name_are_one_patient(tmp_path: Path, name: str) -> None:
    other = SeriesSettings(series_uid="1.2.3.9").but(
        PatientName=name, SpecificCharacterSet="ISO_IR 192"
    )
    write_series(tmp_path / "a", HU[:6], Geometry((24, 20, 6), GEOMETRY.spacing))
    write_series(tmp_path / "b", HU, GEOMETRY, other)
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_slice_with_another_spelling_stays_in_its_stack(tmp_path: Path, name: str) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(PatientName="Secret^A"))
    edit(paths[4], PatientName=name, SpecificCharacterSet="ISO_IR 192")
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


@pytest.mark.parametrize("bytes_", [b"M\xfcller^A", "Müller^A".encode(), b"Mueller^A", b"Muller^A"])
def test_character_sets_make_no_other_patient(tmp_path: Path, bytes_: bytes) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(PatientName="M?ller^A"))
    misspell(paths[4], "PatientName", bytes_.decode("latin-1"))
    assert np.array_equal(open_ct(tmp_path).voxels, HU)


A = Patient("1", "secret a", "19700101")


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (Patient("1", "secret a", "19700101"), 1),
        (Patient("1", "secret a", ""), 1),
        (Patient("1", "", "19700101"), 1),
        (Patient("1", "secr*t a", "19700101"), 1),
        (Patient("1", "secret b", "19700101"), 2),
        (Patient("1", "secret a", "19710101"), 2),
        (Patient("2", "secret a", "19700101"), 2),
        (Patient("", "secret a", "19700101"), 2),
    ],
)
def test_who_is_another_patient(other: Patient, count: int) -> None:
    assert len(set(number_patients([A, other]).values())) == count


def test_anonymous_patients_of_one_birth_date_are_told_apart_by_their_names() -> None:
    assert len(set(number_patients([Patient("", "a"), Patient("", "b")]).values())) == 2


def test_nothing_of_a_patient_is_shown_by_accident() -> None:
    assert repr(A) == "Patient()"


def test_two_patients_with_equal_identifiers_have_keys_of_their_own(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY, SeriesSettings("A"))
    write_series(tmp_path / "b", HU + 1, GEOMETRY, SeriesSettings("B"))
    assert recommend(list_series(tmp_path)) is None
    with pytest.raises(SeveralPatientsError, match="2 patients"):
        open_ct(tmp_path)
    found = list_series(tmp_path)
    assert [series.uid for series in found] == ["1.2.3.4/1", "1.2.3.4/2"]
    assert np.array_equal(open_ct(tmp_path, series_uid="1.2.3.4/1").voxels, HU)
    assert np.array_equal(open_ct(tmp_path, series_uid="1.2.3.4/2").voxels, HU + 1)


def test_two_patients_without_identifiers_have_keys_of_their_own(tmp_path: Path) -> None:
    nameless = {"SeriesInstanceUID": None, "StudyInstanceUID": None}
    write_series(tmp_path / "a", HU, GEOMETRY, SeriesSettings("A").but(**nameless))
    write_series(tmp_path / "b", HU[:8], GEOMETRY, SeriesSettings("B").but(**nameless), range(8))
    found = list_series(tmp_path)
    assert sorted(series.uid for series in found) == ["unnamed/1", "unnamed/2"]
    for series in found:
        assert open_ct(tmp_path, series_uid=series.uid).geometry.size == series.size


def test_a_patient_and_a_slice_of_another_are_not_read_together(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY)
    edit(paths[11], PatientID="another")
    (series,) = list_series(tmp_path)
    assert series.problems == (
        f"its slices name different patients (1 of 12 slices: the file {paths[11].name})",
    )


def test_values_that_break_the_standard_warn_nobody(tmp_path: Path) -> None:
    odd = SeriesSettings(series_uid="1.2.03.4").but(
        SpecificCharacterSet="ISO 8859-1", SeriesDescription="spine"
    )
    for path in write_series(tmp_path, HU, GEOMETRY, odd):
        misspell(path, "PatientName", "Mustermann-Geheimnis" * 4 + "^Erika")
        misspell(path, "PatientID", "PID" * 30)
        misspell(path, "PatientBirthDate", "1970.13.77x")
        misspell(path, "AcquisitionNumber", "1.5")
        misspell(path, "InstanceNumber", "12345678901234567890")
        misspell(path, "SeriesDescription", "Wirbels\xe4ule " + "x" * 80)
        misspell(path, "SliceThickness", "2.5000000000000000001")
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", READ, str(tmp_path)], capture_output=True, check=True
    )
    assert run.stdout == b"(12, 20, 24)\n"
    assert run.stderr == b""


READ = """
import sys
from inference.read import list_series, open_ct, recommend
assert len(list_series(sys.argv[1])) == 1
print(open_ct(sys.argv[1]).voxels.shape)
"""
