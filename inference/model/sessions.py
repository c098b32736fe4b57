"""Runs a model: with OpenVINO's kernels where available, with onnxruntime's own if those fail.

Both compute in float32 by default and differ only in the last digits, so that a mask does not
depend on the machine it was made on. OpenVINO would choose bfloat16 by itself if the processor has
it, so the precision is always set.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference.values.messages import sentence

Tensor = NDArray[np.float32]

FAST = "OpenVINOExecutionProvider"
"""In the package onnxruntime-openvino; measured on one published patch, it is 1.9 times as fast as
the stock provider on the same cores, with two thirds of its memory."""

STOCK = "CPUExecutionProvider"
"""Part of every onnxruntime."""

Precision = Literal["float32", "bfloat16"]
"""The number format a model computes in. bfloat16 takes a third to a half of the time and changes a
few voxels at the spine's edge."""

PRECISION_HINTS: dict[Precision, str] = {"float32": "f32", "bfloat16": "bf16"}
"""OpenVINO's names."""

CPU_FACTS = Path("/proc/cpuinfo")
"""Where Linux lists the processor's features."""

BFLOAT16_FLAGS = {"amx_bf16", "avx512_bf16"}

NO_BFLOAT16 = sentence("This computer does not compute in bfloat16, so float32 was used.")

SILENT = 4
"""onnxruntime's log level: fatal errors only, because we report what matters ourselves."""


class Runner:
    """Runs one model on tensors of any shape, with the fastest kernels that work on this machine.

    Attributes:
        threads: processor threads to use; 0 for one per core.
        note: a plain sentence if something could not be done as asked; otherwise None.
    """

    def __init__(self, content: bytes, threads: int, precision: Precision = "float32") -> None:
        """Prepare for the ONNX file ``content``."""
        self._content = content
        self.threads = threads
        self._fast = FAST in ort.get_available_providers()
        self._session: ort.InferenceSession | None = None
        self._shape: tuple[int, ...] = ()
        can = precision == "float32" or (self._fast and has_bfloat16())
        self._precision: Precision = precision if can else "float32"
        self.note: str | None = None if can else NO_BFLOAT16

    @property
    def provider(self) -> str:
        """What runs the model, as onnxruntime names it without "ExecutionProvider"."""
        return (FAST if self._fast else STOCK).removesuffix("ExecutionProvider")

    @property
    def precision(self) -> Precision:
        """The number format the model computes in."""
        return self._precision if self._fast else "float32"

    def run(self, tensor: Tensor) -> Tensor:
        """The model's only output for its only input.

        Raises:
            Exception: one of onnxruntime's own, if the stock provider cannot run it either.
        """
        if self._fast:
            try:
                return self._run(tensor)
            except Exception as error:  # onnxruntime's errors have no common base
                self._fast, self._session = False, None
                self.note = sentence(
                    "The fast kernels could not be used ({0}); the slower ones produce the "
                    "same mask.",
                    type(error).__name__,
                )
        return self._run(tensor)

    def _run(self, tensor: Tensor) -> Tensor:
        # One session at a time: OpenVINO compiles for one shape, and each holds its own buffers.
        if self._session is None or (self._fast and tensor.shape != self._shape):
            self._session = None
            self._session = (
                _open_fast(self._content, self.threads, tensor.shape, self._precision)
                if self._fast
                else open_stock(self._content, self.threads)
            )
            self._shape = tensor.shape
        (node,) = self._session.get_inputs()
        (output,) = self._session.run(None, {node.name: tensor})
        return np.asarray(output, dtype=np.float32)


def open_stock(content: bytes, threads: int = 0) -> ort.InferenceSession:
    """A session of the stock provider, for tensors of any shape the graph allows.

    Raises:
        Exception: one of onnxruntime's own, if ``content`` is not an ONNX model.
    """
    return ort.InferenceSession(content, _options(threads), providers=[STOCK])


def has_bfloat16(cpu_facts: Path = CPU_FACTS) -> bool:
    """Whether the processor multiplies in bfloat16; False if the system does not tell."""
    try:
        text = cpu_facts.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return not BFLOAT16_FLAGS.isdisjoint(text.split())


def _open_fast(
    content: bytes, threads: int, shape: tuple[int, ...], precision: Precision
) -> ort.InferenceSession:
    """A session of the fast provider for one input shape.

    Raises:
        RuntimeError: the provider is there but did not load.
    """
    _let_openvino_be_found()
    options = _options(threads)
    (node,) = open_stock(content).get_inputs()
    for axis, length in zip(node.shape, shape, strict=True):
        if isinstance(axis, str):
            options.add_free_dimension_override_by_name(axis, length)
    hints = {
        "INFERENCE_PRECISION_HINT": PRECISION_HINTS[precision],
        "PERFORMANCE_HINT": "LATENCY",
    }
    settings = {"CPU": hints}
    provider_options = {"device_type": "CPU", "load_config": json.dumps(settings)}
    if threads:
        provider_options["num_of_threads"] = str(threads)
    session = ort.InferenceSession(
        content, options, providers=[(FAST, provider_options)], enable_fallback=0
    )
    if FAST not in session.get_providers():
        raise RuntimeError(f"{FAST} did not load")
    return session


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or _fewer_cores()
    options.log_severity_level = SILENT
    return options


def _fewer_cores() -> int:
    """How many cores the process may use, if not all; 0 for all.

    onnxruntime starts a thread for each core of the machine, and threads that share a core waste it
    by spinning while they wait for each other.
    """
    if sys.platform != "linux":
        return 0
    allowed = len(os.sched_getaffinity(0))
    return allowed if allowed < (os.cpu_count() or allowed) else 0


def _let_openvino_be_found() -> None:
    """On Windows, OpenVINO is a separate package whose folder must be added to the search path."""
    if sys.platform != "win32":
        return
    package = importlib.util.find_spec("openvino")
    for location in (package and package.submodule_search_locations) or ():
        libraries = str(Path(location) / "libs")
        if Path(libraries).is_dir() and libraries not in os.environ["PATH"]:
            os.environ["PATH"] = os.pathsep.join((libraries, os.environ["PATH"]))
            os.add_dll_directory(libraries)
