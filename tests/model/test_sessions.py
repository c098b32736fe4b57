"""What runs a model, and what happens if the fast kernels are missing or fail."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from inference.model import sessions
from inference.model.loading import load_model
from inference.model.sessions import FAST, NO_BFLOAT16, Runner, has_bfloat16
from tests.tiny_models import write_threshold_model

here = pytest.mark.skipif(
    FAST not in ort.get_available_providers(), reason="onnxruntime-openvino is not installed"
)

has_kernels = pytest.mark.skipif(
    FAST not in ort.get_available_providers() or not has_bfloat16(),
    reason="this computer does not compute in bfloat16",
)

HU = np.random.default_rng(3).normal(100.0, 300.0, (1, 1, 32, 64, 64)).astype(np.float32)


@here
def test_the_fast_provider_runs_by_default_and_agrees_with_the_stock_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fast = load_model()
    probability = fast.predict(HU[0, 0])
    assert (fast.provider, fast.notes) == ("OpenVINO", ())
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["CPUExecutionProvider"])
    stock = load_model()
    assert np.abs(stock.predict(HU[0, 0]) - probability).max() < 1e-4
    assert (stock.provider, stock.notes) == ("CPU", ())


ANSWER = """
import sys
import numpy as np
from inference.model.loading import load_model
hu = np.random.default_rng(3).normal(100.0, 300.0, (32, 64, 64)).astype(np.float32)
model = load_model()
np.save(sys.argv[1], model.predict(hu))
print(model.provider)
"""


@here
def test_a_processor_with_avx2_alone_gives_the_same_answer(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", ANSWER, str(tmp_path / "avx2.npy")],
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "OpenVINO"
    assert np.abs(np.load(tmp_path / "avx2.npy") - load_model().predict(HU[0, 0])).max() < 1e-4


@here
def test_a_provider_that_cannot_be_loaded_is_noted_and_the_stock_one_steps_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FAST", "AbsentExecutionProvider")
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["AbsentExecutionProvider"])
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")))
    probability = model.predict(np.full((8, 8, 8), 200, np.float32))
    assert probability == pytest.approx(0.5)
    assert model.provider == "CPU"
    assert "same mask" in model.notes[0]


@here
def test_a_session_that_fails_in_the_middle_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(write_threshold_model(tmp_path / "m.onnx").read_bytes(), threads=1)
    assert runner.run(HU).shape == HU.shape
    assert runner.provider == "OpenVINO"

    class Broken:
        def get_inputs(self) -> list[object]:
            raise RuntimeError("out of something")

    monkeypatch.setattr(runner, "_session", Broken())
    assert runner.run(HU).shape == HU.shape
    assert runner.provider == "CPU"


def test_one_runner_takes_tensors_of_several_shapes(tmp_path: Path) -> None:
    runner = Runner(write_threshold_model(tmp_path / "m.onnx").read_bytes(), threads=1)
    for shape in ((1, 1, 8, 8, 8), (1, 1, 4, 6, 8), (1, 1, 8, 8, 8)):
        assert runner.run(np.full(shape, 200, np.float32)) == pytest.approx(np.full(shape, 0.5))
    assert runner.note is None


@has_kernels
def test_bfloat16_is_used_where_it_is_asked_for_and_stays_close_to_float32() -> None:
    exact, fast = load_model(), load_model(precision="bfloat16")
    difference = np.abs(fast.predict(HU[0, 0]) - exact.predict(HU[0, 0]))
    assert (exact.precision, fast.precision) == ("float32", "bfloat16")
    assert fast.notes == ()
    assert 0 < difference.mean() < 0.01


def test_without_bfloat16_float32_steps_in_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "has_bfloat16", lambda: False)
    model = load_model(str(write_threshold_model(tmp_path / "m.onnx")), precision="bfloat16")
    assert model.predict(np.full((8, 8, 8), 200, np.float32)) == pytest.approx(0.5)
    assert model.precision == "float32"
    assert model.notes == (NO_BFLOAT16,)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [("fpu avx512_bf16 vnni", True), ("fpu amx_bf16", True), ("fpu avx2 avx512f", False)],
)
def test_the_processor_says_whether_it_has_bfloat16(
    tmp_path: Path, flags: str, expected: bool
) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    assert has_bfloat16(facts) == expected
    assert not has_bfloat16(tmp_path / "absent")
