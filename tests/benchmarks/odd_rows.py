"""Segments every odd input of ``../shared/odd_inputs`` and compares its mask.

``python -m tests.benchmarks.odd_rows ../shared/odd_inputs [ROW...]`` writes the rows and runs
``spinecontext segment`` on each input, or on each series if an input has several. It prints how
well the mask agrees with that of the plain stack, in patient space and voxel for voxel (the
headers of some rows rotate the patient), or why there is no mask. Inputs that are read as exactly
the same voxels in the same places have the same mask, and are segmented only with ``--all``.
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
"""Extensions of data files; the header beside them is the input."""

PLAIN = "plain"

SAME = 1e-4
"""Rounding in headers, in millimetres and direction cosines."""

WRITE_PLAIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from common import *; save(series(), sys.argv[2])"
)
"""Writes the rows with their own code, in a separate process."""


def inputs_of(row: Path) -> list[Path]:
    """The paths in the folder of a row that are inputs."""
    return [path for path in sorted(row.iterdir()) if path.suffix.lower() not in DATA_ONLY]


def series_of(path: Path) -> list[str | None]:
    """The identifiers of the usable series if there are several, else None for the only one."""
    try:
        usable = [series.uid for series in list_series(path) if series.usable]
    except SpineContextError:
        usable = []
    return list(usable) if len(usable) > 1 else [None]


def is_plain(path: Path, series: str | None, plain: Volume) -> bool:
    """Whether an input is read as the voxels of the plain stack in the same places."""
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
    """The command line's mask of an input with the notes, or None with the reason for refusal."""
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

    The latter is None if the grids differ in size.
    """
    there = sitk.Resample(mask, plain, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    same_size = mask.GetSize() == plain.GetSize()
    return _dice(there, plain), _dice(mask, plain) if same_size else None


def _dice(one: sitk.Image, other: sitk.Image) -> float:
    return dice(*((sitk.GetArrayFromImage(image) > 0).astype(np.uint8) for image in (one, other)))


def rows(folder: Path, names: list[str], work: Path, every: bool) -> Iterator[tuple[str, ...]]:
    """For each input: its row, its name, both Dice or "refused", and the messages."""
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
    """Run all rows and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="ROW")
    parser.add_argument("--all", action="store_true", help="also segment identical inputs")
    options = parser.parse_args()
    print(
        "| row | input | in patient space | voxel for voxel | what is said |\n" + "| --- " * 5 + "|"
    )
    with tempfile.TemporaryDirectory() as work:
        for row in rows(options.folder.resolve(), options.names, Path(work), options.all):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
