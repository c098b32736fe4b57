"""Measures how well vertebrae are separated, against readers' labels.

    python -m tests.benchmarks.vertebrae ../shared/ct --out out/vertebrae

prints a Markdown table and writes a straightened picture of each case. Rows "readers'" start from
the union of the readers' labels, rows "own" from the mask that ``segment`` makes. "Limit" is the
Dice of the same mask if every voxel of it inside a reader's vertebra had that number and all others
kept theirs: what telling apart can still gain. Vertebrae cut by the edge of the scan are not
counted.
"""

import argparse
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference import open_ct, segment
from inference.mask.straightened import StraightenedView
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.model.bundled import DEFAULT_MODEL
from inference.model.loading import SpineModel, load_model
from inference.values.geometry import Geometry, as_direction, as_triple
from inference.values.mask import Mask
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import to_sitk

matplotlib.use("Agg")
from matplotlib import pyplot

VERSE = ("verse006", "verse007", "verse008", "verse014", "verse010", "gl003", "gl108")
STRUCTURES = ("lidc0001", "s0327", "s0328", "ctrate_chest")
"""Cases labelled with TotalSegmentator's numbers."""

WITH_CT = ("verse006", "verse007", "verse008", "verse014", "lidc0001")

SERIES = (
    "skull_base_neck_1p25mm",
    "thorax_lidc0002_1p25mm",
    "lspine_0p55mm",
    "thorax_1p5mm",
    "thorax_1p5mm_b",
    "upper_thorax_1mm",
    "lower_thorax_0p8mm",
    "trunk_pelvis_4mm",
    "neck_thorax_arms_up_4mm",
    "lumbar_pelvis_4p25mm",
    "wholebody_petct_5mm",
)
"""Cases without labels, for somebody to look at."""

NO_CT_HU = 0
"""HU for a label map without a CT, in which no disc can be seen."""

LEAST_ML = 4.0
"""A labelled piece smaller than this is the remainder of a cut vertebra."""

FOUND_DICE = 0.5

LABELS = 256

LINE_MM = 8.0
"""Radius around the centre line in which the borders of bodies are measured."""

COLOURS = matplotlib.colormaps["tab20"](np.arange(20))[[0, 2, 4, 6, 8, 10, 12, 16, 18], :3]


@dataclass(frozen=True, eq=False)
class Case:
    """A mask with the known labels of its vertebrae.

    Attributes:
        readers: VerSe's numbers, z, y, x; None if nobody labelled them.
    """

    name: str
    mask: Mask
    volume: Volume
    readers: NDArray[np.uint8] | None


@dataclass(frozen=True)
class Score:
    """The scores of one case; lists are by vertebra or border, from head to feet."""

    dices: tuple[float, ...]
    limits: tuple[float, ...]
    one_to_one: int
    border_errors_mm: tuple[float, ...]


