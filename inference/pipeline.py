"""The road: from a CT volume to its spine mask and its figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.localize.finder import find_spine
from inference.localize.route import Route, plan_route
from inference.mask.components import Components, dropped_notes, keep_spine_components
from inference.mask.figures import MaskFigures, measure
from inference.mask.hollows import fill_hollows, hollow_notes
from inference.mask.threshold import byte_map, byte_threshold, mask_on_grid, to_bytes
from inference.model.card import COMPARISON, TRUNK, ModelCard
from inference.model.loading import SpineModel, load_model
from inference.model.sessions import Precision
from inference.system.budget import (
    beside_the_caller,
    check_budget,
    in_memory_bytes,
    keep_budget,
)
from inference.system.logs import LOGGER
from inference.system.memory import RunMemory
from inference.system.timing import StageClock
from inference.values.geometry import Geometry, canonical_geometry
from inference.values.mask import Mask
from inference.values.messages import sentence
from inference.values.progress import (
    CancelCheck,
    Preview,
    PreviewCallback,
    ProgressCallback,
    ignore_preview,
    ignore_progress,
    never_cancelled,
)
from inference.values.volume import Volume
from inference.windows.grid import DEFAULT_MODE, Mode, Window, enclosing_box, full_grid
from inference.windows.resampling import cut_window
from inference.windows.sliding import WindowPredictor, predict_slabs


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A spine mask and how it came about.

    Attributes:
        mask: on the grid of the CT, voxel for voxel.
        figures: of the mask.
        model: the facts of the model that made it.
        provider: what ran the model, as onnxruntime names it without "ExecutionProvider".
        precision: the number format it computed in.
        mode: the mode that was used in the end.
        finder_confidence: how sure the finder was, 0 to 1; None if it was not asked.
        unsure: whether the search was widened because the finder was unsure.
        windows_run: windows that the model saw.
        windows_skipped: windows of the full grid that it did not need to see.
        components: connected pieces kept and dropped, and the positions of the larger dropped ones.
        seconds: wall-clock seconds by stage.
        peak_bytes: the most memory that the run held.
        notes: plain sentences about anything that did not go as planned.
    """

    mask: Mask
    figures: MaskFigures
    model: ModelCard
    provider: str
    precision: Precision
    mode: Mode
    finder_confidence: float | None
    unsure: bool
    windows_run: int
    windows_skipped: int
    components: Components
    seconds: Mapping[str, float]
    peak_bytes: int
    notes: tuple[str, ...]


