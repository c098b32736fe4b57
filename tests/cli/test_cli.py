"""The command line: its files, its output, its exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.__main__ import main
from inference.model.sessions import NO_BFLOAT16
from inference.system.logs import log_file
from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, write_series
from tests.tiny_models import CONTRACT_FACTS, write_threshold_model

GEOMETRY = Geometry((50, 44, 30), (0.9, 0.9, 2.0), (-20.5, 130.0, -700.25))


def rod() -> NDArray[np.int16]:
    """A rod of bone, 400 HU, in fat."""
    hu = np.full(GEOMETRY.shape, -100, np.int16)
    hu[4:26, 20:40, 10:30] = 400
    return hu


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    path = tmp_path / "Müller, rechts" / "CT 1.nii.gz"
    path.parent.mkdir()
    sitk.WriteImage(to_sitk(rod(), GEOMETRY), str(path))
    return path


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(write_threshold_model(tmp_path / "threshold.onnx"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "Ergebnisse für später" / "heute"


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_segment_writes_mask_surface_and_report(ct: Path, model: str, out: Path) -> None:
    assert main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "CT 1_report.json",
        "CT 1_spine.nii.gz",
        "CT 1_spine.stl",
    ]


def test_the_written_mask_has_the_geometry_of_the_ct(ct: Path, model: str, out: Path) -> None:
    formats = "nifti,nrrd"
    main(
        [
            "segment",
            str(ct),
            "--out",
            str(out),
            "--mode",
            "full",
            "--model",
            model,
            "--format",
            formats,
        ]
    )
    given = sitk.ReadImage(str(ct))
    for ending in ("nii.gz", "nrrd"):
        mask = sitk.ReadImage(str(out / f"CT 1_spine.{ending}"))
        assert mask.GetSize() == given.GetSize()
        assert mask.GetSpacing() == given.GetSpacing()
        assert mask.GetOrigin() == pytest.approx(given.GetOrigin(), abs=1e-4)
        assert mask.GetDirection() == pytest.approx(given.GetDirection(), abs=1e-6)
        assert np.array_equal(sitk.GetArrayFromImage(mask), rod() > 200)


def test_the_report_says_what_was_done(ct: Path, model: str, out: Path) -> None:
    main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model])
    report = json.loads((out / "CT 1_report.json").read_text(encoding="utf-8"))
    assert report["notice"] == "For research use, not for diagnosis."
    assert report["model"]["name"] == CONTRACT_FACTS["name"]
    assert len(report["model"]["sha256"]) == 64
    assert report["provider"]
    assert report["mode"] == "full"
    assert report["finder"] == {"confidence": None, "unsure": False}
    assert report["windows"]["run"] > 0
    assert report["windows"]["skipped"] == 0
    assert set(report["seconds"]) == {*("model", "read", "predict", "mask", "write", "measure")}
    assert report["peak_rss_bytes"] > 30 * 2**20
    assert report["geometry"]["size"] == [50, 44, 30]
    assert report["geometry"]["spacing_mm"] == pytest.approx([0.9, 0.9, 2.0])
    volume_ml = (rod() > 200).sum() * GEOMETRY.voxel_volume_ml
    assert report["spine_volume_ml"] == pytest.approx(volume_ml, rel=1e-3)
    assert report["spine_length_mm"] is None, "a rod has no spinal canal"
    assert report["spine_mean_hu"] > 200


def test_neither_report_nor_output_holds_the_name_of_the_folder(
    ct: Path, model: str, out: Path
) -> None:
    main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model])
    assert "Müller" not in (out / "CT 1_report.json").read_text(encoding="utf-8")


def test_results_of_an_earlier_run_are_replaced(ct: Path, model: str, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "CT 1_spine.nii.gz").write_bytes(b"old")
    (out / "other.txt").write_text("keep me")
    assert main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model]) == 0
    assert sitk.ReadImage(str(out / "CT 1_spine.nii.gz")).GetSize() == GEOMETRY.size
    assert (out / "other.txt").read_text() == "keep me"


def test_json_ends_with_the_report(
    ct: Path, model: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model, "--json"])
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {event["event"] for event in events[:-1]} == {"progress", "warning"}
    assert events[-1]["event"] == "result"
    assert events[-1]["report"]["spine_volume_ml"] > 0
    assert all(Path(path).exists() for path in events[-1]["files"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["segment", "", "--out", "results"],
        ["segment", "CT", "--out", ""],
        ["batch", "CT", "", "--out", "results"],
        ["demo", "--out="],
        ["info", ""],
        ["compare", "mask.nii", ""],
    ],
    ids=" ".join,
)
def test_an_empty_path_is_not_the_current_folder(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "the path is empty; write . for the current folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["segment"],
        ["segment", "x", "--out", "y", "--format", "jpeg"],
        ["segment", "x", "--out", "y", "--threads", "0"],
        ["segment", "x", "--out", "y", "--max-ram", "much"],
        ["segment", "x", "--out", "y", "--mode", "guess"],
        ["frobnicate"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2


def test_unreadable_input_ends_with_3_and_one_sentence(
    tmp_path: Path, model: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "notes.dcm"
    text.write_text("no DICOM at all")
    assert main(["segment", str(text), "--out", str(out), "--mode", "full", "--model", model]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()
    assert not out.parent.exists(), "folders made for nothing are removed"


def test_a_memory_limit_that_cannot_be_kept_ends_with_5_and_the_figure_before_reading(
    model: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--mode", "full", "--model", model, "--max-ram", "100MiB"]
    assert main(["segment", "no such input", "--out", str(out), *options]) == 5
    assert "GiB of memory, more than the 0.10 GiB allowed" in last_line(capsys.readouterr().err)
    assert not out.exists()


def test_a_memory_limit_that_can_be_kept_changes_nothing(ct: Path, model: str, out: Path) -> None:
    options = ["--mode", "full", "--model", model, "--max-ram", "8GiB"]
    assert main(["segment", str(ct), "--out", str(out), *options]) == 0


def test_what_the_user_was_told_of_the_run_stands_in_the_report(
    ct: Path, model: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.model.sessions.has_bfloat16", lambda: False)
    options = ["--mode", "full", "--model", model, "--precision", "bfloat16"]
    assert main(["segment", str(ct), "--out", str(out), *options]) == 0
    report = json.loads((out / "CT 1_report.json").read_text("utf-8"))
    assert report["notes"] == [NO_BFLOAT16]


def test_a_flat_picture_ends_with_4(tmp_path: Path, model: str, out: Path) -> None:
    flat = tmp_path / "flat.nrrd"
    sitk.WriteImage(sitk.Image(32, 32, sitk.sitkInt16), str(flat))
    assert main(["segment", str(flat), "--out", str(out), "--mode", "full", "--model", model]) == 4
    assert not out.exists()


def test_a_refused_model_ends_with_6_before_anything_is_read(tmp_path: Path, out: Path) -> None:
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"no model")
    assert main(["segment", "no such input", "--out", str(out), "--model", str(bad)]) == 6


def test_a_model_that_fails_in_the_middle_ends_with_6(ct: Path, tmp_path: Path, out: Path) -> None:
    wrong = str(write_threshold_model(tmp_path / "hu.onnx", probability=False))
    assert main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", wrong]) == 6
    assert not out.exists()


def test_an_output_folder_that_cannot_be_ends_with_7(
    ct: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    below_a_file = ct / "out"
    assert (
        main(["segment", str(ct), "--out", str(below_a_file), "--mode", "full", "--model", model])
        == 7
    )
    assert "Choose another folder" in last_line(capsys.readouterr().err)


def test_a_full_disk_ends_with_7_and_leaves_nothing_behind(
    ct: Path, model: str, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_disk / "other.bin").write_bytes(b"x" * 40_000)
    assert (
        main(
            [
                "segment",
                str(ct),
                "--out",
                str(small_disk / "out"),
                "--mode",
                "full",
                "--model",
                model,
            ]
        )
        == 7
    )
    assert [path.name for path in small_disk.iterdir()] == ["other.bin"]
    assert "disk" in last_line(capsys.readouterr().err)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a single process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_130_and_leaves_nothing_behind(
    number: signal.Signals, tmp_path: Path, out: Path
) -> None:
    large = tmp_path / "large.nii.gz"
    geometry = Geometry((200, 200, 200), (1.0, 1.0, 1.0))
    sitk.WriteImage(to_sitk(np.full(geometry.shape, -500, np.int16), geometry), str(large))
    hu = sitk.GetArrayFromImage(sitk.ReadImage(str(large)))
    hu[50:150, 90:120, 90:120] = 400
    sitk.WriteImage(to_sitk(hu, geometry), str(large))
    command = [sys.executable, "-m", "inference", "segment", str(large), "--out", str(out)]
    command += ["--mode", "full"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        said = ""
        while "Outlining the spine" not in said:
            said = run.stderr.readline()
            assert said, "the run ended before it could be cancelled"
        asked = time.monotonic()
        run.send_signal(number)
        rest = run.stderr.read()
    assert run.returncode == 130
    assert "Traceback" not in rest
    assert "Cancelled" in last_line(rest)
    assert time.monotonic() - asked < 20
    assert not out.exists()


def test_batch_goes_on_after_a_bad_case_and_sums_up(
    ct: Path, model: str, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.dcm"
    bad.write_text("no DICOM")
    good = tmp_path / "CT 2.nii.gz"
    good.write_bytes(ct.read_bytes())
    inputs = [str(ct), str(bad), str(good)]
    assert main(["batch", *inputs, "--out", str(out), "--mode", "full", "--model", model]) == 3
    assert (out / "CT 1_spine.nii.gz").exists()
    assert (out / "CT 2_spine.nii.gz").exists()
    assert "2 of 3 cases done" in capsys.readouterr().out


def test_info_lists_series_and_whether_they_serve(
    ct: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(ct)]) == 0
    assert "can be used" in capsys.readouterr().out
    assert main(["info", str(ct), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["usable"]
    assert facts["size"] == [50, 44, 30]


def test_the_entry_point_and_the_module_are_the_same_program() -> None:
    command = [sys.executable, "-m", "inference", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "130 cancelled" in text
    assert "not for diagnosis" in text


def test_a_run_is_logged_in_figures_without_the_name_of_its_input(
    ct: Path, model: str, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    main(["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model])
    main(["info", str(ct.parent / "Mustermann.nii.gz")])
    file = log_file()
    assert file is not None
    text = file.read_text("utf-8")
    assert "a run on 50 x 44 x 30 voxels" in text
    assert "ended with inference.errors.AbsentInputError" in text
    assert not [name for name in ("Müller", "CT 1", "Mustermann", str(tmp_path)) if name in text]


def test_of_several_patients_none_is_recommended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hu = np.random.default_rng(0).integers(-1000, 300, (6, 20, 20)).astype(np.int16)
    hu = np.sort(hu, axis=2)
    grid = Geometry((20, 20, 6), (1.0, 1.0, 3.0))
    for name in "AB":
        settings = SeriesSettings(patient=name, series_uid=f"1.2.3.{ord(name)}")
        write_series(tmp_path / name, hu, grid, settings)
    assert main(["info", str(tmp_path), "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [series["usable"] for series in told] == [True, True]
    assert not any(series["recommended"] for series in told)
