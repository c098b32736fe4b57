"""Other methods to compare with, each in a separate process, for ``tests.benchmarks.speed``.

    python -m tests.benchmarks.rivals WAY CT OUT

If all windows were run, the mask is written to OUT (``.npy``) on the CT's grid. One JSON object is
printed: seconds, windows, how many were run, and peak resident memory. If not all windows were
run, the seconds of the loop over windows are extrapolated.
"""

import argparse
import importlib
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from inference import open_ct
from inference.mask.components import keep_spine_components
from inference.mask.threshold import byte_map, byte_threshold, mask_on_grid
from inference.model.loading import load_model
from inference.system.memory import peak_rss_bytes
from inference.values.geometry import canonical_geometry
from inference.windows.grid import full_grid
from inference.windows.resampling import cut_window
from inference.windows.sliding import predict_slabs

WAYS = {
    "published": "tests.benchmarks.pytorch_rivals",
    "monai": "tests.benchmarks.pytorch_rivals",
    "nnunet": "tests.benchmarks.pytorch_rivals",
    "totalsegmentator": "tests.benchmarks.totalsegmentator",
    "stock": "tests.benchmarks.rivals",
    "full": "tests.benchmarks.rivals",
}
"""The module of each method. Its function has the same name, takes the path of a CT and the most
windows to run, and returns its ``Work``."""


@dataclass(frozen=True, eq=False)
class Work:
    """What one method did.

    Attributes:
        sliding_seconds: time of the loop over windows only.
        windows: number of windows that the method needs.
        windows_run: number of windows that were run.
        mask: on the CT's grid; None if the method segments no spine.
        child_peak_bytes: peak memory of the processes that it started.
    """

    sliding_seconds: float
    windows: int
    windows_run: int
    mask: NDArray[np.uint8] | None
    child_peak_bytes: int = 0


def stock(path: Path, most: int) -> Work:
    """Our full grid, run with onnxruntime's default provider."""
    ort.get_available_providers = lambda: ["CPUExecutionProvider"]
    assert load_model().provider == "CPU"
    return full(path, most)


def full(path: Path, most: int) -> Work:
    """Our full grid, for CTs on which running all windows takes too long."""
    volume, model = open_ct(path), load_model()
    ours = canonical_geometry(volume.geometry, model.card.spacing_mm)
    windows = full_grid(ours.shape, model.card.patch)
    start = time.perf_counter()
    run = windows[:most]
    slabs = predict_slabs(
        ours.shape, run, lambda window: model.predict(cut_window(volume, ours, window))
    )
    probability = byte_map(slabs, ours.shape)
    sliding = time.perf_counter() - start
    threshold = byte_threshold(model.card.threshold)
    keep_spine_components(probability, threshold, ours)
    mask = mask_on_grid(probability, ours, volume.geometry, threshold)
    return Work(sliding, len(windows), len(run), mask.voxels)


def main() -> None:
    """Run one method and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("ct", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--windows", type=int, default=sys.maxsize, help="most windows to run")
    options = parser.parse_args()
    start = time.perf_counter()
    way = getattr(importlib.import_module(WAYS[options.way]), options.way)
    work: Work = way(options.ct, options.windows)
    whole = work.windows_run == work.windows
    if work.mask is not None and whole:
        np.save(options.out, work.mask)
    others = time.perf_counter() - start - work.sliding_seconds
    facts = {
        "seconds": others + work.sliding_seconds * work.windows / work.windows_run,
        "windows": work.windows,
        "windows_run": work.windows_run,
        "peak_rss_bytes": max(peak_rss_bytes(), work.child_peak_bytes),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
