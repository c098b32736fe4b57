"""Fuzzes reading: changes one header field at a time and checks the outcome.

``python -m tests.benchmarks.odd_inputs --hours H [--seed N] [--list FILE]`` changes headers of a
small phantom in DICOM, NIfTI, NRRD and MHA for that long. The result is compared in patient space
with the unchanged CT: it is right, reported by a note, refused, or silently wrong. Silently wrong
cases are listed by field, each with the reason why no program could tell, if there is one.
"""

import argparse
import collections
import re
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import numpy as np
from scipy import ndimage

from inference.errors import SpineContextError
from inference.read import open_ct
from inference.values.geometry import Geometry, as_direction
from inference.values.volume import Volume
from tests.benchmarks.header_changes import FORMATS, Change, SmallCt
from tests.geometries import rotation

STRIDE = 3
"""Keeps every third voxel of the phantom on each axis, so that a run takes 0.05 s."""

TURN_DEGREES = 12.0
"""Rotation about the left-right axis; half of the runs have such slices."""

MEAN_HU = 5.0
"""A correct volume differs by less on average, from rounding positions to 0.1 mm."""

FAR_HU = 60.0
FAR_SHARE = 0.01
"""A correct volume has less than this share of voxels that differ by more."""

OUTSIDE_SHARE = 0.01
"""A correct volume lacks less than this share of the patient."""

OUTCOMES = (
    "right",
    "right, with a note",
    "other, with a note",
    "refused",
    "silently wrong",
    "crash",
)

SIZE = "nothing else in the file says how large its voxels are"
PLACE = "nothing else in the file says where in the scanner it lies; sides and distances are right"
TURN = "nothing else in the file says which way its axes run"
SCALE = "the values are so little changed that air and tissue lie where they may"

REASONS = {
    r"DICOM PixelSpacing.* all slices": SIZE,
    r"DICOM ImagePositionPatient\[[01]\].* all slices": PLACE,
    r"DICOM Rescale(Slope|Intercept).* all slices": SCALE,
    r"NIfTI pixdim\[[123]\].*qform alone": SIZE,
    r"NIfTI qoffset.*qform alone": PLACE,
    r"NIfTI (quatern|pixdim\[0\]).*qform alone": TURN,
    r"NIfTI srow\[(3|7|11)\].*sform alone": PLACE,
    r"NIfTI srow.*sform alone": TURN,
    r"NIfTI scl": SCALE,
    r"NIfTI xyzt_units": SIZE,
    r"NRRD space origin": PLACE,
    r"NRRD space (directions|units)": SIZE,
    r"NRRD space\b": TURN,
    r"MHA Offset": PLACE,
    r"MHA (ElementSpacing|DistanceUnits)": SIZE,
}
"""Why no program can tell that a file was changed, by a pattern for the change."""


def small_ct(turned: bool) -> SmallCt:
    """The bundled phantom with few voxels, and straight or rotated slices."""
    volume = open_ct(Path(str(resources.files("assets"))) / "phantom" / "phantom_ct.nii.gz")
    hu = np.ascontiguousarray(volume.voxels[::STRIDE, ::STRIDE, ::STRIDE])
    direction = rotation(np.radians(TURN_DEGREES), 0, 0) if turned else np.eye(3)
    depth, height, width = hu.shape
    geometry = Geometry(
        (width, height, depth), (3.9, 4.2, 7.5), (-112.3, -141.7, -512.5), as_direction(direction)
    )
    return SmallCt(hu, geometry)


def same(volume: Volume, ct: SmallCt) -> bool:
    """Whether the volume has the same values as the CT at the same points in the patient."""
    depth, height, width = ct.hu.shape
    z, y, x = (axis.ravel() for axis in np.mgrid[0:depth, 0:height:2, 0:width:2])
    points = ct.geometry.to_patient(np.stack([x, y, z], axis=1).astype(float))
    index = volume.geometry.to_index(points)[:, ::-1]
    last = np.array(volume.voxels.shape) - 1
    inside = ((index > -0.5) & (index < last + 0.5)).all(axis=1)
    if inside.mean() < 1 - OUTSIDE_SHARE:
        return False
    there = ndimage.map_coordinates(
        volume.voxels.astype(np.float32), index[inside].T, order=1, mode="nearest"
    )
    apart = np.abs(there - ct.hu[z, y, x][inside])
    return bool(apart.mean() <= MEAN_HU and (apart > FAR_HU).mean() <= FAR_SHARE)


def outcome_of(change: Change, ct: SmallCt) -> str:
    """The outcome of opening a changed file."""
    try:
        volume = open_ct(change.path)
    except SpineContextError:
        return "refused"
    except Exception:
        traceback.print_exc()
        return "crash"
    right, told = same(volume, ct), bool(volume.warnings)
    if right:
        return "right, with a note" if told else "right"
    return "other, with a note" if told else "silently wrong"


def reason_of(change: Change) -> str | None:
    """Why no program could tell that the file was changed."""
    text = f"{change.format} {change.field} {change.what}"
    return next((reason for pattern, reason in REASONS.items() if re.match(pattern, text)), None)


def runs(hours: float, seed: int) -> Iterator[tuple[Change, str]]:
    """Changes and their outcomes, until the time is up."""
    end = time.monotonic() + hours * 3600
    random = np.random.default_rng(seed)
    cts = [small_ct(turned=False), small_ct(turned=True)]
    while time.monotonic() < end:
        ct = cts[random.integers(2)]
        for change_one in FORMATS:
            with tempfile.TemporaryDirectory() as folder:
                change = change_one(ct, Path(folder), random)
                yield change, outcome_of(change, ct)


def main() -> None:
    """Run and print a report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", type=Path, metavar="FILE", help="write one line per run")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found: list[tuple[Change, str]] = []
    for change, outcome in runs(options.hours, options.seed):
        found.append((change, outcome))
        if options.list:
            with options.list.open("a", encoding="utf-8") as file:
                print(outcome, change.format, change.field, change.what, sep="\t", file=file)
    print(f"{len(found)} changes of one field, seed {options.seed}:\n")
    _print_table("format", ((change.format, outcome) for change, outcome in found))
    print("\nBy field:\n")
    _print_table(
        "field", ((f"{c.format} {c.field.split('[')[0]}", outcome) for c, outcome in found)
    )
    _print_silent(change for change, outcome in found if outcome in ("silently wrong", "crash"))


def _print_table(title: str, outcomes: Iterable[tuple[str, str]]) -> None:
    rows: dict[str, Counter[str]] = collections.defaultdict(Counter)
    for name, outcome in outcomes:
        rows[name][outcome] += 1
    print(f"| {title} | runs | {' | '.join(OUTCOMES)} |\n|{' --- |' * (2 + len(OUTCOMES))}")
    for name, counts in sorted(rows.items()):
        figures = " | ".join(str(counts[outcome]) for outcome in OUTCOMES)
        print(f"| {name} | {counts.total()} | {figures} |")


def _print_silent(changes: Iterable[Change]) -> None:
    """Print the silently wrong changes by field and reason."""
    groups: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
    for change in changes:
        reason = reason_of(change) or "NO REASON"
        groups[f"{change.format} {change.field}", reason].append(change.what)
    total = sum(map(len, groups.values()))
    print(f"\nSilently wrong or crashed: {total}, and why nobody can tell.\n")
    print("| field | times | what became of it | why |\n| --- | --- | --- | --- |")
    for (field, reason), whats in sorted(groups.items()):
        print(f"| {field} | {len(whats)} | {'; '.join(sorted(whats))} | {reason} |")


if __name__ == "__main__":
    main()