def segment(
    volume: Volume,
    *,
    model: SpineModel | None = None,
    finder: SpineModel | None = None,
    mode: Mode = DEFAULT_MODE,
    max_ram: int | None = None,
    memory: RunMemory | None = None,
    progress: ProgressCallback = ignore_progress,
    preview: PreviewCallback = ignore_preview,
    cancel: CancelCheck = never_cancelled,
) -> Segmentation:
    """Find the spine.

    Args:
        model: the bundled default if None.
        finder: the one that the model names if None; asked in ``follow`` mode only.
        mode: which windows the model sees.
        max_ram: bytes of memory that the run may hold; None for no limit. What it needs does not
            grow with the length of the CT.
        memory: the run's memory, if the run began earlier; None if it begins here, where whatever
            else the process holds does not count.
        progress: called for the stages "find" (in ``follow`` mode), "predict" and "mask".
        preview: called with what has been found so far, from coarse to fine.
        cancel: asked between slabs and between windows.

    Raises:
        CancelledError: ``cancel`` said so.
        ModelRefusedError: a model failed or broke its contract.
        MemoryLimitError: ``max_ram`` cannot be kept, or the disk has no room for a scratch file.
    """
    clock = StageClock()
    memory = memory or beside_the_caller()
    with clock.stage("model"):
        model = model or load_model()
    threshold = byte_threshold(model.card.threshold)
    grid = canonical_geometry(volume.geometry, model.card.spacing_mm)
    route = Route(full_grid(grid.shape, model.card.patch), "full")
    if mode == "follow":
        with clock.stage("find"):
            finder = finder or load_model(model.card.finder, model.threads, model.precision)
            coarse = find_spine(volume, finder, progress=progress, cancel=cancel)
            preview(Preview(coarse.geometry, to_bytes(coarse.probability)))
            route = plan_route(coarse, grid, model.card.patch)
    with clock.stage("predict"):
        region, windows = _narrowed(grid, route.windows)
        check_budget(max_ram, model.card.patch, region.shape)
        predict = _predictor(volume, region, model, preview, max_ram, memory)
        slabs = predict_slabs(region.shape, windows, predict, progress=progress, cancel=cancel)
        probability = byte_map(slabs, region.shape, in_memory_bytes(max_ram))
    with clock.stage("mask"):
        components = keep_spine_components(probability, threshold, region)
        filled_ml = fill_hollows(probability, threshold, region, cancel)
        mask = mask_on_grid(
            probability,
            region,
            volume.geometry,
            threshold,
            in_memory=in_memory_bytes(max_ram),
            progress=progress,
            cancel=cancel,
        )
    with clock.stage("measure"):
        figures = measure(mask, volume, cancel)
    keep_budget(max_ram, memory)
    result = Segmentation(
        mask=mask,
        figures=figures,
        model=model.card,
        provider=model.provider,
        precision=model.precision,
        mode=route.mode,
        finder_confidence=route.finder_confidence,
        unsure=route.unsure,
        windows_run=len(route.windows),
        windows_skipped=route.skipped,
        components=components,
        seconds=clock.seconds,
        peak_bytes=memory.peak_bytes,
        notes=(
            *model.notes,
            *_model_notes(model.card),
            *_search_notes(route),
            *dropped_notes(components, volume.geometry),
            *hollow_notes(filled_ml),
        ),
    )
    log_run(result)
    return result


def log_run(result: Segmentation) -> None:
    """Log what a run took, in figures only."""
    z, y, x = result.mask.geometry.shape
    LOGGER.info(
        "a run on %d x %d x %d voxels: %d windows, %d skipped, %d pieces kept, %d dropped; "
        "%.1f s, at most %d MiB",
        x,
        y,
        z,
        result.windows_run,
        result.windows_skipped,
        result.components.kept,
        result.components.dropped,
        sum(result.seconds.values()),
        result.peak_bytes >> 20,
    )


def _model_notes(card: ModelCard) -> Iterator[str]:
    """What anyone who reads the mask must know of its model."""
    if card.purpose == COMPARISON:
        yield sentence(
            "{0} is there to be compared with other networks, and has been checked on fewer scans. "
            "Do not rely on its mask.",
            card.name,
        )
    if card.region == TRUNK:
        yield sentence(
            "{0} knows the chest, the abdomen and the lumbar spine. Check what it marks in a neck, "
            "a skull, arms or legs.",
            card.name,
        )


def _search_notes(route: Route) -> tuple[str, ...]:
    if not route.unsure:
        return ()
    where = sentence("the whole CT") if route.mode == "full" else sentence("a wider region")
    return (
        sentence(
            "It was not clear where the spine is, so {0} was searched. Check the result.", where
        ),
    )


def _narrowed(grid: Geometry, windows: Sequence[Window]) -> tuple[Geometry, list[Window]]:
    """The part of ``grid`` that the windows see, and the windows on it."""
    box = enclosing_box(windows, grid.shape)
    z, y, x = (axis.start for axis in box)
    return grid.part(*box), [window.seen_from((z, y, x)) for window in windows]


def _predictor(
    volume: Volume,
    region: Geometry,
    model: SpineModel,
    preview: PreviewCallback,
    max_ram: int | None,
    memory: RunMemory,
) -> WindowPredictor:
    """Cuts a window of ``region`` from the CT, runs the model on it and shows the result."""

    def predict(window: Window) -> NDArray[np.float32]:
        probability = model.predict(cut_window(volume, region, window))
        keep_budget(max_ram, memory)
        in_region, in_window = window.inside(region.shape)
        preview(Preview(region.part(*in_region), to_bytes(probability[in_window])))
        return probability

    return predict
