"""Many cases: overlapped, resumed, and on a cluster."""

import csv
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from inference.__main__ import main
from inference.cases import engine
from inference.cases.outcomes import SUMMARY_FILE
from inference.cases.runner import CaseResult, CaseRunner, ReadCase
from inference.cases.settings import CaseInput, RunSettings
from inference.cases.watcher import CaseWatcher
from inference.cli import cluster
from inference.cli.cluster import run_case, run_on_cluster
from inference.errors import CancelledError
from inference.pipeline import Segmentation
from inference.system.memory import peak_rss_bytes
from inference.values.geometry import Geometry
from inference.values.progress import CancelCheck
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.tiny_models import write_threshold_model

GEOMETRY = Geometry((50, 44, 30), (0.9, 0.9, 2.0), (-20.5, 130.0, -700.25))
NAMES = ("one", "two", "three")


@pytest.fixture
def cts(tmp_path: Path) -> list[Path]:
    """Three CTs with rods of different lengths."""
    paths = []
    for number, name in enumerate(NAMES):
        hu = np.zeros(GEOMETRY.shape, np.int16)
        hu[4 : 20 + 2 * number, 20:40, 10:30] = 400
        paths.append(tmp_path / f"{name}.nii.gz")
        sitk.WriteImage(to_sitk(hu, GEOMETRY), str(paths[-1]))
    return paths


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def options(tmp_path: Path, out: Path) -> list[str]:
    model = str(write_threshold_model(tmp_path / "m.onnx"))
    return ["--out", str(out), "--mode", "full", "--model", model, "--format", "nifti"]


def run(cts: list[Path], options: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["batch", *map(str, cts), *options])
    return code, capsys.readouterr().out


def volumes_ml(out: Path) -> list[float]:
    return [
        json.loads((out / f"{name}_report.json").read_text("utf-8"))["spine_volume_ml"]
        for name in NAMES
    ]


def test_all_cases_are_written_each_with_its_own_mask(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cts, options, capsys)[0] == 0
    voxels = [16 * 400, 18 * 400, 20 * 400]
    assert volumes_ml(out) == pytest.approx([n * GEOMETRY.voxel_volume_ml for n in voxels], 1e-3)


