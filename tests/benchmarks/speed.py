"""Compares this program with other methods: seconds, windows, memory and agreement, as Markdown.

    python -m tests.benchmarks.speed ../shared/ct               everything: hours on two cores
    python -m tests.benchmarks.speed ../shared/ct --windows 12  extrapolates the other methods
    python -m tests.benchmarks.speed ../shared/ct --ours        leaves them out
    python -m tests.benchmarks.speed ../shared/ct --trunks      only whole trunks

The volumes are the real CT ``ircad07`` and a whole trunk made from it. Each row is a separate
process, timed from its start until its mask is written. The last figures compare the model's rate
with that of a large float32 matrix product, and the times in a normal field of view and in one
that is twice as wide.
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
from inference.mask.overlap import dice
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from tests.benchmarks import totalsegmentator
from tests.benchmarks.rate import measure_rates
from tests.benchmarks.trunk import write_trunk

CT = Path("ircad/ircad07_ct.nii.gz")
LABELS = Path("ircad/labels/ircad07_labels.nii.gz")

TRUNK_SLICES = (1000, 2000)

RIVALS = {
    "published": "published: PyTorch, whole volume in floats",
    "monai": "MONAI `sliding_window_inference`",
    "stock": "stock ONNX Runtime, full grid",
    "nnunet": "TotalSegmentator-sized nnU-Net, random weights",
    "totalsegmentator": "TotalSegmentator, vertebrae alone",
}
"""Names for the methods of ``tests.benchmarks.rivals``. The last is skipped if not installed."""


@dataclass(frozen=True, eq=False)
class Row:
    """The figures of one method.

    Attributes:
        mask: on the CT's grid; None if the method segments no spine.
        windows_run: fewer than ``windows`` if the seconds are extrapolated.
    """

    name: str
    seconds: float
    windows: int
    windows_run: int
    peak_rss_bytes: int
    mask: NDArray[np.uint8] | None


def ours(ct: Path, mode: str, folder: Path, formats: str = "nifti") -> Row:
    """Run our command line from the file to the written results."""
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


def rival(way: str, ct: Path, folder: Path, windows: int | None, name: str) -> Row:
    """Run a method of ``tests.benchmarks.rivals``, with a limit on the windows that are run."""
    out = folder / f"{way}.npy"
    command = [sys.executable, "-m", "tests.benchmarks.rivals", way, str(ct), str(out)]
    limit = [] if windows is None else ["--windows", str(windows)]
    said = subprocess.run([*command, *limit], check=True, stdout=subprocess.PIPE, text=True).stdout
    mask = np.load(out) if out.exists() else None
    out.unlink(missing_ok=True)
    return Row(name, **json.loads(said.splitlines()[-1]), mask=mask)


def rivals(ct: Path, folder: Path, windows: int | None) -> list[Row]:
    """Run all methods that are available here."""
    ways = dict(RIVALS)
    if not totalsegmentator.installed():
        del ways["totalsegmentator"]
    return [rival(way, ct, folder, windows, name) for way, name in ways.items()]


def table(volume: str, rows: Sequence[Row], label: NDArray[np.uint8] | None = None) -> None:
    """Print the rows, with times also as multiples of the first.

    All masks are compared with that of the full grid, which is in the second row if there is one.
    """
    print(
        f"| {volume} | seconds | times `follow` | windows | peak memory | Dice to `full` "
        "| to label |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    full = rows[1].mask if len(rows) > 1 else None
    for row in rows:
        windows = str(row.windows)
        if row.windows_run < row.windows:
            windows += f" ({row.windows_run} timed)"
        print(
            f"| {row.name} | {row.seconds:.1f} | {row.seconds / rows[0].seconds:.1f} | {windows} "
            f"| {row.peak_rss_bytes / 2**30:.2f} GiB | {agreement(row.mask, full)} "
            f"| {agreement(row.mask, label)} |",
            flush=True,
        )


def agreement(mask: NDArray[np.uint8] | None, other: NDArray[np.uint8] | None) -> str:
    """Dice, if there are two masks."""
    return "" if mask is None or other is None else f"{dice(mask, other):.4f}"


def compare_on_ircad07(data: Path, folder: Path, windows: int | None, others: bool) -> None:
    """Print the table of the real CT."""
    ct = data / CT
    rows = [ours(ct, mode, folder) for mode in ("follow", "full")]
    if others:
        rows += rivals(ct, folder, windows)
    table("ircad07", rows, spine_label(data / LABELS, open_ct(ct)))


def compare_on_trunks(source: Path, folder: Path, windows: int | None, others: bool) -> None:
    """Print the tables of whole trunks, with mask and surface; the longer one is ours only."""
    for slices in TRUNK_SLICES:
        ct = folder / f"trunk_{slices}.nii"
        write_trunk(source, ct, slices)
        rows = [ours(ct, "follow", folder / str(slices), "nifti,stl")]
        if others and slices == TRUNK_SLICES[0]:
            rows.append(rival("full", ct, folder, windows, "ours, `full`"))
            rows += rivals(ct, folder, windows)
        ct.unlink()
        print()
        table(f"whole trunk, 512×512×{slices}", rows)


def twice_as_wide(volume: Volume) -> Volume:
    """The CT with air added on the left, so that the field of view is twice as wide."""
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
    """Seconds for one segmentation in memory, in ``follow`` mode."""
    start = time.perf_counter()
    segment(volume, mode="follow")
    return time.perf_counter() - start


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("--ours", action="store_true", help="leave out the other methods")
    parser.add_argument("--trunks", action="store_true", help="only whole trunks")
    parser.add_argument("--windows", type=int, help="most windows to run with the other methods")
    options = parser.parse_args()
    windows: int | None = options.windows
    data: Path = options.data
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        if not options.trunks:
            compare_on_ircad07(data, folder, windows, others=not options.ours)
        compare_on_trunks(data / CT, folder, windows, others=not options.ours)
    if options.trunks:
        return
    print(f"\n{measure_rates()}")
    volume = open_ct(data / CT)
    narrow, wide = seconds_of(volume), seconds_of(twice_as_wide(volume))
    print(f"Field of view twice as wide: {wide / narrow - 1:+.0%} ({narrow:.1f} s, {wide:.1f} s).")


if __name__ == "__main__":
    main()
