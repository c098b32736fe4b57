"""Nothing that a run leaves, and no output for machines, contains a possible patient name."""

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.__main__ import main
from inference.values.geometry import Geometry
from inference.values.messages import Term, joined, nameless, sentence
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((24, 20, 12), (1.0, 1.0, 2.0))
NAME = "MUSTERMANN"


def rod() -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    hu = np.full(GEOMETRY.shape, -1000, np.int16)
    hu[:, 2:18, 2:22] = 0
    hu[2:10, 5:15, 5:15] = 400
    return hu


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    model = write_threshold_model(tmp_path / "threshold.onnx")
    return ["--mode", "full", "--model", str(model), "--out", str(tmp_path / "out")]


def reports(out: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in out.glob("*.json"))


def test_a_report_of_a_slice_with_a_patients_name_does_not_hold_it(
    tmp_path: Path, options: list[str]
) -> None:
    folder = tmp_path / f"{NAME}_Max_1950-03-07"
    write_series(folder, rod(), GEOMETRY)
    first = sorted(folder.iterdir())[0]
    named = first.rename(folder / f"{NAME}^MAX 19500307.dcm")
    for path in (named, folder):
        assert main(["segment", str(path), *options]) == 0
    told = reports(tmp_path / "out")
    assert "the whole series beside it was read" in told
    assert NAME not in told
    assert "1950" not in told


def test_facts_for_machines_do_not_hold_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / f"{NAME}.nii.gz"
    sitk.WriteImage(to_sitk(rod(), GEOMETRY), str(image))
    flat = tmp_path / f"{NAME}_flat.nrrd"
    sitk.WriteImage(sitk.Image(32, 32, sitk.sitkInt16), str(flat))
    slices = tmp_path / NAME
    write_series(slices, rod(), GEOMETRY)
    first = sorted(slices.iterdir())[0]
    first.rename(slices / f"{NAME}.dcm")
    broken = tmp_path / f"{NAME}_broken.nii"
    broken.write_bytes(b"x")
    for path in (image, flat, slices, slices / f"{NAME}.dcm", broken, tmp_path / f"{NAME}_gone"):
        main(["info", "--json", str(path)])
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 6
    assert NAME not in said


def test_the_series_that_info_names_can_be_asked_for(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / f"{NAME}.nii.gz"
    sitk.WriteImage(to_sitk(rod(), GEOMETRY), str(image))
    main(["info", "--json", str(image)])
    series = json.loads(capsys.readouterr().out)["series"]
    assert main(["segment", str(image), "--series", series, *options]) == 0


def test_only_numbers_and_sentences_of_ours_stay_in_a_sentence() -> None:
    inner = sentence("{0} of {1:.1f} mm", NAME, 2.5)
    assert nameless(sentence("{0} and {1} lie in {2}", inner, NAME, Path(NAME))) == (
        "… of 2.5 mm and … lie in …"
    )
    assert nameless(joined([inner, NAME], "; ")) == "… of 2.5 mm; …"
    assert nameless(NAME) == "…"
    told = sentence('its {0} is "{1}"', Term("PixelSpacing"), Term("1,14\n"))
    assert nameless(told) == 'its PixelSpacing is "1,14\\n"'
