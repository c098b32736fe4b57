"""Trains the four networks of the published comparison in the same way.

    python -m assets.training.compare --data ../shared/ct --out runs/compare --steps 2000 400

Each network is trained once for each fold, on the same free data, patches, loss, schedule and
number of steps, in two legs: with its norms, then with its norms folded. The learning rate of the
first leg is chosen by short runs in the first fold. Each fold scores the readers' cases that it has
not seen, so that every case is scored by weights that never saw it; patients 1 and 7 are in no
fold. It prints the rates, what half precision changes, each scan and the table, whose times are
measured in one go, and draws the curves. Every stage is its own process and continues from its
checkpoint when the command is run again.
"""

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import onnx
import SimpleITK as sitk
from numpy.typing import NDArray

from assets.training.checkpoint import load_trained
from assets.training.export import contract_file, release_of
from assets.training.reader_scores import ReaderCt, ReaderScore, read_structures, read_verse, score
from assets.training.spine_labels import spine_label
from assets.training.train import LOSSES
from assets.training.training_set import TEST_CTS
from assets.training.verse import VERSE_CTS
from assets.training.whole_body import STRUCTURES_CT
from inference import open_ct
from inference.model.loading import load_model
from inference.windows.grid import Mode

PUBLISHED = ("SpineContextResUNet", "ResUNet", "UNet3D", "SwinUNETR")

FOLDS: Mapping[str, tuple[str, ...]] = {
    "a": ("verse006", "verse014"),
    "b": ("verse007", "verse008", STRUCTURES_CT),
}
"""The cases that each fold does not learn from. Leaving out one case at a time would take five runs
instead of two, for the same guarantee: no case is scored by weights that saw it."""

RATES = (6e-3, 3e-3)
"""The usual rate of the first leg, and what else is tried. A higher one is not: short runs mislead
there. At 12e-3, UNet3D and SwinUNETR learned faster at first; after 1200 and 600 steps, UNet3D was
no better in fold b and SwinUNETR worse in both (see ``BENCHMARKS.md``)."""

SAME_LOSS = 0.02
"""Another rate must lower the loss by more than this: its running mean moves by as much within a
few steps."""

SEARCH_STEPS = 150
"""Steps of a run that tries a rate: five times the warm-up. After 60, the higher of two rates led
in the networks tried, as it had gone further; after 150, SpineContextResUNet was level at
half the rate."""

FOLDED_RATE = 1e-3
"""Of the second leg. Lower, because without norms the size of the weights counts."""

DIET = ("--diet", "outlines")

PATCH = (64, 64, 64)
"""Voxels of the patches, z, y, x. The engine's windows would take four times as long, and a third
leg on them gained nothing with AdamW."""

SMALL = ("--patch", *PATCH)

FOLDED = ("--batch", 2)
"""Of the second leg. After few steps, masks change with the patches from which the statistics of
batch norms are taken; without norms, a network marks what it learned to."""

PATIENTS = {f"ircad{number:02d}": number for number in TEST_CTS}

MODES: tuple[Mode, ...] = ("follow", "full")

LARGE = ("ircad07", STRUCTURES_CT)
"""Scored in ``follow`` alone. The full grid of one of them has over 200 windows, which take each
network as long as all the other scans together."""

HALVING_CASE = "verse014"
"""On which masks by half and by whole weights are compared; its labels are not needed."""

LAST_LEG = "_folded"


@dataclass(frozen=True)
class Measured:
    """One scan by one network.

    Attributes:
        seconds: wall-clock time of its own process, from reading to writing.
        peak_bytes: its peak memory.
    """

    case: str
    mode: Mode
    score: ReaderScore
    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Halving:
    """What half precision changes in the mask of one CT.

    Attributes:
        changed: voxels that differ.
        marked: voxels of spine before.
        voxels: of the CT.
    """

    changed: int
    marked: int
    voxels: int