@pytest.mark.parametrize("command", ["batch", "segment"])
def test_a_result_never_replaces_an_input(
    command: str,
    cts: list[Path],
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A CT named as the mask of another one, or as that of the folder that holds it alone."""
    here = tmp_path / "CT"
    here.mkdir()
    if command == "batch":
        inputs = [here / "a.nii.gz", here / "a_spine.nii.gz"]
        kept = inputs[1]
    else:
        inputs = [here]
        kept = here / "CT_spine.nii.gz"
    for path in {*inputs, kept} - {here}:
        path.write_bytes(cts[0].read_bytes())
    assert main([command, *map(str, inputs), *options, "--out", str(here)]) == 7
    assert "is an input, and a result would replace it" in capsys.readouterr().err
    assert kept.read_bytes() == cts[0].read_bytes()
    assert main([command, *map(str, inputs), *options]) == 0


def test_a_case_that_breaks_the_memory_limit_fails_alone(
    cts: list[Path],
    options: list[str],
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit, segment = peak_rss_bytes() + 2**28, engine.segment
    greedy = iter([True, False, False])

    def segment_greedily(*arguments: Any, **keywords: Any) -> Segmentation:
        if next(greedy):
            assert np.ones(limit, np.uint8).all()
        return segment(*arguments, **keywords)

    monkeypatch.setattr(engine, "segment", segment_greedily)
    code, said = run(cts, [*options, "--max-ram", str(limit)], capsys)
    assert code == 5
    assert "2 of 3 cases done" in said
    assert not (out / f"{NAMES[0]}_spine.nii.gz").exists()


def test_the_next_case_is_read_while_one_is_segmented(
    cts: list[Path],
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second_was_read = threading.Event()
    segment, read_unfinished = CaseRunner.segment, CaseRunner.read_unfinished

    def read(self: CaseRunner, case: CaseInput, cancel: CancelCheck) -> object:
        read = read_unfinished(self, case, cancel)
        if case.path == cts[1]:
            second_was_read.set()
        return read

    def segment_first(*arguments: Any) -> object:
        assert second_was_read.wait(timeout=30), "reading waited for the segmentation"
        return segment(*arguments)

    monkeypatch.setattr(CaseRunner, "read_unfinished", read)
    monkeypatch.setattr(CaseRunner, "segment", segment_first)
    assert run(cts, options, capsys)[0] == 0


def test_one_case_is_written_while_the_next_is_segmented(
    cts: list[Path],
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second_began = threading.Event()
    segment, write = CaseRunner.segment, CaseRunner.write

    def segment_second(self: CaseRunner, read: ReadCase, *arguments: Any) -> object:
        if read.case.name == NAMES[1]:
            second_began.set()
        return segment(self, read, *arguments)

    def write_first(*arguments: Any) -> object:
        assert second_began.wait(timeout=30), "the next case waited for the writing"
        return write(*arguments)

    monkeypatch.setattr(CaseRunner, "segment", segment_second)
    monkeypatch.setattr(CaseRunner, "write", write_first)
    assert run(cts, options, capsys)[0] == 0


def test_finished_cases_are_skipped(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(cts[:2], options, capsys)[0] == 0
    before = (out / "one_spine.nii.gz").stat().st_mtime_ns
    code, said = run(cts, options, capsys)
    assert code == 0
    assert "1 of 1 cases done. 2 were finished earlier." in said
    assert (out / "one_spine.nii.gz").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "damage",
    ["mask cut", "mask gone", "report cut", "other version", "input changed", "unseen change"],
)
def test_what_is_not_whole_or_of_another_input_is_done_again(
    damage: str,
    cts: list[Path],
    options: list[str],
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(cts, options, capsys)
    mask, report = out / "two_spine.nii.gz", out / "two_report.json"
    match damage:
        case "mask cut":
            mask.write_bytes(mask.read_bytes()[:-5])
        case "mask gone":
            mask.unlink()
        case "report cut":
            report.write_text(report.read_text("utf-8")[:100], "utf-8")
        case "other version":
            facts = json.loads(report.read_text("utf-8"))
            facts["run"]["program"] = "0.0.1"
            report.write_text(json.dumps(facts), "utf-8")
        case "input changed":
            cts[1].write_bytes(cts[2].read_bytes())
        case "unseen change":
            before = cts[1].stat()
            content = bytearray(cts[1].read_bytes())
            content[4] ^= 1  # the time in the header of gzip
            cts[1].write_bytes(content)
            os.utime(cts[1], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "1 of 1 cases done. 2 were finished earlier." in run(cts, options, capsys)[1]
    assert sitk.ReadImage(str(mask)).GetSize() == GEOMETRY.size


def test_another_model_precision_or_format_is_another_job(
    cts: list[Path],
    options: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(cts, options, capsys)
    other = str(write_threshold_model(tmp_path / "other.onnx", bone_hu=300.0))
    faster = ["--precision", "bfloat16"]
    offset = ["--hu-offset", "50"]
    for change in (["--model", other], ["--format", "nifti,nrrd"], faster, offset):
        assert "3 of 3 cases done" in run(cts, [*options, *change], capsys)[1]


def test_a_copy_of_an_input_is_the_same_input_whatever_its_time(
    cts: list[Path], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(cts, options, capsys)
    os.utime(cts[0], ns=(0, 0))
    assert "0 of 0 cases done. 3 were finished earlier." in run(cts, options, capsys)[1]


def test_results_beside_their_inputs_change_no_input(
    cts: list[Path], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    options[1] = str(cts[0].parent)
    run(cts, options, capsys)
    assert "0 of 0 cases done. 3 were finished earlier." in run(cts, options, capsys)[1]


def test_the_report_tells_nothing_of_where_the_input_lies(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cts, options, capsys)
    assert str(cts[0].parent) not in (out / "one_report.json").read_text("utf-8")


def test_an_input_that_vanishes_is_one_failure_and_nothing_is_left_of_it(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cts[1].unlink()
    code, said = run(cts, options, capsys)
    assert code == 3
    assert "2 of 3 cases done" in said
    assert sorted(path.name for path in out.iterdir()) == [
        "one_report.json",
        "one_spine.nii.gz",
        SUMMARY_FILE,
        "three_report.json",
        "three_spine.nii.gz",
    ]


def test_a_cancelled_batch_keeps_what_is_finished_and_goes_on_from_there(
    cts: list[Path],
    options: list[str],
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segment = CaseRunner.segment

    def segment_until_cancelled(self: CaseRunner, read: ReadCase, *arguments: Any) -> object:
        if read.case.name == NAMES[1]:
            raise CancelledError("Cancelled. Nothing was written.")
        return segment(self, read, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(CaseRunner, "segment", segment_until_cancelled)
        assert main(["batch", *map(str, cts), *options]) == 130
    assert "What was finished stays" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == ["one_report.json", "one_spine.nii.gz"]
    assert "2 of 2 cases done. 1 were finished earlier." in run(cts, options, capsys)[1]


def test_a_case_that_is_too_much_for_the_computer_is_one_failure(
    cts: list[Path],
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segment = CaseRunner.segment

    def segment_or_fail(self: CaseRunner, read: ReadCase, *arguments: Any) -> object:
        if read.case.name == NAMES[1]:
            raise MemoryError
        return segment(self, read, *arguments)

    monkeypatch.setattr(CaseRunner, "segment", segment_or_fail)
    code, said = run(cts, options, capsys)
    assert code == 5
    assert "2 of 3 cases done" in said
    assert "two.nii.gz: The computer ran out of memory" in said


def test_a_defect_in_one_case_is_one_failure(
    cts: list[Path],
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = CaseRunner.write

    def write_or_fail(self: CaseRunner, read: ReadCase, *arguments: Any) -> CaseResult:
        if read.case.name == NAMES[1]:
            raise RuntimeError("ITK ERROR")
        return write(self, read, *arguments)

    monkeypatch.setattr(CaseRunner, "write", write_or_fail)
    code, said = run(cts, options, capsys)
    assert code == 1
    assert "2 of 3 cases done" in said


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster of one worker, used as if over a network."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        dashboard_address=None,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
    ) as local:
        yield local.scheduler_address


def test_cases_run_on_a_dask_cluster_and_go_on_where_they_stopped(
    cts: list[Path],
    options: list[str],
    out: Path,
    scheduler: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = tmp_path / "bad.dcm"
    bad.write_text("no DICOM")
    code, said = run([cts[0], bad], [*options, "--scheduler", scheduler], capsys)
    assert code == 3
    assert "1 of 2 cases done" in said
    assert "bad.dcm is not an image that can be read" in said
    code, said = run(cts, [*options, "--scheduler", scheduler], capsys)
    assert code == 0
    assert "2 of 2 cases done. 1 were finished earlier." in said
    assert len(volumes_ml(out)) == 3


def test_a_worker_tells_what_is_odd_about_a_case(
    cts: list[Path], options: list[str], scheduler: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hu = sitk.Cast(sitk.ReadImage(str(cts[0])), sitk.sitkFloat32)
    hu[0, 0, 10] = float("nan")
    sitk.WriteImage(hu, str(cts[0]))
    main(["batch", str(cts[0]), *options, "--scheduler", scheduler])
    assert "Note: 1 voxels are not numbers; they were taken as air." in capsys.readouterr().err


def test_a_worker_that_fails_is_one_failure(
    cts: list[Path],
    options: list[str],
    scheduler: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run_or_die(case: CaseInput, out: Path, settings: RunSettings) -> object:
        if case.name == NAMES[1]:
            raise SystemError
        return run_case(case, out, settings)

    monkeypatch.setattr(cluster, "run_case", run_or_die)
    code, said = run(cts, [*options, "--scheduler", scheduler], capsys)
    assert code == 1
    assert "2 of 3 cases done" in said
    assert "The worker that ran two failed (SystemError). Run the batch again" in said


def test_a_batch_on_a_cluster_can_be_cancelled(
    cts: list[Path], out: Path, tmp_path: Path, scheduler: str
) -> None:
    settings = RunSettings(str(tmp_path / "absent.onnx"), "full", ("nifti",))
    cases = [CaseInput(path, path.name) for path in cts]
    with pytest.raises(CancelledError):
        run_on_cluster(scheduler, cases, out, settings, CaseWatcher(), cancel=lambda: True)


def test_a_scheduler_that_is_not_there_is_wrong_usage(
    cts: list[Path],
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr("inference.cli.cluster.CONNECT_SECONDS", 1)
    code = main(["batch", str(cts[0]), *options, "--scheduler", "tcp://127.0.0.1:9"])
    assert code == 2
    assert "no Dask scheduler" in capsys.readouterr().err


def summary(out: Path) -> list[dict[str, str]]:
    with (out / SUMMARY_FILE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_table_says_what_became_of_every_case(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cts[1].write_bytes(b"no image")
    code, told = run(cts, options, capsys)
    assert code == 3
    assert SUMMARY_FILE in told
    rows = {row["Name"]: row for row in summary(out)}
    assert set(rows) == set(NAMES)
    assert [rows[name]["Outcome"] for name in NAMES] == ["done", "failed", "done"]
    assert "two.nii.gz" in rows["two"]["Note"]
    assert rows["two"]["Volume (mL)"] == rows["two"]["Time (s)"] == ""
    assert float(rows["one"]["Volume (mL)"]) == pytest.approx(
        16 * 400 * GEOMETRY.voxel_volume_ml, abs=0.1
    )
    assert float(rows["one"]["Time (s)"]) > 0


def test_what_an_earlier_run_has_finished_is_in_the_table_too(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cts[:1], options, capsys)
    first = summary(out)
    run(cts, options, capsys)
    assert first[0] in summary(out)
    assert len(summary(out)) == 3


def test_results_among_the_slices_do_not_make_a_case_another(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    voxels = np.zeros((12, 30, 30), np.int16)
    voxels[2:10, 5:25, 5:25] = 400
    write_series(tmp_path / "ct", voxels, Geometry((30, 30, 12), (1.5, 1.5, 2.0)))
    there = [*options[2:], "--out", str(tmp_path / "ct")]
    run([tmp_path / "ct"], there, capsys)
    assert (tmp_path / "ct" / SUMMARY_FILE).exists()
    assert "1 were finished earlier" in run([tmp_path / "ct"], there, capsys)[1]


@pytest.fixture
def without_bone(tmp_path: Path) -> Path:
    """A CT of water in air."""
    path = tmp_path / "water.nii.gz"
    hu = np.full(GEOMETRY.shape, -1000, np.int16)
    hu[4:26, 6:40, 6:40] = 0
    sitk.WriteImage(to_sitk(hu, GEOMETRY), str(path))
    return path


def test_where_no_spine_was_found_no_empty_surface_is_written(
    without_bone: Path, options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [*options[:-1], "nifti,stl"]
    out.mkdir()
    (out / "water_spine.stl").write_bytes(b"of an older run")
    assert run([without_bone], both, capsys)[0] == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [SUMMARY_FILE, "water_report.json", "water_spine.nii.gz"]
    assert summary(out)[0]["Outcome"] == "no spine found"
    assert "1 were finished earlier" in run([without_bone], both, capsys)[1]


def test_a_surface_that_is_there_after_all_is_written(
    cts: list[Path], options: list[str], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cts[:1], [*options[:-1], "nifti,stl"], capsys)
    assert (out / "one_spine.stl").stat().st_size > 84


def test_cases_that_come_while_others_run_are_run_too(
    cts: list[Path], out: Path, tmp_path: Path
) -> None:
    model = str(write_threshold_model(tmp_path / "m.onnx"))
    settings = RunSettings(model=model, mode="full", formats=("nifti",))
    waiting = [CaseInput(cts[0], "one")]

    class Adding(CaseWatcher):
        def running(self, case: CaseInput, volume: object) -> None:  # noqa: ARG002
            if case.name == "one":
                waiting.append(CaseInput(cts[1], "two"))

    def coming() -> Iterator[CaseInput]:
        yield waiting.pop(0)
        yield CaseInput(cts[2], "three")
        while waiting:
            yield waiting.pop(0)

    runner = CaseRunner(out, settings, engine.LocalEngine(settings))
    assert runner.run_all(coming(), Adding()).done == 3
