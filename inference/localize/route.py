"""Windows along the spine: from a coarse map to a list of windows, as pure functions."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from inference.localize.finder import CoarseMap
from inference.values.geometry import Geometry, Shape
from inference.windows.grid import OVERLAP, Mode, Window, full_grid, window_starts

SEED_PROBABILITY = 0.5
"""A piece of the map counts as spine only if it reaches this probability somewhere."""

RIM_SHARES = (OVERLAP / 2, 1 / 16, 1 / 16)
"""Share of a window at each of its faces, z, y, x, that is not part of its core. Along the spine
this gives the overlap of the published method; across it, it keeps the effects of the network's
padding away."""


@dataclass(frozen=True)
class Search:
    """How far to look around what the finder found.

    Attributes:
        threshold: the lowest finder probability of what may be spine.
        margin_mm: how far around that there may still be spine.
    """

    threshold: float
    margin_mm: float


NARROW = Search(threshold=0.2, margin_mm=8.0)
WIDE = Search(threshold=0.05, margin_mm=20.0)

SURE = 0.8
"""The lowest confidence for the narrow search."""

LOST = 0.5
"""Below this confidence the whole volume is searched."""


@dataclass(frozen=True)
class Route:
    """Which windows the model sees, and why.

    Attributes:
        windows: in ascending order.
        mode: "full" where the windows are those of the full grid.
        skipped: how many fewer windows than the full grid has.
        finder_confidence: how sure the finder was, 0 to 1; None if it was not asked.
        unsure: whether the search was widened because the finder was unsure.
    """

    windows: tuple[Window, ...]
    mode: Mode
    skipped: int = 0
    finder_confidence: float | None = None
    unsure: bool = False


def plan_route(coarse: CoarseMap, grid: Geometry, patch: Shape) -> Route:
    """As few windows along the spine as the finder's confidence allows; all if it is lost.

    Args:
        grid: the canonical grid of the windows.
        patch: voxels of one window, z, y, x.
    """
    everywhere = full_grid(grid.shape, patch)
    sureness = confidence(coarse)
    search = choose_search(sureness)
    if search is not None:
        windows = windows_along(may_be_spine(coarse, search), coarse.geometry, grid, patch)
        if len(windows) < len(everywhere):
            skipped = len(everywhere) - len(windows)
            return Route(windows, "follow", skipped, sureness, unsure=search is not NARROW)
    return Route(everywhere, "full", 0, sureness, unsure=search is not NARROW)


def confidence(coarse: CoarseMap) -> float:
    """How sure the finder is, 0 to 1.

    The highest probability of each plane, averaged from the first plane that may hold spine to the
    last; a gap lowers it just as a faint spine does. If no plane may, how sure the finder is of
    that.
    """
    peaks = coarse.probability.max(axis=(1, 2))
    (planes,) = np.nonzero(peaks >= NARROW.threshold)
    if not len(planes):
        return float(1.0 - peaks.max())
    return float(peaks[planes[0] : planes[-1] + 1].mean())


def choose_search(sureness: float) -> Search | None:
    """How far to look at that confidence; None means everywhere."""
    if sureness >= SURE:
        return NARROW
    return WIDE if sureness >= LOST else None


def may_be_spine(coarse: CoarseMap, search: Search) -> NDArray[np.bool_]:
    """The coarse voxels, z, y, x, that a window must look at.

    These are pieces of the map above the threshold that hold a seed, with a margin around them, and
    what lies between them: in empty planes, the place of the nearest piece below or above.
    """
    candidates = sitk.GetImageFromArray((coarse.probability >= search.threshold).view(np.uint8))
    labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(candidates, True))
    seeds = np.unique(labels[coarse.probability >= SEED_PROBABILITY])
    found = np.isin(labels, seeds[seeds > 0])
    radius = [round(search.margin_mm / mm) for mm in coarse.geometry.spacing]
    # Padded with air, because ITK does not dilate across the border of an image.
    image = sitk.GetImageFromArray(found.view(np.uint8))
    grown = sitk.GetArrayFromImage(sitk.BinaryDilate(image, radius, sitk.sitkBall))
    return _bridged(grown.astype(bool))


def _bridged(spine: NDArray[np.bool_]) -> NDArray[np.bool_]:
    bridged = spine.copy()
    (planes,) = np.nonzero(spine.any(axis=(1, 2)))
    for below, above in itertools.pairwise(planes):
        bridged[below + 1 : above] = spine[below] | spine[above]
    return bridged


def rim_voxels(patch: Shape) -> Shape:
    """How many voxels at each face of a window, z, y, x, lie outside its core."""
    z, y, x = (round(side * share) for side, share in zip(patch, RIM_SHARES, strict=True))
    return z, y, x


def windows_along(
    spine: NDArray[np.bool_], coarse: Geometry, grid: Geometry, patch: Shape
) -> tuple[Window, ...]:
    """Windows whose cores contain every voxel of ``grid`` inside a true coarse voxel.

    A window's core is what lies at least ``rim_voxels`` inside its faces, or at a face of the
    volume. Row by row from feet to head, these are as few windows as contain the spine there, with
    the spine in the middle.

    Args:
        spine: coarse voxels that may be spine, z, y, x.
        coarse: their canonical grid.
        grid: the canonical grid of the windows.
        patch: voxels of one window, z, y, x.

    Returns:
        Windows in ascending order.
    """
    voxels = np.argwhere(spine)
    if not len(voxels):
        return ()
    low, high = _on_grid(voxels, coarse, grid)
    axes = [_Axis(*of_axis) for of_axis in zip(grid.shape, patch, rim_voxels(patch), strict=True)]
    windows: list[Window] = []
    for z in axes[0].starts(low[:, 0], high[:, 0]):
        row = axes[0].in_core(z, low[:, 0], high[:, 0])
        windows += [Window((z, y, x), patch) for y, x in _row(low[row], high[row], axes[1:])]
    return tuple(windows)


def _row(
    low: NDArray[np.int64], high: NDArray[np.int64], axes: Sequence["_Axis"]
) -> Iterator[tuple[int, int]]:
    """Starts y, x of the windows whose cores contain a row's boxes, ``low`` to ``high``."""
    if not len(low):
        return
    down, across = axes
    for y in down.starts(low[:, 1], high[:, 1]):
        for x in across.starts(low[:, 2], high[:, 2]):
            inside = down.in_core(y, low[:, 1], high[:, 1])
            if np.any(inside & across.in_core(x, low[:, 2], high[:, 2])):
                yield y, x


