"""How reliably the finder finds the spine, and how few windows the fine model then needs.

    python -m tests.benchmarks.finder ../shared/ct --cache runs/cases

prints Markdown. "Spine" here means what finders are trained on: vertebrae with discs and canal,
at 2 mm. The unlabelled series are read from their files, as a user's are; the others are cases of
2 mm, cut to the planes in which all vertebrae are known.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.training.finder.cases import (
    SPACING_MM,
    FinderCase,
    labelled_cases,
    reader_cases,
    series_case,
)
from assets.training.finder.spine_lines import read_lines
from inference import open_ct
from inference.localize.finder import CoarseMap, find_spine
from inference.localize.route import NARROW, Search, may_be_spine, plan_route
from inference.model.bundled import FINDER_MODEL
from inference.model.loading import SpineModel, load_model
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.volume import Volume
from inference.windows.grid import Window
from tests.benchmarks.model_quality import spineless_volumes

SAFE = Search(threshold=0.1, margin_mm=20.0)
"""A low threshold and a wide margin, to compare with those of the engine."""


@dataclass(frozen=True, eq=False)
class FinderScan:
    """A CT, and where its spine is.

    Attributes:
        spine: N×3 places of its voxels of 2 mm, x, y, z, in LPS millimetres.
        learned_from: whether the bundled finder has seen it.
    """

    volume: Volume
    spine: NDArray[np.float64]
    learned_from: bool


def recall(scan: FinderScan, coarse: CoarseMap, search: Search) -> float:
    """The share of the spine that the search keeps."""
    kept = may_be_spine(coarse, search)
    at = np.rint(coarse.geometry.to_index(scan.spine)).astype(int)
    x, y, z = np.clip(at, 0, np.array(coarse.geometry.size) - 1).T
    return float(kept[z, y, x].mean())


def share_in_windows(scan: FinderScan, grid: Geometry, windows: tuple[Window, ...]) -> float:
    """The share of the spine that the fine model sees."""
    at = grid.to_index(scan.spine)[:, ::-1]
    seen = np.zeros(len(at), dtype=bool)
    for window in windows:
        seen |= ((at >= window.start) & (at < window.stop)).all(axis=1)
    return float(seen.mean())


def rows_with_spine(
    finder: SpineModel, model: SpineModel, data: Path, cache: Path
) -> Iterator[str]:
    """A row for every real CT."""
    yield (
        f"| CT | learned from | sure | kept at {_name(NARROW)} | kept at {_name(SAFE)} | "
        "in windows | windows | of | seconds |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for scan in _real_scans(data, cache):
        started = time.perf_counter()
        coarse = find_spine(scan.volume, finder)
        seconds = time.perf_counter() - started
        grid = canonical_geometry(scan.volume.geometry, model.card.spacing_mm)
        route = plan_route(coarse, grid, model.card.patch)
        yield (
            f"| {scan.volume.name} | {'yes' if scan.learned_from else 'no'} | "
            f"{route.finder_confidence:.2f} | {recall(scan, coarse, NARROW):.4f} | "
            f"{recall(scan, coarse, SAFE):.4f} | "
            f"{share_in_windows(scan, grid, route.windows):.4f} | {len(route.windows)} | "
            f"{len(route.windows) + route.skipped} | {seconds:.1f} |"
        )


def rows_without_spine(finder: SpineModel, model: SpineModel, data: Path) -> Iterator[str]:
    """A row for every volume without a spine."""
    yield "| without a spine | highest probability | sure | windows | of |"
    yield "| --- | --- | --- | --- | --- |"
    for volume in spineless_volumes(data):
        coarse = find_spine(volume, finder)
        grid = canonical_geometry(volume.geometry, model.card.spacing_mm)
        route = plan_route(coarse, grid, model.card.patch)
        yield (
            f"| {volume.name} | {coarse.probability.max():.2f} | {route.finder_confidence:.2f} | "
            f"{len(route.windows)} | {len(route.windows) + route.skipped} |"
        )


def _real_scans(data: Path, cache: Path) -> Iterator[FinderScan]:
    for case in labelled_cases(data, cache):
        yield _as_scan(case, _own_volume(case))
    for name in read_lines():
        volume = open_ct(data / f"unlabelled/{name}.nii.gz")
        yield _as_scan(series_case(data, name, cache), Volume(volume.voxels, volume.geometry, name))
    for case in reader_cases(data, cache):
        yield _as_scan(case, _own_volume(case))


def _own_volume(case: FinderCase) -> Volume:
    depth, height, width = case.hu.shape
    return Volume(case.hu, Geometry((width, height, depth), SPACING_MM), case.name)


def _as_scan(case: FinderCase, volume: Volume) -> FinderScan:
    """A case whose grid is the volume's in the canonical orientation."""
    grid = canonical_geometry(volume.geometry, SPACING_MM)
    spine = grid.to_patient(np.argwhere(case.spine)[:, ::-1].astype(float))
    return FinderScan(volume, spine, all(source.licence.free for source in case.sources))


def _name(search: Search) -> str:
    return f"{search.threshold} and {search.margin_mm:.0f} mm"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Measure the finder.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("--cache", type=Path, default=Path("runs/cases"))
    parser.add_argument("--finder", default=FINDER_MODEL)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    finder, model = load_model(options.finder, options.threads), load_model()
    for row in rows_with_spine(finder, model, options.data, options.cache):
        print(row, flush=True)
    print()
    for row in rows_without_spine(finder, model, options.data):
        print(row, flush=True)


if __name__ == "__main__":
    main()
