"""What machines lack, or lose during a run: cores, kernels, the input, the scratch disk."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.__main__ import main
from inference.cases import runner
from inference.model import sessions
from inference.model.loading import SpineModel, load_model
from inference.pipeline import segment
from inference.read import open_ct
from inference.system.budget import needed_bytes
from inference.system.memory import peak_rss_bytes
from inference.values.geometry import Geometry
from inference.values.progress import Progress
from inference.values.volume import Volume
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.tiny_models import CONTRACT_FACTS, write_threshold_model

GEOMETRY = Geometry((50, 44, 30), (0.9, 0.9, 2.0), (-20.5, 130.0, -700.25))
SMALL_DISK_BYTES = 64 * 2**20


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(write_threshold_model(tmp_path / "threshold.onnx"))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def rod() -> NDArray[np.int16]:
    """A rod of bone, 400 HU, in water."""
    hu = np.zeros(GEOMETRY.shape, np.int16)
    hu[4:26, 20:40, 10:30] = 400
    return hu


@pytest.mark.skipif(shutil.which("taskset") is None, reason="there is no taskset")
def test_one_core_takes_one_thread_and_gives_the_same_mask(tmp_path: Path, model: str) -> None:
    ct = tmp_path / "ct.nii.gz"
    sitk.WriteImage(to_sitk(rod(), GEOMETRY), str(ct))
    core = str(min(os.sched_getaffinity(0)))
    masks = []
    for name, prefix in (("all", []), ("one", ["taskset", "-c", core])):
        out = tmp_path / name
        command = [*prefix, sys.executable, "-m", "inference", "segment", str(ct), "--json"]
        options = ["--out", str(out), "--mode", "full", "--model", model, "--format", "nifti"]
        run = subprocess.run([*command, *options], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        assert json.loads((out / "ct_report.json").read_text("utf-8"))["provider"]
        masks.append(sitk.GetArrayFromImage(sitk.ReadImage(str(out / "ct_spine.nii.gz"))))
    assert np.array_equal(*masks)
    assert np.array_equal(masks[0], rod() > 200)
    ask = "import inference.model.sessions as s; print(s.open_stock(open({!r}, 'rb').read())."
    ask += "get_session_options().intra_op_num_threads)"
    command = ["taskset", "-c", core, sys.executable, "-c", ask.format(model)]
    threads = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    expected = "0" if os.cpu_count() == 1 else "1"
    assert threads.strip() == expected


def ct_volume() -> Volume:
    return Volume(rod(), GEOMETRY, "rod")


def mask_of(model: SpineModel) -> tuple[NDArray[np.uint8], str, tuple[str, ...]]:
    result = segment(ct_volume(), model=model, mode="full")
    return result.mask.voxels, result.provider, result.notes


def test_without_the_fast_kernels_the_mask_is_the_same(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, _, _ = mask_of(load_model(model))
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    mask, provider, notes = mask_of(load_model(model))
    assert np.array_equal(mask, usual)
    assert (provider, notes) == ("CPU", ())


def test_fast_kernels_that_fail_to_load_are_told_and_the_mask_is_the_same(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, _, _ = mask_of(load_model(model))

    def broken(*_: object) -> ort.InferenceSession:
        raise OSError("libopenvino.so: cannot open shared object file")

    monkeypatch.setattr(ort, "get_available_providers", lambda: [sessions.FAST, sessions.STOCK])
    monkeypatch.setattr(sessions, "_open_fast", broken)
    mask, provider, notes = mask_of(load_model(model))
    assert np.array_equal(mask, usual)
    assert provider == "CPU"
    assert "the slower ones produce the same mask" in notes[0]


def test_an_input_folder_that_vanishes_ends_with_3_and_nothing_is_left(
    tmp_path: Path,
    scratch: Path,
    model: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, out = tmp_path / "CT", tmp_path / "out"
    write_series(folder, rod(), GEOMETRY)

    def open_and_lose(path: Path, **keywords: object) -> Volume:
        def lose(progress: Progress) -> None:
            if progress.done == 5:
                shutil.rmtree(folder)

        return open_ct(path, **{**keywords, "progress": lose})  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "open_ct", open_and_lose)
    arguments = ["segment", str(folder), "--out", str(out), "--mode", "full", "--model", model]
    assert main([*arguments, "--max-ram", "512MiB"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Copy the series again" in said or "still there" in said
    assert not out.exists()
    assert not list(scratch.iterdir())


def test_the_least_memory_limit_is_kept_and_the_mask_is_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    patch, shape = (32, 128, 128), (160, 512, 512)
    facts = {**CONTRACT_FACTS, "patch": " ".join(map(str, patch))}
    model = str(write_threshold_model(tmp_path / "wide.onnx", facts=facts))
    large = np.zeros(shape, np.int16)
    large[20:140, 200:240, 200:240] = 400
    ct = tmp_path / "ct.mha"
    sitk.WriteImage(sitk.GetImageFromArray(large), str(ct))
    least = needed_bytes(patch, shape)
    options = ["--mode", "full", "--model", model, "--format", "nifti,stl", "--max-ram"]
    too_little, out = tmp_path / "too little", tmp_path / "out"
    assert main(["segment", str(ct), "--out", str(too_little), *options, str(least - 1)]) == 5
    assert f"needs {least / 2**30:.2f} GiB of memory" in capsys.readouterr().err
    assert not too_little.exists()
    command = [sys.executable, "-m", "inference", "segment", str(ct), "--out", str(out), *options]
    run = subprocess.run([*command, str(least)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads((out / "ct_report.json").read_text("utf-8"))["peak_rss_bytes"] <= least
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(out / "ct_spine.nii.gz")))
    assert np.array_equal(mask, large > 200)


def test_writing_that_breaks_the_memory_limit_ends_with_5_and_nothing_is_left(
    tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ct, out = tmp_path / "ct.nii.gz", tmp_path / "out"
    sitk.WriteImage(to_sitk(rod(), GEOMETRY), str(ct))
    write, limit = runner.write_mask, peak_rss_bytes() + 2**28

    def write_and_hold(*arguments: object) -> None:
        assert np.ones(limit, np.uint8).all()  # memory of earlier tests may have left the process
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runner, "write_mask", write_and_hold)
    arguments = ["segment", str(ct), "--out", str(out), "--mode", "full", "--model", model]
    assert main([*arguments, "--max-ram", str(limit)]) == 5
    assert "--max-ram" in capsys.readouterr().err
    assert not out.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small disk"
    folder.mkdir()
    size = f"size={SMALL_DISK_BYTES}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_scratch_disk_ends_with_5_and_nothing_is_left(
    tmp_path: Path, small_disk: Path, model: str
) -> None:
    ct, out = tmp_path / "ct.mha", tmp_path / "out"
    large = np.zeros((160, 512, 512), np.int16)
    large[40:60, 200:240, 200:240] = 400
    assert large.nbytes > SMALL_DISK_BYTES
    sitk.WriteImage(sitk.GetImageFromArray(large), str(ct), useCompression=True)
    command = [sys.executable, "-m", "inference", "segment", str(ct), "--out", str(out)]
    options = ["--mode", "full", "--model", model, "--max-ram", "800MiB"]
    run = subprocess.run(
        [*command, *options],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(small_disk)},
    )
    assert run.returncode == 5
    assert "Free some room there" in run.stderr
    assert "Traceback" not in run.stderr
    assert not out.exists()
    assert not list(small_disk.iterdir())


@pytest.mark.parametrize("known_before", [True, False], ids=["at first", "in the middle"])
def test_an_archive_that_the_scratch_disk_cannot_hold_ends_with_5_and_nothing_is_left(
    known_before: bool,
    tmp_path: Path,
    small_disk: Path,
    model: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(small_disk))
    monkeypatch.setattr("tempfile.tempdir", None)
    archive, out = tmp_path / "CT.zip", tmp_path / "out"
    noise = np.random.default_rng(0).bytes(SMALL_DISK_BYTES // 4)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as files:
        for number in range(5):
            files.writestr(f"{number}.dcm", noise)
    if not known_before:
        monkeypatch.setattr("inference.read.archives._check_entries", lambda *_: None)
    assert main(["segment", str(archive), "--out", str(out), "--model", model]) == 5
    assert "Free some space" in capsys.readouterr().err
    assert not out.exists()
    assert not list(small_disk.iterdir())
