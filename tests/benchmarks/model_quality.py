"""Measures a model on real CTs that were not used for training, and on bodies without a spine.

    python -m tests.benchmarks.model_quality ../shared/ct --out out/quality

prints Markdown and writes a picture of every mask into the folder:

* Dice and HD95 against readers' own labels, where available, and how much of the ribs is marked;
* Dice and HD95 against the vertebrae of the expert labels, as scanned and disturbed;
* the same against these labels corrected by eye;
* how much of the middle of discs is marked, by slice thickness;
* the volume found where there is no spine;
* the largest piece found outside the spine in the unlabelled series.

The labelled CTs are cropped to ``ROOM_MM`` around the spine. This saves most of the time, and
nothing further away can affect the mask of the spine. (Where a rotation would bring in voxels from
outside that box, they are air.) The last two tables show false findings elsewhere.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from assets.phantom.make_phantom import PhantomSettings, make_phantom
from assets.training.cases import UNKNOWN
from assets.training.corrected_labels import corrected_label
from assets.training.finder.spine_lines import may_be_spine, points_around_line, read_lines
from assets.training.reader_scores import (
    ReaderCt,
    marked_ml,
    read_structures,
    read_verse,
    score,
)
from assets.training.series_discs import read_discs
from assets.training.spine_labels import SPACING_MM, resample_label, spine_label
from assets.training.surface_distance import hd95
from assets.training.verse import VERSE_CTS
from assets.training.whole_body import STRUCTURES_CT
from inference import open_ct, segment
from inference.mask.overlap import dice
from inference.model.bundled import DEFAULT_MODEL
from inference.model.loading import SpineModel, load_model
from inference.pipeline import Segmentation
from inference.values.geometry import canonical_geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from inference.windows.grid import DEFAULT_MODE, Mode
from tests.benchmarks.discs import (
    disc_row,
    discs_along,
    discs_between,
    slice_mm,
    thickened,
)
from tests.benchmarks.disturbances import DISTURBANCES, LabelledCt, around_spine
from tests.benchmarks.overlays import draw_overlay

LABELLED = {
    "ircad01": ("ircad/ircad01_dicom.zip", "ircad/labels/ircad01_labels.nii.gz"),
    "ircad07": ("ircad/ircad07_ct.nii.gz", "ircad/labels/ircad07_labels.nii.gz"),
}

ROOM_MM = 40.0

THICK_MM = (3.0, 5.0)
"""Slice thicknesses to which the readers' cases are averaged, to see whether discs survive."""

SAME_SCANS = {"lumbar_pelvis_4p25mm": "trunk_pelvis_4mm"}
"""Series that equal another one apart from rounding of their HU, and share its line."""

TABLES = ("readers", "labels", "corrected", "spineless", "outside", "discs")

QUICK_LABELLED = ("ircad07",)
QUICK_READERS = ("verse014",)
QUICK_SERIES = ("lspine_0p55mm", "skull_base_neck_1p25mm", "thorax_1p5mm")

RUN_HEADS = "mode | finder | seconds"
"""Columns of every table: the mode that ran in the end, the finder's confidence, the time."""

SOFT_TISSUE_HU = 50
"""Replaces the vertebrae of a phantom."""


@dataclass(frozen=True)
class SpinelessBox:
    """A part of an unlabelled series without a spine.

    Attributes:
        low: the lowest x, y, z, in LPS millimetres; the box is clipped to the scan.
        high: the highest.
    """

    series: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]


FAR = 10_000.0

SPINELESS = {
    "legs": SpinelessBox("wholebody_petct_5mm", (-FAR, -FAR, -FAR), (FAR, FAR, -1020)),
    "head": SpinelessBox("wholebody_petct_5mm", (-FAR, -FAR, -245), (FAR, FAR, FAR)),
    "raised arms and crown": SpinelessBox(
        "neck_thorax_arms_up_4mm", (-FAR, -FAR, -105), (FAR, FAR, FAR)
    ),
    "breastbone and heart": SpinelessBox("thorax_1p5mm", (-FAR, -FAR, -FAR), (FAR, -150, FAR)),
    "left chest wall": SpinelessBox("upper_thorax_1mm", (70, -FAR, -FAR), (FAR, FAR, FAR)),
    "hip": SpinelessBox("trunk_pelvis_4mm", (35, -FAR, -FAR), (FAR, FAR, -680)),
}


@dataclass(frozen=True, eq=False)
class Subject:
    """The model that is measured, and the folder of its pictures.

    Attributes:
        found: the results so far, by name of the volume, because tables share scans.
    """

    model: SpineModel
    mode: Mode
    pictures: Path
    found: dict[str, Segmentation] = field(default_factory=dict)

    def find(self, volume: Volume) -> Segmentation:
        """Segment a volume and write a picture of the result."""
        if volume.name not in self.found:
            found = segment(volume, model=self.model, mode=self.mode)
            file_name = re.sub(r"\W+", "_", volume.name, flags=re.ASCII)
            draw_overlay(volume, found.mask, self.pictures / f"{file_name}.png")
            self.found[volume.name] = found
        return self.found[volume.name]