def verse_numbers(structures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Convert TotalSegmentator's numbers (27 to 31: L5 to L1, then T12 to C1 at 50) to VerSe's."""
    table = np.zeros(256, np.uint8)
    table[27:51] = np.arange(24, 0, -1)
    return table[structures]


def read_case(folder: Path, name: str, model: SpineModel | None = None) -> Case:
    """Read a case; its mask is what ``model`` finds, or the readers' union if that is None.

    In a series without labels it is what a model finds, the default if None.
    """
    if name in SERIES:
        volume = open_ct(folder / f"unlabelled/{name}.nii.gz")
        return Case(name, segment(volume, model=model).mask, volume, None)
    if name in VERSE:
        readers, geometry = read_labels(folder / f"verse/{name}_vertebrae.nii.gz")
        ct = folder / f"verse/{name}_ct.nii.gz"
    else:
        structures, geometry = read_labels(folder / f"whole_body_maps/{name}_structures.nii.gz")
        readers = verse_numbers(structures)
        ct = folder / f"whole_body_maps/{name}_ct.nii.gz"
    if name in WITH_CT:
        volume = open_ct(ct)
    else:
        volume = Volume(np.full(geometry.shape, NO_CT_HU, np.int16), geometry, name)
    if model is None:
        return Case(name, Mask((readers > 0).astype(np.uint8), geometry), volume, readers)
    on_ct = sitk.Resample(
        to_sitk(readers, geometry),
        to_sitk(np.zeros(volume.geometry.shape, np.uint8), volume.geometry),
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
    )
    own = segment(volume, model=model).mask
    return Case(name, own, volume, sitk.GetArrayFromImage(on_ct))


def read_labels(path: Path) -> tuple[NDArray[np.uint8], Geometry]:
    """A label map (z, y, x) and its grid, which need not be that of its CT."""
    image = sitk.ReadImage(str(path), sitk.sitkUInt8)
    x, y, z = image.GetSize()
    geometry = Geometry(
        (x, y, z),
        as_triple(image.GetSpacing()),
        as_triple(image.GetOrigin()),
        as_direction(image.GetDirection()),
    )
    return sitk.GetArrayFromImage(image), geometry


def score(case: Case, found: Vertebrae) -> Score:
    """Compare the result with the readers' labels."""
    readers = case.readers
    assert readers is not None
    pairs = np.bincount(
        readers.ravel().astype(np.int64) * LABELS + found.labels.ravel(), minlength=LABELS**2
    ).reshape(LABELS, LABELS)
    labelled, given = pairs.sum(axis=1), pairs.sum(axis=0)
    whole = _whole_vertebrae(case)
    best = [int(pairs[number, 1:].argmax()) + 1 for number in whole]
    dices = [
        2 * pairs[number, label] / (labelled[number] + given[label])
        for number, label in zip(whole, best, strict=True)
    ]
    limits = []
    for number, label in zip(whole, best, strict=True):
        inside = labelled[number] - pairs[number, 0]
        limits.append(2 * inside / (labelled[number] + inside + pairs[0, label]))
    taken = [label for label, dice in zip(best, dices, strict=True) if dice >= FOUND_DICE]
    return Score(
        dices=tuple(map(float, dices)),
        limits=tuple(map(float, limits)),
        one_to_one=sum(1 for label in taken if taken.count(label) == 1),
        border_errors_mm=tuple(_border_errors(case, found, whole)),
    )


def _whole_vertebrae(case: Case) -> list[int]:
    """Numbers of vertebrae that the scan does not cut, from the head; VerSe labels no others."""
    assert case.readers is not None
    sizes = np.bincount(case.readers.ravel()) * case.mask.geometry.voxel_volume_ml
    numbers = [int(n) for n in np.flatnonzero(sizes >= LEAST_ML) if n]
    if case.name in VERSE:
        return numbers
    ends = {*np.unique(case.readers[0]), *np.unique(case.readers[-1])}
    return [n for n in numbers if n not in ends or n not in (numbers[0], numbers[-1])]


def _border_errors(case: Case, found: Vertebrae, whole: Sequence[int]) -> list[float]:
    """Distances along the line between the discs found and those of the readers."""
    assert case.readers is not None
    if found.line is None:
        return []
    discs = []
    for labels in (case.readers, found.labels):
        voxels = np.nonzero(labels)
        points = case.mask.geometry.to_patient(np.stack(voxels[::-1], axis=1).astype(float))
        along, across, behind = found.line.curve.coordinates(points.astype(np.float32))
        close = np.hypot(across, behind) <= LINE_MM
        discs.append(_discs(along[close], labels[voxels][close]))
    errors = []
    true, seen = discs[0], np.array(list(discs[1].values()))
    for upper, place in true.items():
        if upper in whole and upper + 1 in whole and len(seen):
            errors.append(float(np.abs(seen - place).min()))
    return errors


def _discs(along: NDArray[np.floating], labels: NDArray[np.uint8]) -> dict[int, float]:
    """The middle of the disc below each label except the last."""
    numbers = [int(n) for n in np.unique(labels)]
    return {
        upper: (
            np.percentile(along[labels == upper], 3) + np.percentile(along[labels == lower], 97)
        )
        / 2
        for upper, lower in itertools.pairwise(numbers)
    }


def draw(case: Case, found: Vertebrae, path: Path) -> None:
    """Write straightened pictures of the CT, the result and the readers' labels."""
    if found.line is None:
        return
    views = [StraightenedView(found.line, "sagittal", mm) for mm in (0.0, -14.0, 14.0)]
    views.append(StraightenedView(found.line, "coronal"))
    layers = [found.labels] if case.readers is None else [found.labels, case.readers]
    columns = len(views) * len(layers)
    figure, axes = pyplot.subplots(
        1, columns, figsize=(1.5 * columns, len(found.line) / 75 + 0.4), facecolor="black"
    )
    for number, panel in enumerate(axes):
        view, labels = views[number % len(views)], layers[number // len(views)]
        hu = view.picture(case.volume.voxels, case.volume.geometry, AIR_HU)
        seen = view.picture(labels, case.mask.geometry, 0)
        grey = np.clip((hu.astype(np.float32) + 200) / 900, 0, 1)[..., np.newaxis].repeat(3, axis=2)
        marked = seen > 0
        grey[marked] = 0.4 * grey[marked] + 0.6 * COLOURS[seen[marked] % len(COLOURS)]
        panel.imshow(grey)
        for label in np.unique(seen[marked]):
            rows, places = np.nonzero(seen == label)
            panel.text(np.median(places), np.median(rows), str(label), color="white", fontsize=7)
        panel.axis("off")
    figure.tight_layout(pad=0.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=75)
    pyplot.close(figure)


def main() -> None:
    """Measure all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/vertebrae"))
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the one that makes our own masks")
    parser.add_argument("--cases", nargs="*", metavar="CASE")
    asked = parser.parse_args()
    model = load_model(asked.model)
    print("| from | case | found | one to one | Dice | least | limit | border, mm | worst | s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    rows: list[tuple[str, str, SpineModel | None]] = []
    rows += [("readers'", name, None) for name in (*VERSE, *STRUCTURES)]
    rows += [("own", name, model) for name in (*WITH_CT, *SERIES)]
    for origin, name, finds in rows:
        if asked.cases and name not in asked.cases:
            continue
        case = read_case(asked.folder, name, finds)
        start = time.process_time()
        found = separate_vertebrae(case.mask, case.volume)
        seconds = time.process_time() - start
        draw(case, found, asked.out / f"{'own' if finds else 'readers'}_{name}.png")
        print(f"| {origin} | {name} | {found.count} | {_told(case, found)} | {seconds:.1f} |")
        for note in found.notes:
            print(f"<!-- {note} -->", flush=True)


def _told(case: Case, found: Vertebrae) -> str:
    if case.readers is None:
        return "– | – | – | – | – | –"
    result = score(case, found)
    errors = result.border_errors_mm or (float("nan"),)
    return (
        f"{result.one_to_one}/{len(result.dices)} | {np.mean(result.dices):.3f} "
        f"| {min(result.dices):.3f} | {np.mean(result.limits):.3f} "
        f"| {np.mean(errors):.1f} | {max(errors):.1f}"
    )


if __name__ == "__main__":
    main()
