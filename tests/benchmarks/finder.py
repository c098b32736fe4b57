"""How reliably the finder finds the spine, and how few windows the fine model then needs.

    python -m tests.benchmarks.finder ../shared/ct --cache runs/cases

prints Markdown. "Spine" here means what finders are trained on: vertebrae with discs and canal,
at 2 mm.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.training.finder.cases import (
    SPACING_MM,
    TEST_PATIENTS,
    TEST_SERIES,
    FinderCase,
    labelled_cases,
    reader_cases,
    series_case,
)
from assets.training.finder.spine_lines import read_lines
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


def recall(case: FinderCase, coarse: CoarseMap, search: Search) -> float:
    """The share of the spine that the search keeps."""
    places = _spine_points(case)
    kept = may_be_spine(coarse, search)
    at = np.rint(coarse.geometry.to_index(places)).astype(int)
    x, y, z = np.clip(at, 0, np.array(coarse.geometry.size) - 1).T
    return float(kept[z, y, x].mean())


def share_in_windows(case: FinderCase, grid: Geometry, windows: tuple[Window, ...]) -> float:
    """The share of the spine that the fine model sees."""
    at = grid.to_index(_spine_points(case))[:, ::-1]
    seen = np.zeros(len(at), dtype=bool)
    for window in windows:
        seen |= ((at >= window.start) & (at < window.stop)).all(axis=1)
    return float(seen.mean())


def _spine_points(case: FinderCase) -> NDArray[np.float64]:
    return _geometry(case).to_patient(np.argwhere(case.spine)[:, ::-1].astype(float))


def _geometry(case: FinderCase) -> Geometry:
    depth, height, width = case.hu.shape
    return Geometry((width, height, depth), SPACING_MM)


def rows_with_spine(
    finder: SpineModel, model: SpineModel, data: Path, cache: Path
) -> Iterator[str]:
    """A row for every real CT."""
    yield (
        f"| CT | learned from | sure | kept at {_name(NARROW)} | kept at {_name(SAFE)} | "
        "in windows | windows | of | seconds |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    apart = {f"ircad{number:02d}" for number in TEST_PATIENTS} | set(TEST_SERIES)
    for case in _real_cases(data, cache):
        volume = Volume(case.hu, _geometry(case), case.name)
        started = time.perf_counter()
        coarse = find_spine(volume, finder)
        seconds = time.perf_counter() - started
        grid = canonical_geometry(volume.geometry, model.card.spacing_mm)
        route = plan_route(coarse, grid, model.card.patch)
        yield (
            f"| {case.name} | {'no' if case.name in apart else 'yes'} | "
            f"{route.finder_confidence:.2f} | {recall(case, coarse, NARROW):.4f} | "
            f"{recall(case, coarse, SAFE):.4f} | "
            f"{share_in_windows(case, grid, route.windows):.4f} | {len(route.windows)} | "
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


def _real_cases(data: Path, cache: Path) -> Iterator[FinderCase]:
    yield from labelled_cases(data, cache)
    for name in read_lines():
        yield series_case(data, name, cache)
    yield from reader_cases(data, cache)


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
