"""Labels for the unlabelled series: what an earlier model marks near the line drawn by eye.

    python -m assets.training.pseudo_labels ../shared/ct runs/pseudo

draws a picture of each, to check before training on it.

Far from the line there is certainly no spine: skull, sternum, ribs, pelvis, arms, table. Near it,
voxels on which the model and the bone threshold disagree are left out of the loss. In the neck,
which no labelled case shows, the bone threshold decides (``neck_bone.py``).
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from assets.training.cached import keep
from assets.training.cases import UNKNOWN, TrainingCase
from assets.training.finder.spine_lines import (
    PROCESSES_HALF_WIDTH_MM,
    PROCESSES_REACH_MM,
    STEP_MM,
    AroundLine,
    around_line,
    may_be_spine,
    read_lines,
)
from assets.training.neck_bone import is_neck, near_skull, neck_bone
from assets.training.series_discs import EndPlates, read_discs, settle_discs
from assets.training.spine_labels import SPACING_MM, draw_label
from assets.training.vertebrae import fill_pores
from inference import open_ct
from inference.model.loading import SpineModel, load_model
from inference.values.geometry import Geometry, Slices, canonical_geometry
from inference.values.slabs import bounding_box
from inference.values.volume import AIR_HU
from inference.windows.grid import full_grid
from inference.windows.resampling import resample
from inference.windows.sliding import predict_slabs

BONE_HU = 180
"""Denser voxels near the line that the model does not mark are undecided."""

DISC_HU, DISC_SHARE = 110, 0.8
DISC_OPENING = 2
"""What the model marks in a body, but is softer than these HU or than this share of the bodies
around, over this many voxels, is disc or weak marrow: undecided."""

DISC_LEVEL_SHARE = 0.87
"""Where the middle of a body falls below this share of the bodies around, thick slices blend a disc
with its end plates."""

NEIGHBOURS_MM = 35
"""Up and down the line: a body and a disc at least."""

RIM_MM = 2.0
"""How much wider than its line says a body may be."""

PEDICLES_FROM_MM = 6
"""In front of the bodies' rear wall."""

TRANSVERSE_FROM_MM = 3
"""Behind the bodies' rear wall; what lies further in front, beside a body, is a vessel or a rib."""

RIB_NECK_MM = 3
"""To the side of the body from here on."""

STENT_HU, STENT_WALL = 700, 4
"""Denser than end plates, in front of the middle of a body, with this many voxels around."""

EDGE_MM = 4.0
"""Around the tube: undecided where the model marks something."""

ENDS_MM = 6.0
"""Past the upper end of the line the spine may continue: undecided."""

LOWER_END_MM, LOWER_PROCESS_MM = 3.0, 12.0
"""Past the lower end are a disc and the sacrum, and the last vertebra's process reaches down behind
them: undecided."""

UNSURE_FROM = 0.15
"""Probability from which a voxel that the model does not mark is undecided."""

SURE, VERY_SURE = 0.5, 0.9
"""Probabilities from which a voxel is marked, in general and where necks of ribs are near."""

REACH_MM = 100
"""Distance around the line: more than any process and some context for windows."""

BODY_HU = -400
AIR_VOXELS = 24
OVERLAP = 0.25

LEAST_PIECE_VOXELS = 400
"""Smaller pieces of the label are noise, and undecided."""


def near_line(around: AroundLine, margin_mm: float = 0.0) -> NDArray[np.bool_]:
    """Where vertebrae can be, up to ``margin_mm`` past the ends of a line, z, y, x.

    These are bodies with ``margin_mm`` around them, and behind them room for arch and processes.
    """
    body = np.hypot(around.behind, around.aside) < around.radius + RIM_MM + margin_mm
    depth = around.behind - around.radius
    behind = depth < PROCESSES_REACH_MM + margin_mm
    arch = behind & (depth > -PEDICLES_FROM_MM) & (around.aside < around.radius + margin_mm)
    width = around.radius + PROCESSES_HALF_WIDTH_MM + margin_mm
    transverse = behind & (depth > TRANSVERSE_FROM_MM - margin_mm) & (around.aside < width)
    return body | arch | transverse


