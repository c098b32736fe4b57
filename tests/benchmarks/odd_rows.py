"""Every odd input of ``../shared/odd_inputs`` segmented from file to mask, and its mask compared.

``python -m tests.benchmarks.odd_rows ../shared/odd_inputs [ROW...]`` writes the rows, runs
``spinecontext segment`` on each of their inputs and on each series where there are several, and
prints how far the mask is the one of the plain stack, in patient space and voxel for voxel (the
headers of some rows turn the patient), or why there is none. What is read as the very voxels of the
plain stack in the same places has its mask, and is segmented again only with ``--all``.
"""

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from inference.__main__ import main as spinecontext
from inference.errors import SpineContextError
from inference.mask.overlap import dice
from inference.read import list_series, open_ct
from inference.values.messages import nameless
from inference.values.volume import Volume

DATA_ONLY = (".raw", ".img")
"""Endings of files that belong to a header beside them, which is the input."""

PLAIN = "plain"

SAME = 1e-4
"""Millimetres, and parts of cosines: by so much headers round."""

WRITE_PLAIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from common import *; save(series(), sys.argv[2])"
)
"""Written by the rows' own code, in a process of its own."""


def inputs_of(row: Path) -> list[Path]:
    """What of a row's folder is an input by itself."""
    return [path for path in sorted(row.iterdir()) if path.suffix.lower() not in DATA_ONLY]


def series_of(path: Path) -> list[str | None]:
    """The identifiers of usable series where there are several; else None, for the only one."""
    try:
        usable = [series.uid for series in list_series(path) if series.usable]
    except SpineContextError:
        usable = []
    return list(usable) if len(usable) > 1 else [None]


def is_plain(path: Path, series: str | None, plain: Volume) -> bool:
    """Whether an input is read as the voxels of the plain stack, in the same places."""
    try:
        volume = open_ct(path, series_uid=series)
    except SpineContextError:
        return False
    one, other = volume.geometry, plain.geometry
    return np.array_equal(volume.voxels, plain.voxels) and all(
        np.allclose(a, b, atol=SAME)
        for a, b in (
            (one.origin, other.origin),
            (one.spacing, other.spacing),
            (one.direction, other.direction),
        )
    )


def segmented(path: Path, series: str | None, out: Path) -> tuple[sitk.Image | None, list[str]]:
    """The mask that the command line makes of an input, and its notes or the reason against it."""
    command = ["segment", str(path), "--out", str(out), "--format", "nifti", "--json"]
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        code = spinecontext([*command, *(("--series", series) if series else ())])
    if code:
        return None, [json.loads(line)["message"] for line in said.getvalue().splitlines()[-1:]]
    (mask,) = out.glob("*_spine.nii.gz")
    (report,) = out.glob("*_report.json")
    notes = json.loads(report.read_text(encoding="utf-8"))["warnings"]
    return sitk.ReadImage(str(mask)), notes


def agreements(mask: sitk.Image, plain: sitk.Image) -> tuple[float, float | None]:
    """Dice in patient space, on the grid of the plain mask, and voxel for voxel.

    The latter is None if the grids are not of one size.
    """
    there = sitk.Resample(mask, plain, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    same_size = mask.GetSize() == plain.GetSize()
    return _dice(there, plain), _dice(mask, plain) if same_size else None


def _dice(one: sitk.Image, other: sitk.Image) -> float:
    return dice(*((sitk.GetArrayFromImage(image) > 0).astype(np.uint8) for image in (one, other)))


def rows(folder: Path, names: list[str], work: Path, every: bool) -> Iterator[tuple[str, ...]]:
    """Of each input: its row, its name, both Dice or "refused", and what was said."""
    subprocess.run([sys.executable, "-c", WRITE_PLAIN, folder, work / PLAIN], check=True)
    plain, notes = segmented(work / PLAIN, None, work / "out" / PLAIN)
    if plain is None:
        raise SystemExit(f"The plain stack is refused: {notes}")
    as_read = open_ct(work / PLAIN)
    made = work / "made"
    subprocess.run(
        [sys.executable, folder / "make.py", made, *names], check=True, stdout=subprocess.DEVNULL
    )
    for row in [made / name for name in names] or sorted(made.iterdir()):
        for path in inputs_of(row):
            for number, series in enumerate(series_of(path), start=1):
                name = path.name if series is None else f"{path.name}, series {number}"
                if not every and is_plain(path, series, as_read):
                    told = open_ct(path, series_uid=series).warnings
                    yield row.name, name, "same voxels", "", " ".join(map(nameless, told))
                    continue
                out = work / "out" / row.name / path.name / str(number)
                mask, said = segmented(path, series, out)
                figures = ["refused", ""] if mask is None else _written(agreements(mask, plain))
                yield row.name, name, *figures, " ".join(said)


def _written(values: tuple[float | None, ...]) -> list[str]:
    return ["" if value is None else f"{value:.4f}" for value in values]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="ROW")
    parser.add_argument("--all", action="store_true", help="segment what is read as plain too")
    options = parser.parse_args()
    print(
        "| row | input | in patient space | voxel for voxel | what is said |\n" + "| --- " * 5 + "|"
    )
    with tempfile.TemporaryDirectory() as work:
        for row in rows(options.folder.resolve(), options.names, Path(work), options.all):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