@dataclass(frozen=True)
class Comparison:
    """Where a comparison's data, runs and results are, and how long it trains."""

    data: Path
    out: Path
    steps: tuple[int, int]

    def trained(self, network: str, fold: str, rate: float) -> Path:
        """The exported model of a fold whose first leg learned at that rate."""
        first, second = (self.out / f"{network}_{fold}{leg}" for leg in ("", LAST_LEG))
        model = self.out / f"{first.name}.onnx"
        options: tuple[object, ...] = (*SMALL, "--hold-out", *FOLDS[fold])
        self._train(network, first, self.steps[0], "--rate", rate, *options)
        folded = ("--refine", first / "last.pt", "--rate", FOLDED_RATE, *FOLDED, *options)
        self._train(network, second, self.steps[1], *folded)
        _python("assets.training.export", second / "last.pt", model)
        return model

    def best_rate(self, network: str) -> float:
        """The rate of the first leg, from short runs in the first fold; prints a line for each."""
        fold, *_ = FOLDS
        losses = {}
        for rate in RATES:
            folder = self.out / "rates" / f"{network}_{rate:g}"
            options = ("--rate", rate, *SMALL, "--hold-out", *FOLDS[fold])
            self._train(network, folder, SEARCH_STEPS, *options)
            losses[rate] = last_loss(folder / LOSSES)
            print(f"{network}: {losses[rate]:.3f} after {SEARCH_STEPS} steps at {rate:g}")
        return chosen_rate(losses)

    def measured(self, model: Path, fold: str) -> Iterator[Measured]:
        """The scans that a fold has not seen, in both modes unless they are ``LARGE``."""
        for name in (*FOLDS[fold], *PATIENTS):
            for mode in MODES if name not in LARGE else MODES[:1]:
                yield self._measured(model, name, mode)

    def halving(self, model: Path) -> Halving:
        """How the mask of an exported model differs from that of its weights before halving."""
        whole = model.with_name(f"{model.stem}_whole.onnx")
        trained = load_trained(self.out / f"{model.stem}{LAST_LEG}/last.pt")
        onnx.save(contract_file(trained, release_of(trained)), whole)
        ct = self.data / ct_file(HALVING_CASE)
        half, full = (
            self._mask(ct, file, "full", self.out / model.stem / file.stem)
            for file in (model, whole)
        )
        return Halving(int(np.count_nonzero(half != full)), int(np.count_nonzero(full)), full.size)

    def _train(self, network: str, out: Path, steps: int, *options: object) -> None:
        data = ("--data", self.data, "--cache", self.out / "cases", "--free")
        run = (
            "--network",
            network,
            "--out",
            out,
            "--steps",
            steps,
            "--validate-every",
            0,
        )
        _python("assets.training.train", *data, *run, *DIET, *options)

    def _measured(self, model: Path, name: str, mode: Mode) -> Measured:
        ct = reader_ct(self.data, name)
        folder = self.out / model.stem / f"{name}_{mode}"
        found = score(ct, self._mask(self.data / ct_file(name), model, mode, folder))
        (report,) = folder.glob("*_report.json")
        facts = json.loads(report.read_text(encoding="utf-8"))
        return Measured(name, mode, found, sum(facts["seconds"].values()), facts["peak_rss_bytes"])

    def _mask(self, ct: Path, model: Path, mode: Mode, folder: Path) -> NDArray[np.uint8]:
        options = ("--model", model, "--mode", mode, "--format", "nifti", "--out", folder)
        _python("inference", "segment", ct, *options)
        (mask,) = folder.glob("*_spine.nii.gz")
        return sitk.GetArrayFromImage(sitk.ReadImage(str(mask)))


def ct_file(name: str) -> str:
    """Where the CT of a case lies below the folder of the data."""
    if name in PATIENTS:
        return TEST_CTS[PATIENTS[name]]
    return f"{'whole_body_maps' if name == STRUCTURES_CT else 'verse'}/{name}_ct.nii.gz"


def reader_ct(data: Path, name: str) -> ReaderCt:
    """A case with its label; patients' vertebrae are one piece."""
    if name == STRUCTURES_CT:
        return read_structures(data)
    if name not in PATIENTS:
        return read_verse(data, name)
    volume = open_ct(data / ct_file(name))
    spine = spine_label(data / f"ircad/labels/{name}_labels.nii.gz", volume)
    none = np.zeros(spine.shape, bool)
    return ReaderCt(volume, spine, none, none, none)


def given_rate(text: str) -> tuple[str, float]:
    """A network and its learning rate, from ``NETWORK=RATE``.

    Raises:
        ValueError: it is not one of the networks, or not a number.
    """
    network, _, rate = text.partition("=")
    if network not in PUBLISHED:
        raise ValueError(f"{network} is none of {', '.join(PUBLISHED)}")
    return network, float(rate)


def chosen_rate(losses: Mapping[float, float]) -> float:
    """The usual rate, unless another one lowers the loss by more than ``SAME_LOSS``."""
    usual = RATES[0]
    best = min(losses, key=lambda rate: losses[rate])
    return best if losses[best] < losses[usual] - SAME_LOSS else usual


def last_loss(log: Path) -> float:
    """The running mean of the loss at the end of a run's log."""
    *_, last = csv.DictReader(log.open(encoding="utf-8"))
    return float(last["loss"])