def _on_grid(
    voxels: NDArray[np.int64], coarse: Geometry, grid: Geometry
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The boxes of coarse voxels on ``grid``: N×3 low and one past high, in voxels z, y, x."""
    steps = np.array(coarse.spacing[::-1]) / grid.spacing[::-1]
    shift = (np.array(coarse.origin[::-1]) - grid.origin[::-1]) / grid.spacing[::-1]
    centres = voxels * steps + shift
    # Both grids are centred on the same CT, so no box lies wholly outside.
    low = np.maximum(np.floor(centres - steps / 2).astype(int), 0)
    high = np.minimum(np.ceil(centres + steps / 2).astype(int) + 1, grid.shape)
    return low, high


@dataclass(frozen=True)
class _Axis:
    """One axis of the grid, in voxels.

    Attributes:
        length: of the volume.
        patch: of a window.
        rim: voxels at a window's faces outside its core.
    """

    length: int
    patch: int
    rim: int

    def starts(self, low: NDArray[np.int64], high: NDArray[np.int64]) -> tuple[int, ...]:
        """First voxels of as few windows as contain all intervals in their cores."""
        if self.length <= self.patch:
            return window_starts(self.length, self.patch, OVERLAP)
        first = max(0, int(low.min()) - self.rim)
        last = min(self.length, int(high.max()) + self.rim)
        if last - first <= self.patch:
            middle = (first + last - self.patch) // 2
            return (min(max(0, middle), self.length - self.patch),)
        overlap = 2 * self.rim / self.patch
        return tuple(first + s for s in window_starts(last - first, self.patch, overlap))

    def core(self, start: int) -> tuple[int, int]:
        """The first and one past the last voxel of the core of a window."""
        stop = start + self.patch
        first = start + self.rim if start > 0 else 0
        last = stop - self.rim if stop < self.length else self.length
        return first, last

    def in_core(
        self, start: int, low: NDArray[np.int64], high: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which intervals a window's core touches."""
        first, last = self.core(start)
        return (low < last) & (high > first)
