"""Draws coarse patches: rotated, scaled, cut to small fields of view, and disturbed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor
from torch.utils.data import IterableDataset

from assets.training.finder.cases import SPACING_MM, FinderCase
from assets.training.scanner import disturb
from inference.values.geometry import Shape
from inference.values.volume import AIR_HU

FINDER_SPACING_MM = 4.0
"""Spacing of the volumes that the finder sees."""


@dataclass(frozen=True)
class FinderPatchSettings:
    """How patches are drawn; ranges are uniform, shares are of all patches.

    Attributes:
        shape: of a patch in voxels of ``FINDER_SPACING_MM``, z, y, x.
        anywhere_share: centred anywhere in the volume; the others near the spine.
        near_mm: how far from a voxel of the spine the centre lies at most, along each axis.
        scale: size of the body, from small children to large adults.
        lean_degrees: forwards and backwards, as necks and round backs do.
        turn_degrees: about the other two axes.
        quarter_turn_share: patient on the side or prone, with headers that do not say so.
        mirror_share: left and right swapped.
        upside_down_share: head and feet swapped.
        narrow_share: air outside a box of random size and position: a small field of view.
        thick_share: blurred from head to feet like slices of up to 8 mm.
    """

    shape: Shape = (48, 48, 48)
    anywhere_share: float = 0.35
    near_mm: float = 100.0
    scale: tuple[float, float] = (0.65, 1.35)
    lean_degrees: float = 35.0
    turn_degrees: float = 20.0
    quarter_turn_share: float = 0.06
    mirror_share: float = 0.5
    upside_down_share: float = 0.02
    narrow_share: float = 0.45
    thick_share: float = 0.4


class FinderPatches(IterableDataset[tuple[Tensor, Tensor]]):
    """An endless stream of (HU, spine) patches, both 1×D×H×W float32, from a seed."""

    def __init__(
        self,
        cases: Sequence[FinderCase],
        weights: Sequence[float],
        settings: FinderPatchSettings,
        seed: int,
    ) -> None:
        """Draw from ``cases`` in proportion to ``weights``."""
        self._cases = cases
        self._weights = np.asarray(weights) / np.sum(weights)
        self._settings = settings
        self._seed = seed
        self._spine_voxels = [np.argwhere(case.spine)[::7] for case in cases]

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self._seed, worker.id if worker else 0])
        while True:
            index = int(rng.choice(len(self._cases), p=self._weights))
            hu, spine = self._draw(self._cases[index], self._spine_voxels[index], rng)
            yield torch.from_numpy(hu)[None], torch.from_numpy(spine)[None]

    def _draw(
        self, case: FinderCase, spine_voxels: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        settings = self._settings
        if not len(spine_voxels) or rng.random() < settings.anywhere_share:
            centre = rng.uniform(0, 1, 3) * case.hu.shape
        else:
            away = rng.uniform(-1, 1, 3) * settings.near_mm / SPACING_MM[0]
            centre = rng.choice(spine_voxels) + away
        matrix = random_affine(settings, rng) * (FINDER_SPACING_MM / SPACING_MM[0])
        offset = centre - matrix @ (np.asarray(settings.shape) - 1) / 2
        hu = _sample(case.hu, matrix, offset, settings.shape, AIR_HU)
        spine = _sample(case.spine, matrix, offset, settings.shape, 0)
        if rng.random() < settings.thick_share:
            hu = ndimage.gaussian_filter1d(hu, rng.uniform(0.3, 1.0), axis=0)
        hu = disturb(hu, rng)
        if rng.random() < settings.narrow_share:
            outside = ~_random_box(settings.shape, rng)
            hu[outside] = AIR_HU
            spine[outside] = 0
        return hu, spine


def random_affine(settings: FinderPatchSettings, rng: np.random.Generator) -> NDArray[np.float64]:
    """From offsets in the patch to offsets in the volume, both z, y, x."""
    matrix = np.diag(1 / (rng.uniform(*settings.scale) * rng.uniform(0.85, 1.15, 3)))
    matrix = matrix @ _turn((0, 1), rng.uniform(-1, 1) * settings.lean_degrees)
    for axes in ((0, 2), (1, 2)):
        matrix = matrix @ _turn(axes, rng.uniform(-1, 1) * settings.turn_degrees)
    if rng.random() < settings.quarter_turn_share:
        matrix = matrix @ _turn((1, 2), 90.0 * rng.integers(1, 4))
    if rng.random() < settings.mirror_share:
        matrix = matrix @ np.diag([1.0, 1.0, -1.0])
    if rng.random() < settings.upside_down_share:
        matrix = matrix @ np.diag([-1.0, 1.0, 1.0])
    return matrix


def _turn(axes: tuple[int, int], degrees: float) -> NDArray[np.float64]:
    turn = np.eye(3)
    a, b = axes
    angle = np.deg2rad(degrees)
    turn[a, a] = turn[b, b] = np.cos(angle)
    turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
    return turn


def _sample(
    voxels: NDArray[np.generic],
    matrix: NDArray[np.float64],
    offset: NDArray[np.float64],
    shape: Shape,
    fill: float,
) -> NDArray[np.float32]:
    sampled: NDArray[np.float32] = ndimage.affine_transform(
        voxels,
        matrix,
        offset,
        output_shape=shape,
        output=np.float32,
        order=1,
        mode="constant",
        cval=fill,
    )
    return sampled


def _random_box(shape: Shape, rng: np.random.Generator) -> NDArray[np.bool_]:
    """True inside a box of at least a quarter of each side: thin slabs and small fields of view."""
    inside = np.zeros(shape, dtype=bool)
    sides = []
    for length in shape:
        side = int(rng.integers(length // 4, length + 1))
        start = int(rng.integers(0, length - side + 1))
        sides.append(slice(start, start + side))
    inside[tuple(sides)] = True
    return inside
