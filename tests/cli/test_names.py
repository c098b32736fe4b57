"""Any name that the system allows is read, written and shown."""

import os
import shutil
import sys
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from inference.__main__ import main
from inference.system.aliases import is_plain, plain_path
from inference.values.geometry import Geometry
from inference.values.messages import sentence, visible
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((30, 26, 20), (0.9, 0.9, 2.0), (-20.5, 130.0, -700.25))

NAMES = {
    "not UTF-8": b"M\xfcller",
    "a new line": b"two\nlines",
    "an emoji": "😀 Röntgen".encode(),
    "very long": "ä".encode() * 100,
    "dots at the end": b"CT..",
    "blanks alone": b"  ",
    "controls": b"\x1b[31mred\x07",
    "a lone surrogate": b"\xed\xa0\x80",
    "turned": "a\u202egpj".encode(),
    "an option": b"--out",
    "braces": b"{0} %s",
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that POSIX alone can hold")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CT as folder, zip, NIfTI, NRRD and MHA, and a model."""
    folder = tmp_path_factory.mktemp("sources")
    hu = np.full(GEOMETRY.shape, -1000, np.int16)
    hu[:, 1:25, 1:29] = 0
    hu[1:19, 3:23, 5:25] = 400
    write_series(folder / "CT", hu, GEOMETRY)
    for ending in ("nii.gz", "nrrd", "mha"):
        sitk.WriteImage(to_sitk(hu, GEOMETRY), str(folder / f"CT.{ending}"))
    with zipfile.ZipFile(folder / "CT.zip", "w") as archive:
        for file in (folder / "CT").iterdir():
            archive.write(file, file.name)
    write_threshold_model(folder / "CT.onnx")
    return folder


@pytest.fixture(params=NAMES.values(), ids=NAMES.keys())
def name(request: pytest.FixtureRequest) -> str:
    return os.fsdecode(request.param)


@pytest.mark.parametrize("ending", ["", ".zip", ".nii.gz", ".nrrd", ".mha"])
def test_a_ct_is_segmented_whatever_the_names_of_it_and_around_it(
    ending: str, name: str, sources: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ct, out, model = (tmp_path / name / f"{name}{end}" for end in (ending, "out", ".onnx"))
    ct.parent.mkdir()
    source = sources / f"CT{ending}"
    (shutil.copytree if source.is_dir() else shutil.copy)(source, ct)
    shutil.copy(sources / "CT.onnx", model)
    assert main(["info", "--", str(ct)]) == 0
    options = [f"--model={model}", f"--out={out}", "--mode=full", "--format=nifti,stl"]
    assert main(["segment", *options, "--", str(ct)]) == 0
    masks = [path for path in out.iterdir() if path.name.endswith("_spine.nii.gz")]
    with plain_path(masks[0]) as plain:
        assert sitk.GetArrayFromImage(sitk.ReadImage(plain)).sum() == 18 * 20 * 20
    said = "".join(capfd.readouterr())
    assert not [c for c in said if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["info", "segment"])
def test_what_is_not_there_is_refused_in_one_line_whatever_its_name(
    command: str, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = [f"--out={tmp_path / 'out'}"] if command == "segment" else []
    assert main([command, *options, "--", str(tmp_path / name / "x")]) == 3
    assert capfd.readouterr().err.count("\n") == 1


def test_a_name_longer_than_any_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(tmp_path / ("x" * 5000))]) == 3
    assert capfd.readouterr().err.count("\n") == 1


def test_a_slice_of_an_odd_name_within_a_folder_is_read(
    name: str, sources: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "CT"
    shutil.copytree(sources / "CT", folder)
    next(folder.iterdir()).rename(folder / name)
    out = tmp_path / "out"
    options = [f"--model={sources / 'CT.onnx'}", f"--out={out}", "--mode=full"]
    assert main(["segment", *options, str(folder)]) == 0


@pytest.mark.parametrize("name", ["MUSTERMANN^MAX.dcm", "MUSTERMANN.nii.gz"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_info_tells_of_a_ct_does_not_hold_the_name_of_its_file(
    name: str, options: list[str], sources: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if name.endswith(".dcm"):
        shutil.copytree(sources / "CT", tmp_path / "CT")
        ct = next((tmp_path / "CT").iterdir()).rename(tmp_path / "CT" / name)
    else:
        ct = tmp_path / name
        shutil.copy(sources / "CT.nii.gz", ct)
    assert main(["info", str(ct), *options]) == 0
    said = capfd.readouterr().out
    assert "CT" in said and "MUSTERMANN" not in said


def test_signs_that_cannot_be_shown_are_spelled_out() -> None:
    assert visible("M\udcfcller\n\x1b[31m\ud800") == "M\\xfcller\\n\\x1b[31m\\ud800"
    assert visible("Röntgen 😀 吉 ×") == "Röntgen 😀 吉 ×"
    made = sentence("{0} in {1} takes {2:.1f} s", "a\nb", Path("c\udcff"), 1.25)
    assert made == "a\\nb in c\\xff takes 1.2 s"
    assert made.values[0] == "a\\nb"


def test_a_plain_path_stays_and_another_gets_a_link_that_goes_again(tmp_path: Path) -> None:
    plain, odd = tmp_path / "ä.nii.gz", tmp_path / os.fsdecode(b"M\xfc.nii.gz")
    odd.write_bytes(b"content")
    with plain_path(plain) as name:
        assert name == str(plain)
    with plain_path(odd) as name:
        link = Path(name)
        assert is_plain(link) and link.name.endswith(".nii.gz")
        assert link.read_bytes() == b"content"
    assert not link.parent.exists()
