"""Compares ways to make the model faster with the one in use: seconds and agreement, as Markdown.

    python -m tests.benchmarks.kernels ../shared/ct

Each way segments ``ircad07`` in ``follow`` mode in a separate process. Dice is given against the
mask of the way in use and against the expert label. Then all ways run one window in turn, several
times, and the quickest time counts. The last line shows how much could be gained by cutting each
window from the CT while the previous one is predicted.
"""

import argparse
import functools
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

from assets.training.spine_labels import spine_label
from inference import Volume, open_ct, segment
from inference.localize.finder import find_spine
from inference.localize.route import plan_route
from inference.mask.overlap import dice
from inference.model.bundled import DEFAULT_MODEL, FINDER_MODEL, bundled_models
from inference.model.loading import SpineModel, load_model
from inference.model.sessions import FAST, STOCK, Precision, Tensor
from inference.values.geometry import Geometry, canonical_geometry
from inference.windows.grid import Window
from inference.windows.resampling import cut_window

CT = Path("ircad/ircad07_ct.nii.gz")
LABELS = Path("ircad/labels/ircad07_labels.nii.gz")
CALIBRATION_CT = Path("ircad/ircad01_dicom.zip")
"""Another patient, used to calibrate the ranges for int8."""

CALIBRATION_PATCH = (48, 80, 80)
KEPT_IN_FLOAT = (slice(0, 1), slice(-4, None))
"""The first convolution and the last four, where int8 reduces agreement most."""


TURNS = 8

Setting = tuple[str, str]
FLOAT32: Setting = ("INFERENCE_PRECISION_HINT", "f32")
BFLOAT16: Setting = ("INFERENCE_PRECISION_HINT", "bf16")
PINNED: Setting = ("ENABLE_CPU_PINNING", "YES")


@dataclass(frozen=True)
class Way:
    """One way to run the model.

    Attributes:
        provider: of onnxruntime.
        hints: for OpenVINO.
        fixed: whether the shape of a window is fixed in advance.
        int8: whether the convolutions are quantized.
        environment: environment variables of the process.
    """

    provider: str = FAST
    hints: tuple[Setting, ...] = (FLOAT32,)
    fixed: bool = True
    int8: bool = False
    environment: tuple[Setting, ...] = ()


WAYS = {
    "as used": Way(),
    "shape left open": Way(fixed=False),
    "threads pinned": Way(hints=(FLOAT32, PINNED)),
    "int8": Way(int8=True),
    "bfloat16": Way(hints=(BFLOAT16,)),
    "AVX2 alone": Way(environment=(("ONEDNN_MAX_CPU_ISA", "AVX2"),)),
    "AVX2 alone, int8": Way(int8=True, environment=(("ONEDNN_MAX_CPU_ISA", "AVX2_VNNI"),)),
    "stock provider": Way(provider=STOCK),
}


class WayRunner:
    """Runs a session in the same way as ``inference.model.sessions.Runner``."""

    threads = 0
    note = None
    precision: Precision = "float32"

    def __init__(self, way: Way, content: bytes, patch: Sequence[int]) -> None:
        """Open the session of ``way`` for windows of ``patch``."""
        self.provider = way.provider
        options = ort.SessionOptions()
        if way.fixed:
            for axis, length in zip("NDHW", (1, *patch), strict=True):
                options.add_free_dimension_override_by_name(axis, length)
        settings = {"device_type": "CPU", "load_config": json.dumps({"CPU": dict(way.hints)})}
        providers = [(FAST, settings)] if way.provider == FAST else [STOCK]
        self._session = ort.InferenceSession(content, options, providers=providers)
        assert way.provider in self._session.get_providers()

    def run(self, tensor: Tensor) -> Tensor:
        """The model's only output for its only input."""
        (output,) = self._session.run(None, {"ct": tensor})
        return np.asarray(output)


def windows_of(volume: Volume, model: SpineModel) -> tuple[Geometry, tuple[Window, ...]]:
    """The windows of ``follow`` mode, and their grid."""
    grid = canonical_geometry(volume.geometry, model.card.spacing_mm)
    return grid, plan_route(
        find_spine(volume, load_model(FINDER_MODEL)), grid, model.card.patch
    ).windows


