"""The road: from a CT volume to its spine mask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inference.geometry import Geometry, canonical_geometry
from inference.mask import Components, byte_threshold, drop_small_components, mask_on_grid, to_bytes
from inference.model import ModelCard, SpineModel, load_model
from inference.plan import Shape, Window, full_grid
from inference.predict import Slab, WindowWatcher, predict_slabs
from inference.progress import (
    CancelCheck,
    Preview,
    PreviewCallback,
    ProgressCallback,
    ignore_preview,
    ignore_progress,
    never_cancelled,
)
from inference.resample import resample
from inference.timing import StageClock
from inference.volume import AIR_HU, Mask, Volume

Mode = Literal["follow", "full"]
"""``full``: the published method, every window of the grid. ``follow``: windows along the spine."""

DEFAULT_MODE: Mode = "full"


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A spine mask and how it came about.

    Attributes:
        mask: on the grid of the CT, voxel for voxel.
        model: the facts of the model that made it.
        provider: what ran the model, as onnxruntime names it without "ExecutionProvider".
        mode: the mode that ran in the end.
        finder_confidence: how sure the coarse search was, 0 to 1; None in ``full`` mode.
        unsure: whether the coarse search was so unsure that the whole volume was looked at.
        windows_run: windows that the model saw.
        windows_skipped: windows of the full grid that it did not need to see.
        components: connected pieces kept and dropped.
        seconds: wall-clock seconds by stage.
    """

    mask: Mask
    model: ModelCard
    provider: str
    mode: Mode
    finder_confidence: float | None
    unsure: bool
    windows_run: int
    windows_skipped: int
    components: Components
    seconds: Mapping[str, float]


def segment(
    volume: Volume,
    *,
    model: SpineModel | None = None,
    mode: Mode = DEFAULT_MODE,
    progress: ProgressCallback = ignore_progress,
    preview: PreviewCallback = ignore_preview,
    cancel: CancelCheck = never_cancelled,
) -> Segmentation:
    """Find the spine.

    Args:
        model: the bundled default if None.
        mode: which windows the model sees.
        progress: told of the stages "resample", "predict" and "mask".
        preview: shown what is found as soon as it is, from rough to fine.
        cancel: asked between slabs and between windows.

    Raises:
        CancelledError: ``cancel`` said so.
        ModelRefusedError: the model failed or broke its contract.
    """
    clock = StageClock()
    with clock.stage("model"):
        model = model or load_model()
    threshold = byte_threshold(model.card.threshold)
    canonical = canonical_geometry(volume.geometry, model.card.spacing_mm)
    windows = full_grid(canonical.shape, model.card.patch)
    with clock.stage("resample"):
        hu = resample(
            volume.voxels, volume.geometry, canonical, AIR_HU, progress=progress, cancel=cancel
        )
    with clock.stage("predict"):
        slabs = predict_slabs(
            hu,
            windows,
            model.predict,
            watch=_show_windows(preview, canonical),
            progress=progress,
            cancel=cancel,
        )
        probability = _collect(slabs, canonical.shape)
    del hu  # the mask needs the memory
    with clock.stage("mask"):
        components = drop_small_components(probability, threshold, canonical.voxel_volume_ml)
        mask = mask_on_grid(
            probability, canonical, volume.geometry, threshold, progress=progress, cancel=cancel
        )
    return Segmentation(
        mask=mask,
        model=model.card,
        provider=model.provider,
        mode=mode,
        finder_confidence=None,
        unsure=False,
        windows_run=len(windows),
        windows_skipped=0,
        components=components,
        seconds=clock.seconds,
    )


def _show_windows(preview: PreviewCallback, canonical: Geometry) -> WindowWatcher:
    """Shows each window's part inside the volume as a preview."""

    def show(window: Window, probability: NDArray[np.float32]) -> None:
        in_volume, in_window = window.inside(canonical.shape)
        part = to_bytes(probability[in_window])
        z, y, x = (axis.start for axis in in_volume)
        depth, height, width = part.shape
        preview(Preview(canonical.box((x, y, z), (width, height, depth)), part))

    return show


def _collect(slabs: Iterable[Slab], shape: Shape) -> NDArray[np.uint8]:
    """The whole probability map in bytes, z, y, x."""
    probability = np.zeros(shape, dtype=np.uint8)
    for slab in slabs:
        planes = slice(slab.first_plane, slab.first_plane + len(slab.probability))
        probability[planes] = to_bytes(slab.probability)
    return probability