def pseudo_label(
    hu: NDArray[np.int16],
    probability: NDArray[np.float32],
    around: AroundLine,
    plates: EndPlates = (),
) -> NDArray[np.uint8]:
    """1 on vertebrae, 0 where there is certainly none, ``UNKNOWN`` between; all z, y, x at 1 mm.

    Args:
        hu: of the series.
        probability: by a first model.
        around: where the voxels lie from the line.
        plates: of the discs found by eye.
    """
    between = around.beyond <= STEP_MM
    within = near_line(around) & between
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), 0.7)
    neck = is_neck(around)
    by_model = ~neck & within & (probability >= SURE)
    spine = _without_crumbs(neck_bone(smooth, around, within) | by_model)
    # Foramina of the vertebral arteries are as small as pores.
    spine |= fill_pores(spine) & ~neck
    # A body may be wider than the line says, but anything far out there is a vessel or a rib.
    beside = near_line(around, EDGE_MM) & between & ~spine & (probability >= UNSURE_FROM)
    undecided = beside | (within & ~spine & (smooth >= BONE_HU))
    undecided |= _past_end(around) & (smooth >= BONE_HU / 2)
    undecided |= neck & _shell(spine)
    marked_or_neck = neck | (probability >= UNSURE_FROM)
    undecided |= _farther_processes(around, neck) & between & marked_or_neck & (smooth >= BONE_HU)
    skull = near_skull(around)
    undecided |= skull & spine
    spine &= ~skull
    label = spine.astype(np.uint8)
    label[undecided & ~spine] = UNKNOWN
    # At the edge of a body, partial volume makes cortex look soft.
    label[ndimage.binary_erosion(spine) & maybe_disc(smooth, around)] = UNKNOWN
    label[spine & ~neck & _maybe_rib(around) & (probability < VERY_SURE)] = UNKNOWN
    label[spine & ~neck & _stent(smooth, around)] = UNKNOWN
    return settle_discs(label, smooth, around, plates)


def _past_end(around: AroundLine) -> NDArray[np.bool_]:
    """Where the spine may continue past an end of the line."""
    lower = np.where(around.behind > around.radius, LOWER_PROCESS_MM, LOWER_END_MM)
    reach_mm = np.where(around.below_head > STEP_MM, lower, ENDS_MM)
    past = (around.beyond > STEP_MM) & (around.beyond < reach_mm)
    return np.asarray(past & near_line(around, EDGE_MM))


def _maybe_rib(around: AroundLine) -> NDArray[np.bool_]:
    """Where necks of ribs lie against transverse processes."""
    return around.aside > around.radius + RIB_NECK_MM


def _stent(hu: NDArray[np.float32], around: AroundLine) -> NDArray[np.bool_]:
    """Metal and calcifications of an aorta next to the bodies, with its wall."""
    dense = ndimage.binary_dilation(hu > STENT_HU, iterations=STENT_WALL)
    return np.asarray(dense & (around.behind < 0))


