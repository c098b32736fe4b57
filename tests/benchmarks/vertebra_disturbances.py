"""How vertebrae are told apart in masks and scans that were spoilt, against readers' labels.

    python -m tests.benchmarks.vertebra_disturbances ../shared/ct

prints a Markdown table. Every row begins from the union of the readers' labels, brought to 1 mm,
and a named change of it and of its CT. "Names" says how the proposal compares with the readers'
numbers where there is one: right, unsure or wrong.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from inference.mask.numbering import propose
from inference.mask.vertebrae import Vertebrae, separate_vertebrae
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.mask import Mask
from inference.values.volume import AIR_HU, Volume
from inference.windows.resampling import resample, to_sitk
from tests.benchmarks.vertebrae import Case, read_case, score

CASES = ("verse007", "verse008", "verse014", "verse010", "gl108", "s0328")

NOISE_HU, NOISE_SHARE, NOISE_SHELL = 50.0, 0.3, 1
"""Added to the CT; share of the voxels beside the mask's surface, inside and outside, that change
sides."""

CURVES = {"thrown forward": (0.35, 0.0), "leaning aside": (0.0, 0.25), "S-shaped": (0.0, 0.0)}
"""Millimetres to the back and to the left for each millimetre upwards."""

S_MM, S_PERIOD_MM = 12.0, 180.0
"""How far an S-shaped spine leaves the middle to both sides, and the length of the S."""

CUTS = (0.25, 0.5, 0.75)
"""How much of the second vertebra and of the last but one is left."""

BRIDGE_GAP_MM = 16
"""No disc is higher."""

BODY_DEPTH_MM, FRONT_SHARE = 30.0, 0.4
"""About as deep as bodies are, so that arches are not fused; the share that a bridge takes."""

BRIDGE_HU = 300
"""Of the bone that fuses two vertebrae."""

RIGHT_SHARE = 0.5
"""Of the voxels that must have their name; a name that is one off is that for all of them."""

SEED = 7


def at_one_millimetre(case: Case) -> Case:
    """The case on a canonical grid of 1 mm."""
    assert case.readers is not None
    grid = canonical_geometry(case.mask.geometry, (1.0, 1.0, 1.0))
    return _case(case.name, *_resampled(case.readers, case.volume, grid), grid)


def _resampled(
    readers: NDArray[np.uint8], volume: Volume, grid: Geometry
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    labels = sitk.Resample(
        to_sitk(readers, volume.geometry),
        to_sitk(np.zeros(grid.shape, np.uint8), grid),
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
    )
    return sitk.GetArrayFromImage(labels), resample(volume.voxels, volume.geometry, grid, AIR_HU)


def _case(
    name: str,
    readers: NDArray[np.uint8],
    hu: NDArray[np.int16],
    grid: Geometry,
    *more: NDArray[np.bool_],
) -> Case:
    """A case from its labels; ``more`` are voxels that the mask holds besides."""
    mask = readers > 0
    for extra in more:
        mask = mask | extra
    return Case(name, Mask(mask.astype(np.uint8), grid), Volume(hu, grid, name), readers)


def _known(case: Case) -> tuple[NDArray[np.uint8], NDArray[np.int16], Geometry]:
    assert case.readers is not None
    return case.readers, case.volume.voxels, case.mask.geometry


def unchanged(case: Case) -> Case:
    """The case itself, to compare with."""
    return case


def thick(mm: float) -> Callable[[Case], Case]:
    """Slices of so many millimetres."""

    def change(case: Case) -> Case:
        readers, hu, grid = _known(case)
        blurred = ndimage.uniform_filter1d(hu.astype(np.float32), round(mm), axis=0)
        volume = Volume(blurred.astype(np.int16), grid, case.name)
        coarse = canonical_geometry(grid, (1.0, 1.0, mm))
        return _case(case.name, *_resampled(readers, volume, coarse), coarse)

    return change


def mirrored(case: Case) -> Case:
    """Left and right exchanged."""
    readers, hu, grid = _known(case)
    return _case(case.name, readers[:, :, ::-1].copy(), hu[:, :, ::-1].copy(), grid)


def noisy(case: Case) -> Case:
    """Noise in the CT, and a ragged mask."""
    readers, hu, grid = _known(case)
    rng = np.random.default_rng(SEED)
    spine = readers > 0
    near = ndimage.binary_dilation(spine, iterations=NOISE_SHELL)
    near &= ~ndimage.binary_erosion(spine, iterations=NOISE_SHELL)
    turned = near & (rng.random(spine.shape, np.float32) < NOISE_SHARE)
    noise = rng.standard_normal(hu.shape, np.float32) * NOISE_HU
    ragged = Mask((spine ^ turned).astype(np.uint8), grid)
    return Case(case.name, ragged, Volume((hu + noise).astype(np.int16), grid, "noisy"), readers)


def cut(share: float) -> Callable[[Case], Case]:
    """Both ends cut within a vertebra, of which this share is left; its rest is not scored."""

    def change(case: Case) -> Case:
        readers, hu, grid = _known(case)
        numbers = [int(n) for n in np.unique(readers) if n]
        high, low = (_planes(readers == n) for n in (numbers[1], numbers[-2]))
        top = high[0] + round(share * (high[1] - high[0]))
        bottom = low[1] - round(share * (low[1] - low[0]))
        part = slice(bottom, top)
        smaller = grid.part(part, slice(0, hu.shape[1]), slice(0, hu.shape[2]))
        left = readers[part].copy()
        ends = ~np.isin(left, numbers[2:-2])
        rests = (left > 0) & ends
        left[ends] = 0
        return _case(case.name, left, hu[part].copy(), smaller, rests)

    return change


def _planes(voxels: NDArray[np.bool_]) -> tuple[int, int]:
    """The first plane of a vertebra, and that after its last."""
    found = np.flatnonzero(voxels.any(axis=(1, 2)))
    return int(found[0]), int(found[-1]) + 1


def curved(name: str) -> Callable[[Case], Case]:
    """Planes moved against each other: bodies become wedges, and the spine leans or bends."""
    back, left = CURVES[name]

    def change(case: Case) -> Case:
        readers, hu, grid = _known(case)
        height = np.arange(len(hu)) - len(hu) / 2
        aside = left * height
        if not back and not left:
            aside = S_MM * np.sin(2 * np.pi * height / S_PERIOD_MM)
        moves = np.rint(np.stack([back * height, aside], axis=1)).astype(int)
        room = [(int(max(0, -m.min())), int(max(0, m.max()))) for m in moves.T]
        grown = [(0, 0), *[(b, a) for b, a in room]]
        labels = np.pad(readers, grown)
        values = np.pad(hu, grown, constant_values=AIR_HU)
        for plane, move in enumerate(moves):
            labels[plane] = np.roll(labels[plane], move, axis=(0, 1))
            values[plane] = np.roll(values[plane], move, axis=(0, 1))
        x, y = room[1][0], room[0][0]
        wide = grid.part(
            slice(0, len(hu)),
            slice(-y, labels.shape[1] - y),
            slice(-x, labels.shape[2] - x),
        )
        return _case(case.name, labels, values, wide)

    return change


def fused(front_only: bool) -> Callable[[Case], Case]:
    """The two vertebrae in the middle fused: by a bridge in front, or all their disc."""

    def change(case: Case) -> Case:
        readers, hu, grid = _known(case)
        numbers = [int(n) for n in np.unique(readers) if n]
        upper, lower = numbers[len(numbers) // 2 - 1], numbers[len(numbers) // 2]
        planes = np.arange(len(readers))[:, None, None]
        floor = np.where(readers == upper, planes, len(readers)).min(axis=0)
        roof = np.where(readers == lower, planes, -1).max(axis=0)
        gap = (roof >= 0) & (floor < len(readers)) & (floor - roof <= BRIDGE_GAP_MM)
        rows = np.flatnonzero(gap.any(axis=1))
        depth = rows[0] + BODY_DEPTH_MM * (FRONT_SHARE if front_only else 1.0)
        gap &= (floor > roof) & (np.arange(gap.shape[0])[:, None] <= depth)
        bone = gap & (planes > roof) & (planes < floor)
        values = np.where(bone, np.int16(BRIDGE_HU), hu)
        return _case(case.name, readers, values, grid, bone)

    return change


CHANGES: Mapping[str, Callable[[Case], Case]] = {
    "none": unchanged,
    "3 mm slices": thick(3.0),
    "5 mm slices": thick(5.0),
    "left and right exchanged": mirrored,
    "noise": noisy,
    **{f"cut to {share:.0%} of a vertebra": cut(share) for share in CUTS},
    **{name: curved(name) for name in CURVES},
    "bridge of bone": fused(front_only=True),
    "fused disc": fused(front_only=False),
}


def names_told(case: Case, found: Vertebrae) -> str:
    """Whether the proposed names are the readers': right, unsure, wrong, or none."""
    proposal = propose(found, case.volume.voxels, case.volume.geometry)
    if proposal is None:
        return "none"
    assert case.readers is not None
    both = (case.readers > 0) & (found.labels > 0)
    named = np.array([0, *proposal.numbers])[found.labels[both]]
    right = float((named == case.readers[both]).mean()) > RIGHT_SHARE
    return ("right" if right else "wrong") + ("" if proposal.sure else ", unsure")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", nargs="*", metavar="CASE", default=CASES)
    parser.add_argument("--changes", nargs="*", metavar="CHANGE", default=list(CHANGES))
    asked = parser.parse_args()
    cases = [at_one_millimetre(read_case(asked.folder, name)) for name in asked.cases]
    print("| change | one to one | Dice | least | names | not one to one |")
    print("| --- | --- | --- | --- | --- | --- |")
    for change in asked.changes:
        apart, all_of_them = 0, 0
        dices: list[float] = []
        names: list[str] = []
        missed: list[str] = []
        for case in cases:
            spoilt = CHANGES[change](case)
            found = separate_vertebrae(spoilt.mask, spoilt.volume)
            result = score(spoilt, found)
            apart += result.one_to_one
            all_of_them += len(result.dices)
            dices += result.dices
            names.append(names_told(spoilt, found))
            if result.one_to_one < len(result.dices):
                missed.append(case.name)
        counts = ", ".join(f"{names.count(name)} {name}" for name in sorted(set(names)))
        print(
            f"| {change} | {apart}/{all_of_them} | {np.mean(dices):.3f} "
            f"| {min(dices):.3f} | {counts} | {', '.join(missed) or '–'} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
