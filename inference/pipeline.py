"""The road: from a CT volume to its spine mask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.geometry import canonical_geometry
from inference.mask import Components, byte_threshold, drop_small_components, mask_on_grid, to_bytes
from inference.model import ModelCard, SpineModel, load_model
from inference.plan import Shape, full_grid
from inference.predict import Slab, predict_slabs
from inference.progress import CancelCheck, ProgressCallback, ignore_progress, never_cancelled
from inference.resample import resample
from inference.timing import StageClock
from inference.volume import AIR_HU, Mask, Volume


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A spine mask and how it came about.

    Attributes:
        mask: on the grid of the CT, voxel for voxel.
        model: the facts of the model that made it.
        windows_run: windows that the model saw.
        components: connected pieces kept and dropped.
        seconds: wall-clock seconds by stage.
    """

    mask: Mask
    model: ModelCard
    windows_run: int
    components: Components
    seconds: Mapping[str, float]


def segment(
    volume: Volume,
    *,
    model: SpineModel | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelCheck = never_cancelled,
) -> Segmentation:
    """Find the spine by the published method: every window of the full grid.

    Args:
        model: the bundled default if None.
        progress: told of the stages "resample", "predict" and "mask".
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
        slabs = predict_slabs(hu, windows, model.predict, progress=progress, cancel=cancel)
        probability = _collect(slabs, canonical.shape)
    del hu  # the mask needs the memory
    with clock.stage("mask"):
        components = drop_small_components(probability, threshold, canonical.voxel_volume_ml)
        mask = mask_on_grid(
            probability, canonical, volume.geometry, threshold, progress=progress, cancel=cancel
        )
    return Segmentation(mask, model.card, len(windows), components, clock.seconds)


def _collect(slabs: Iterable[Slab], shape: Shape) -> NDArray[np.uint8]:
    """The whole probability map in bytes, z, y, x."""
    probability = np.zeros(shape, dtype=np.uint8)
    for slab in slabs:
        planes = slice(slab.first_plane, slab.first_plane + len(slab.probability))
        probability[planes] = to_bytes(slab.probability)
    return probability
