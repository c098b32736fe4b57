"""Ours beside other ways to do the same: seconds, windows, memory and agreement, as Markdown.

    python -m tests.benchmarks.speed ../shared/ct               all of it: half an hour on two cores
    python -m tests.benchmarks.speed ../shared/ct --windows 36  the other ways extrapolated
    python -m tests.benchmarks.speed ../shared/ct --ours        without the other ways
    python -m tests.benchmarks.speed ../shared/ct --trunks      whole trunks alone

Each row is a process of its own, timed from its start to its written mask. The last figures compare
the model's rate with that of a large float32 matrix product, and the time in a field of view that
is twice as wide.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.training.spine_labels import spine_label
from inference import Volume, open_ct, segment
from inference.geometry import Geometry
from inference.metrics import dice
from inference.model import load_model
from inference.volume import AIR_HU
from tests.benchmarks.trunk import write_trunk

CT = Path("ircad/ircad07_ct.nii.gz")
LABELS = Path("ircad/labels/ircad07_labels.nii.gz")

TRUNK_SLICES = (1000, 2000)

GFLOP_A_WINDOW = 115.7
"""Multiplications and additions of one published patch, counted from the graph."""

MATRIX = 4096
REPEATS = 5


@dataclass(frozen=True, eq=False)
class Row:
    """One way of doing it.

    Attributes:
        mask: on the CT's grid; None if the way makes no spine.
        windows_run: fewer than ``windows`` where the seconds are extrapolated.
    """

    name: str
    seconds: float
    windows: int
    windows_run: int
    peak_rss_bytes: int
    mask: NDArray[np.uint8] | None


def ours(ct: Path, mode: str, folder: Path, formats: str = "nifti") -> Row:
    """The command line from the file to the written results."""
    out = folder / mode
    command = ["-m", "inference", "segment", str(ct), "--out", str(out)]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *command, "--mode", mode, "--format", formats],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - start
    (report,) = (json.loads(path.read_text("utf-8")) for path in out.glob("*_report.json"))
    (mask,) = (sitk.GetArrayFromImage(sitk.ReadImage(str(p))) for p in out.glob("*.nii.gz"))
    windows = report["windows"]["run"]
    return Row(f"ours, `{mode}`", seconds, windows, windows, report["peak_rss_bytes"], mask)


def rival(name: str, way: str, ct: Path, folder: Path, windows: int | None) -> Row:
    """One way of ``tests.benchmarks.rivals``, with no more than so many windows run."""
    out = folder / f"{way}.npy"
    command = [sys.executable, "-m", "tests.benchmarks.rivals", way, str(ct), str(out)]
    limit = [] if windows is None else ["--windows", str(windows)]
    said = subprocess.run([*command, *limit], check=True, stdout=subprocess.PIPE, text=True).stdout
    return Row(
        name, **json.loads(said.splitlines()[-1]), mask=np.load(out) if out.exists() else None
    )


def table(rows: list[Row], label: NDArray[np.uint8]) -> None:
    """Print the rows, times also as multiples of the first."""
    fastest, full = rows[0], rows[1]
    print(
        "| ircad07 | seconds | times `follow` | windows | peak memory | Dice to `full` | to label |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        windows = str(row.windows)
        if row.windows_run < row.windows:
            windows += f" ({row.windows_run} timed)"
        agreement = ("", "")
        if row.mask is not None and full.mask is not None:
            agreement = (f"{dice(row.mask, full.mask):.4f}", f"{dice(row.mask, label):.4f}")
        print(
            f"| {row.name} | {row.seconds:.1f} | {row.seconds / fastest.seconds:.1f} | {windows} "
            f"| {row.peak_rss_bytes / 2**30:.2f} GiB | {agreement[0]} | {agreement[1]} |",
            flush=True,
        )


def trunks(source: Path, folder: Path, lengths: Sequence[int] = TRUNK_SLICES) -> None:
    """Print time and memory of whole trunks, mask and surface written."""
    print(
        "\n| whole trunk, `follow` | seconds | windows | peak memory |\n| --- | --- | --- | --- |"
    )
    for slices in lengths:
        ct = folder / f"trunk_{slices}.nii"
        write_trunk(source, ct, slices)
        row = ours(ct, "follow", folder / str(slices), "nifti,stl")
        ct.unlink()
        print(
            f"| 512×512×{slices} | {row.seconds:.1f} | {row.windows} "
            f"| {row.peak_rss_bytes / 2**30:.2f} GiB |",
            flush=True,
        )


def rates() -> tuple[float, float]:
    """GFLOP/s of the model and of a matrix product, the best of runs in turn."""
    model = load_model()
    rng = np.random.default_rng(0)
    patch = rng.normal(0, 300, model.card.patch).astype(np.float32)
    matrix = rng.normal(size=(MATRIX, MATRIX)).astype(np.float32)
    model.predict(patch)
    windows, products = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        model.predict(patch)
        middle = time.perf_counter()
        matrix @ matrix
        windows.append(middle - start)
        products.append(time.perf_counter() - middle)
    return GFLOP_A_WINDOW / min(windows), 2 * MATRIX**3 / 1e9 / min(products)


def twice_as_wide(volume: Volume) -> Volume:
    """The CT with air at its left, so that the field of view is twice as wide."""
    width, height, depth = volume.geometry.size
    wide = Geometry(
        (2 * width, height, depth),
        volume.geometry.spacing,
        volume.geometry.origin,
        volume.geometry.direction,
    )
    voxels = np.full(wide.shape, AIR_HU, np.int16)
    voxels[..., :width] = volume.voxels
    return Volume(voxels, wide, volume.name)


def seconds_of(volume: Volume) -> float:
    """Of one segmentation in memory, in ``follow`` mode."""
    start = time.perf_counter()
    segment(volume, mode="follow")
    return time.perf_counter() - start


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("--ours", action="store_true", help="leave the other ways out")
    parser.add_argument("--trunks", action="store_true", help="whole trunks alone")
    parser.add_argument("--windows", type=int, help="of the other ways, run no more than these")
    options = parser.parse_args()
    limit: int | None = options.windows
    ct: Path = options.data / CT
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        if options.trunks:
            trunks(ct, folder)
            return
        rows = [ours(ct, "follow", folder), ours(ct, "full", folder)]
        if not options.ours:
            rows += [
                rival("published: PyTorch, whole volume in floats", "published", ct, folder, limit),
                rival("MONAI `sliding_window_inference`", "monai", ct, folder, limit),
                rival("stock ONNX Runtime, full grid", "stock", ct, folder, limit),
                rival(
                    "TotalSegmentator-sized nnU-Net, random weights", "nnunet", ct, folder, limit
                ),
            ]
        table(rows, spine_label(options.data / LABELS, open_ct(ct)))
        trunks(ct, folder)
    model, product = rates()
    print(f"\nModel {model:.0f} GFLOP/s, matrix product {product:.0f}: {model / product:.0%}.")
    volume = open_ct(ct)
    narrow, wide = seconds_of(volume), seconds_of(twice_as_wide(volume))
    print(f"Field of view twice as wide: {wide / narrow - 1:+.0%} ({narrow:.1f} s, {wide:.1f} s).")


if __name__ == "__main__":
    main()
