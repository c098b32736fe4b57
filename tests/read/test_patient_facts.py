"""Whose CT it is, for the window: read as people write it, and shown nowhere else."""

import datetime
import logging
import re
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.__main__ import main
from inference.read import list_series, open_ct
from inference.values.geometry import Geometry
from inference.values.patient_facts import NOBODY, PatientFacts
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, misspell, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
SETTINGS = SeriesSettings().but(
    PatientName="Mustermann^Erika^Maria^Dr.",
    PatientBirthDate="19500307",
    StudyDate="20240503",
    SeriesDescription="Abdomen venoes 1.5 B30f",
    SeriesNumber=4,
)


def test_a_series_says_whose_it_is(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SETTINGS)
    facts = PatientFacts(
        "Mustermann, Erika Maria",
        datetime.date(1950, 3, 7),
        datetime.date(2024, 5, 3),
        "Abdomen venoes 1.5 B30f",
        "4",
    )
    assert open_ct(tmp_path).patient == facts
    assert [series.facts for series in list_series(tmp_path)] == [facts]


@pytest.mark.parametrize(
    ("stored", "characters", "shown"),
    [
        ("Müller^Anna", "ISO_IR 100", "Müller, Anna"),
        ("Müller^Anna", "ISO_IR 192", "Müller, Anna"),
        ("Yamada^Tarou=山田^太郎", "ISO_IR 192", "Yamada, Tarou"),
        ("=山田^太郎", "ISO_IR 192", "山田, 太郎"),
        ("Müller", "ISO_IR 100", "Müller"),
        ("^Anna", "", "Anna"),
        ("Müller^^^^jun.", "ISO_IR 100", "Müller, jun."),
        ("^^^^", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_shown_as_people_write_it(
    tmp_path: Path, stored: str, characters: str, shown: str
) -> None:
    named = SETTINGS.but(PatientName=stored, SpecificCharacterSet=characters)
    write_series(tmp_path, HU, GEOMETRY, named)
    assert open_ct(tmp_path).patient.name == shown


def test_a_character_set_that_nobody_knows_refuses_nothing(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SETTINGS)
    for path in paths:
        misspell(path, "PatientName", "M\xfcller^Anna")
        edit(path, SpecificCharacterSet="ISO_IR 999")
    assert "ller, Anna" in open_ct(tmp_path).patient.name


@pytest.mark.parametrize(
    ("stored", "born"),
    [
        ("19500307", datetime.date(1950, 3, 7)),
        ("1950.03.07", datetime.date(1950, 3, 7)),
        ("19501307", None),
        ("1950", None),
        ("no date", None),
        ("", None),
    ],
)
def test_what_is_no_date_is_not_shown(
    tmp_path: Path, stored: str, born: datetime.date | None
) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SETTINGS)
    for path in paths:
        misspell(path, "PatientBirthDate", stored)
    assert open_ct(tmp_path).patient.born == born


def test_what_slices_contradict_each_other_in_is_not_shown(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SETTINGS)
    edit(paths[5], StudyDate="20240504", PatientName="MUSTERMANN^ERIKA^MARIA^DR.")
    edit(paths[6], PatientBirthDate="")
    facts = open_ct(tmp_path).patient
    assert facts.study_date is None
    assert facts.name == "Mustermann, Erika Maria"
    assert facts.born == datetime.date(1950, 3, 7)


def test_an_image_file_says_nothing_of_a_patient(tmp_path: Path) -> None:
    path = tmp_path / "Mustermann.nii.gz"
    sitk.WriteImage(to_sitk(HU, GEOMETRY), str(path))
    assert open_ct(path).patient == NOBODY


def test_it_gets_into_no_text_by_accident(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    write_series(tmp_path / "ct", HU, GEOMETRY, SETTINGS)
    main(["info", str(tmp_path / "ct")])
    main(["info", "--json", str(tmp_path / "ct")])
    (series,) = list_series(tmp_path / "ct")
    volume = open_ct(tmp_path / "ct")
    texts = (
        *(repr(thing) for thing in (series, volume.patient, series.slices[0])),
        repr(volume),
        *capsys.readouterr(),
        caplog.text,
    )
    for text in texts:
        assert "Mustermann" not in text
        assert not re.search(r"1950(-03-|, 3, |03)0?7", text)  # a random UID may contain the year
    assert np.array_equal(volume.voxels, HU)
