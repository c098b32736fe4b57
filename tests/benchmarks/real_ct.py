"""Measures time, memory and agreement of the main task on the real CT ``ircad07``.

    python -m tests.benchmarks.real_ct ../shared/ct

prints Markdown: one run of the command line in a separate process (seconds per stage, windows, peak
resident memory, Dice against the expert label), then the greatest difference between the streamed
probabilities and a whole-volume reference in double precision, window by window.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.training.spine_labels import spine_label
from inference import open_ct
from inference.mask.overlap import dice
from inference.model.loading import load_model
from inference.values.geometry import canonical_geometry
from inference.values.volume import AIR_HU
from inference.windows.blending import importance_map
from inference.windows.grid import Window, full_grid
from inference.windows.resampling import resample
from inference.windows.sliding import Slab, predict_slabs

CT = Path("ircad/ircad07_ct.nii.gz")
LABELS = Path("ircad/labels/ircad07_labels.nii.gz")


class Reference:
    """The blended probabilities of the whole volume, in double precision."""

    def __init__(self, shape: tuple[int, int, int], windows: tuple[Window, ...]) -> None:
        """Expect the results of the windows in ascending order."""
        self._weighted = np.zeros(shape)
        self._weights = np.zeros(shape)
        self._windows: Iterator[Window] = iter(sorted(windows))

    def add(self, probability: NDArray[np.float32]) -> None:
        """Add the result of the next window."""
        window = next(self._windows)
        in_volume, in_window = window.inside(self._weighted.shape)
        importance = importance_map(window.shape)[in_window].astype(np.float64)
        self._weighted[in_volume] += importance * probability[in_window]
        self._weights[in_volume] += importance

    def difference(self, slab: Slab) -> float:
        """The greatest difference from the finished planes of a slab."""
        planes = slice(slab.first_plane, slab.first_plane + len(slab.probability))
        expected = self._weighted[planes] / self._weights[planes]
        return float(np.abs(expected - slab.probability).max())


def run_command_line(ct: Path, out: Path) -> dict[str, Any]:
    """Run the command line in a separate process and return its report."""
    program = [sys.executable, "-m", "inference"]
    command = [*program, "segment", str(ct), "--mode", "full", "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    report: dict[str, Any] = json.loads((out / "ircad07_ct_report.json").read_text("utf-8"))
    return report


def blending_difference(ct: Path) -> float:
    """The greatest difference between streamed and whole-volume probabilities."""
    volume, model = open_ct(ct), load_model()
    canonical = canonical_geometry(volume.geometry, model.card.spacing_mm)
    hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
    windows = full_grid(canonical.shape, model.card.patch)
    reference = Reference(canonical.shape, windows)

    def predict_and_note(patch: NDArray[np.float32]) -> NDArray[np.float32]:
        probability = model.predict(patch)
        reference.add(probability)
        return probability

    slabs = predict_slabs(
        hu.shape, windows, lambda window: predict_and_note(window.cut(hu, AIR_HU))
    )
    return max(reference.difference(slab) for slab in slabs)


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder of the real CT")
    data: Path = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        report = run_command_line(data / CT, Path(folder))
        mask = sitk.GetArrayFromImage(sitk.ReadImage(str(Path(folder) / "ircad07_ct_spine.nii.gz")))
    label = spine_label(data / LABELS, open_ct(data / CT))
    print("| figure | ircad07, `full` |\n| --- | --- |")
    for stage, seconds in report["seconds"].items():
        print(f"| {stage} | {seconds:.1f} s |")
    print(f"| all stages | {sum(report['seconds'].values()):.1f} s |")
    print(f"| windows | {report['windows']['run']} |")
    print(f"| peak resident memory | {report['peak_rss_bytes'] / 2**30:.2f} GiB |")
    print(f"| Dice against the expert label | {dice(mask, label):.3f} |")
    print(f"| streamed − whole-volume probability | ≤ {blending_difference(data / CT):.1e} |")


if __name__ == "__main__":
    main()