def _farther_processes(around: AroundLine, neck: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where tips of transverse processes, and in the neck the lateral masses, may be."""
    depth = around.behind - around.radius
    return may_be_spine(around) & (neck | (depth > -PEDICLES_FROM_MM))


def maybe_disc(hu: NDArray[np.float32], around: AroundLine) -> NDArray[np.bool_]:
    """Soft parts of the row of bodies along a line: disc or weak marrow, z, y, x.

    HU alone cannot distinguish them, because both lie between two end plates.
    """
    from_middle = np.hypot(around.behind, around.aside)
    core = (from_middle < 0.6 * around.radius) & (around.beyond <= STEP_MM)
    level = np.rint(around.below_head / STEP_MM).astype(int)
    levels = np.arange(level.max() + 1)
    profile = np.nan_to_num(ndimage.median(hu[core], level[core], levels))
    usual = ndimage.median_filter(profile, int(2 * NEIGHBOURS_MM / STEP_MM) + 1, mode="nearest")
    low = profile < DISC_LEVEL_SHARE * usual
    body = from_middle < around.radius + RIM_MM
    soft = hu < np.maximum(DISC_HU, DISC_SHARE * usual)[level]
    between = ndimage.binary_dilation(low)[level] & (hu < usual[level])
    return body & (ndimage.binary_opening(soft, iterations=DISC_OPENING) | between)


def _shell(spine: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The voxels just outside, where a threshold cannot find the edge."""
    return np.asarray(ndimage.binary_dilation(spine) & ~spine)


def _joined(seeds: NDArray[np.bool_], bone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The bone connected to the seeds, with pores closed: masses and processes of the neck."""
    closed = ndimage.binary_closing(bone, iterations=2) | seeds
    labels, _ = ndimage.label(closed)
    joined = np.unique(labels[seeds])
    return np.isin(labels, joined[joined > 0])


def _without_crumbs(spine: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, _ = ndimage.label(spine)
    large = np.bincount(labels.ravel()) >= LEAST_PIECE_VOXELS
    large[0] = False
    return large[labels]


def load_series(data: Path, name: str, cache: Path, model: SpineModel) -> TrainingCase:
    """An unlabelled series with its pseudo-label, made once for each model and kept in ``cache``.

    Args:
        model: marks the vertebrae.
    """
    kept = cache / f"by_{model.card.sha256[:8]}" / f"{name}_1mm.npz"
    if not kept.exists():
        volume = open_ct(data / f"unlabelled/{name}.nii.gz")
        canonical = canonical_geometry(volume.geometry, SPACING_MM)
        hu = resample(volume.voxels, volume.geometry, canonical, AIR_HU)
        line = read_lines()[name]
        box = _box_around(line, canonical)
        spine = np.zeros(hu.shape, dtype=np.uint8)
        around = around_line(line, _geometry_of(box, canonical))
        probability = _predict(hu[box], model)
        spine[box] = pseudo_label(hu[box], probability, around, read_discs().get(name, ()))
        body = _body(hu)
        keep(kept, hu=hu[body], spine=spine[body])
    with np.load(kept) as arrays:
        return TrainingCase(name, arrays["hu"], None, arrays["spine"])


def _box_around(line: NDArray[np.float64], canonical: Geometry) -> Slices:
    """The voxels within ``REACH_MM`` of the line, slices z, y, x."""
    indices = canonical.to_index(line[:, :3])
    low = np.maximum(np.floor(indices.min(axis=0) - REACH_MM), 0).astype(int)
    high = np.minimum(np.ceil(indices.max(axis=0) + REACH_MM) + 1, canonical.size).astype(int)
    x, y, z = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def _geometry_of(box: Slices, canonical: Geometry) -> Geometry:
    z, y, x = box
    size = (x.stop - x.start, y.stop - y.start, z.stop - z.start)
    return canonical.box((x.start, y.start, z.start), size)


def _body(hu: NDArray[np.int16]) -> Slices:
    """The box around everything denser than air, with a margin."""
    box = bounding_box(ndimage.binary_opening(hu[::4, ::4, ::4] > BODY_HU))
    if box is None:
        return slice(None), slice(None), slice(None)
    z, y, x = (slice(max(0, 4 * s.start - AIR_VOXELS), 4 * s.stop + AIR_VOXELS) for s in box)
    return z, y, x


def _predict(hu: NDArray[np.int16], model: SpineModel) -> NDArray[np.float32]:
    windows = full_grid(hu.shape, model.card.patch, OVERLAP)
    slabs = predict_slabs(hu.shape, windows, lambda w: model.predict(w.cut(hu, AIR_HU)))
    return np.concatenate([slab.probability for slab in slabs])


def main() -> None:
    """Make and draw the label of every unlabelled series."""
    parser = argparse.ArgumentParser(description="Label the unlabelled series.")
    parser.add_argument("data", type=Path, help="folder of the real CT")
    parser.add_argument("out", type=Path, help="folder for labels and pictures")
    options, model = parser.parse_args(), load_model()
    for name in read_lines():
        case = load_series(options.data, name, options.out, model)
        assert case.hu is not None
        draw_label(case.hu >= BONE_HU, case.spine == 1, options.out / f"{name}.png")
        print(name, int((case.spine == 1).sum()), int((case.spine == UNKNOWN).sum()), flush=True)


if __name__ == "__main__":
    main()