class Patches(CalibrationDataReader):
    """The windows along the spine of a CT, cropped to their middles."""

    def __init__(self, volume: Volume) -> None:
        """Cut them on request."""
        grid, windows = windows_of(volume, load_model())
        self._patches = (cut_window(volume, grid, window) for window in windows)

    def get_next(self) -> dict[str, Tensor] | None:
        """The next one, under the name of the model's input."""
        patch = next(self._patches, None)
        if patch is None:
            return None
        starts = [(n - m) // 2 for n, m in zip(patch.shape, CALIBRATION_PATCH, strict=True)]
        middle = tuple(slice(s, s + m) for s, m in zip(starts, CALIBRATION_PATCH, strict=True))
        return {"ct": patch[middle][None, None]}


def quantize(source: Path, target: Path, volume: Volume) -> None:
    """Write the model with int8 convolutions, calibrated on ``volume``."""
    graph = onnx.load(str(source)).graph
    convolutions = [n.name for n in graph.node if n.op_type in ("Conv", "ConvTranspose")]
    quantize_static(
        str(source),
        str(target),
        Patches(volume),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        op_types_to_quantize=["Conv", "ConvTranspose", "MaxPool", "Add"],
        nodes_to_exclude=[name for part in KEPT_IN_FLOAT for name in convolutions[part]],
        extra_options={"CalibMovingAverage": True},
    )


@functools.cache
def model_of(way: Way, path: Path) -> SpineModel:
    """The model in the file, run in this way; loaded once per process."""
    card = load_model().card
    return SpineModel(WayRunner(way, path.read_bytes(), card.patch), card)  # type: ignore[arg-type]


def mask_of(way: Way, path: Path, ct: Path) -> NDArray[np.uint8]:
    """The spine of the CT."""
    return segment(open_ct(ct), model=model_of(way, path)).mask.voxels


def seconds_of_window(way: Way, path: Path) -> float:
    """Seconds for one window of noise."""
    model = model_of(way, path)
    hu = np.random.default_rng(0).normal(0, 300, model.card.patch).astype(np.float32)
    start = time.perf_counter()
    model.predict(hu)
    return time.perf_counter() - start


@contextmanager
def own_process(way: Way) -> Iterator[ProcessPoolExecutor]:
    """A process in which the environment of ``way`` is set before any library is loaded."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        os.environ.update(way.environment)
        pool.submit(os.getpid).result()
        for name, _ in way.environment:
            del os.environ[name]
        yield pool


def cut_ahead(volume: Volume) -> str:
    """Seconds for cutting and predicting windows, in sequence and overlapped."""
    model = load_model()
    grid, windows = windows_of(volume, model)
    model.predict(cut_window(volume, grid, windows[0]))
    cutting = predicting = 0.0
    for window in windows:
        start = time.perf_counter()
        patch = cut_window(volume, grid, window)
        middle = time.perf_counter()
        model.predict(patch)
        cutting += middle - start
        predicting += time.perf_counter() - middle
    start = time.perf_counter()
    with ThreadPoolExecutor(1) as cutter:
        for patch in _one_ahead(cutter, volume, grid, windows):
            model.predict(patch)
    overlapped = time.perf_counter() - start
    return (
        f"{len(windows)} windows: {cutting:.1f} s to cut them and {predicting:.1f} s to predict "
        f"them; {overlapped:.1f} s if each is cut while the one before is predicted."
    )


def _one_ahead(
    cutter: ThreadPoolExecutor, volume: Volume, grid: Geometry, windows: Sequence[Window]
) -> Iterator[Tensor]:
    following = cutter.submit(cut_window, volume, grid, windows[0])
    for window in windows[1:]:
        patch = following.result()
        following = cutter.submit(cut_window, volume, grid, window)
        yield patch
    yield following.result()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder of the real CT")
    data: Path = parser.parse_args().data
    used = bundled_models()[DEFAULT_MODEL]
    label = spine_label(data / LABELS, open_ct(data / CT))
    with ExitStack() as stack:
        int8 = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "int8.onnx"
        quantize(used, int8, open_ct(data / CALIBRATION_CT))
        pools = [stack.enter_context(own_process(way)) for way in WAYS.values()]
        ways = [(way, int8 if way.int8 else used) for way in WAYS.values()]
        masks = [
            pool.submit(mask_of, *way, data / CT).result()
            for pool, way in zip(pools, ways, strict=True)
        ]
        turns = [
            [
                pool.submit(seconds_of_window, *way).result()
                for pool, way in zip(pools, ways, strict=True)
            ]
            for _ in range(TURNS)
        ]
    print("| way | seconds a window | Dice to what is used | to label |")
    print("| --- | --- | --- | --- |")
    for name, seconds, mask in zip(WAYS, np.min(turns, axis=0), masks, strict=True):
        agreement = f"{dice(mask, masks[0]):.4f} | {dice(mask, label):.4f}"
        print(f"| {name} | {seconds:.2f} | {agreement} |")
    print(f"\n{cut_ahead(open_ct(data / CT))}")


if __name__ == "__main__":
    main()