def table_row(network: str, parameters: int, scans: Sequence[Measured]) -> str:
    """A row of Markdown: means over VerSe's cases, then each other case, then both modes.

    A case that both folds have scored counts as the mean of the two.
    """
    followed = [one for one in scans if one.mode == "follow"]
    verse = [one.score for one in followed if one.case in VERSE_CTS]
    cells = [
        network,
        f"{parameters:,}",
        f"{fmean(one.dice_near for one in verse):.3f}",
        f"{min(one.dice_near for one in verse):.3f}",
        f"{fmean(one.hd95_mm for one in verse):.1f} mm",
        f"{fmean(one.mean_mm for one in verse):.2f} mm",
    ]
    for case in OTHERS:
        near = [one.score.dice_near for one in followed if one.case == case]
        cells.append(f"{fmean(near):.3f}" if near else "–")
    for mode in MODES:
        of_mode = [one for one in scans if one.mode == mode and one.case not in LARGE]
        cells.append(f"{fmean(one.seconds for one in of_mode):.0f} s")
        cells.append(f"{max(one.peak_bytes for one in of_mode) / 2**30:.2f} GiB")
    return f"| {' | '.join(cells)} |"


OTHERS = (STRUCTURES_CT, *PATIENTS)

HEAD = (
    f"| network | parameters | near VerSe's labels | worst case | HD95 | mean distance | "
    f"{' | '.join(OTHERS)} | follow | memory | full | memory |\n"
    f"|{' --- |' * (10 + len(OTHERS))}"
)
"""The times and the memory are of the scans that are run in both modes."""


def scan_row(network: str, scan: Measured) -> str:
    """A row of Markdown for one scan."""
    found = scan.score
    return (
        f"| {network} | {scan.case} | {scan.mode} | {found.dice:.3f} | {found.dice_near:.3f} | "
        f"{found.hd95_mm:.1f} mm | {found.mean_mm:.2f} mm | {scan.seconds:.0f} s | "
        f"{scan.peak_bytes / 2**30:.2f} GiB |"
    )


SCAN_HEAD = (
    "| network | CT | mode | Dice | near the labels | HD95 | mean distance | time | memory |\n"
    f"|{' --- |' * 9}"
)


def draw_curves(out: Path, networks: Sequence[str], fold: str) -> None:
    """Draw the loss of each network in a fold's first leg, as far as its log goes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    for network in networks:
        log = out / f"{network}_{fold}" / LOSSES
        rows = list(csv.DictReader(log.open(encoding="utf-8")))
        axes.plot([int(r["step"]) for r in rows], [float(r["loss"]) for r in rows], label=network)
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.legend()
    figure.savefig(out / "curves.png")
    pyplot.close(figure)


def _python(module: str, *arguments: object) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    """Print the table row by row."""
    parser = argparse.ArgumentParser(description="Compare the four published networks.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real CT")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument(
        "--steps",
        type=int,
        nargs=2,
        default=(2000, 400),
        metavar=("FIRST", "FOLDED"),
        help="of each leg of each network and fold",
    )
    parser.add_argument("--networks", nargs="+", choices=PUBLISHED, default=PUBLISHED)
    parser.add_argument(
        "--rates",
        nargs="+",
        type=given_rate,
        default=(),
        metavar="NETWORK=RATE",
        help="the rates of networks for which none shall be searched",
    )
    parser.add_argument("--folds", nargs="+", choices=FOLDS, default=tuple(FOLDS))
    options = parser.parse_args()
    comparison = Comparison(options.data, options.out, tuple(options.steps))
    given = dict(options.rates)
    models: dict[str, list[Path]] = {}
    for network in options.networks:
        rate = given.get(network) or comparison.best_rate(network)
        models[network] = [comparison.trained(network, fold, rate) for fold in options.folds]
    rows = [HEAD]
    print(SCAN_HEAD, flush=True)
    for network, of_folds in models.items():
        scans = []
        for model, fold in zip(of_folds, options.folds, strict=True):
            for scan in comparison.measured(model, fold):
                scans.append(scan)
                print(scan_row(network, scan), flush=True)
        parameters = load_model(str(of_folds[0])).card.parameters
        rows.append(table_row(network, parameters, scans))
    for network, of_folds in models.items():
        halving = comparison.halving(of_folds[0])
        print(
            f"{network}: half precision changes {halving.changed} of the {halving.marked} voxels "
            f"marked in {HALVING_CASE}, which has {halving.voxels}.",
            flush=True,
        )
    draw_curves(options.out, options.networks, options.folds[0])
    print("\n".join(rows))


if __name__ == "__main__":
    main()