def labelled_ct(data: Path, name: str) -> LabelledCt:
    """A labelled CT, cropped around its spine."""
    ct, labels = (data / file for file in LABELLED[name])
    volume = open_ct(ct)
    spine = spine_label(labels, volume)
    return around_spine(LabelledCt(volume.voxels, spine, volume.geometry), ROOM_MM)


def against_labels(subject: Subject, data: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Rows of the table against the expert labels."""
    yield f"| CT | disturbance | Dice | change | HD95 | {RUN_HEADS} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name in names:
        whole = labelled_ct(data, name)
        undisturbed = None
        for disturbance, disturb in DISTURBANCES.items():
            ct = disturb(whole)
            found = subject.find(Volume(ct.hu, ct.geometry, f"{name} {disturbance}"))
            overlap = dice(found.mask.voxels, ct.spine)
            undisturbed = overlap if undisturbed is None else undisturbed
            distance = hd95(found.mask.voxels, ct.spine, ct.geometry.spacing)
            yield (
                f"| {name} | {disturbance} | {overlap:.3f} | {overlap - undisturbed:+.3f} | "
                f"{distance:.1f} mm | {run_facts(found)} |"
            )


def against_corrected(subject: Subject, data: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Rows of the table against corrected labels, for voxels that are known, at 1 mm."""
    yield f"| CT | Dice | HD95 | unknown | {RUN_HEADS} |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name in names:
        ct, labels = (data / file for file in LABELLED[name])
        label, grid = corrected_label(name, labels, open_ct(ct))
        cut = labelled_ct(data, name)
        found = subject.find(Volume(cut.hu, cut.geometry, f"{name} as scanned"))
        mask = resample_label(found.mask.voxels == 1, cut.geometry, grid)
        known = label != UNKNOWN
        against, marked = (label == 1).astype(np.uint8), (mask & known).astype(np.uint8)
        unknown_ml = float((~known).sum()) * grid.voxel_volume_ml
        distance = hd95(marked, against, grid.spacing)
        yield (
            f"| {name} | {dice(marked, against):.3f} | {distance:.1f} mm | "
            f"{unknown_ml:.0f} mL | {run_facts(found)} |"
        )


def reader_cts(data: Path, names: tuple[str, ...]) -> Iterator[ReaderCt]:
    """The CTs with individually labelled vertebrae."""
    for name in names:
        yield read_structures(data) if name == STRUCTURES_CT else read_verse(data, name)


def against_readers(subject: Subject, data: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Rows of the table against readers' labels."""
    yield f"| CT | Dice | near the labels | HD95 | ribs | sacrum | {RUN_HEADS} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for ct in reader_cts(data, names):
        found = subject.find(ct.volume)
        against = score(ct, found.mask.voxels)
        ribs, sacrum = (
            f"{marked_ml(ct, where, found.mask.voxels):.1f} mL" if where.any() else "–"
            for where in (ct.ribs, ct.sacrum)
        )
        yield (
            f"| {ct.volume.name} | {against.dice:.3f} | {against.dice_near:.3f} | "
            f"{against.hd95_mm:.1f} mm | {ribs} | {sacrum} | {run_facts(found)} |"
        )


def in_discs(
    subject: Subject, data: Path, readers: tuple[str, ...], series: tuple[str, ...]
) -> Iterator[str]:
    """Rows of the table of discs."""
    yield "| CT | slices | discs | of their middle marked | more than half marked |"
    yield "| --- | --- | --- | --- | --- |"
    for name in series:
        plates = read_discs().get(name, ())
        if plates:
            volume = open_ct(data / f"unlabelled/{name}.nii.gz")
            discs = discs_along(read_lines()[name], plates, volume)
            yield disc_row(name, volume, discs, subject.find(volume).mask)
    for ct in reader_cts(data, readers):
        discs = discs_between(ct.numbers, ct.volume.geometry)
        yield disc_row(ct.volume.name, ct.volume, discs, subject.find(ct.volume).mask)
        fine = canonical_geometry(ct.volume.geometry, SPACING_MM)
        for millimetres in THICK_MM:
            if millimetres > slice_mm(ct.volume.geometry):
                thick = thickened(ct.volume, fine, millimetres)
                yield disc_row(thick.name, thick, discs, subject.find(thick).mask)


def without_spine(subject: Subject, data: Path) -> Iterator[str]:
    """Rows of the table of scans without a spine."""
    yield f"| without a spine | found | {RUN_HEADS} |"
    yield "| --- | --- | --- | --- | --- |"
    for volume in spineless_volumes(data):
        found = subject.find(volume)
        yield f"| {volume.name} | {found.mask.volume_ml:.1f} mL | {run_facts(found)} |"


def unlabelled(subject: Subject, data: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Rows of the table of unlabelled series."""
    yield f"| series | found | largest piece outside | all outside | {RUN_HEADS} |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name in names:
        found = subject.find(open_ct(data / f"unlabelled/{name}.nii.gz"))
        pieces_ml = outside_pieces_ml(found.mask, read_lines()[SAME_SCANS.get(name, name)])
        yield (
            f"| {name} | {found.mask.volume_ml:.0f} mL | {max(pieces_ml, default=0.0):.1f} mL | "
            f"{sum(pieces_ml):.1f} mL | {run_facts(found)} |"
        )


def outside_pieces_ml(mask: Mask, line: NDArray[np.float64]) -> list[float]:
    """Volumes of the connected pieces of a mask that are where no vertebra can be."""
    found = np.argwhere(mask.voxels)
    if not len(found):
        return []
    points = mask.geometry.to_patient(found[:, ::-1].astype(float))
    outside = found[~may_be_spine(points_around_line(line, points))]
    stray = np.zeros_like(mask.voxels)
    stray[tuple(outside.T)] = 1
    pieces = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(stray), True))
    counts = np.bincount(pieces[tuple(outside.T)])[1:]
    return [float(count) * mask.geometry.voxel_volume_ml for count in counts]


def run_facts(found: Segmentation) -> str:
    """The values of the columns ``RUN_HEADS``."""
    sure = "–" if found.finder_confidence is None else f"{found.finder_confidence:.2f}"
    return f"{found.mode} | {sure} | {sum(found.seconds.values()):.0f}"


def spineless_volumes(data: Path) -> Iterator[Volume]:
    """Parts of real bodies without a spine, and a phantom from which the spine was removed."""
    for name, box in SPINELESS.items():
        yield _cut_box(open_ct(data / f"unlabelled/{box.series}.nii.gz"), box, name)
    yield phantom_without_spine()


def phantom_without_spine() -> Volume:
    """The phantom with soft tissue in place of its vertebrae."""
    hu, spine, geometry = make_phantom(PhantomSettings())
    blurred = ndimage.binary_dilation(spine > 0, iterations=2)
    return Volume(
        np.where(blurred, SOFT_TISSUE_HU, hu).astype(np.int16),
        geometry,
        "phantom without vertebrae",
    )


def _cut_box(volume: Volume, box: SpinelessBox, name: str) -> Volume:
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    limits = np.where(corners == 0, box.low, box.high)
    indices = volume.geometry.to_index(limits)
    low = np.clip(np.floor(indices.min(axis=0)), 0, volume.geometry.size).astype(int)
    high = np.clip(np.ceil(indices.max(axis=0)) + 1, 0, volume.geometry.size).astype(int)
    x, y, z = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    width, height, depth = (int(n) for n in high - low)
    geometry = volume.geometry.box((x.start, y.start, z.start), (width, height, depth))
    return Volume(volume.voxels[z, y, x], geometry, name)


def _print_table(title: str, rows: Iterator[str]) -> None:
    print(f"\n### {title}\n", flush=True)
    for row in rows:
        print(row, flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Measure the quality of a model.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("--out", type=Path, default=Path("out/quality"), help="folder of pictures")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--mode", choices=("follow", "full"), default=DEFAULT_MODE)
    parser.add_argument("--quick", action="store_true", help="one labelled CT, three series")
    parser.add_argument(
        "--tables", nargs="+", choices=TABLES, default=TABLES, help="tables to print"
    )
    parser.add_argument(
        "--readers",
        nargs="+",
        choices=(*VERSE_CTS, STRUCTURES_CT),
        help="only these of the readers' cases: those that a model did not learn from, say",
    )
    options = parser.parse_args()
    data, subject = options.data, Subject(load_model(options.model), options.mode, options.out)
    labelled = QUICK_LABELLED if options.quick else tuple(LABELLED)
    every = QUICK_READERS if options.quick else (*VERSE_CTS, STRUCTURES_CT)
    readers = tuple(options.readers or every)
    series = QUICK_SERIES if options.quick else tuple(sorted({*read_lines(), *SAME_SCANS}))
    tables = {
        "readers": ("Against readers' labels", against_readers(subject, data, readers)),
        "labels": ("Against the expert labels", against_labels(subject, data, labelled)),
        "corrected": (
            "Against the expert labels, corrected by eye",
            against_corrected(subject, data, labelled),
        ),
        "spineless": ("Without a spine", without_spine(subject, data)),
        "outside": ("Outside the spine", unlabelled(subject, data, series)),
        "discs": ("Discs", in_discs(subject, data, readers, series)),
    }
    print(f"{subject.model.card.name} {subject.model.card.sha256[:12]}, mode {subject.mode}")
    for name in options.tables:
        _print_table(*tables[name])


if __name__ == "__main__":
    main()
