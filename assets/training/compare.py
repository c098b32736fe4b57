"""Four networks, one budget: the published comparison again, on the data at hand.

    python -m assets.training.compare --data ../shared/ct --out runs/compare --steps 300

trains each network for the same number of steps on the same patches, the last third of them with
its norms folded, exports it, segments a held-out patient with it by the published method, and
prints the table. Every stage is a command of its own, so that time and peak memory are those of one
scan alone, and a training that was stopped goes on where it was.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from assets.training.spine_labels import spine_label
from assets.training.surface_distance import hd95
from inference import open_ct
from inference.mask.overlap import dice
from inference.model.loading import load_model

PUBLISHED = ("SpineContextResUNet", "ResUNet", "UNet3D", "SwinUNETR")

CT = Path("ircad/ircad07_ct.nii.gz")
LABELS = Path("ircad/labels/ircad07_labels.nii.gz")
"""A patient that no training knows."""


@dataclass(frozen=True)
class Result:
    """What one network came to on the held-out scan.

    Attributes:
        seconds: wall-clock, from reading to writing.
        peak_rss_bytes: of the process that segmented.
    """

    network: str
    parameters: int
    dice: float
    hd95_mm: float
    seconds: float
    peak_rss_bytes: int


def compare(data: Path, out: Path, steps: int) -> Iterator[Result]:
    """Train, export and measure one network after the other."""
    label = spine_label(data / LABELS, open_ct(data / CT))
    for network in PUBLISHED:
        run, refined, model = out / network, out / f"{network}_refined", out / f"{network}.onnx"
        training = ("assets.training.train", "--data", data, "--network", network)
        _python(*training, "--out", run, "--steps", steps - steps // 3)
        last_leg = ("--refine", run / "last.pt", "--steps", steps // 3)
        _python(*training, "--out", refined, *last_leg)
        _python("assets.training.export", refined / "last.pt", model)
        published = ("--mode", "full", "--format", "nifti")
        _python("inference", "segment", data / CT, "--out", run, "--model", model, *published)
        report = json.loads((run / "ircad07_ct_report.json").read_text(encoding="utf-8"))
        mask = sitk.ReadImage(str(run / "ircad07_ct_spine.nii.gz"))
        voxels = sitk.GetArrayFromImage(mask)
        yield Result(
            network=network,
            parameters=load_model(str(model)).card.parameters,
            dice=dice(voxels, label),
            hd95_mm=hd95(voxels, label, mask.GetSpacing()),
            seconds=sum(report["seconds"].values()),
            peak_rss_bytes=report["peak_rss_bytes"],
        )


def table_row(result: Result) -> str:
    """A row of Markdown."""
    return (
        f"| {result.network} | {result.parameters:,} | {result.dice:.3f} | "
        f"{result.hd95_mm:.1f} mm | {result.seconds:.0f} s | "
        f"{result.peak_rss_bytes / 2**30:.2f} GiB |"
    )


def _python(module: str, *arguments: object) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    """Print the table row by row."""
    parser = argparse.ArgumentParser(description="Compare the four published networks.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CT")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--steps", type=int, default=300, help="of each network's training")
    options = parser.parse_args()
    print("| network | parameters | Dice | HD95 | time | peak memory |", flush=True)
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for result in compare(options.data, options.out, options.steps):
        print(table_row(result), flush=True)


if __name__ == "__main__":
    main()
